from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from labour_book.database import transaction
from labour_book.domain.cv_lines import Contact, Section
from labour_book.domain.own_cv import Choices, OwnLine
from labour_book.errors import Invalid, NotFound
from labour_book.queries.rows import table_of
from labour_book.services import job_seeking, own_cv, sharing
from labour_book.services.callers import Action, Caller, Role
from labour_book.services.installation import Installation
from labour_book.services.job_seeking import LASTS, PURPOSE, Page, Part, Wish
from labour_book.services.permission import DeniedToRole, LevelTooLow, deed
from labour_book.tables import Unit
from tests.services import people, shares
from tests.services.shares import OTHER, WORKER

WISH = Wish("Thợ hàn", ("01",), frozenset({Part.WORK}))
OFFICIAL = Caller("official", "o1", "", Role.COLLECTOR, unit_code="DVVL01")
WHY = "Giới thiệu việc làm"


@pytest.fixture
def served(inst: Installation, now: datetime) -> Installation:
    """Two workers with books, and the employment services of two provinces."""
    return _served(inst, now)


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Installation:
    return _served(sqlite_inst, now)


def _served(inst: Installation, now: datetime) -> Installation:
    shares.issued(inst, now, 2)
    people.add_units(inst.engine)
    day = datetime(2025, 7, 1, tzinfo=UTC).date()
    with transaction(inst.engine) as db:
        for code, place in (("DVVL01", "01"), ("DVVL79", "79")):
            row = {"code": code, "name": code, "kind": "employment", "parent_code": "BNV"}
            db.execute(sa.insert(table_of(Unit)), row | {"place_code": place, "valid_from": day})
    return inst


def begin(
    inst: Installation, now: datetime, wish: Wish = WISH, caller: Caller = WORKER
) -> job_seeking.Seeking:
    with deed(inst.engine) as db:
        return job_seeking.begin(db, inst, caller, wish, now=now)


def look(inst: Installation, now: datetime, caller: Caller = OFFICIAL, **more: object) -> Page:
    terms = {"purpose": WHY, "now": now} | more
    with deed(inst.engine) as db:
        return job_seeking.job_seekers(db, inst, caller, **terms)  # type: ignore[arg-type]  # by name


def names(found: Page) -> list[str]:
    return sorted(each.full_name for each in found.seekers)


class TestConsent:
    def test_is_none_until_it_is_given(self, served: Installation, now: datetime) -> None:
        with deed(served.engine) as db:
            assert job_seeking.job_seeking(db, WORKER, now=now) is None
        assert look(served, now).seekers == []

    def test_says_what_for_since_when_and_until_when(
        self, served: Installation, now: datetime
    ) -> None:
        begin(served, now)

        with deed(served.engine) as db:
            found = job_seeking.job_seeking(db, WORKER, now=now)

        assert found is not None
        assert (found.purpose, found.given_at, found.expires_at) == (PURPOSE, now, now + LASTS)
        assert (found.wanted, found.provinces, found.shows) == ("Thợ hàn", ("01",), {"work"})

    def test_ends_at_once_when_it_is_taken_back(self, served: Installation, now: datetime) -> None:
        begin(served, now)

        with deed(served.engine) as db:
            job_seeking.end(db, replace(WORKER, level=1), now=now)

        assert look(served, now).seekers == []
        with pytest.raises(NotFound), deed(served.engine) as db:
            job_seeking.end(db, WORKER, now=now)

    def test_ends_by_itself(self, served: Installation, now: datetime) -> None:
        begin(served, now)
        over = now + LASTS + timedelta(seconds=1)

        assert look(served, over).seekers == []
        assert names(look(served, over)) == []
        assert begin(served, over).given_at == over

    def test_is_replaced_by_the_next_one(self, served: Installation, now: datetime) -> None:
        begin(served, now)
        begin(served, now, replace(WISH, wanted="Thợ cơ khí", provinces=("79",)))

        assert look(served, now).seekers == []
        (found,) = look(served, now, replace(OFFICIAL, unit_code="DVVL79")).seekers
        assert found.wanted == "Thợ cơ khí"

    @pytest.mark.parametrize(
        "changes",
        [
            {"provinces": ()},
            {"provinces": ("99",)},
            {"provinces": ("01", "04", "08", "11", "12", "14")},
            {"wanted": "x" * 201},
            {"wanted": "a\nb"},
            {"shows": frozenset()},
        ],
    )
    def test_is_refused_if_it_says_too_little_or_too_much(
        self, small: Installation, now: datetime, changes: dict[str, object]
    ) -> None:
        with pytest.raises(Invalid):
            begin(small, now, replace(WISH, **changes))  # type: ignore[arg-type]  # by name

    def test_needs_a_strong_sign_in_and_is_traced(self, small: Installation, now: datetime) -> None:
        with pytest.raises(LevelTooLow):
            begin(small, now, caller=replace(WORKER, level=1))
        begin(small, now)

        outcomes = [each["outcome"] for each in shares.traces(small, Action.JOB_SEEKING_BEGIN)]
        assert outcomes == ["refused", "ok"]


class TestJobSeekers:
    def test_are_seen_by_the_services_of_the_provinces_they_chose(
        self, served: Installation, now: datetime
    ) -> None:
        begin(served, now)
        begin(served, now, replace(WISH, provinces=("01", "79")), OTHER)

        assert names(look(served, now)) == ["Nguyễn Thị Số 1", "Nguyễn Thị Số 2"]
        there = look(served, now, replace(OFFICIAL, unit_code="DVVL79"))
        assert names(there) == ["Nguyễn Thị Số 2"]

    def test_show_what_they_opted_for_and_nothing_else(
        self, served: Installation, now: datetime
    ) -> None:
        with deed(served.engine) as db:
            line = OwnLine("", Section.SKILLS, "Lái xe nâng")
            own_cv.add_line(db, served, WORKER, line, now=now)
            choices = Choices("Thợ", "Tóm tắt", Contact(phone="0912 345 678"))
            own_cv.save_choices(db, served, WORKER, 1, choices, now=now)

        seen = {part: _seen(served, now, [part]) for part in Part}

        assert seen[Part.WORK] == (["Thợ hàn"], None, "")
        assert seen[Part.LEARNT] == (["Hàn"], None, "")
        assert seen[Part.OWN] == (["Lái xe nâng"], None, "Tóm tắt")
        assert seen[Part.CONTACT] == ([], Contact(phone="0912 345 678"), "")

    def test_do_not_show_lines_that_are_left_out_of_the_cv(
        self, served: Installation, now: datetime
    ) -> None:
        with deed(served.engine) as db:
            page = own_cv.cv_page(db, served, WORKER, now=now)
            hidden = (page.lines[0].line.ref,)
            own_cv.save_choices(db, served, WORKER, 0, Choices(hidden=hidden), now=now)
        begin(served, now)

        assert look(served, now).seekers[0].lines == ()

    def test_can_read_who_looked_and_what_for(self, served: Installation, now: datetime) -> None:
        begin(served, now)

        look(served, now)

        (row,) = shares.traces(served, Action.JOB_SEEKERS_SEE)
        assert (row["person_id"], row["purpose"]) == (people.person_id(1), WHY)

    def test_are_hidden_while_all_sharing_is_frozen(
        self, served: Installation, now: datetime
    ) -> None:
        begin(served, now)
        with deed(served.engine) as db:
            sharing.freeze(db, WORKER, now=now)
        assert look(served, now).seekers == []

        with deed(served.engine) as db:
            sharing.unfreeze(db, WORKER, now=now)
        assert names(look(served, now)) == ["Nguyễn Thị Số 1"]

    def test_come_in_pages(self, served: Installation, now: datetime) -> None:
        begin(served, now)
        begin(served, now, caller=OTHER)

        first = look(served, now, limit=1)
        second = look(served, now, limit=1, after=first.after)
        third = look(served, now, limit=1, after=second.after)

        assert sorted([*names(first), *names(second)]) == ["Nguyễn Thị Số 1", "Nguyễn Thị Số 2"]
        assert (third.seekers, third.after) == ([], None)

    @pytest.mark.parametrize(
        "caller",
        [
            replace(OFFICIAL, unit_code="SNV-01"),
            replace(OFFICIAL, unit_code="BNV"),
            replace(OFFICIAL, unit_code="NOWHERE"),
            replace(OFFICIAL, unit_code=None),
            replace(OFFICIAL, role=Role.STATISTICIAN),
            WORKER,
            shares.EMPLOYER,
        ],
    )
    def test_are_hidden_from_everybody_else(
        self, small: Installation, now: datetime, caller: Caller
    ) -> None:
        begin(small, now)

        with pytest.raises(DeniedToRole):
            look(small, now, caller)
        outcomes = [each["outcome"] for each in shares.traces(small, Action.JOB_SEEKERS_SEE)]
        assert outcomes == ["refused"]

    def test_are_hidden_from_a_service_that_is_closed(
        self, small: Installation, now: datetime
    ) -> None:
        begin(small, now)
        unit = table_of(Unit)
        with transaction(small.engine) as db:
            last = (now - timedelta(days=1)).date()
            db.execute(sa.update(unit).where(unit.c.code == "DVVL01").values(valid_to=last))

        with pytest.raises(DeniedToRole):
            look(small, now)

    @pytest.mark.parametrize("purpose", ["", " ", "a\nb", "x" * 201])
    def test_are_shown_to_nobody_who_does_not_say_what_for(
        self, small: Installation, now: datetime, purpose: str
    ) -> None:
        with pytest.raises(Invalid):
            look(small, now, purpose=purpose)


def _seen(
    inst: Installation, now: datetime, parts: Iterable[Part]
) -> tuple[list[str], Contact | None, str]:
    begin(inst, now, replace(WISH, shows=frozenset(parts)))
    (found,) = look(inst, now).seekers
    return [each.title for each in found.lines], found.contact, found.summary
