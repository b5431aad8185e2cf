"""By when personal data shared for recruitment is to be deleted. In calendar days.

Law 91/2025, art. 25(1)(c) demands that the data of a candidate who was not hired is deleted, and
names no number of days; the clock of ND 356/2025 for a request to delete is taken for it. Not
modelled: the extension the decree allows once, and the acknowledgement in working days.
"""

from datetime import date, timedelta

from labour_book.domain.share_states import DutyCause
from labour_book.law.provisions import amount

_CLOCKS = {
    DutyCause.NOT_HIRED: "recruitment.deletion",
    DutyCause.LAPSED: "recruitment.deletion",
    DutyCause.WITHDRAWN: "data_subject.withdrawal",
    DutyCause.ASKED: "data_subject.deletion",
}


def delete_by(cause: DutyCause, begun_on: date) -> date:
    """Return the last day to delete; the day on which the duty begins does not count.

    Raises:
        LawNotModelled: the duty began before the law did.
    """
    return begun_on + timedelta(days=amount(_CLOCKS[cause], on=begun_on))
