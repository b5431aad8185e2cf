"""An installation on each of the two databases, and one on SQLite where that is enough."""

from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from labour_book.services.installation import Installation
from tests.support.installations import installed


@pytest.fixture
def inst(engine: sa.Engine, tmp_path: Path, now: datetime) -> Installation:
    return installed(engine, tmp_path / "data", now)


@pytest.fixture
def sqlite_inst(sqlite_engine: sa.Engine, tmp_path: Path, now: datetime) -> Installation:
    return installed(sqlite_engine, tmp_path / "data", now)
