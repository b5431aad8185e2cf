"""The sample files, row by row: how many of each outcome, and every fault they hold."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from labour_book.domain.findings import Severity, severity_of
from labour_book.registers import KINDS, Parsed, check_file

AS_OF = date(2026, 11, 15)
FILES = {
    "population.csv": "population",
    "enterprises.csv": "enterprises",
    "insurance.csv": "insurance",
    "qualifications.csv": "qualifications",
    "paper_books.csv": "paper_books",
    "contracts.jsonl": "contracts",
    "form03_02260.xlsx": "form03",
    "form03_14161.xlsx": "form03",
    "form03_26206.xlsx": "form03",
    "form03_28315.xlsx": "form03",
}
# rows without a finding, with some, and refused
OUTCOMES = {
    "population.csv": (3000, 0, 0),
    "enterprises.csv": (192, 0, 0),
    "insurance.csv": (10432, 400, 19),
    "qualifications.csv": (892, 6, 6),
    "paper_books.csv": (499, 0, 42),
    "contracts.jsonl": (1668, 15, 0),
    "form03_02260.xlsx": (219, 69, 13),
    "form03_14161.xlsx": (149, 163, 9),
    "form03_26206.xlsx": (44, 279, 9),
    "form03_28315.xlsx": (285, 43, 13),
}
HOSTILE = {
    "ACTIVE_FORMULA": 4,
    "CONTROL_CHARACTER": 1,
    "DIRECTION_CHARACTER": 1,
    "FIELD_TOO_LONG": 1,
    "ZERO_WIDTH_CHARACTER": 2,
}
CAUSES = {
    "population.csv": {},
    "enterprises.csv": {},
    "insurance.csv": {
        "ENTERPRISE_CODE_CHECK": 19,
        "FUTURE_PERIOD": 4,
        "IMPOSSIBLE_MONTH": 3,
        "PERIOD_AFTER_UPDATE": 4,
        "PERSONAL_ID_BIRTH_YEAR_DIFFERS": 240,
        "PERSONAL_ID_SEX_DIFFERS": 71,
        "PLACEHOLDER_PERSON": 14,
        "REVERSED_PERIOD": 7,
        "SI_NUMBER_DIFFERS": 110,
    },
    "qualifications.csv": {"FUTURE_DATE": 3, "ISSUED_BEFORE_15": 6, "LEVEL_UNKNOWN": 3},
    "paper_books.csv": {
        "CHECKED_BY_TRANSCRIBER": 23,
        "FUTURE_PERIOD": 3,
        "NOT_CHECKED": 11,
        "REVERSED_PERIOD": 5,
    },
    "contracts.jsonl": {
        "ENDED_WITHOUT_REASON": 5,
        "FIXED_TERM_OVER_36_MONTHS": 3,
        "REASON_CLAUSE_UNKNOWN": 4,
        "SIGNED_AFTER_DELIVERY": 3,
    },
}


@pytest.fixture(scope="module")
def parsed(demo: Path) -> dict[str, list[Parsed]]:
    return {name: list(KINDS[kind].read(demo / name, as_of=AS_OF)) for name, kind in FILES.items()}


def outcomes(rows: list[Parsed]) -> tuple[int, int, int]:
    refused = sum(each.row is None for each in rows)
    noted = sum(each.row is not None and bool(each.findings) for each in rows)
    return len(rows) - refused - noted, noted, refused


def causes(rows: list[Parsed]) -> Counter[str]:
    return Counter(finding.cause for each in rows for finding in each.findings)


class TestEveryRow:
    @pytest.mark.parametrize("name", FILES)
    def test_is_counted_once_by_its_outcome(
        self, parsed: dict[str, list[Parsed]], name: str
    ) -> None:
        assert outcomes(parsed[name]) == OUTCOMES[name]

    @pytest.mark.parametrize("name", FILES)
    def test_has_a_place_of_its_own(self, parsed: dict[str, list[Parsed]], name: str) -> None:
        places = [each.line for each in parsed[name]]

        assert len(set(places)) == len(places)

    @pytest.mark.parametrize("name", FILES)
    def test_is_refused_exactly_if_a_cause_says_so(
        self, parsed: dict[str, list[Parsed]], name: str
    ) -> None:
        for each in parsed[name]:
            severities = {severity_of(finding.cause) for finding in each.findings}
            assert (each.row is None) == (Severity.REFUSE in severities)
            assert each.row is None or each.row.findings == each.findings

    @pytest.mark.parametrize("name", FILES)
    def test_is_reached_again_by_skipping(
        self, parsed: dict[str, list[Parsed]], name: str, demo: Path
    ) -> None:
        skip = len(parsed[name]) - 5

        again = list(KINDS[FILES[name]].read(demo / name, skip=skip, as_of=AS_OF))

        assert again == parsed[name][skip:]

    @pytest.mark.parametrize("name", FILES)
    def test_comes_from_a_file_that_passes_its_check(self, demo: Path, name: str) -> None:
        found = {finding.cause for finding in check_file(demo / name, FILES[name])}

        assert found <= {"SHEET_SKIPPED"}


class TestFaults:
    @pytest.mark.parametrize("name", CAUSES)
    def test_are_found_in_the_registers(self, parsed: dict[str, list[Parsed]], name: str) -> None:
        assert causes(parsed[name]) == CAUSES[name]

    @pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".xlsx")])
    def test_hostile_cells_are_found_in_every_workbook(
        self, parsed: dict[str, list[Parsed]], name: str
    ) -> None:
        found = causes(parsed[name])

        assert {cause: found[cause] for cause in HOSTILE} == HOSTILE

    @pytest.mark.parametrize(
        ("name", "cause", "count"),
        [
            ("form03_02260.xlsx", "NUMBER_PRECISION_LOST", 5),
            ("form03_02260.xlsx", "UNKNOWN_VALUE", 38),
            ("form03_02260.xlsx", "CONTRADICTORY_BRANCHES", 7),
            ("form03_14161.xlsx", "CALCULATED_VALUE", 18),
            ("form03_14161.xlsx", "RESTORED_LEADING_ZERO", 131),
            ("form03_14161.xlsx", "UNDER_15", 7),
            ("form03_26206.xlsx", "RESTORED_LEADING_ZERO", 267),
            ("form03_26206.xlsx", "BAD_DATE", 2),
            ("form03_28315.xlsx", "CONTRADICTORY_BRANCHES", 8),
            ("form03_28315.xlsx", "MISSING_VALUE", 2),
        ],
    )
    def test_of_form_03_are_found(
        self, parsed: dict[str, list[Parsed]], name: str, cause: str, count: int
    ) -> None:
        assert causes(parsed[name])[cause] == count

    def test_people_of_hidden_sheets_are_not_read(self, parsed: dict[str, list[Parsed]]) -> None:
        for name in FILES:
            assert not any("Mẫu" in str(each.raw.get("full_name")) for each in parsed[name])
            assert all(each.line.sheet != "DanhMuc" for each in parsed[name])
