"""What is stored, by topic. No behaviour; only ``queries`` and ``migrations`` may look in here."""

from sqlmodel import SQLModel

from labour_book.tables.audit import Trace, TraceHead
from labour_book.tables.book import (
    Book,
    BookVersion,
    EmploymentFact,
    InsuranceFact,
    ProfileFact,
    QualificationFact,
    SigningKey,
    StatusList,
)
from labour_book.tables.employers import Employer, EmployerName, EmployerStatus
from labour_book.tables.people import AccessToken, Account, Person, PersonIdentifier
from labour_book.tables.places import Place, PlaceSuccession, Unit
from labour_book.tables.registers import ImportRun, RowReceipt
from labour_book.tables.sharing import (
    Attempt,
    LiveCodeUse,
    Notice,
    Share,
    ShareCopy,
    ShareView,
    SharingSwitch,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "AccessToken",
    "Account",
    "Attempt",
    "Book",
    "BookVersion",
    "Employer",
    "EmployerName",
    "EmployerStatus",
    "EmploymentFact",
    "ImportRun",
    "InsuranceFact",
    "LiveCodeUse",
    "Notice",
    "Person",
    "PersonIdentifier",
    "Place",
    "PlaceSuccession",
    "ProfileFact",
    "QualificationFact",
    "RowReceipt",
    "Share",
    "ShareCopy",
    "ShareView",
    "SharingSwitch",
    "SigningKey",
    "StatusList",
    "Trace",
    "TraceHead",
    "Unit",
]
