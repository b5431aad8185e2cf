from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from labour_book.services import live_codes, revisiting, sharing, visits, withdrawing
from labour_book.services.access import deed
from labour_book.services.callers import ANYBODY, Caller
from labour_book.services.installation import Installation
from labour_book.services.live_codes import LiveCodeOver
from labour_book.services.revisiting import AGAIN, new_ticket
from labour_book.services.sharing import Created
from labour_book.services.visits import ShareEnded, ShareUnknown, Shown, TooMany, Visit, VisitOver
from tests.services import shares
from tests.services.people import add_diploma
from tests.services.shares import ADDRESS, EMPLOYER, OTHER, TO_EMPLOYER, WORKER

MINUTE = timedelta(minutes=1)


def with_ticket(ticket: str, caller: Caller = ANYBODY) -> Visit:
    return Visit(caller, ADDRESS, "", ticket)


def opened(inst: Installation, code: str, ticket: str, now: datetime) -> Shown:
    return visits.open_share(inst, code, with_ticket(ticket), now=now)


def shared(inst: Installation, now: datetime, **terms: int) -> Created:
    shares.issued(inst, now)
    return shares.share(inst, now, **terms)


class TestSameVisit:
    def test_counts_one_view_however_often_it_is_seen(
        self, inst: Installation, now: datetime
    ) -> None:
        created = shared(inst, now, max_views=1)
        ticket = new_ticket(inst, created.code)

        first = opened(inst, created.code, ticket, now)
        again = opened(inst, created.code, ticket, now + MINUTE)

        assert first.credential == again.credential
        assert (first.views_left, again.views_left) == (0, 0)
        assert not again.is_newer
        (own,) = shares.mine(inst, now)
        assert [each.number for each in own.seen] == [1]

    def test_leaves_a_trace_each_time(self, sqlite_inst: Installation, now: datetime) -> None:
        created = shared(sqlite_inst, now)
        ticket = new_ticket(sqlite_inst, created.code)

        opened(sqlite_inst, created.code, ticket, now)
        opened(sqlite_inst, created.code, ticket, now + MINUTE)

        assert [each["outcome"] for each in shares.traces(sqlite_inst, "share.open")] == [
            "ok",
            "again",
        ]

    def test_is_over_after_a_quarter_of_an_hour(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        created = shared(sqlite_inst, now, max_views=3)
        ticket = new_ticket(sqlite_inst, created.code)
        opened(sqlite_inst, created.code, ticket, now)

        just_before = opened(sqlite_inst, created.code, ticket, now + AGAIN - MINUTE)
        later = opened(sqlite_inst, created.code, ticket, now + AGAIN)

        assert (just_before.views_left, later.views_left) == (2, 1)

    def test_shows_the_newest_version_and_says_so(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        created = shared(sqlite_inst, now)
        ticket = new_ticket(sqlite_inst, created.code)
        first = opened(sqlite_inst, created.code, ticket, now)
        add_diploma(sqlite_inst.engine, shares.people.person_id(1), 1, at=now)
        shares.issue(sqlite_inst, shares.people.person_id(1), now + MINUTE)

        again = opened(sqlite_inst, created.code, ticket, now + 2 * MINUTE)

        assert again.is_newer
        assert again.credential != first.credential

    @pytest.mark.parametrize("end", ["withdrawn", "paused", "expired"])
    def test_ends_with_the_share(self, sqlite_inst: Installation, now: datetime, end: str) -> None:
        created = shared(sqlite_inst, now, until=now + 5 * MINUTE)  # type: ignore[arg-type]  # a term
        ticket = new_ticket(sqlite_inst, created.code)
        opened(sqlite_inst, created.code, ticket, now)
        with deed(sqlite_inst.engine) as db:
            if end == "withdrawn":
                withdrawing.withdraw_share(db, WORKER, created.share_id, now=now)
            if end == "paused":
                sharing.freeze(db, WORKER, now=now)
        then = now + (6 if end == "expired" else 1) * MINUTE

        with pytest.raises(ShareEnded) as refused:
            opened(sqlite_inst, created.code, ticket, then)

        assert refused.value.facts == {"state": end}

    def test_is_limited_as_opening_is(self, sqlite_inst: Installation, now: datetime) -> None:
        created = shared(sqlite_inst, now)
        ticket = new_ticket(sqlite_inst, created.code)
        for _ in range(sqlite_inst.limits.opens_of_share.most):
            opened(sqlite_inst, created.code, ticket, now)

        with pytest.raises(TooMany):
            opened(sqlite_inst, created.code, ticket, now)


class TestTwoTapsAtOnce:
    def test_on_a_one_time_share_both_see_it(self, inst: Installation, now: datetime) -> None:
        created = shared(inst, now, max_views=1)
        ticket = new_ticket(inst, created.code)

        with ThreadPoolExecutor(4) as pool:
            shown = list(pool.map(lambda _: opened(inst, created.code, ticket, now), range(4)))

        assert len({each.credential for each in shown}) == 1
        (own,) = shares.mine(inst, now)
        assert own.views == 1

    def test_on_a_live_code_both_see_it(self, inst: Installation, now: datetime) -> None:
        created = shared(inst, now)
        with deed(inst.engine) as db:
            code = live_codes.live_code(db, inst, WORKER, created.share_id, now=now).code
        visit = with_ticket(new_ticket(inst, code))

        with ThreadPoolExecutor(4) as pool:
            shown = list(pool.map(lambda _: visits.open_live(inst, code, visit, now=now), range(4)))

        assert len({each.credential for each in shown}) == 1
        (own,) = shares.mine(inst, now)
        assert own.views == 1


class TestTicket:
    def test_opens_nothing_by_itself(self, sqlite_inst: Installation, now: datetime) -> None:
        created = shared(sqlite_inst, now)

        with pytest.raises(VisitOver):
            visits.open_again(
                sqlite_inst,
                created.code,
                with_ticket(new_ticket(sqlite_inst, created.code)),
                now=now,
            )

    def test_is_good_for_its_own_address_only(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        first = shared(sqlite_inst, now)
        second = shares.share(sqlite_inst, now)
        ticket = new_ticket(sqlite_inst, first.code)
        opened(sqlite_inst, first.code, ticket, now)

        for code in (second.code, "X"):
            with pytest.raises(VisitOver):
                visits.open_again(sqlite_inst, code, with_ticket(ticket), now=now)
        with pytest.raises(ShareUnknown):
            opened(sqlite_inst, "X", ticket, now)

    def test_does_not_follow_from_a_live_code_that_was_used(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        created = shared(sqlite_inst, now)
        with deed(sqlite_inst.engine) as db:
            code = live_codes.live_code(db, sqlite_inst, WORKER, created.share_id, now=now).code
        visits.open_live(sqlite_inst, code, with_ticket(new_ticket(sqlite_inst, code)), now=now)

        for ticket in ("", code, code[:39], new_ticket(sqlite_inst, code)):
            with pytest.raises(LiveCodeOver):
                visits.open_live(sqlite_inst, code, with_ticket(ticket), now=now)

    @pytest.mark.parametrize("ticket", ["x", "A" * 39, "=" * 39, "é" * 39, "A" * 80, "~" * 39])
    def test_that_is_none_of_ours_opens_as_if_there_were_none(
        self, sqlite_inst: Installation, now: datetime, ticket: str
    ) -> None:
        created = shared(sqlite_inst, now)

        opened(sqlite_inst, created.code, ticket, now)
        opened(sqlite_inst, created.code, ticket, now)

        (own,) = shares.mine(sqlite_inst, now)
        assert own.views == 2

    def test_is_refused_when_a_letter_is_changed(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        created = shared(sqlite_inst, now)
        ticket = new_ticket(sqlite_inst, created.code)
        opened(sqlite_inst, created.code, ticket, now)

        for at in range(len(ticket) - 1):  # of the last letter four bits are padding
            altered = ticket[:at] + ("B" if ticket[at] == "A" else "A") + ticket[at + 1 :]
            with pytest.raises(VisitOver):
                visits.open_again(sqlite_inst, created.code, with_ticket(altered), now=now)

    def test_says_nothing_and_is_new_each_time(self, sqlite_inst: Installation) -> None:
        tickets = {new_ticket(sqlite_inst, "CODE") for _ in range(20)}

        assert len(tickets) == 20
        assert all(len(each) == revisiting._LETTERS for each in tickets)


class TestAddressee:
    def test_alone_sees_it_again(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now, 2)
        created = shares.share(sqlite_inst, now, TO_EMPLOYER)
        ticket = new_ticket(sqlite_inst, created.code)
        visits.open_share(sqlite_inst, created.code, with_ticket(ticket, EMPLOYER), now=now)

        again = visits.open_again(sqlite_inst, created.code, with_ticket(ticket, EMPLOYER), now=now)

        assert again.share_id == created.share_id
        for caller in (ANYBODY, OTHER):
            with pytest.raises(ShareUnknown):
                visits.open_again(sqlite_inst, created.code, with_ticket(ticket, caller), now=now)
