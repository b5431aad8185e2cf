"""Reconciling in bulk (đối soát): whom held rows mean, who is on file twice, who matches a file.

Each is a pass in portions that can be stopped and resumed. What a pass finds is proposed to
officials: nothing is linked and nobody is merged by it. Personal IDs are opened in memory only;
the database they are compared in spills nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from labour_book.database import reading
from labour_book.queries import linking
from labour_book.queries.linking import Comparable
from labour_book.registers.linking import (
    REGISTER,
    STATED,
    Engine,
    Found,
    alike,
    link_portion,
    model,
    open_engine,
    prepare_register,
    written,
)
from labour_book.services import paper_history
from labour_book.services.callers import Caller
from labour_book.services.held_rows import Held, held_rows
from labour_book.services.installation import Installation
from labour_book.services.link_runs import (
    HELD,
    TWICE,
    OnProgress,
    Pass,
    RunOnFile,
    Written,
    advance,
    begin,
    end,
)
from labour_book.services.recording import new_id

PORTION = 20_000
"""Rows that are compared, and noted, at a time."""
MILLION = 1_000_000
KNOWN_TO_REGISTER = frozenset({"MATCHED", "DECEASED"})
"""Two people whom the population register knows are two, however alike."""


def propose_for_held(
    inst: Installation, by: Caller, *, now: datetime, on_progress: OnProgress
) -> RunOnFile:
    """Propose whom each row in the review rooms means, for the official who decides it.

    Raises:
        DeniedToRole: the role reconciles nothing.
        RunElsewhere: another process is at it.
    """
    with reading(inst.engine) as db:
        waiting = linking.held_rows(db)
    pass_ = begin(
        inst,
        by,
        HELD,
        "",
        rows=len(waiting),
        version=model().version,
        now=now,
        on_progress=on_progress,
    )
    with people_compared(inst) as (engine, people):
        for start in range(pass_.position, len(waiting), PORTION):
            rows = held_rows(inst, waiting[start : start + PORTION], now=now)
            engine.load(STATED, ((at, *each.columns) for at, each in enumerate(rows)))
            found = list(link_portion(engine, model(), inst.places)) if rows else []
            proposed = [_for_held(pass_, each, rows[each.id], people, now) for each in found]
            proposed += _by_paper(inst, pass_, rows, proposed, now)
            decisions = [str(each["decision"]) for each in proposed]
            advance(pass_, min(PORTION, len(waiting) - start), proposed, decisions)
    return end(pass_, now)


def propose_twice(
    inst: Installation, by: Caller, *, now: datetime, on_progress: OnProgress
) -> RunOnFile:
    """Propose who may be on file twice, for the officials who merge.

    Raises:
        DeniedToRole: the role reconciles nothing.
        RunElsewhere: another process is at it.
    """
    with reading(inst.engine) as db:
        count = linking.count_comparable(db)
    pass_ = begin(
        inst, by, TWICE, "", rows=count, version=model().version, now=now, on_progress=on_progress
    )
    with open_engine() as engine:
        people = load_people(inst, engine, REGISTER)
        found = [
            each
            for each in alike(engine, model(), inst.places)
            if not all(_is_known(people[side]) for side in (each.id, each.other))
        ]
    proposed = [_for_twice(pass_, each, people, now) for each in found]
    advance(pass_, count - pass_.position, proposed, [each.decision for each in found])
    return end(pass_, now)


PASSES = {HELD: propose_for_held, TWICE: propose_twice}
"""The passes over what is on file, in their order."""


@contextmanager
def people_compared(inst: Installation) -> Iterator[tuple[Engine, list[Comparable]]]:
    """Open a database in memory with everybody on file as the register."""
    with open_engine() as engine:
        people = load_people(inst, engine, REGISTER)
        prepare_register(engine, inst.places)
        yield engine, people


def load_people(inst: Installation, engine: Engine, table: str) -> list[Comparable]:
    """Load everybody on file into a table; return them, each at the place that is their id."""
    people: list[Comparable] = []

    def columns() -> Iterator[Sequence[object]]:
        with reading(inst.engine) as db:
            for at, person in enumerate(linking.comparable(db, inst.vault)):
                people.append(person)
                yield (at, *_columns(person))

    engine.load(table, columns())
    return people


def _columns(person: Comparable) -> tuple[str | None, ...]:
    by_kind: dict[str, list[str]] = {}
    for kind, digits in person.numbers:
        by_kind.setdefault(kind, []).append(digits)
    old = [*by_kind.get("CANCELLED_PIN", ()), *by_kind.get("CMND9", ())]
    return (
        next(iter(by_kind.get("PIN", ())), None),
        ";".join(old) or None,
        ";".join((*by_kind.get("BHXH10", ()), *by_kind.get("JOINED_BHXH10", ()))) or None,
        person.full_name,
        person.birth_date,
        person.sex,
        person.commune,
        None,
    )


def _is_known(person: Comparable) -> bool:
    return person.match_state in KNOWN_TO_REGISTER


def _for_held(
    pass_: Pass, found: Found, row: Held, people: Sequence[Comparable], now: datetime
) -> Written:
    return _proposal(
        pass_,
        found,
        subject=row.subject,
        person_id=people[found.other].id,
        commune=row.commune_code,
        now=now,
    )


def _by_paper(
    inst: Installation, pass_: Pass, rows: Sequence[Held], known: Sequence[Written], now: datetime
) -> list[Written]:
    """Propose whom lines of paper books mean by work or book, if nothing else did."""
    said = {(each["subject"], each["person_id"]) for each in known}
    with reading(inst.engine) as db:
        return [
            {
                "id": new_id(now),
                "run_id": pass_.run.id,
                "kind": pass_.run.kind,
                "subject": each.row.subject,
                "person_id": each.person_id,
                "commune_code": each.row.commune_code,
                "decision": "review",
                "probability": each.probability,
                "rule": each.rule.name,
                "levels": written(each.rule.levels),
                "state": linking.OPEN,
                "proposed_at": now,
            }
            for each in paper_history.meant_by_lines(db, inst.vault, rows)
            if (each.row.subject, each.person_id) not in said
        ]


def _for_twice(pass_: Pass, found: Found, people: Sequence[Comparable], now: datetime) -> Written:
    one, other = people[found.id], people[found.other]
    return _proposal(
        pass_, found, subject=str(one.id), person_id=other.id, commune=one.commune, now=now
    )


def _proposal(
    pass_: Pass,
    found: Found,
    *,
    subject: str,
    person_id: UUID,
    commune: str | None,
    now: datetime,
) -> Written:
    return {
        "id": new_id(now),
        "run_id": pass_.run.id,
        "kind": pass_.run.kind,
        "subject": subject,
        "person_id": person_id,
        "commune_code": commune,
        "decision": found.decision,
        "probability": round(found.probability * MILLION),
        "rule": found.rule,
        "levels": written(found.levels),
        "state": linking.OPEN,
        "proposed_at": now,
    }
