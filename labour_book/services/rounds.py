"""The frame of a round: everybody is looked at in steps, and a stop at any moment does no harm.

A step looks first and writes after, so that nobody who writes waits while books are put together.
The transaction that writes takes the step as well, guarded by the revision of the round: killed at
any moment it goes on where it stopped, and of two processes one alone has written a step.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Conflict
from labour_book.services.auditing import trace
from labour_book.services.books import Standpoint, standpoint
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role, deed
from labour_book.services.recording import new_id

__all__ = ["COMING_IN", "Kind", "Round", "ended", "moved", "steps"]

COMING_IN = timedelta(minutes=10)
"""What is recorded says since when it is known, and may be stored somewhat later: the next round
looks that much further back."""


class OnFile(Protocol):
    """A round as it is stored: a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def id(self) -> UUID: ...
    @property
    def state(self) -> str: ...
    @property
    def revision(self) -> int: ...


RunT = TypeVar("RunT", bound=OnFile)


@dataclass(frozen=True, slots=True)
class Kind(Generic[RunT]):
    """A kind of rounds: who may run one, and how they are stored."""

    action: Action
    purpose: str
    running: Callable[[Db], RunT | None]
    begin: Callable[[Db, Mapping[str, Any]], bool]
    move: Callable[[Db, UUID, int, Mapping[str, Any]], bool]
    elsewhere: type[Conflict]
    """What another process being quicker is called."""


@dataclass(frozen=True, slots=True)
class Round:
    """Who runs a round, when, and from where books are seen in it."""

    inst: Installation
    now: datetime
    at: Standpoint
    by: Caller


def steps(
    inst: Installation,
    kind: Kind[RunT],
    new: Callable[[Db, Round], Mapping[str, Any]],
    step: Callable[[Round, RunT], RunT],
    *,
    by: Caller,
    now: datetime,
) -> Iterator[RunT]:
    """Run a round, or end the one that was stopped; yield where it stands after each step.

    Args:
        inst: Where.
        kind: What is looked for.
        new: Returns what a new round begins with; asked only where none is running.
        step: Takes the next step in a transaction of its own.
        by: The installation itself.
        now: When; books are seen as of its day and as known then.

    Raises:
        DeniedToRole: the caller is not the installation itself.
        Conflict: of the kind's own sort; another process took the next step.
    """
    with deed(inst.engine) as db:
        check_role(by, kind.action, now)
        one = Round(inst, now, standpoint(db, as_of=vietnam_day(now), known_at=now), by)
        run = kind.running(db)
        if run is None:
            first = {"id": new_id(now), "state": "running", "revision": 0, "started_at": now}
            kind.begin(db, first | dict(new(db, one)))
            run = kind.running(db)
    assert run is not None, "it has begun"
    while run.state == "running":
        run = step(one, run)
        yield run


def moved(db: Db, kind: Kind[RunT], run: RunT, **values: Any) -> RunT:  # noqa: ANN401 - fields of a run
    """Take the next step of a round, before anything of it is written.

    Raises:
        Conflict: of the kind's own sort; another process has taken it.
    """
    if not kind.move(db, run.id, run.revision, values):
        raise kind.elsewhere
    known = {name: each for name, each in values.items() if name in run.__dataclass_fields__}
    return replace(run, revision=run.revision + 1, **known)


def ended(db: Db, kind: Kind[RunT], one: Round, run: RunT, told: Mapping[str, int]) -> RunT:
    """End a round, and trace what it came to.

    Raises:
        Conflict: as ``moved``.
    """
    done = moved(db, kind, run, state="done", finished_at=one.now)
    trace(db, one.by, kind.action, at=one.now, purpose=kind.purpose, detail=dict(told))
    return done
