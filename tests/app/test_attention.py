from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.answers import OwnBook
from app.attention import Known, attention, undecided
from tests.app.samples import CASE_LINE, CONFIRMED, IDENTITY, NOW, OWN, UNCONFIRMED, VIEWED
from tests.app.samples import notice as told


def whats(own: OwnBook = OWN, level: int = 2, **known: object) -> list[str]:
    identity = replace(IDENTITY, level=level)
    return [each.what for each in attention(own, Known(**known), identity, NOW)]  # type: ignore[arg-type]  # named by the test


class TestAttention:
    def test_names_unpaid_months_first_and_new_looks(self) -> None:
        found = attention(OWN, Known(notices=(VIEWED, VIEWED)), IDENTITY, NOW)

        assert [(each.what, each.count) for each in found] == [
            ("attention.arrears", 9),
            ("attention.looked", 2),
        ]

    def test_forgets_looks_that_were_read_of(self) -> None:
        assert whats(notices=(replace(VIEWED, read_at=NOW),)) == ["attention.arrears"]

    def test_counts_other_unread_notices_by_themselves(self) -> None:
        notices = (told("case.decided"), told("book.yearly-check", read_at=NOW), VIEWED)
        found = attention(OWN, Known(notices=notices), IDENTITY, NOW)

        assert [(each.what, each.count, each.where) for each in found[1:]] == [
            ("attention.looked", 1, "/looked"),
            ("attention.notices", 1, "/notices"),
        ]

    def test_tells_a_level_that_is_too_low_and_a_book_that_ends_soon(self) -> None:
        own = replace(OWN, expires_on=date(2026, 12, 1))

        assert whats(own, level=1) == ["attention.arrears", "attention.level", "attention.expires"]

    def test_puts_a_revoked_book_above_all(self) -> None:
        assert whats(replace(OWN, state="revoked"))[0] == "attention.state.revoked"

    @pytest.mark.parametrize("state", ["more_needed", "decided", "draft"])
    def test_leads_to_the_one_case_that_waits_for_the_worker(self, state: str) -> None:
        case = replace(CASE_LINE, state=state)
        found = attention(OWN, Known(cases=(case,)), IDENTITY, NOW)[1]
        many = attention(OWN, Known(cases=(case, case)), IDENTITY, NOW)[1]

        assert (found.what, found.where) == (
            f"attention.case.{state}",
            f"/correction/{case.case_id}",
        )
        assert (many.where, many.count) == ("/corrections", 2)

    def test_asks_about_lines_that_were_never_called_right(self) -> None:
        found = attention(OWN, Known(confirmations=(CONFIRMED, UNCONFIRMED)), IDENTITY, NOW)
        assert (found[1].what, found[1].count) == ("attention.unconfirmed", 1)

    def test_reminds_once_a_year_of_looking_through_the_book(self) -> None:
        long_ago = replace(CONFIRMED, confirmed_at=NOW - timedelta(days=366))

        assert "attention.yearly" in whats(confirmations=(long_ago,))
        assert "attention.yearly" not in whats(confirmations=(CONFIRMED,))


class TestUndecided:
    def test_counts_what_waits_for_a_decision(self) -> None:
        states = ("draft", "submitted", "routed", "more_needed", "proposed", "appealed", "decided")
        assert undecided(replace(CASE_LINE, state=each) for each in states) == 5
