import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import migrations
from labour_book.tables import METADATA


class TestMigrations:
    def test_up_gives_exactly_the_tables(self, engine: sa.Engine) -> None:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})

            differences = compare_metadata(context, METADATA)

        assert differences == []

    def test_down_leaves_nothing(self, engine: sa.Engine) -> None:
        migrations.downgrade(engine)

        assert sa.inspect(engine).get_table_names() == ["alembic_version"]

    def test_up_twice_changes_nothing(self, engine: sa.Engine) -> None:
        migrations.upgrade(engine)

        assert migrations.is_current(engine)
