"""What is on file counts through the month that is over in Viet Nam, whatever the day elsewhere."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.domain.correction_fields import FieldChange
from labour_book.queries import corrections
from labour_book.queries.rows import table_of
from labour_book.services.case_registers import confirmed_by
from labour_book.services.installation import Installation
from labour_book.tables import InsuranceFact
from tests.services import cases


class TestConfirmedBy:
    @pytest.mark.parametrize(
        ("at", "says"),
        [
            (datetime(2026, 11, 30, 16, 59, tzinfo=UTC), None),
            (datetime(2026, 11, 30, 17, 0, tzinfo=UTC), "insurance"),
        ],
    )
    def test_counts_a_month_as_over_with_the_day_in_viet_nam(
        self, sqlite_inst: Installation, now: datetime, at: datetime, says: str | None
    ) -> None:
        cases.ready(sqlite_inst, now)
        with sqlite_inst.engine.begin() as connection:
            connection.execute(sa.update(table_of(InsuranceFact)).values(last_month="2026-11"))
        drafted = cases.drafted(sqlite_inst, now, cases.MONTHS)

        with reading(sqlite_inst.engine) as db:
            case = corrections.case_by_id(db, drafted.line.case_id)
            assert case is not None
            claimed = {"first_month": "2021-03", "last_month": "2026-11", "status": "contributed"}
            changes = tuple(FieldChange(name, "", value) for name, value in claimed.items())
            found = confirmed_by(db, sqlite_inst, replace(case, changes=changes), [], now=at)

        assert found == says
