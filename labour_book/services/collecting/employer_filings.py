"""Recording workbooks in which an employer declares hires, changes and ends."""

from collections.abc import Sequence
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.findings import Finding
from labour_book.domain.limits import Limit
from labour_book.queries.people import PersonOnFile
from labour_book.queries.vault import Vault
from labour_book.registers.rows import FilingRow
from labour_book.services import limiting
from labour_book.services.callers import Action, Caller
from labour_book.services.collecting.rows import Row
from labour_book.services.declaring import Sent, declare
from labour_book.services.filers import (
    Filer,
    FilingFaulty,
    FilingRefused,
    NamedWorker,
    NewFiling,
    filer_of,
)
from labour_book.services.filing import named, tell
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.receipts import Judged, Outcome
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.recording import Run, Seen
from labour_book.services.reissuing import lock_books

BY_PERSONAL_ID = "PERSONAL_ID"
NOBODY_ROWS = Limit("filing.nobody-rows", 500, 86_400)
"""Rows about nobody on file, by enterprise and day: with a name and a birth date known, numbers
could be tried by workbook. Beyond it no row of the enterprise is looked up."""


class FilingCollector:
    """Records the declarations of one workbook in the name of the agent who sent it.

    A row that says again what was declared is unchanged; with other values it corrects that.
    """

    def __init__(self, vault: Vault, seen: Seen, *, inst: Installation, caller: Caller) -> None:
        self._vault = vault
        self._seen = seen
        self._inst = inst
        self._caller = caller

    def collect(self, db: Db, run: Run, rows: Sequence[Row[FilingRow]]) -> list[Judged]:
        """Record the rows of one batch, and issue the books that they change."""
        try:
            filer = filer_of(db, self._caller, now=run.at, run_id=run.id, action=Action.FILING_MAKE)
        except EnterpriseRefused:
            return [_refused([Finding("ENTERPRISE_CANNOT_FILE")], each) for each in rows]
        people = named(db, self._inst, [_worker(each.said) for each in rows])
        lock_books(db, self._inst, {each.id for each in people if each is not None}, run.at)
        made: list[tuple[UUID, UUID]] = []
        judged = []
        left = self._unknown_left(db, filer)
        for row, person in zip(rows, people, strict=True):
            if left <= 0:
                judged.append(_refused([Finding("FILING_TOO_MANY_UNKNOWN", "personal_id")], row))
            elif person is None:
                left = NOBODY_ROWS.most - limiting.count(
                    db, self._inst, NOBODY_ROWS, filer.code, filer.now
                )
                judged.append(_refused([Finding("FILING_NOBODY", "personal_id")], row))
            else:
                judged.append(self._declared(db, filer, row, person, made))
        tell(db, self._inst, filer, made)
        return judged

    def _unknown_left(self, db: Db, filer: Filer) -> int:
        """Return how many more rows about nobody the enterprise may send; none once it is over."""
        try:
            limiting.check_allowed(db, self._inst, NOBODY_ROWS, filer.code, filer.now)
        except TooMany:
            return 0
        return NOBODY_ROWS.most

    def _declared(
        self,
        db: Db,
        filer: Filer,
        row: Row[FilingRow],
        person: PersonOnFile,
        made: list[tuple[UUID, UUID]],
    ) -> Judged:
        key = self._key_of(row.said, person.id)
        if key in self._seen:
            return Judged(Outcome.DUPLICATE, None, row.findings, person.id, BY_PERSONAL_ID, key)
        new = NewFiling(row.said.kind, person.id, row.said.said, restates=True)
        try:
            sent = Sent(row_ordinal=row.ordinal)
            recorded = declare(db, self._inst, filer, new, person=person, sent=sent)
        except (FilingFaulty, FilingRefused) as error:
            return _refused(error.findings, row)
        self._seen.add(key)
        if recorded.filing_id is not None:
            made.append((recorded.filing_id, person.id))
        found = (*recorded.notes, *row.findings)
        return Judged(recorded.outcome, None, found, person.id, BY_PERSONAL_ID, key)

    def _key_of(self, row: FilingRow, person_id: UUID) -> int:
        said = repr((row.kind.value, sorted(row.said.as_body().items())))
        index = self._vault.index.of(f"filing-row|{person_id}|{said}")
        return int.from_bytes(index[-8:], signed=True)


def _refused(findings: Sequence[Finding], row: Row[FilingRow]) -> Judged:
    return Judged(Outcome.REFUSED, findings[0].cause, (*findings, *row.findings))


def _worker(row: FilingRow) -> NamedWorker:
    return NamedWorker(row.personal_id, row.full_name, row.birth_date)
