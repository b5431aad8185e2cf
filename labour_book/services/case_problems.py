"""What can go wrong with a correction beside the general kinds, for whoever tells it further."""

from labour_book.domain.corrections import CaseMoved, CaseTaken
from labour_book.errors import LabourBookError
from labour_book.services.case_access import OwnMatter
from labour_book.services.case_files import FileRefused, FilesFull
from labour_book.services.case_lines import StaleLine
from labour_book.services.case_settling import KeyTaken, LineRestated, NothingToReverse
from labour_book.services.correcting import AppealOver, RatedBefore, TooManyCases
from labour_book.services.deciding import SecondNeeded, TooManyDecisions
from labour_book.services.overseeing import ReviewedBefore
from labour_book.services.routing import NoOwner

__all__ = [
    "CASE_PROBLEMS",
    "AppealOver",
    "CaseMoved",
    "CaseTaken",
    "FileRefused",
    "FilesFull",
    "KeyTaken",
    "LineRestated",
    "NoOwner",
    "NothingToReverse",
    "OwnMatter",
    "RatedBefore",
    "ReviewedBefore",
    "SecondNeeded",
    "StaleLine",
    "TooManyCases",
    "TooManyDecisions",
]

CASE_PROBLEMS: tuple[type[LabourBookError], ...] = (
    AppealOver,
    CaseMoved,
    CaseTaken,
    FileRefused,
    FilesFull,
    KeyTaken,
    LineRestated,
    NoOwner,
    NothingToReverse,
    OwnMatter,
    RatedBefore,
    ReviewedBefore,
    SecondNeeded,
    StaleLine,
    TooManyCases,
    TooManyDecisions,
)
