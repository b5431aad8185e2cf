from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.queries import copies
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from labour_book.services.permission import deed
from tests.services import people
from tests.services.cases import OPERATOR
from tests.services.conftest import new_installation


@pytest.fixture
def inst(engine: sa.Engine, tmp_path: Path, now: datetime) -> Installation:
    return new_installation(engine, tmp_path, now)


@pytest.fixture
def versions(inst: Installation, now: datetime) -> list[UUID]:
    """Two books on file; the ids of their versions."""
    for person in people.add_people(inst.engine, 2):
        with deed(inst.engine) as db:
            issue_book(db, inst, person, by=OPERATOR, now=now)
    with reading(inst.engine) as db:
        return sorted(version for version, _ in copies.sealed_credentials(db))


class TestDrawnCredentials:
    @pytest.mark.parametrize("drawn", ["lowest", "highest"])
    def test_finds_one_whatever_is_drawn(
        self, inst: Installation, versions: list[UUID], drawn: str
    ) -> None:
        def draw(below: int) -> int:
            return 0 if drawn == "lowest" else below - 1

        with reading(inst.engine) as db:
            found = copies.drawn_credentials(db, 1, draw)

        assert [version for version, _ in found if version in versions] == [found[0][0]]

    def test_finds_none_where_there_are_none(self, inst: Installation) -> None:
        with reading(inst.engine) as db:
            assert copies.drawn_credentials(db, 5, lambda below: below - 1) == []
