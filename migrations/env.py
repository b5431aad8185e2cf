"""How Alembic reaches the database: one connection, one transaction per migration run."""

import sqlalchemy as sa
from alembic import context

from labour_book.tables import METADATA


def run(connection: sa.Connection) -> None:
    """Run the migrations on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


connection = context.config.attributes.get("connection")
if connection is None:
    from labour_book.database import connect
    from labour_book.settings import read_settings

    with connect(read_settings().url_of_database).connect() as own:
        run(own)
        own.commit()
else:
    run(connection)
