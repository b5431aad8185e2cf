from dataclasses import replace
from datetime import datetime

import pytest

from labour_book.database import reading
from labour_book.errors import NotFound
from labour_book.services import sandbox_identities
from labour_book.services.installation import Installation
from tests.services import people, shares


class TestSampleFirms:
    def codes(self, inst: Installation, now: datetime) -> list[str]:
        with reading(inst.engine) as db:
            found = sandbox_identities.sample_firms(db, replace(inst, demo=True), now=now)
        return [each.code for each in found]

    def test_begin_with_those_that_the_sample_people_name(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        others = [f"{number:010}" for number in range(sandbox_identities.FIRMS + 3)]
        for number, code in enumerate(others, start=2):
            shares.add_enterprise(sqlite_inst.engine, code, "ACTIVE", number)

        found = self.codes(sqlite_inst, now)

        assert found[0] == people.EMPLOYER_CODE
        assert len(found) == sandbox_identities.FIRMS

    def test_are_named_once_who_cannot_be_asked_last(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        shares.add_enterprise(sqlite_inst.engine, "0000000001", "CLOSED")

        assert self.codes(sqlite_inst, now) == [people.EMPLOYER_CODE, "0000000001"]

    def test_are_nobody_outside_the_demonstration(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        with pytest.raises(NotFound), reading(sqlite_inst.engine) as db:
            sandbox_identities.sample_firms(db, replace(sqlite_inst, demo=False), now=now)
