"""Whether support would be paid twice, asked from a person's page: yes or no, and a day."""

from typing import Any
from uuid import uuid4

import pytest

from labour_book.services import social_support
from labour_book.services.access import Role
from labour_book.services.asking_registers import Fetched, Register, SocialAnswer, Status
from tests.api.desk.conftest import Seat, Seating, words
from tests.conftest import NOW
from tests.services import shares

STATED = "Giải quyết chế độ, chính sách: HS 12/2026"
POLICY = "UNEMPLOYMENT-BENEFIT"


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register is connected as far as the page knows; nobody answers behind it."""
    monkeypatch.setattr(social_support, "is_connected", lambda *_: True)


def asked(seat: Seat, policy: str = POLICY) -> str:
    answer = seat.send(f"/people/{seat.office.people[0]}", stated=STATED, policy=policy)
    assert answer.status_code == 200, answer.text
    return words(answer.text)


@pytest.mark.usefixtures("connected")
class TestSupport:
    def test_is_offered_to_who_may_ask_registers(self, small_seat: Seating) -> None:
        text = asked(small_seat(Role.COLLECTOR, "UB-00070"), policy="")

        assert "Kiểm tra trợ cấp" in text
        assert "Trợ cấp thất nghiệp" in text
        assert "Kiểm tra trợ cấp" not in asked(small_seat(Role.AUDITOR, "BNV"), policy="")

    def test_says_why_nobody_could_be_asked_and_traces_that_it_was(
        self, small_seat: Seating
    ) -> None:
        seat = small_seat(Role.COLLECTOR, "UB-00070")

        text = asked(seat)

        assert "Chưa hỏi được. Chưa kết nối." in text
        (row,) = shares.traces(seat.office.inst, "register.ask")
        assert row["purpose"] == STATED

    @pytest.mark.parametrize(
        ("receives", "said"), [(True, "Đang hưởng, chi nữa là trùng"), (False, "Chưa hưởng")]
    )
    def test_shows_yes_or_no_and_the_day_alone(
        self, small_seat: Seating, monkeypatch: pytest.MonkeyPatch, *, receives: bool, said: str
    ) -> None:
        body = SocialAnswer.model_validate({"receives": receives, "as_of": "2026-11-19"})

        def answered(*_: Any, **__: Any) -> Fetched:
            return Fetched(Register.SOCIAL, uuid4(), NOW, Status.OK, body=body)

        monkeypatch.setattr(social_support, "ask_alone", answered)

        text = asked(small_seat(Role.COLLECTOR, "UB-00070"))

        assert f"Trợ cấp thất nghiệp: {said}" in text.replace("▲ ", "").replace("● ", "")
        assert "(tính đến ngày 19/11/2026)" in text

    def test_is_refused_to_who_may_not_ask(self, small_seat: Seating) -> None:
        seat = small_seat(Role.AUDITOR, "BNV")

        answer = seat.send(f"/people/{seat.office.people[0]}", stated=STATED, policy=POLICY)

        assert answer.status_code == 403


def test_is_not_offered_where_the_register_is_not_connected(small_seat: Seating) -> None:
    assert "Kiểm tra trợ cấp" not in asked(small_seat(Role.COLLECTOR, "UB-00070"), policy="")
