"""By when requests about personal data are dealt with, and data shared for recruitment is deleted.

In calendar days, but the acknowledgement of a request, which is in working days.

Law 91/2025, art. 25(1)(c) demands that the data of a candidate who was not hired is deleted, and
names no number of days; the clock of ND 356/2025 for a request to delete is taken for it. Not
modelled: the extension the decree allows once.
"""

from datetime import date, timedelta

from labour_book.domain.data_requests import DataRequestKind
from labour_book.domain.share_states import DutyCause
from labour_book.law.provisions import amount
from labour_book.law.working_days import Calendar

_CLOCKS = {
    DutyCause.NOT_HIRED: "recruitment.deletion",
    DutyCause.LAPSED: "recruitment.deletion",
    DutyCause.WITHDRAWN: "data_subject.withdrawal",
    DutyCause.ASKED: "data_subject.deletion",
}
_ANSWERS = {
    DataRequestKind.ACCESS: "data_subject.access",
    DataRequestKind.CORRECT: "data_subject.access",
    DataRequestKind.PROVIDE: "data_subject.access",
    DataRequestKind.WITHDRAW: "data_subject.withdrawal",
    DataRequestKind.RESTRICT: "data_subject.withdrawal",
    DataRequestKind.OBJECT: "data_subject.withdrawal",
    DataRequestKind.DELETE: "data_subject.deletion",
}


def delete_by(cause: DutyCause, begun_on: date) -> date:
    """Return the last day to delete; the day on which the duty begins does not count.

    Raises:
        LawNotModelled: the duty began before the law did.
    """
    return begun_on + timedelta(days=amount(_CLOCKS[cause], on=begun_on))


def acknowledge_by(asked_on: date, calendar: Calendar) -> date:
    """Return the last day to say that a request has arrived, in working days.

    Raises:
        LawNotModelled: it was made before the law began.
    """
    return calendar.after(asked_on, amount("data_subject.acknowledgement", on=asked_on))


def answer_by(kind: DataRequestKind, asked_on: date, *, third_party: bool) -> date:
    """Return the last day to do what a request asks for; the day it was made does not count.

    Raises:
        LawNotModelled: it was made before the law began.
    """
    clock = f"{_ANSWERS[kind]}.third_party" if third_party else _ANSWERS[kind]
    return asked_on + timedelta(days=amount(clock, on=asked_on))
