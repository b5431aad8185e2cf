"""By when each step of a correction is due, in working days.

No act that names days for corrections of the labour book was seen: most of the clocks are rules of
this product, and ``parameters.yaml`` says so beside each. Only the population register's procedure
has a clock of the law. Not modelled: the 10 days (15 with a third party) of ND 356/2025/ND-CP for
requests to correct personal data as a bound of their own; the working-day clocks stay below them in
a week without holidays.
"""

from datetime import date

from labour_book.domain.corrections import CLOCK_IN, CaseState, Clock, Owner
from labour_book.law.provisions import amount
from labour_book.law.working_days import Calendar

_PARAMETERS = {
    Clock.ANSWER: "corrections.answer",
    Clock.CONFIRM: "corrections.confirm",
    Clock.APPEAL: "corrections.appeal",
    Clock.APPEALED: "corrections.appealed",
}


def due_in(state: CaseState, owner: Owner, begun_on: date, calendar: Calendar) -> date | None:
    """Return the last day of the deadline that begins with a state; None where no clock runs.

    Raises:
        LawNotModelled: the day lies before the first known clock.
    """
    clock = CLOCK_IN[state]
    if clock is Clock.NONE:
        return None
    return calendar.after(begun_on, days_of(clock, owner, begun_on))


def days_of(clock: Clock, owner: Owner, on: date) -> int:
    """Return how many working days a clock has on a day; an owner's own clock is by its kind.

    Raises:
        LawNotModelled: the day lies before the first known value.
    """
    return amount(_PARAMETERS.get(clock) or f"corrections.owner.{owner}", on=on)
