from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.queries import units
from labour_book.queries.accounts import unit_serves
from labour_book.queries.rows import table_of
from labour_book.services.code_lists import load_code_lists
from labour_book.tables import Place, PlaceSuccession, Unit
from tests.support.prepared import prepared

TODAY = date(2026, 11, 20)


@pytest.fixture
def loaded(engine: sa.Engine, tmp_path: Path) -> sa.Engine:
    def make() -> None:
        with transaction(engine) as db:
            assert load_code_lists(db)

    prepared("code lists", engine, tmp_path, make)
    return engine


class TestLoadCodeLists:
    def test_loads_every_place_and_unit_once(self, loaded: sa.Engine) -> None:
        with transaction(loaded) as db:
            assert not load_code_lists(db)
            counts = [
                db.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in (Unit, PlaceSuccession)
            ]

        assert counts == [1 + 34 + 3321 + 1 + 34 + 34 + 1 + 34, 10601]

    def test_gives_a_code_its_meaning_of_the_day(self, loaded: sa.Engine) -> None:
        with reading(loaded) as db:
            names = db.execute(
                sa.select(Place.name, Place.valid_from)
                .where(Place.level == "province", Place.code == "24")
                .order_by(Place.valid_from)
            ).all()

        assert [tuple(each) for each in names] == [
            ("Tỉnh Bắc Giang", date(2008, 8, 1)),
            ("Tỉnh Bắc Ninh", date(2025, 7, 1)),
        ]

    @pytest.mark.parametrize(
        ("unit", "commune", "serves"),
        [
            ("BNV", "26206", True),
            ("P75", "26206", True),
            ("P79", "26206", False),
            ("C26206", "26206", True),
            ("C26206", "28315", False),
            ("BHXH", "26206", True),
            ("BHXH", None, True),
            ("BHXH75", "26206", True),
            ("BHXH79", "26206", False),
            ("DVVL75", "26206", True),
            ("DVVL79", "26206", False),
            ("P75", None, False),
        ],
    )
    def test_lets_a_unit_serve_its_subtree(
        self, loaded: sa.Engine, unit: str, commune: str | None, *, serves: bool
    ) -> None:
        with reading(loaded) as db:
            assert unit_serves(db, unit, commune, TODAY) is serves

    def test_lets_a_unit_serve_only_while_it_exists(self, loaded: sa.Engine) -> None:
        with transaction(loaded) as db:
            assert units.close_unit(db, "C26206", date(2026, 11, 19))

            answers = [unit_serves(db, "C26206", "26206", date(2026, 11, day)) for day in (19, 20)]

        assert answers == [True, False]

    def test_adds_what_an_older_installation_lacks(self, loaded: sa.Engine) -> None:
        services = sa.delete(table_of(Unit)).where(
            table_of(Unit).c.kind.in_(["insurance", "employment"])
        )
        with transaction(loaded) as db:
            db.execute(services)

            assert load_code_lists(db)

            assert units.kinds(db) >= {"insurance", "employment"}
            assert not load_code_lists(db)
