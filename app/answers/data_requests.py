"""What the worker has asked about the own data."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A request, the days by which it is dealt with, and the answer."""

    id: str
    kind: str
    words: str
    created_at: datetime
    acknowledge_by: date
    due_on: date
    third_party: bool
    state: str
    is_late: bool
    acknowledged_at: datetime | None
    answer: str
    answered_at: datetime | None
    office: str
