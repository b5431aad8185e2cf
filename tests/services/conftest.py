"""An installation on each of the two databases, and one on SQLite where that is enough."""

from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from labour_book.services.installation import Installation
from tests.support.installations import installed, opened
from tests.support.prepared import prepared


@pytest.fixture
def inst(engine: sa.Engine, tmp_path: Path, now: datetime) -> Installation:
    return new_installation(engine, tmp_path / "data", now)


@pytest.fixture
def sqlite_inst(sqlite_engine: sa.Engine, tmp_path: Path, now: datetime) -> Installation:
    return new_installation(sqlite_engine, tmp_path / "data", now)


def new_installation(engine: sa.Engine, folder: Path, now: datetime) -> Installation:
    def make() -> None:
        installed(engine, folder, now)

    prepared(("installation", now), engine, folder, make)
    return opened(engine, folder, now)
