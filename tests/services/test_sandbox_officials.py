from dataclasses import replace
from datetime import datetime

import pytest

from labour_book.errors import NotFound
from labour_book.services.access import Role, deed
from labour_book.services.installation import Installation
from labour_book.services.sandbox_officials import (
    SampleOfficial,
    open_officials,
    sample_officials,
)
from tests.services import acting as a
from tests.services import people, shares


def officials(inst: Installation, now: datetime) -> dict[str, SampleOfficial]:
    with deed(inst.engine) as db:
        open_officials(db, inst, now=now)
        return {each.key: each for each in sample_officials(db, inst, now=now)}


@pytest.fixture
def demo(sqlite_inst: Installation, now: datetime) -> Installation:
    shares.issued(sqlite_inst, now, 2)
    people.add_units(sqlite_inst.engine)
    return sqlite_inst


class TestOpenOfficials:
    def test_lets_each_of_them_sign_in_to_their_seat(
        self, demo: Installation, now: datetime
    ) -> None:
        for key, each in officials(demo, now).items():
            who = a.Identity(a.PROVIDER, key, 2, each.personal_id)
            caller = a.begun(demo, who, now, "/desk").caller
            assert (caller.kind, caller.role, caller.unit_code) == (
                "official",
                each.role,
                each.unit_code,
            )

    def test_has_one_who_is_a_worker_too(self, demo: Installation, now: datetime) -> None:
        found = officials(demo, now)

        assert [key for key, each in found.items() if each.is_worker] == ["worker"]
        assert found["worker"].role is Role.APPROVER
        invented = [each.personal_id for each in found.values() if not each.is_worker]
        assert all(each.startswith("000000000") for each in invented)

    def test_has_two_who_can_decide_on_the_one_who_is_a_worker(
        self, demo: Installation, now: datetime
    ) -> None:
        found = officials(demo, now)
        at_home = found["worker"].unit_code

        assert [
            key
            for key, each in found.items()
            if (each.role, each.unit_code, each.is_worker) == (Role.APPROVER, at_home, False)
        ] == ["approver", "second"]

    def test_twice_opens_nothing_twice(self, demo: Installation, now: datetime) -> None:
        assert officials(demo, now) == officials(demo, now)

    def test_is_for_the_demonstration_alone(self, demo: Installation, now: datetime) -> None:
        with pytest.raises(NotFound), deed(demo.engine) as db:
            open_officials(db, replace(demo, demo=False), now=now)
