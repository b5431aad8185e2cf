from datetime import date

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.queries import units
from tests.services.people import COMMUNE, add_units

TODAY = date(2026, 11, 20)
BEFORE_THE_REFORM = date(2025, 6, 30)


@pytest.fixture
def tree(engine: sa.Engine) -> sa.Engine:
    """A ministry, two provinces and a commune in each, and what stands beside them in one."""
    add_units(engine)
    rows = [
        _unit("BHXH", "insurance", None, None),
        _unit("BHXH01", "insurance", "BHXH", "01"),
        _unit("DVVL01", "employment", "SNV-01", "01"),
    ]
    with transaction(engine) as db:
        units.add_units(db, rows)
    return engine


class TestUnitOf:
    @pytest.mark.parametrize(
        ("kind", "commune", "code"),
        [
            ("commune", COMMUNE, "UB-00070"),
            ("province", COMMUNE, "SNV-01"),
            ("insurance", COMMUNE, "BHXH01"),
            ("employment", COMMUNE, "DVVL01"),
            ("ministry", COMMUNE, "BNV"),
            ("insurance", "26734", None),
            ("commune", "99999", None),
            ("province", None, None),
            ("commune", None, None),
            ("ministry", None, "BNV"),
        ],
    )
    def test_is_the_one_responsible_for_the_commune(
        self, tree: sa.Engine, kind: str, commune: str | None, code: str | None
    ) -> None:
        with reading(tree) as db:
            assert units.unit_of(db, kind, commune, TODAY) == code

    def test_knows_no_unit_before_there_was_one(self, tree: sa.Engine) -> None:
        with reading(tree) as db:
            assert units.unit_of(db, "province", COMMUNE, BEFORE_THE_REFORM) is None

    def test_forgets_a_unit_the_day_after_its_last(self, tree: sa.Engine) -> None:
        with transaction(tree) as db:
            assert units.close_unit(db, "UB-00070", TODAY)

            found = [
                units.unit_of(db, "commune", COMMUNE, day) for day in (TODAY, date(2026, 11, 21))
            ]

        assert found == ["UB-00070", None]


class TestParentOf:
    def test_is_the_unit_right_above(self, tree: sa.Engine) -> None:
        with reading(tree) as db:
            found = [units.parent_of(db, code, TODAY) for code in ("UB-00070", "SNV-01", "BNV")]

        assert found == ["SNV-01", "BNV", None]

    def test_is_none_once_that_one_has_ended(self, tree: sa.Engine) -> None:
        with transaction(tree) as db:
            units.close_unit(db, "SNV-01", date(2026, 11, 19))

            assert units.parent_of(db, "UB-00070", TODAY) is None


class TestBelow:
    def test_is_the_unit_and_what_stands_under_it(self, tree: sa.Engine) -> None:
        with reading(tree) as db:
            assert units.codes_below(db, "SNV-01", TODAY) == {"SNV-01", "UB-00070", "DVVL01"}
            assert units.is_below(db, "UB-00070", "BNV", TODAY)
            assert not units.is_below(db, "UB-00070", "SNV-79", TODAY)
            assert not units.is_below(db, "BHXH01", "BNV", TODAY)

    def test_is_empty_for_a_unit_that_does_not_exist_then(self, tree: sa.Engine) -> None:
        with reading(tree) as db:
            assert units.codes_below(db, "SNV-01", BEFORE_THE_REFORM) == frozenset()


class TestCloseUnit:
    def test_ends_a_unit_once(self, tree: sa.Engine) -> None:
        with transaction(tree) as db:
            assert units.close_unit(db, "DVVL01", TODAY)
            assert not units.close_unit(db, "DVVL01", TODAY)
            ended = units.unit(db, "DVVL01")

        assert ended is not None
        assert ended.valid_to == TODAY

    def test_leaves_a_unit_that_begins_later(self, tree: sa.Engine) -> None:
        with transaction(tree) as db:
            assert not units.close_unit(db, "DVVL01", BEFORE_THE_REFORM)


class TestNamesOf:
    def test_names_units_by_code_and_leaves_out_unknown_ones(self, tree: sa.Engine) -> None:
        with reading(tree) as db:
            assert units.names_of(db, {"BHXH01", "nowhere"}) == {"BHXH01": "BHXH01 of 01"}


class TestChildrenOf:
    def test_lists_the_top_and_what_stands_right_under_a_unit(self, tree: sa.Engine) -> None:
        with reading(tree) as db:
            top = [each.code for each in units.children_of(db, None)]
            under = [each.code for each in units.children_of(db, "SNV-01")]

        assert top == ["BHXH", "BNV"]
        assert under == ["DVVL01", "UB-00070"]


def _unit(code: str, kind: str, parent: str | None, place: str | None) -> dict[str, object]:
    return {
        "code": code,
        "name": f"{code} of {place or 'the country'}",
        "kind": kind,
        "parent_code": parent,
        "place_code": place,
        "valid_from": date(2025, 7, 1),
    }
