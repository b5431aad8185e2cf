"""What is stored, by topic. No behaviour; only ``queries`` and ``migrations`` may look in here."""

from sqlmodel import SQLModel

from labour_book.tables.acting import (
    AccountHolder,
    AccountInvitation,
    MachineClient,
    Mandate,
    UsedToken,
)
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
from labour_book.tables.collection import (
    CollectionPlan,
    CollectionVisit,
    EnteredForm,
    PaperPage,
    PersonMerge,
    ReceivedFile,
    ReviewDecision,
)
from labour_book.tables.corrections import (
    CorrectionCase,
    CorrectionDecision,
    CorrectionFile,
    CorrectionStep,
    DecidedStatement,
    DecisionEffect,
    OfficialRelation,
)
from labour_book.tables.data_requests import DataRequest
from labour_book.tables.employers import Employer, EmployerName, EmployerStatus
from labour_book.tables.filings import Filing
from labour_book.tables.gaps import GapStep
from labour_book.tables.jobs import Job
from labour_book.tables.notices import NoticeChannel, OutboxMail
from labour_book.tables.own_lines import (
    CvPhoto,
    JobSeeking,
    LineConfirmation,
    OwnCv,
    YearlyCheck,
)
from labour_book.tables.people import AccessToken, Account, Person, PersonIdentifier
from labour_book.tables.places import Place, PlaceSuccession, Unit
from labour_book.tables.portal import PortalDossier
from labour_book.tables.quality import (
    CheckFinding,
    CheckReview,
    CheckRun,
    CheckThreshold,
    QualityMark,
    QualitySnapshot,
)
from labour_book.tables.reconciliation import IdentityCheck, LinkProposal, LinkRun
from labour_book.tables.register_events import (
    EmployerBefore,
    LineAlert,
    OwnEvent,
    RegisterEvent,
    RegisterFeed,
)
from labour_book.tables.registers import ImportRun, RowReceipt
from labour_book.tables.reports import (
    AssignedTarget,
    CoverageCount,
    CoverageRound,
    Report,
    ReportFile,
    SuppliedFigure,
)
from labour_book.tables.satisfaction import Satisfaction
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
from labour_book.tables.statistics import StatisticCell, StatisticMonth, StatisticMove
from labour_book.tables.support import (
    JobLoss,
    JobLossRun,
    PaymentLine,
    PaymentList,
    SupportProposal,
)
from labour_book.tables.union import UnionFigure
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
    "AccountHolder",
    "AccountInvitation",
    "AssignedTarget",
    "Attempt",
    "Book",
    "BookVersion",
    "CheckFinding",
    "CheckReview",
    "CheckRun",
    "CheckThreshold",
    "CollectionPlan",
    "CollectionVisit",
    "CorrectionCase",
    "CorrectionDecision",
    "CorrectionFile",
    "CorrectionStep",
    "CoverageCount",
    "CoverageRound",
    "CredentialCopy",
    "CvPhoto",
    "DataRequest",
    "DecidedStatement",
    "DecisionEffect",
    "Employer",
    "EmployerBefore",
    "EmployerName",
    "EmployerStatus",
    "EmploymentFact",
    "EnteredForm",
    "Filing",
    "GapStep",
    "IdentityCheck",
    "ImportRun",
    "InsuranceFact",
    "Job",
    "JobLoss",
    "JobLossRun",
    "JobSeeking",
    "LineAlert",
    "LineConfirmation",
    "LinkProposal",
    "LinkRun",
    "LiveCodeUse",
    "MachineClient",
    "Mandate",
    "Notice",
    "NoticeChannel",
    "OfficialRelation",
    "OutboxMail",
    "OwnCv",
    "OwnEvent",
    "PaperPage",
    "PaymentLine",
    "PaymentList",
    "Person",
    "PersonIdentifier",
    "PersonMerge",
    "Place",
    "PlaceSuccession",
    "PortalDossier",
    "PresentationRequest",
    "ProfileFact",
    "QualificationFact",
    "QualityMark",
    "QualitySnapshot",
    "ReceivedFile",
    "RegisterEvent",
    "RegisterFeed",
    "Report",
    "ReportFile",
    "ReviewDecision",
    "RowReceipt",
    "Satisfaction",
    "Session",
    "Share",
    "ShareCopy",
    "ShareView",
    "SharingSwitch",
    "SignInIdentity",
    "SignInStart",
    "SigningKey",
    "StatisticCell",
    "StatisticMonth",
    "StatisticMove",
    "StatusList",
    "SuppliedFigure",
    "SupportProposal",
    "Trace",
    "TraceHead",
    "UnionFigure",
    "Unit",
    "UsedToken",
    "WalletAuthorization",
    "WalletCopy",
    "WalletDelivery",
    "WalletOffer",
    "WalletToken",
    "WalletUse",
    "YearlyCheck",
]
