"""Writing down how satisfied somebody is: in the transaction of whoever asked for it."""

from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.months import Month
from labour_book.domain.satisfaction import RequestKind
from labour_book.queries import satisfaction
from labour_book.queries.corrections import StoredCase
from labour_book.queries.satisfaction import Finished
from labour_book.queries.vault import Vault
from labour_book.services.installation import Installation
from labour_book.services.queueing import OF_UNITS


def note_answer(
    db: Db,
    inst: Installation,
    finished: Finished,
    person_id: UUID,
    *,
    score: int,
    words: str,
    now: datetime,
) -> bool:
    """Store the answer to a finished request; tell whether it had none. The row names nobody."""
    row = {
        "about_id": finished.about_id,
        "kind": str(finished.kind),
        "unit_code": finished.unit_code,
        "commune_code": satisfaction.commune_of(db, person_id),
        "month": str(Month.of_day(vietnam_day(now))),
        "score": score,
        "words": sealed(inst.vault, finished.about_id, words),
        "given_at": now,
        "changed_at": now,
    }
    return satisfaction.add_answer(db, row)


def case_finished(case: StoredCase) -> Finished:
    """Return a decided correction as a finished request."""
    is_office = case.owner_kind in OF_UNITS
    unit = case.owner_code if is_office and case.owner_code else ""
    ended = case.decided_at or case.state_since
    return Finished(case.id, RequestKind.CORRECTION, case.number, unit, ended)


def sealed(vault: Vault, about_id: UUID, words: str) -> bytes | None:
    """Return words sealed for their row; None for none."""
    return vault.sealer.seal(words.encode(), bound_to=_place(about_id)) if words else None


def opened(vault: Vault, about_id: UUID, words: bytes | None) -> str:
    """Return the words of a row."""
    return "" if words is None else vault.sealer.open(words, bound_to=_place(about_id)).decode()


def _place(about_id: UUID) -> bytes:
    return b"satisfaction.words:" + about_id.bytes
