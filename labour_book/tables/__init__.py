"""What is stored, by topic. No behaviour; only ``queries`` and ``migrations`` may look in here."""

from sqlmodel import SQLModel

from labour_book.tables.audit import Trace, TraceHead
from labour_book.tables.book import (
    Book,
    BookVersion,
    CredentialCopy,
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
from labour_book.tables.sessions import Session, SignInIdentity, SignInStart
from labour_book.tables.sharing import (
    Attempt,
    LiveCodeUse,
    Notice,
    Share,
    ShareCopy,
    ShareView,
    SharingSwitch,
)
from labour_book.tables.wallets import (
    PresentationRequest,
    WalletAuthorization,
    WalletCopy,
    WalletDelivery,
    WalletOffer,
    WalletToken,
    WalletUse,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "AccessToken",
    "Account",
    "Attempt",
    "Book",
    "BookVersion",
    "CredentialCopy",
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
    "PresentationRequest",
    "ProfileFact",
    "QualificationFact",
    "RowReceipt",
    "Session",
    "Share",
    "ShareCopy",
    "ShareView",
    "SharingSwitch",
    "SignInIdentity",
    "SignInStart",
    "SigningKey",
    "StatusList",
    "Trace",
    "TraceHead",
    "Unit",
    "WalletAuthorization",
    "WalletCopy",
    "WalletDelivery",
    "WalletOffer",
    "WalletToken",
    "WalletUse",
]
