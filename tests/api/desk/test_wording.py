"""What registers and the system itself write is said as people write it."""

import pytest

from api.pages.desk.wording import ended_because, told_of


class TestToldOf:
    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("months", "2021-01..2021-12 contributed", "01/2021 – 12/2021 (Đã đóng)"),
            ("months", "2022-01.. arrears", "Từ 01/2022 (Nợ, chậm đóng)"),
            ("months", "", "–"),
            ("reported_through", "2026-10", "10/2026"),
            ("first_day", "2021-01-15; 2022-03", "15/01/2021; 03/2022"),
        ],
    )
    def test_writes_each_value_as_people_do(self, field: str, value: str, said: str) -> None:
        assert told_of(field, value, "vi") == said


class TestEndedBecause:
    @pytest.mark.parametrize(
        ("reason", "said"),
        [
            ("decision on YC-00000000", "theo quyết định của cơ quan"),
            ("superseded by sequence 2, import 7", "có khai báo sau về cùng hợp đồng"),
            ("Ghi nhầm người", "Ghi nhầm người"),
            (None, "–"),
        ],
    )
    def test_puts_what_the_system_wrote_into_words(self, reason: str | None, said: str) -> None:
        assert ended_because(reason, "vi") == said
