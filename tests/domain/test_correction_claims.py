from collections.abc import Mapping
from datetime import date

import pytest

from labour_book.domain.correction_claims import LONGEST_WORDS, read_claim, read_words
from labour_book.domain.correction_fields import FIELDS, Ask, CaseKind
from labour_book.errors import Invalid

TODAY = date(2026, 11, 20)
JOB, MONTHS = CaseKind.EMPLOYMENT, CaseKind.INSURANCE
DIPLOMA = CaseKind.QUALIFICATION


def refused(kind: CaseKind, ask: Ask, claimed: Mapping[str, str]) -> str:
    with pytest.raises(Invalid) as error:
        read_claim(kind, ask, claimed, TODAY)
    return str(error.value.facts["cause"])


class TestReadClaim:
    def test_keeps_the_order_of_the_fields(self) -> None:
        read = read_claim(
            JOB, Ask.CHANGE, {"last_day": "", "position": "  Thợ hàn ", "first_day": "2021"}, TODAY
        )

        assert list(read.items()) == [
            ("position", "Thợ hàn"),
            ("first_day", "2021"),
            ("last_day", ""),
        ]

    @pytest.mark.parametrize(
        ("claimed", "cause"),
        [
            ({}, "NOTHING_ASKED"),
            ({"end_reason_clause": "3"}, "FIELD_UNKNOWN"),
            ({"position": ""}, "FIELD_MISSING"),
            ({"position": "a\u202eb"}, "FIELD_TEXT"),
            ({"position": "x" * 301}, "FIELD_TEXT"),
            ({"enterprise_code": "0100109107"}, "ENTERPRISE_CODE_WRONG"),
            ({"occupation_code": "ZZ"}, "OCCUPATION_CODE_WRONG"),
            ({"contract_kind": "FOREVER"}, "CONTRACT_KIND_WRONG"),
            ({"workplace": "99999"}, "WORKPLACE_WRONG"),
            ({"first_day": "15/03/2021"}, "FIRST_DAY_WRONG"),
            ({"first_day": "2026-11-21"}, "IN_FUTURE"),
            ({"last_day": "2027"}, "IN_FUTURE"),
            ({"first_day": "2021-03-02", "last_day": "2021-03-01"}, "WRONG_ORDER"),
        ],
    )
    def test_refuses_what_cannot_be_of_a_job(self, claimed: Mapping[str, str], cause: str) -> None:
        assert refused(JOB, Ask.CHANGE, claimed) == cause

    @pytest.mark.parametrize(
        ("changed", "cause"),
        [
            ({"first_month": "2022-13"}, "FIRST_MONTH_WRONG"),
            ({"last_month": "2021-12"}, "WRONG_ORDER"),
            ({"last_month": "2026-12"}, "IN_FUTURE"),
            ({"status": "paid"}, "STATUS_WRONG"),
        ],
    )
    def test_refuses_what_cannot_be_of_months(self, changed: Mapping[str, str], cause: str) -> None:
        months = {"first_month": "2022-01", "last_month": "2022-03", "status": "none"}

        assert read_claim(MONTHS, Ask.CHANGE, months, TODAY) == months
        assert refused(MONTHS, Ask.CHANGE, months | changed) == cause

    @pytest.mark.parametrize("without", ["first_month", "last_month", "status"])
    def test_needs_months_and_what_is_said_of_them(self, without: str) -> None:
        months = {"first_month": "2022-01", "last_month": "2022-03", "status": "none"}

        assert refused(MONTHS, Ask.CHANGE, {k: v for k, v in months.items() if k != without}) == (
            "FIELD_MISSING"
        )

    def test_needs_the_whole_of_a_missing_line(self) -> None:
        assert refused(JOB, Ask.ADD, {"employer": "X", "position": "Y"}) == "FIELD_MISSING"
        assert refused(DIPLOMA, Ask.ADD, {"kind": "DIPLOMA"}) == "FIELD_MISSING"
        assert (
            refused(
                MONTHS,
                Ask.ADD,
                {"first_month": "2022-01", "last_month": "2022-01", "status": "arrears"},
            )
            == "FIELD_MISSING"
        )

    def test_takes_nothing_with_a_line_that_is_to_go(self) -> None:
        assert read_claim(JOB, Ask.REMOVE, {}, TODAY) == {}
        assert refused(JOB, Ask.REMOVE, {"position": "x"}) == "EXTRA"

    def test_keeps_no_value_of_identity(self) -> None:
        read = read_claim(CaseKind.IDENTITY, Ask.CHANGE, {"full_name": "Nguyễn Văn B"}, TODAY)

        assert read == {"full_name": ""}
        assert refused(CaseKind.IDENTITY, Ask.CHANGE, {}) == "FIELD_UNKNOWN"
        assert refused(CaseKind.IDENTITY, Ask.CHANGE, {"position": "x"}) == "FIELD_UNKNOWN"

    @pytest.mark.parametrize("kind", [JOB, MONTHS, DIPLOMA])
    def test_knows_each_field(self, kind: CaseKind) -> None:
        for name in FIELDS[kind]:
            with pytest.raises(Invalid) as error:
                read_claim(kind, Ask.CHANGE, {name: "\u0000"}, TODAY)
            assert error.value.facts["field"] == name


class TestReadWords:
    def test_keeps_lines(self) -> None:
        assert read_words("  một\r\nhai ") == "một\nhai"

    @pytest.mark.parametrize(
        ("words", "cause"),
        [
            ("x" * (LONGEST_WORDS + 1), "WORDS_TOO_LONG"),
            ("a\u0007b", "WORDS_CONTROL"),
            ("  ", "WORDS_MISSING"),
        ],
    )
    def test_refuses(self, words: str, cause: str) -> None:
        with pytest.raises(Invalid) as error:
            read_words(words, needed=True)

        assert error.value.facts["cause"] == cause
