"""Recording transcribed old paper labour books (sổ lao động giấy 1994-2004)."""

from collections.abc import Iterator, Sequence
from typing import Any

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.findings import Finding
from labour_book.queries.facts import FactKind
from labour_book.queries.people import PersonOnFile
from labour_book.queries.vault import Vault
from labour_book.registers.rows import PaperBookRow
from labour_book.services import plausibility
from labour_book.services.collecting.rows import Row, unmatched
from labour_book.services.directory import Directory
from labour_book.services.matching import Match, Wanted
from labour_book.services.receipts import Judged
from labour_book.services.recording import Ledger, Plain, Run, Seen, Statement, statement


class PaperBookCollector:
    """Records lines of paper books; one of them is named by its page and first month.

    That two people vouch for a line is for the reader to see to; here it is kept who they are.
    """

    def __init__(self, vault: Vault, seen: Seen) -> None:
        self._vault = vault
        self._seen = seen

    def collect(self, db: Db, run: Run, rows: Sequence[Row[PaperBookRow]]) -> list[Judged]:
        """Record the rows of one batch."""
        wanted = [wanted_of(each.said) for each in rows]
        directory = Directory(db, self._vault, run.ruling)
        directory.look_up(wanted)
        said = [
            statement(self._vault, _name(each.said), _content(each.said), run.started_at)
            for each in rows
        ]
        ledger = Ledger(FactKind.EMPLOYMENT, Source.PAPER_BOOK, run, self._seen)
        ledger.look_up(db, said)
        judged = []
        for row, whom, each in zip(rows, wanted, said, strict=True):
            match = directory.find(whom)
            if match.person is None:
                judged.append(unmatched(match, row.findings))
            else:
                judged.append(_record(ledger, row, match, each))
        ledger.write(db)
        return judged


def _record(ledger: Ledger, row: Row[PaperBookRow], match: Match, said: Statement) -> Judged:
    assert match.person is not None
    findings = (*match.flags, *row.findings, *_findings(row.said, match.person))
    judged = ledger.judge(said, match.person.id, findings, match.matched_by)
    if judged.is_written:
        ledger.record(said, judged, _values(row.said))
    return judged


def wanted_of(row: PaperBookRow) -> Wanted:
    """Return whom a line names."""
    numbers = () if row.personal_id is None else (row.personal_id,)
    return Wanted(numbers, row.full_name, None, None)


def _name(row: PaperBookRow) -> str:
    return f"paper|{row.page_ref}|{row.first_month}"


def _content(row: PaperBookRow) -> tuple[Plain, ...]:
    """Return what the line says; which of the two wrote and which checked does not count."""
    months = str(row.first_month), str(row.last_month)
    return (row.full_name, row.employer_name, *months, row.position)


def _findings(row: PaperBookRow, person: PersonOnFile) -> Iterator[Finding]:
    yield from plausibility.before_birth(row.first_month, person.birth_date, "first_month")
    yield from plausibility.age_findings(row.first_month, person.birth_date, "first_month")
    yield from plausibility.work_after_death(row.last_month, person, "last_month")


def _values(row: PaperBookRow) -> dict[str, Any]:
    return {
        "recorded_by": f"{row.transcribed_by} / {row.checked_by}",
        "employer_id": None,
        "employer_code": None,
        "employer_name": row.employer_name,
        "position": row.position,
        "occupation_code": None,
        "contract_kind": None,
        "contract_id": None,
        "event_sequence": None,
        "message_id": None,
        "first_day": str(row.first_month),
        "last_day": str(row.last_month),
        "running": False,
        "workplace_commune": None,
        "workplace_text": None,
        "end_reason_clause": None,
        "suspended": False,
        "employment_position": None,
    }
