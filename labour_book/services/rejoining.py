"""Rows in the review rooms that are about somebody for certain once a number names them.

Only what the rules find by themselves by now is recorded, with nothing in it that an official
would have to look at; every other row waits on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.findings import Severity, severity_of
from labour_book.errors import Conflict
from labour_book.queries import fact_chains, facts, linking, number_merges, people, reviews
from labour_book.queries.facts import FactKind
from labour_book.registers import Parsed
from labour_book.services.by_hand import record
from labour_book.services.callers import Caller
from labour_book.services.collecting import whom
from labour_book.services.directory import Directory
from labour_book.services.held_rows import row_of
from labour_book.services.installation import Installation
from labour_book.services.mending import read_rows
from labour_book.services.receipts import ACCEPTED, receipt_of
from labour_book.services.recording import Ruling, new_id

MOST = 200
"""Rows that are looked at for one person."""
KIND = "insurance"
NAMED = "Gộp mã số BHXH"
_FACT = FactKind.INSURANCE
_TAKEN_BACK = "numbers parted again"
Row = dict[str, str | int]


def record_rows(
    db: Db, inst: Installation, caller: Caller, person_id: UUID, *, now: datetime
) -> list[Row]:
    """Record the insurance rows that wait and are about a person for certain; return which."""
    person = people.people_by_ids(db, [person_id])[person_id]
    done: list[Row] = []
    for subject in number_merges.rows_proposed(db, person_id, MOST):
        place = row_of(subject)
        parsed = _waiting(db, inst, place, now)
        if parsed is None or not _is_about(db, inst, parsed, person_id):
            continue
        recorded = record(
            *(db, inst.vault, caller, KIND, [parsed]),
            named=NAMED,
            within=None,
            now=now,
            ruling=Ruling(person),
        )
        outcome = recorded.judged[0].outcome
        if outcome not in ACCEPTED:
            raise Conflict("the row still does not fit the record")
        decided = {
            "run_id": place[0],
            "ordinal": place[1],
            "decision": "link",
            "person_id": person_id,
            "reason": NAMED,
            "outcome": outcome.value,
            "result_run_id": recorded.run_id,
            "decided_by": caller.id,
            "decided_at": now,
        }
        if reviews.decide_row(db, decided):
            linking.settle(db, subject, person_id, by=caller.id, at=now)
            done.append({"run": str(place[0]), "row": place[1], "result": str(recorded.run_id)})
    return done


def take_back(
    db: Db, person_id: UUID, rows: Sequence[Mapping[str, str | int]], *, by: str, now: datetime
) -> None:
    """End what such rows had stated, let stand again what they replaced, and let them wait."""
    results = [UUID(str(each["result"])) for each in rows]
    made = number_merges.live_facts_of_runs(db, _FACT, person_id, results)
    before = number_merges.replaced_by(db, _FACT, made)
    anew = {each: _standing_again(row, by, now) for each, row in before.items()}
    for each in made:
        successor = anew[each]["id"] if each in anew else None
        assert successor is None or isinstance(successor, UUID)
        fact_chains.void_one(
            db, _FACT, each, by=by, at=now, reason=_TAKEN_BACK, replaced_by=successor
        )
    facts.add_facts(db, _FACT, list(anew.values()))
    for row in rows:
        result = UUID(str(row["result"]))
        number_merges.reopen_row(db, UUID(str(row["run"])), int(row["row"]), result)


def _waiting(db: Db, inst: Installation, place: tuple[UUID, int], now: datetime) -> Parsed | None:
    """Return an insurance row that waits, read again; None if it does not, or is another kind."""
    found = reviews.open_row(db, *place)
    if found is None or found[1] != KIND:
        return None
    raw = receipt_of(db, inst.vault, *place).raw or {}
    with TemporaryDirectory() as folder:
        (parsed,) = read_rows(KIND, [raw], Path(folder), as_of=vietnam_day(now))
    return parsed


def _is_about(db: Db, inst: Installation, parsed: Parsed, person_id: UUID) -> bool:
    wanted = whom(parsed.row)
    if wanted is None or any(
        severity_of(each.cause) is not Severity.FLAG for each in parsed.findings
    ):
        return False
    directory = Directory(db, inst.vault)
    directory.look_up([wanted])
    found = directory.find(wanted).person
    return found is not None and found.id == person_id


def _standing_again(row: Mapping[str, object], by: str, now: datetime) -> dict[str, object]:
    ends = dict.fromkeys(("voided_at", "voided_by", "void_reason", "replaced_by"))
    standing = {"id": new_id(now), "recorded_at": now, "recorded_by": by}
    return {**row, **ends, **standing}
