"""Recording diplomas and certificates (văn bằng, chứng chỉ)."""

from collections.abc import Sequence

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.people import fold
from labour_book.queries.facts import FactKind
from labour_book.queries.vault import Vault
from labour_book.registers.rows import QualificationRow
from labour_book.services.collecting.rows import Row, unmatched
from labour_book.services.directory import Directory
from labour_book.services.matching import Wanted
from labour_book.services.receipts import Judged
from labour_book.services.recording import Ledger, Run, Seen, statement


class QualificationCollector:
    """Records certificates; one of them is named by its kind, issuer and number.

    The register states no name, so the personal ID alone decides; a number that another person's
    certificate bears already goes to review.
    """

    def __init__(self, vault: Vault, seen: Seen) -> None:
        self._vault = vault
        self._seen = seen

    def collect(self, db: Db, run: Run, rows: Sequence[Row[QualificationRow]]) -> list[Judged]:
        """Record the rows of one batch."""
        directory = Directory(db, self._vault, run.ruling)
        directory.look_up_numbers(each.said.personal_id for each in rows)
        said = [
            statement(self._vault, _name(each.said), _content(each.said), run.started_at)
            for each in rows
        ]
        ledger = Ledger(FactKind.QUALIFICATION, Source.QUALIFICATION_REGISTER, run, self._seen)
        ledger.look_up(db, said)
        judged = []
        for row, each in zip(rows, said, strict=True):
            match = directory.find(Wanted((row.said.personal_id,), None, None, None))
            if match.person is None:
                judged.append(unmatched(match, row.findings))
                continue
            findings = (*match.flags, *row.findings)
            judged.append(ledger.judge(each, match.person.id, findings, match.matched_by))
            if judged[-1].is_written:
                ledger.record(each, judged[-1], _values(row.said))
        ledger.write(db)
        return judged


def _name(row: QualificationRow) -> str:
    return f"qualification|{row.kind}|{fold(row.issuer)}|{row.number}"


def _values(row: QualificationRow) -> dict[str, str]:
    return {
        "kind": row.kind,
        "level": row.level,
        "field": row.field,
        "issuer": row.issuer,
        "issued_on": str(row.issued_on),
        "number": row.number,
    }


def _content(row: QualificationRow) -> tuple[str, ...]:
    return tuple(_values(row).values())
