from datetime import datetime, timedelta

import pytest

from labour_book.domain.filings import FilingKind
from labour_book.errors import NotFound
from labour_book.services import filing
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from tests.services.filings import ENDED, begun, filed, filings_of, hire, new
from tests.services.shares import EMPLOYER, RIVAL, traces

HIRE, CHANGE, END, CANCEL = FilingKind


class TestFiledByEnterprise:
    def test_is_the_own_alone_latest_first(self, inst: Installation, now: datetime) -> None:
        begun(inst, now, 2)
        filed(inst, now, hire(1))
        second = filed(inst, now + timedelta(minutes=1), hire(2))
        filed(inst, now, new(END, ENDED), EMPLOYER)

        newest, oldest = filings_of(inst, now, RIVAL)

        assert newest.id == second.id
        assert oldest.full_name == "Nguyễn Thị Số 1"
        assert len(filings_of(inst, now, EMPLOYER)) == 1

    def test_pages_by_the_last_one(self, sqlite_inst: Installation, now: datetime) -> None:
        begun(sqlite_inst, now, 3)
        for number in (1, 2, 3):
            filed(sqlite_inst, now + timedelta(minutes=number), hire(number))
        with deed(sqlite_inst.engine) as db:
            first = filing.filed_by_enterprise(db, RIVAL, limit=2, now=now)
            rest = filing.filed_by_enterprise(db, RIVAL, before=first[-1].id, now=now)

        assert [each.full_name[-1] for each in [*first, *rest]] == ["3", "2", "1"]

    def test_is_seen_by_each_worker(self, sqlite_inst: Installation, now: datetime) -> None:
        ids = begun(sqlite_inst, now, 2)
        for number in (1, 2):
            filed(sqlite_inst, now, hire(number))

        filings_of(sqlite_inst, now, RIVAL)

        assert {row["person_id"] for row in traces(sqlite_inst, "filing.list")} == set(ids)


class TestFiled:
    def test_is_not_shown_to_others(self, sqlite_inst: Installation, now: datetime) -> None:
        begun(sqlite_inst, now)
        receipt = filed(sqlite_inst, now, hire())
        with deed(sqlite_inst.engine) as db:
            assert filing.filed(db, RIVAL, receipt.id, now=now) == receipt

        with pytest.raises(NotFound), deed(sqlite_inst.engine) as db:
            filing.filed(db, EMPLOYER, receipt.id, now=now)
