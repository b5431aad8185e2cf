import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.queries import people
from tests.services.people import add_people


class TestCountAbout:
    def test_counts_few_people(self, engine: sa.Engine) -> None:
        add_people(engine, 3)

        with reading(engine) as db:
            assert people.count_about(db) == 3

    @pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
    def test_takes_the_estimate_of_many(
        self, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(people, "MANY_PEOPLE", 3)
        add_people(engine, 3)
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE person")
        add_people(engine, 2, first=4)

        with reading(engine) as db:
            assert people.count_about(db) == 3
