"""Full files: what they no longer name is counted and listed, and stays on record."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.errors import Conflict, Invalid
from labour_book.services.collection import Progress, import_file, receipts_of
from labour_book.services.receipts import Outcome, Receipt, RunSummary
from labour_book.tables import Employer, InsuranceFact, ProfileFact
from tests.services.collecting import (
    ENTERPRISE,
    NOW,
    PERIOD,
    PERSON,
    VAULT,
    Importer,
    csv_file,
    state_of,
)

LATER = NOW + timedelta(days=1)
MAI = PERSON | {
    "personal_id": "001185123457",
    "full_name": "TRẦN THỊ MAI",
    "birth_date": "1985-01-02",
    "sex": "Nữ",
}
BRIGHT = ENTERPRISE | {"enterprise_code": "0100112437", "name": "Công ty CP Bình Minh"}
SECOND = PERIOD | {"from_month": "2022-01", "to_month": "2022-12", "last_updated": "2023-01-15"}
THIRD = PERIOD | {"from_month": "2023-01", "to_month": "2023-12", "last_updated": "2024-01-15"}
ROWS = {
    "population": (PERSON, MAI),
    "enterprises": (ENTERPRISE, BRIGHT),
    "insurance": (PERIOD, SECOND),
}


def full(
    engine: sa.Engine, folder: Path, kind: str, *rows: Mapping[str, Any], **more: Any
) -> RunSummary:
    path = csv_file(folder / f"full-{kind}.csv", rows)
    return import_file(engine, VAULT, kind, path, by="tester", now=LATER, is_full=True, **more)


def vanished(engine: sa.Engine, run: RunSummary) -> list[Receipt]:
    with reading(engine) as db:
        return receipts_of(db, VAULT, run.run_id, [Outcome.VANISHED])


@pytest.fixture
def imported(engine: sa.Engine, tmp_path: Path) -> Importer:
    return Importer(engine, tmp_path)


@pytest.mark.parametrize("kind", list(ROWS))
class TestVanished:
    def test_is_what_no_row_names_and_stays_on_record(
        self, imported: Importer, tmp_path: Path, kind: str
    ) -> None:
        imported("population", PERSON)
        stays, goes = ROWS[kind]
        imported(kind, stays, goes)
        before = state_of(imported.engine)

        done = full(imported.engine, tmp_path, kind, stays)
        delta = imported(kind, stays)

        assert done.is_full
        assert done.rows == {"unchanged": 1, "vanished": 1}
        assert done.causes["vanished"] == {"NOT_NAMED_ANY_MORE": 1}
        assert delta.rows == {"unchanged": 1}
        assert not delta.is_full
        (told,) = vanished(imported.engine, done)
        assert told.row_number == 0
        assert (told.person_id is None) is (kind == "enterprises")
        assert state_of(imported.engine) == before

    def test_is_nothing_where_all_is_named(
        self, imported: Importer, tmp_path: Path, kind: str
    ) -> None:
        imported("population", PERSON)
        imported(kind, *ROWS[kind])

        done = full(imported.engine, tmp_path, kind, *ROWS[kind])

        assert done.rows == {"unchanged": 2}


class TestNamed:
    def test_is_also_what_is_new_changed_older_or_not_recorded(
        self, imported: Importer, tmp_path: Path
    ) -> None:
        imported("population", PERSON)
        imported("insurance", PERIOD, SECOND, THIRD)
        older = SECOND | {"wage_base_vnd": "1234567", "last_updated": "2023-01-02"}
        changed = THIRD | {"wage_base_vnd": "7654321", "last_updated": "2024-02-02"}
        new = PERIOD | {"from_month": "2024-01", "to_month": "2024-02"}

        done = full(
            imported.engine,
            tmp_path,
            "insurance",
            PERIOD,
            PERIOD | {"wage_base_vnd": "1"},
            older,
            changed,
            new | {"last_updated": "2024-03-01"},
        )

        assert done.rows == {"created": 1, "needs_review": 1, "unchanged": 2, "updated": 1}

    def test_is_told_by_firm_and_month_and_never_by_person(
        self, imported: Importer, tmp_path: Path
    ) -> None:
        imported("population", PERSON)
        imported("insurance", PERIOD, SECOND)

        (told,) = vanished(imported.engine, full(imported.engine, tmp_path, "insurance", PERIOD))

        (words,) = told.told
        assert "Công ty TNHH Sao Mai, 2022-01" in words.message_vi
        assert told.person_id == imported.live(InsuranceFact)[0]["person_id"]
        assert PERSON["full_name"] not in str(told)

    def test_leaves_out_what_became_known_since_the_import_began(
        self, imported: Importer, tmp_path: Path
    ) -> None:
        imported("enterprises", ENTERPRISE)
        path = csv_file(tmp_path / "late.csv", [BRIGHT])

        def meanwhile(_at: Progress) -> None:
            import_file(
                imported.engine,
                VAULT,
                "enterprises",
                path,
                by="other",
                now=LATER + timedelta(minutes=1),
            )

        done = full(imported.engine, tmp_path, "enterprises", ENTERPRISE, on_progress=meanwhile)

        assert done.rows == {"unchanged": 1}
        assert len(imported.every(Employer)) == 2


class _PowerCutError(Exception):
    pass


class TestCutOff:
    def test_ends_as_if_it_had_not_been(self, imported: Importer, tmp_path: Path) -> None:
        imported("population", PERSON)
        imported("insurance", PERIOD, SECOND, THIRD)
        rows = (PERIOD, THIRD | {"position_text": "Tổ trưởng", "last_updated": "2024-02-02"})

        def cut(at: Progress) -> None:
            raise _PowerCutError(str(at.rows_done))

        with pytest.raises(_PowerCutError):
            full(imported.engine, tmp_path, "insurance", *rows, batch=1, on_progress=cut)
        with pytest.raises(Conflict):
            import_file(
                imported.engine,
                VAULT,
                "insurance",
                tmp_path / "full-insurance.csv",
                by="tester",
                now=LATER,
            )
        done = full(imported.engine, tmp_path, "insurance", *rows)
        again = full(imported.engine, tmp_path, "insurance", *rows)

        assert done.rows == {"unchanged": 1, "updated": 1, "vanished": 1}
        assert again.rows == {"unchanged": 2, "vanished": 1}
        assert [each.ordinal for each in vanished(imported.engine, done)] == [3]


class TestDeclaration:
    @pytest.mark.parametrize(
        ("kind", "more"), [("qualifications", {}), ("population", {"unit_code": "UB-1"})]
    )
    def test_is_for_registers_that_can_send_all(
        self, sqlite_engine: sa.Engine, tmp_path: Path, kind: str, more: dict[str, str]
    ) -> None:
        with pytest.raises(Invalid) as refused:
            full(sqlite_engine, tmp_path, kind, PERSON, **more)

        assert refused.value.facts["cause"] == "NOT_FULL"
        assert Importer(sqlite_engine, tmp_path).every(ProfileFact) == []
