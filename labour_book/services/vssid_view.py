"""What VssID shows a worker beside what the book says, month by month.

Both draw on the insurance register, not at the same moment and not over the same road. A month in
which they differ is where the worker's report begins.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from labour_book.domain.evidence import covered
from labour_book.domain.facts import InsuranceFact
from labour_book.domain.month_differences import (
    NOT_THERE,
    MonthCompared,
    MonthShown,
    compared,
)
from labour_book.domain.months import Month
from labour_book.queries import books
from labour_book.services.asking_registers import (
    Register,
    ShownMonth,
    Status,
    VssidAnswer,
    ask_alone,
)
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.ownership import owner
from labour_book.services.permission import OWN_USE, deed


@dataclass(frozen=True, slots=True)
class VssidView:
    """Both side by side; without months where VssID did not answer."""

    through: Month | None
    """The last month that both know of."""
    months: Sequence[MonthCompared]
    """The newest first."""
    cause: str | None
    """Why VssID did not answer; None if it did."""
    data_as_of: datetime | None = None
    """When what VssID shows was so; None where it did not answer."""
    is_whole: bool = True
    """False: VssID told only a part; a month that it does not show is then no difference."""


def view(inst: Installation, caller: Caller, *, now: datetime) -> VssidView:
    """Ask what VssID shows the caller, and lay it beside the book.

    Raises:
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    with deed(inst.engine) as db:
        person_id = owner(db, caller, Action.REGISTER_ASK, now=now)
        known = books.facts_of(db, inst.vault, [person_id], now).people[person_id]
        reported = books.insurance_reported_through(db, now)
    fetched = ask_alone(inst, caller, person_id, Register.VSSID, purpose=OWN_USE, now=now)
    body = fetched.body
    if not isinstance(body, VssidAnswer):
        return VssidView(None, (), fetched.cause or str(fetched.status))
    through = body.shown_through if reported is None else min(body.shown_through, reported)
    months = compared(_ours(known.insurance, through), _theirs(body.months), through=through)
    is_whole = fetched.status is Status.OK
    if not is_whole:  # of a part, only what is there can differ
        months = [each for each in months if each.theirs != NOT_THERE]
    return VssidView(through, months, None, fetched.data_as_of, is_whole)


def _ours(facts: Iterable[InsuranceFact], through: Month) -> Iterator[MonthShown]:
    for fact in facts:
        months = covered(fact, through.ordinal)
        for step in range(months.bit_count()):
            yield MonthShown(
                month=Month(fact.first_month.ordinal + step),
                unit=fact.employer_code or fact.employer_name,
                name=fact.employer_name,
                status=fact.status,
            )


def _theirs(months: Iterable[ShownMonth]) -> Iterator[MonthShown]:
    for each in months:
        code = each.enterprise_code or each.unit_name
        yield MonthShown(each.month, code, each.unit_name, each.status)
