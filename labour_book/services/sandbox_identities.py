"""Whom the sandbox e-ID of the demonstration knows: invented people and firms, and nobody else."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice

from labour_book.database import Db
from labour_book.domain.employers import can_confirm, status_on
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.names import display_name
from labour_book.errors import NotFound
from labour_book.queries import people, sandbox
from labour_book.queries.employers import employers_by_code
from labour_book.services.installation import Installation
from labour_book.services.recipients import name_of

PEOPLE = 6
OUT_OF_WORK = 2
"""People who have lost their work lately."""
SUPPORTED = "unemployment-benefit"
FIRMS_LOOKED_AT = 300
FIRMS = 4
MOST_THEIRS = 12
"""Of the enterprises that the sample people name."""
REFUSED_FIRMS = 2
"""Of those that cannot receive shares, so that the refusal can be seen."""


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody whom the sandbox e-ID can play."""

    full_name: str
    personal_id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SampleFirm:
    """An enterprise whose agent the sandbox e-ID can play."""

    code: str
    name: str
    status: str | None


def sample_people(db: Db, inst: Installation) -> list[SamplePerson]:
    """Return a few people with a current book.

    Raises:
        NotFound: this is no demonstration.
    """
    _check_demo(inst)
    names = sandbox.people_with_book(db, PEOPLE)
    names |= sandbox.people_with_proposal(db, SUPPORTED, OUT_OF_WORK)
    numbers = people.numbers_of(db, inst.vault, names)
    return [
        SamplePerson(display_name(full_name), digits)
        for person_id, full_name in names.items()
        for kind, digits in numbers.get(person_id, ())
        if kind == "PIN"
    ]


def sample_firms(db: Db, inst: Installation, *, now: datetime) -> list[SampleFirm]:
    """Return enterprises: those that the sample people name come first, so that they can be asked.

    The last ones cannot receive shares.

    Raises:
        NotFound: this is no demonstration.
    """
    _check_demo(inst)
    theirs = sandbox.employer_codes(db, sandbox.people_with_book(db, PEOPLE))
    others = sandbox.enterprise_codes(db, FIRMS_LOOKED_AT)
    codes = list(dict.fromkeys([*theirs[:MOST_THEIRS], *others]))
    on_file = employers_by_code(db, codes)
    today = vietnam_day(now)
    firms = [
        SampleFirm(code, name_of(on_file[code]), status_on(on_file[code].statuses, today))
        for code in codes
        if code in on_file
    ]
    good = [firm for firm in firms if can_confirm(firm.status)]
    shown = max(FIRMS, sum(firm.code in theirs[:MOST_THEIRS] for firm in good))
    refused = {firm.status: firm for firm in firms if not can_confirm(firm.status)}
    return list(chain(good[:shown], islice(refused.values(), REFUSED_FIRMS)))


def _check_demo(inst: Installation) -> None:
    if not inst.demo:
        raise NotFound("there is no sandbox outside the demonstration")
