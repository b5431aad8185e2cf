from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from labour_book.domain.limits import SharingLimits
from labour_book.services import live_codes, own_shares, sharing, visits
from labour_book.services.access import NotFoundForCaller, deed
from labour_book.services.callers import ANYBODY, Caller
from labour_book.services.installation import Installation
from labour_book.services.live_codes import LiveCodeOver
from labour_book.services.permission import LevelTooLow
from labour_book.services.sharing import ShareOver
from labour_book.services.visits import ShareEnded, ShareUnknown, Shown
from tests.services import people, shares
from tests.services.shares import EMPLOYER, OTHER, TO_EMPLOYER, WORKER

SECOND = timedelta(seconds=1)
LIFE = SharingLimits().live_code_seconds * SECOND


def made(inst: Installation, share_id: UUID, now: datetime, caller: Caller = WORKER) -> str:
    with deed(inst.engine) as db:
        return live_codes.live_code(db, inst, caller, share_id, now=now).code


def used(inst: Installation, code: str, now: datetime, caller: Caller = ANYBODY) -> Shown:
    return visits.open_live(inst, code, shares.visit(caller), now=now)


class TestLiveCode:
    def test_lasts_one_to_two_minutes(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)

        with deed(sqlite_inst.engine) as db:
            code = live_codes.live_code(db, sqlite_inst, WORKER, created.share_id, now=now)

        assert timedelta(seconds=60) <= code.over_at - now <= timedelta(seconds=120)

    def test_is_new_each_time_and_says_nothing(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)

        codes = {made(sqlite_inst, created.share_id, now) for _ in range(20)}

        assert len(codes) == 20
        assert all(created.code not in code for code in codes)
        assert len({code[3:20] for code in codes}) == 20

    def test_is_for_the_owner_of_a_share_that_can_be_opened(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now, 2)
        created = shares.share(sqlite_inst, now)

        with pytest.raises(NotFoundForCaller):
            made(sqlite_inst, created.share_id, now, OTHER)
        with pytest.raises(ShareOver):
            made(sqlite_inst, created.share_id, created.expires_at)

    def test_is_a_way_to_share_so_level_1_makes_none(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)
        unsure = replace(WORKER, level=1)

        with pytest.raises(LevelTooLow):
            made(sqlite_inst, created.share_id, now, unsure)
        with pytest.raises(LevelTooLow), deed(sqlite_inst.engine) as db:
            own_shares.share_address(db, sqlite_inst, unsure, created.share_id, now=now)


class TestOpenLive:
    def test_opens_once(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now)
        code = made(inst, created.share_id, now)

        assert used(inst, code, now + SECOND).views_left == 2
        with pytest.raises(LiveCodeOver):
            used(inst, code, now + 2 * SECOND)

        assert shares.row_of(inst, created.share_id)["views"] == 1
        replay = shares.traces(inst, "share.open")[-1]
        assert (replay["outcome"], replay["person_id"]) == ("refused", people.person_id())

    @pytest.mark.parametrize(
        ("after", "opens"),
        [
            (timedelta(0), True),
            (LIFE - SECOND, True),
            (LIFE, False),
            (LIFE + SECOND, False),
            (timedelta(days=300), False),
            (-3 * SECOND, True),
            (-10 * SECOND, False),
        ],
    )
    def test_opens_in_time_only(
        self,
        sqlite_inst: Installation,
        now: datetime,
        after: timedelta,
        opens: bool,  # noqa: FBT001 - a column of the table above
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now, until=now + timedelta(days=7))
        code = made(sqlite_inst, created.share_id, now)

        if opens:
            assert used(sqlite_inst, code, now + after)
        else:
            with pytest.raises(LiveCodeOver):
                used(sqlite_inst, code, now + after)

    def test_lasts_as_long_as_the_setting_says(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        longer = replace(sqlite_inst, limits=SharingLimits(live_code_seconds=120))
        shares.issued(longer, now)
        code = made(longer, shares.share(longer, now).share_id, now)

        assert used(longer, code, now + 119 * SECOND)

    def test_refuses_every_altered_code(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = replace(sqlite_inst, limits=_unlimited())
        shares.issued(inst, now)
        created = shares.share(inst, now)
        code = made(inst, created.share_id, now)

        for at in range(len(code) - 1):
            other = "A" if code[at] != "A" else "B"
            with pytest.raises(ShareUnknown):
                used(inst, code[:at] + other + code[at + 1 :], now)
        assert used(inst, code, now)

    @pytest.mark.parametrize(
        "code", ["", "A", "A" * 85, "é" * 85, "ß" * 85, "1" * 85, "A" * 10_000]
    )
    def test_refuses_what_is_no_code(
        self, sqlite_inst: Installation, now: datetime, code: str
    ) -> None:
        with pytest.raises(ShareUnknown):
            used(sqlite_inst, code, now)

    def test_refuses_codes_of_another_installation(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)
        elsewhere = replace(sqlite_inst, lookup_key=b"x" * 32)

        code = made(elsewhere, created.share_id, now)

        with pytest.raises(ShareUnknown):
            used(sqlite_inst, code, now)

    def test_opens_nothing_that_the_share_does_not(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        named = shares.share(sqlite_inst, now, TO_EMPLOYER)
        once = shares.share(sqlite_inst, now, max_views=1)
        frozen = made(sqlite_inst, named.share_id, now)

        with pytest.raises(ShareUnknown):
            used(sqlite_inst, frozen, now)
        assert used(sqlite_inst, frozen, now, EMPLOYER)  # the refusal above used nothing up
        codes = [made(sqlite_inst, once.share_id, now) for _ in range(2)]
        used(sqlite_inst, codes[0], now)
        with pytest.raises(ShareEnded):
            used(sqlite_inst, codes[1], now)
        late = made(sqlite_inst, named.share_id, now)
        with deed(sqlite_inst.engine) as db:
            sharing.freeze(db, WORKER, now=now)
        with pytest.raises(ShareEnded):
            used(sqlite_inst, late, now, EMPLOYER)

    def test_opens_once_for_many_at_once(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now, max_views=50)
        code = made(inst, created.share_id, now)

        with ThreadPoolExecutor(12) as pool:
            outcomes = list(pool.map(lambda _: _outcome(inst, code, now), range(12)))

        assert sorted(outcomes) == ["over"] * 11 + ["shown"]

    def test_opens_once_for_many_processes(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now, max_views=50)
        code = made(inst, created.share_id, now)

        outcomes = shares.in_processes(inst, now, means="live", codes=[[code]] * 3)

        assert sorted(outcomes) == ["live-code-over", "live-code-over", "shown"]


class TestPeekLive:
    def test_uses_nothing_up(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        code = made(inst, shares.share(inst, now).share_id, now)

        assert visits.peek_live(inst, code, shares.visit(), now=now).state == "live"
        assert visits.peek_live(inst, code, shares.visit(), now=now).state == "live"
        assert used(inst, code, now)
        with pytest.raises(LiveCodeOver):
            visits.peek_live(inst, code, shares.visit(), now=now)


class TestForgetOldUses:
    def test_keeps_those_that_could_be_replayed(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        code = made(sqlite_inst, shares.share(sqlite_inst, now).share_id, now)
        used(sqlite_inst, code, now)

        with deed(sqlite_inst.engine) as db:
            assert live_codes.forget_old_uses(db, now + LIFE) == 0
            assert live_codes.forget_old_uses(db, now + timedelta(days=3)) == 1
        with pytest.raises(LiveCodeOver):
            used(sqlite_inst, code, now + timedelta(days=3))


def _unlimited() -> SharingLimits:
    limits = SharingLimits()
    return replace(limits, misses=replace(limits.misses, most=10**6))


def _outcome(inst: Installation, code: str, now: datetime) -> str:
    try:
        used(inst, code, now)
    except LiveCodeOver:
        return "over"
    return "shown"
