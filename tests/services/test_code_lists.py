from datetime import date

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.queries.accounts import unit_serves
from labour_book.services.code_lists import load_code_lists
from labour_book.tables import Place, PlaceSuccession, Unit


@pytest.fixture
def loaded(engine: sa.Engine) -> sa.Engine:
    with transaction(engine) as db:
        assert load_code_lists(db)
    return engine


class TestLoadCodeLists:
    def test_loads_every_place_and_unit_once(self, loaded: sa.Engine) -> None:
        with transaction(loaded) as db:
            assert not load_code_lists(db)
            counts = [
                db.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in (Unit, PlaceSuccession)
            ]

        assert counts == [1 + 34 + 3321, 10601]

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
        ],
    )
    def test_lets_a_unit_serve_its_subtree(
        self, loaded: sa.Engine, unit: str, commune: str, *, serves: bool
    ) -> None:
        with reading(loaded) as db:
            assert unit_serves(db, unit, commune) is serves
