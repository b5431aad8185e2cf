from datetime import date

import pytest

from labour_book import data
from labour_book.domain.employers import (
    EmployerStatus,
    branch_of,
    can_confirm,
    enterprise_code_is_valid,
    gone_since,
    is_gone,
    name_key,
    name_on,
    root_of,
    status_on,
)

REAL_CODES = [
    *("0100109106", "0101248141", "0300588569", "0100112437", "0100233488", "0106869738"),
    *("0309532909", "0102182292", "0100686209", "0303217354", "0100150619", "0100230800"),
    "0301444753",
]


class TestEnterpriseCodeIsValid:
    @pytest.mark.parametrize("code", [*REAL_CODES, "0100109106-001", "0100109106-999"])
    def test_accepts_real_codes_and_branches(self, code: str) -> None:
        assert enterprise_code_is_valid(code)

    @pytest.mark.parametrize(
        "code",
        [
            "0100109105",
            "0305399398",
            "0100109106-000",
            "0100109106001",
            "010010910",
            "",
            "0000000000",
            "0100109106-01",
            "０100109106",
        ],
    )
    def test_refuses_others(self, code: str) -> None:
        assert not enterprise_code_is_valid(code)

    @pytest.mark.parametrize("code", REAL_CODES)
    def test_notices_one_wrong_digit(self, code: str) -> None:
        for place in range(10):
            wrong = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
            assert not enterprise_code_is_valid(wrong)


class TestStatuses:
    def test_are_those_of_the_code_list(self) -> None:
        assert {status.value for status in EmployerStatus} == set(data.enterprise_statuses())

    def test_gone_ones_cannot_confirm(self) -> None:
        assert is_gone("CLOSED")
        assert not is_gone(None)
        assert not any(can_confirm(status) for status in EmployerStatus if is_gone(status))
        assert not can_confirm("NOT_AT_ADDRESS")
        assert can_confirm("ACTIVE")

    def test_hold_from_their_day(self) -> None:
        statuses = (("ACTIVE", None), ("CLOSED", date(2021, 8, 24)))

        assert status_on(statuses, date(2021, 8, 23)) == "ACTIVE"
        assert status_on(statuses, date(2021, 8, 24)) == "CLOSED"
        assert gone_since(statuses, date(2021, 8, 23)) is None
        assert gone_since(statuses, date(2026, 1, 1)) == date(2021, 8, 24)
        assert gone_since((("CLOSED", None),), date(2026, 1, 1)) is None
        assert status_on((), date(2026, 1, 1)) is None


class TestBranch:
    def test_is_told_from_its_root(self) -> None:
        assert (root_of("0100109106-001"), branch_of("0100109106-001")) == ("0100109106", "001")
        assert (root_of("0100109106"), branch_of("0100109106")) == ("0100109106", None)
        assert branch_of("001090123456") is None


class TestNameKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Công ty TNHH May An Bình", "CTY TNHH MAY AN BINH"),
            ("Cty CP Thủy sản Hoàng Liên", "Công ty Cổ phần Thuỷ sản Hoàng Liên"),
            ("DNTN Phú Lộc", "Doanh nghiệp tư nhân Phú Lộc"),
            ("XN Đông lạnh An Hòa", "Xí nghiệp Đông lạnh An Hoà"),
            ("NTQD số 5 Việt Sông Hậu", "Nông trường Quốc doanh số 5 Việt Sông Hậu"),
            ("Nông trường QD Núi Thành", "Nông trường Quốc doanh Núi Thành"),
            ("Lâm trường Quốc doanh Hoàng Liên", "LTQD Hoàng Liên"),
            ("HTX Rạng Đông", "Hợp tác xã Rạng Đông"),
            ("NM Đường Quảng Phú", "Nhà máy Đường Quảng Phú"),
            ("CTY XNK Sao Mai", "Công ty Xuất nhập khẩu Sao Mai"),
            ("CTY XD & TM Sao Mai", "Công ty Xây dựng và Thương mại Sao Mai"),
            ("Công ty T.N.H.H. MTV Sao", "Công ty TNHH Một thành viên Sao"),
        ],
    )
    def test_does_not_mind_how_the_legal_form_is_written(self, one: str, other: str) -> None:
        assert name_key(one) == name_key(other)

    def test_keeps_a_name_of_nothing_else(self) -> None:
        assert name_key("Công ty") == "cong ty"

    def test_keeps_what_tells_employers_apart(self) -> None:
        assert name_key("Công ty May số 1") != name_key("Công ty May số 2")


class TestNameOn:
    NAMES = (("Cũ", None, date(2016, 7, 26)), ("Mới", date(2016, 7, 27), None))

    def test_is_the_name_of_the_day(self) -> None:
        assert name_on(self.NAMES, date(2016, 7, 26)) == "Cũ"
        assert name_on(self.NAMES, date(2016, 7, 27)) == "Mới"
        assert name_on(self.NAMES[1:], date(2000, 1, 1)) is None
