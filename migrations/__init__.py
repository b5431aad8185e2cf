"""The database's schema, step by step (Alembic). Knows the tables and nothing else."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from labour_book.errors import Unavailable


def upgrade(engine: sa.Engine, to: str = "head") -> None:
    """Bring the schema up to ``to``; does nothing when it is there already.

    Raises:
        Unavailable: the database does not answer.
    """
    try:
        engine.connect().close()
    except OperationalError as error:
        raise Unavailable("the database does not answer") from error
    with engine.begin() as connection:
        command.upgrade(_config(connection), to)


def downgrade(engine: sa.Engine, to: str = "base") -> None:
    """Take the schema back to ``to``."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), to)


def is_current(engine: sa.Engine) -> bool:
    """Tell whether the database has exactly the schema that this release expects.

    Raises:
        Unavailable: the database does not answer.
    """
    return _revision_of(engine) == _own_head()


def is_newer(engine: sa.Engine) -> bool:
    """Tell whether the database has the schema of a release after this one.

    Revisions begin with a number that only grows; one that this release does not know and that
    comes after its own last is of a later release.

    Raises:
        Unavailable: the database does not answer.
    """
    at, head = _revision_of(engine), _own_head()
    return at is not None and head is not None and at[:4].isdecimal() and at[:4] > head[:4]


def _own_head() -> str | None:
    return ScriptDirectory(str(Path(__file__).parent)).get_current_head()


def _revision_of(engine: sa.Engine) -> str | None:
    try:
        with engine.execution_options(reading=True).connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except OperationalError as error:
        raise Unavailable("the database does not answer") from error


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config
