"""What a full file of a register no longer names: noted for somebody to look at, never voided.

A register that sends all it states says, by what it leaves out, that something is no longer so, or
that it made a mistake; which of the two, no rule can tell. Compared are the statements that were on
record when the import began, so that one which was cut off and goes on finds the same.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.findings import Finding
from labour_book.errors import Invalid
from labour_book.queries import full_files, imports
from labour_book.queries.facts import FactKind
from labour_book.queries.imports import RunOnFile
from labour_book.queries.vault import Vault
from labour_book.services.collecting import enterprises
from labour_book.services.receipts import NOT_NAMED, Outcome, written
from labour_book.services.recording import Seen, key_of, statement_key

__all__ = ["FACT_OF", "FULL_KINDS", "check_full", "note_vanished"]

FACT_OF: Mapping[str, tuple[FactKind, Source]] = {
    "population": (FactKind.PROFILE, Source.POPULATION),
    "insurance": (FactKind.INSURANCE, Source.INSURANCE),
}
"""As what the statements of a kind are on record, and as whose; those of firms as no fact."""
FULL_KINDS = frozenset({*FACT_OF, "enterprises"})
"""Registers that can send all they state: each row names one statement, now and later."""


def check_full(kind: str, *, is_of_all: bool) -> None:
    """Check that a file may be declared full.

    Raises:
        Invalid: rows of that kind are events, or the sender speaks for one unit alone.
    """
    if kind not in FULL_KINDS or not is_of_all:
        raise Invalid("such a file cannot be a full one", cause="NOT_FULL", kind=kind)


def note_vanished(db: Db, vault: Vault, run: RunOnFile, *, after: int) -> int:
    """Note each statement on record that no row of a run has named; return how many there are.

    They stand behind the rows of the file, from place ``after`` on. A row that was refused has
    named nothing.
    """
    named = Seen(imports.statement_keys(db, run.id, [each.value for each in Outcome]))
    places = count(after + 1)
    rows = 0
    for some in _stated(db, vault, run):
        vanished = [
            {"run_id": run.id, "ordinal": next(places), **each}
            for each in some
            if each["statement_key"] not in named
        ]
        imports.add_receipts(db, vanished)
        rows += len(vanished)
    return rows


def _stated(db: Db, vault: Vault, run: RunOnFile) -> Iterator[list[dict[str, Any]]]:
    """Yield what its register had stated when a run began, as receipts without a place."""
    if run.kind == "enterprises":
        for firms in full_files.employers_until(db, run.started_at):
            yield [
                _receipt(
                    statement_key(vault, enterprises.name_of(each.code)),
                    None,
                    each.commune_code,
                    {"what": each.code},
                )
                for each in firms
            ]
        return
    for facts in full_files.facts_until(db, *FACT_OF[run.kind], run.started_at):
        yield [
            _receipt(
                key_of(each.reference),
                each.person_id,
                each.commune_code,
                {"what": f"{each.employer_name}, {each.first_month}"} if each.first_month else {},
            )
            for each in facts
        ]


def _receipt(
    key: int, person_id: UUID | None, commune_code: str | None, detail: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "sheet": None,
        "row_number": 0,
        "outcome": Outcome.VANISHED.value,
        "cause": NOT_NAMED,
        "findings": written([Finding(NOT_NAMED, None, detail)]),
        "person_id": person_id,
        "matched_by": None,
        "statement_key": key,
        "fingerprint": None,
        "raw": None,
        "commune_code": commune_code,
    }
