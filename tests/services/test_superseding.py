import json
from datetime import datetime, timedelta

import pytest

from labour_book.database import transaction
from labour_book.queries.share_copies import viewers_to_tell
from labour_book.services import deletion_duties, withdrawing
from labour_book.services.access import deed
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_all
from labour_book.services.superseding import TOLD_DAYS, tell_recent_viewers
from tests.services import people, shares
from tests.services.shares import EMPLOYER, OPERATOR, RIVAL, RIVAL_CODE, TO_EMPLOYER, WORKER

DAY = timedelta(days=1)
KIND = "book.newer-version"


class TestTellRecentViewers:
    @pytest.mark.parametrize("in_bulk", [False, True])
    def test_tells_that_a_newer_version_exists_and_nothing_of_it(
        self,
        inst: Installation,
        now: datetime,
        in_bulk: bool,  # noqa: FBT001 - two ways to issue
    ) -> None:
        (person,) = shares.issued(inst, now)
        shares.add_enterprise(inst.engine, RIVAL_CODE, "ACTIVE")
        created = shares.share(inst, now, TO_EMPLOYER)
        shares.share(inst, now, TO_EMPLOYER, enterprise_code=RIVAL_CODE)
        shares.look(inst, created.code, now, EMPLOYER)
        people.add_diploma(inst.engine, person, 1, at=now)
        later = now + DAY

        if in_bulk:
            issue_all(inst, by=OPERATOR, now=later)
        else:
            shares.issue(inst, person, later)
        shares.issue(inst, person, later + DAY)  # unchanged: nothing new to tell

        (notice,) = shares.notices(inst, KIND)
        assert (notice["recipient_kind"], notice["recipient"]) == (
            "employer",
            people.EMPLOYER_CODE,
        )
        assert json.loads(notice["facts"]) == {"share": str(created.share_id)}

    @pytest.mark.parametrize(("days", "told"), [(TOLD_DAYS, 1), (TOLD_DAYS + 1, 0)])
    def test_tells_those_of_the_last_ninety_days(
        self, sqlite_inst: Installation, now: datetime, days: int, told: int
    ) -> None:
        (person,) = shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now, TO_EMPLOYER)
        shares.look(sqlite_inst, created.code, now, EMPLOYER)

        with transaction(sqlite_inst.engine) as db:
            assert tell_recent_viewers(db, [person], now=now + days * DAY) == told

    def test_tells_nobody_who_has_deleted_it(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now, TO_EMPLOYER)
        shares.look(sqlite_inst, created.code, now, EMPLOYER)
        with deed(sqlite_inst.engine) as db:
            deletion_duties.confirm_deletion(db, EMPLOYER, created.share_id, now=now)

        with transaction(sqlite_inst.engine) as db:
            assert viewers_to_tell(db, [person], now - DAY) == []

    def test_tells_nobody_from_whom_it_was_taken_back(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = shares.issued(inst, now)
        shares.add_enterprise(inst.engine, RIVAL_CODE, "ACTIVE")
        kept = shares.share(inst, now, TO_EMPLOYER)
        taken_back = shares.share(inst, now, TO_EMPLOYER, enterprise_code=RIVAL_CODE)
        shares.look(inst, kept.code, now, EMPLOYER)
        shares.look(inst, taken_back.code, now, RIVAL)
        with deed(inst.engine) as db:
            withdrawing.withdraw_share(db, WORKER, taken_back.share_id, now=now)

        with transaction(inst.engine) as db:
            told = [recipient.id for _, recipient in viewers_to_tell(db, [person], now - DAY)]

        assert told == [people.EMPLOYER_CODE]

    def test_tells_nobody_of_other_books(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now, 2)
        shares.add_enterprise(sqlite_inst.engine, RIVAL_CODE, "ACTIVE")
        created = shares.share(sqlite_inst, now)
        for caller in (EMPLOYER, RIVAL):
            shares.look(sqlite_inst, created.code, now, caller)

        with transaction(sqlite_inst.engine) as db:
            assert tell_recent_viewers(db, [people.person_id(2)], now=now) == 0
            assert tell_recent_viewers(db, [people.person_id(1)], now=now) == 2
