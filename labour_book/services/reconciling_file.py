"""Comparing everybody on file with an extract of the population register, in bulk.

The extract is not imported by that: each person's state is noted, with the causes where it does
not match, and nothing else.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from labour_book.database import transaction
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.reconciliation import (
    DECEASED,
    SOMEBODY_ELSES,
    causes_of,
)
from labour_book.registers import PopulationRow, population
from labour_book.registers.linking import (
    NUMBER_AGREES,
    REGISTER,
    SOMEBODY_ELSES_RULE,
    STATED,
    Engine,
    Found,
    levels_of,
    link_portion,
    model,
    open_engine,
    prepare_register,
)
from labour_book.services.callers import Caller
from labour_book.services.identity_checks import (
    NUMBER_MISSING,
    Checked,
    Occasion,
    Result,
    note_checks,
)
from labour_book.services.installation import Installation
from labour_book.services.link_runs import PEOPLE, OnProgress, RunOnFile, begin, end, note_progress
from labour_book.services.reconciling import PORTION, load_people

_NO_NUMBER = frozenset({"unsaid", "unknown", "insurance"})
"""Levels of the number at which the record has none that the population register could know."""


def check_against_file(
    inst: Installation,
    by: Caller,
    path: Path,
    *,
    data_as_of: datetime,
    now: datetime,
    on_progress: OnProgress,
) -> RunOnFile:
    """Note of everybody on file how they compare with an extract, made at ``data_as_of``.

    Raises:
        Invalid: the file as a whole cannot be read.
        DeniedToRole: the role reconciles nothing.
        RunElsewhere: another process is at it.
    """
    with path.open("rb") as file:
        source = file_digest(file, "sha256").hexdigest()
    with open_engine() as engine:
        people = load_people(inst, engine, "everybody")
        deceased = _load_register(engine, path, now)
        prepare_register(engine, inst.places)
        pass_ = begin(
            inst,
            by,
            PEOPLE,
            source,
            rows=len(people),
            version=model().version,
            now=now,
            on_progress=on_progress,
        )
        for start in range(pass_.position, len(people), PORTION):
            upto = min(start + PORTION, len(people))
            engine.run(_portion(start, upto))
            found = list(link_portion(engine, model(), inst.places))
            by_person: dict[int, list[Found]] = {}
            for each in found:
                by_person.setdefault(each.id, []).append(each)
            checks = [
                (people[at], _checked(by_person.get(at, ()), deceased, data_as_of))
                for at in range(start, upto)
            ]
            with transaction(inst.engine) as db:
                note_checks(db, checks, occasion=Occasion.FILE, now=now)
                note_progress(db, pass_, upto - start, (str(each.result) for _, each in checks))
            on_progress(pass_.position, len(people))
    return end(pass_, now)


def _load_register(engine: Engine, path: Path, now: datetime) -> frozenset[int]:
    """Load the extract as the register; return the places of those who died."""
    deceased: set[int] = set()

    def columns() -> Iterator[Sequence[object]]:
        for at, parsed in enumerate(population.read(path, as_of=vietnam_day(now))):
            row = parsed.row
            if not isinstance(row, PopulationRow):
                continue  # refused: whoever sent the extract hears of it when it is imported
            if row.life_status == "DECEASED":
                deceased.add(at)
            old = ";".join(row.old_ids) or None
            born = str(row.birth_date)
            person = (row.personal_id, old, None, row.full_name, born, row.sex)
            yield (at, *person, row.residence_commune, None)

    engine.load(REGISTER, columns())
    return frozenset(deceased)


def _portion(start: int, upto: int) -> str:
    return (
        f"CREATE OR REPLACE TABLE {STATED}_given AS"  # noqa: S608 - names of ours and numbers
        f" SELECT * FROM everybody_given WHERE id >= {start} AND id < {upto}"
    )


def _checked(found: Sequence[Found], deceased: frozenset[int], data_as_of: datetime) -> Checked:
    """Return how somebody compares, by whom on the extract they may be, the likeliest first.

    Without a number that agrees, or name, birth date and sex that do, nobody is found: a likeness
    is no mismatch of anybody.
    """
    if any(each.rule == SOMEBODY_ELSES_RULE for each in found):
        return Checked(Result.MISMATCH, (SOMEBODY_ELSES,), data_as_of)
    best = next((each for each in found if each.decision == "link" or _counts(each)), None)
    if best is None:
        return Checked(Result.NOT_FOUND, (), data_as_of)
    if best.levels["number"] in _NO_NUMBER:
        return Checked(Result.NOT_FOUND, (NUMBER_MISSING,), data_as_of)
    causes = causes_of(levels_of(best))
    if best.other in deceased:
        result = Result.MISMATCH if causes else Result.DECEASED
        return Checked(result, (*causes, DECEASED), data_as_of)
    return Checked(Result.MISMATCH if causes else Result.MATCHED, causes, data_as_of)


def _counts(found: Found) -> bool:
    levels = found.levels
    same = levels["name"] in {"same", "tone", "plain"} and levels["birth"] == "same"
    return levels["number"] in NUMBER_AGREES or (same and levels["sex"] != "different")
