"""What can be asked for on a line of the book, field by field, and what never can be."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CaseKind(StrEnum):
    """What a correction is about."""

    EMPLOYMENT = "employment"
    INSURANCE = "insurance"
    QUALIFICATION = "qualification"
    IDENTITY = "identity"
    """Never corrected here: handed over to the population register's procedure."""


class Ask(StrEnum):
    """What is asked for."""

    CHANGE = "change"
    """Fields of a line are wrong."""
    REMOVE = "remove"
    """The line is not mine: I never worked there, this is not my certificate."""
    ADD = "add"
    """A line is missing."""


FIELDS: Mapping[CaseKind, tuple[str, ...]] = {
    CaseKind.EMPLOYMENT: (
        "enterprise_code",
        "employer",
        "position",
        "occupation_code",
        "contract_kind",
        "workplace",
        "first_day",
        "last_day",
    ),
    CaseKind.INSURANCE: ("enterprise_code", "employer", "first_month", "last_month", "status"),
    CaseKind.QUALIFICATION: ("kind", "level", "field", "issuer", "issued_on", "number"),
    CaseKind.IDENTITY: ("full_name", "birth_date", "sex", "ethnic_group"),
}
"""The fields of each kind, in the order in which they are shown.

``workplace`` is the code of a commune. Days are partial dates, months ``YYYY-MM``, both inclusive;
an empty ``last_day`` says that the work goes on. ``status`` of the months from ``first_month``
through ``last_month``: contributed, arrears, or none.
"""

NEEDED_TO_ADD: Mapping[CaseKind, tuple[str, ...]] = {
    CaseKind.EMPLOYMENT: ("employer", "position", "first_day"),
    CaseKind.INSURANCE: ("employer", "first_month", "last_month", "status"),
    CaseKind.QUALIFICATION: ("kind", "field", "issuer", "issued_on"),
}
"""What has to be said of a line that is missing."""

MONTH_STATUSES = ("contributed", "arrears", "none")
"""What months of insurance can be said to be; ``none``: there was no insurance."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a line before and after; an empty text says that there is nothing."""

    field: str
    before: str
    after: str
    accepted: bool | None = None
    """What was decided of it; None while nothing was."""
