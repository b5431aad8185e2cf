"""Who calls, and which roles may do what."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from labour_book.services.actions import Action

__all__ = [
    "ANYBODY",
    "FULL_LEVEL",
    "PERMITTED",
    "ROLES_OF_KIND",
    "STATES_ITS_PURPOSE",
    "Action",
    "Caller",
    "Role",
    "operator",
]


class Role(StrEnum):
    """What an account is for. ``OPERATOR`` is the command line; ``PUBLIC`` has no account."""

    WORKER = "worker"
    REPRESENTATIVE = "representative"
    """Acts for a worker under a mandate (giấy ủy quyền) that has an end."""
    EMPLOYER = "employer"
    """Acts for the enterprise whose e-ID was signed in with."""
    DELEGATE = "delegate"
    """Files for an enterprise under a mandate, such as an accountant."""
    COLLECTOR = "collector"
    """Collects Form 03 and sits at the commune's desk."""
    APPROVER = "approver"
    """Decides what is asked for."""
    INSPECTOR = "inspector"
    STATISTICIAN = "statistician"
    """Sees numbers, never a person."""
    AUDITOR = "auditor"
    ADMIN = "admin"
    UNION = "union"
    """Looks after workers whose employers owe insurance (công đoàn)."""
    READER = "reader"
    OPERATOR = "operator"
    PUBLIC = "public"


ROLES_OF_KIND = {
    "worker": frozenset({Role.WORKER}),
    "proxy": frozenset({Role.REPRESENTATIVE}),
    "employer": frozenset({Role.EMPLOYER, Role.DELEGATE}),
    "official": frozenset(
        {
            *(Role.COLLECTOR, Role.APPROVER, Role.INSPECTOR),
            *(Role.STATISTICIAN, Role.AUDITOR, Role.ADMIN, Role.UNION),
        }
    ),
    "machine": frozenset({Role.READER}),
    "system": frozenset({Role.OPERATOR}),
    "public": frozenset({Role.PUBLIC}),
}

_SEATED = ROLES_OF_KIND["official"]
"""Whoever has a seat at the desk."""
_OFFICIALS = _SEATED - {Role.UNION}
"""Of authorities; a union's officials open no book and see lists of their own."""
_READERS = frozenset(
    {
        *(Role.COLLECTOR, Role.APPROVER, Role.INSPECTOR, Role.AUDITOR),
        *(Role.WORKER, Role.REPRESENTATIVE, Role.READER, Role.OPERATOR),
    }
)
_COLLECTING = frozenset({Role.COLLECTOR, Role.APPROVER})
_ASKING = frozenset(
    {
        *(Role.WORKER, Role.REPRESENTATIVE, Role.EMPLOYER, Role.DELEGATE),
        *(Role.COLLECTOR, Role.APPROVER),
    }
)
"""Who declares a correction: for oneself, under a mandate, of the own workers, at the desk."""
_FOR_A_WORKER = frozenset({Role.WORKER, Role.REPRESENTATIVE})
_SUPERVISING = frozenset({Role.APPROVER, Role.INSPECTOR, Role.AUDITOR})
_ANSWERING = frozenset({Role.APPROVER, Role.INSPECTOR, Role.ADMIN})
"""Who deals with what people ask about their own data."""
_EVERYBODY = frozenset(Role)
_KEEPERS = frozenset({Role.ADMIN, Role.OPERATOR})
_OWNER = frozenset({Role.WORKER})
_OWN_SIDE = frozenset({Role.WORKER, Role.REPRESENTATIVE})
"""The worker, and whoever has the worker's mandate for it."""
_AGENTS = frozenset({Role.EMPLOYER, Role.DELEGATE})
"""The enterprise, and whoever has its mandate for it."""
_RECIPIENTS = frozenset({Role.EMPLOYER, Role.WORKER})
_VERIFIERS = frozenset({Role.EMPLOYER, Role.READER})
_PRINCIPALS = frozenset({Role.EMPLOYER, Role.WORKER})
"""Who may let others act for them; nobody passes on a mandate."""
_ACTING = frozenset({Role.REPRESENTATIVE, Role.DELEGATE})

PERMITTED: dict[Action, frozenset[Role]] = {
    Action.BOOK_OPEN: _READERS,
    Action.BOOK_PRINT: _READERS,
    Action.PERSON_FIND: _OFFICIALS - {Role.STATISTICIAN, Role.ADMIN},
    Action.PERSON_SHOW_ID: _OFFICIALS - {Role.STATISTICIAN, Role.ADMIN},
    Action.LIST_EXPORT: _OFFICIALS - {Role.COLLECTOR},
    Action.BOOK_ISSUE: frozenset({Role.APPROVER, Role.OPERATOR}),
    Action.BOOK_ISSUE_ALL: _KEEPERS,
    Action.BOOK_VERIFY: _EVERYBODY,
    Action.VERSION_REVOKE: frozenset({Role.APPROVER, Role.OPERATOR}),
    Action.KEY_MAKE: _KEEPERS,
    Action.KEY_ROTATE: _KEEPERS,
    Action.KEY_WITHDRAW: _KEEPERS,
    Action.ACCOUNT_OPEN: _KEEPERS,
    Action.ACCOUNT_LIST: _KEEPERS,
    Action.ACCOUNT_CHANGE: _KEEPERS,
    Action.ACCOUNT_CLOSE: _KEEPERS,
    Action.ACCOUNT_MAP: _KEEPERS,
    Action.ACCOUNT_INVITE: _KEEPERS,
    Action.ACCOUNT_TAKE: _SEATED,
    Action.UNIT_CHANGE: _KEEPERS,
    Action.MANDATE_GIVE: _PRINCIPALS,
    Action.MANDATE_LIST: _PRINCIPALS,
    Action.MANDATE_REVOKE: _PRINCIPALS | _KEEPERS,
    Action.MANDATE_OVERSEE: _KEEPERS | {Role.AUDITOR},
    Action.MACHINE_LIST: _KEEPERS | {Role.AUDITOR},
    Action.MACHINE_REGISTER: _KEEPERS,
    Action.MACHINE_CHANGE: _KEEPERS,
    Action.MACHINE_TOKEN: frozenset({Role.READER}),
    Action.TOKEN_GRANT: frozenset({Role.OPERATOR}),
    Action.TOKEN_REVOKE: _KEEPERS,
    Action.TRACE_READ: frozenset({Role.AUDITOR, Role.OPERATOR}),
    Action.TRACE_OWN: _OWN_SIDE,
    Action.REASON_ASK: _OWNER,
    Action.REASON_ANSWER: _SEATED - {Role.STATISTICIAN} | {Role.EMPLOYER, Role.DELEGATE},
    Action.EVENT_TAKE: frozenset({Role.OPERATOR}),
    Action.EVENT_RUN: frozenset({Role.OPERATOR}),
    Action.EVENT_OVERSEE: _KEEPERS | {Role.AUDITOR},
    Action.EVENT_SETTLE: _KEEPERS,
    Action.EVENT_FETCH: frozenset({Role.READER}),
    Action.BOOK_CLOSE: frozenset({Role.OPERATOR}),
    Action.ALERT_LIST: _COLLECTING | {Role.INSPECTOR},
    Action.ALERT_CLOSE: frozenset({Role.APPROVER}),
    Action.IMPORT_READ: _OFFICIALS - {Role.STATISTICIAN} | {Role.OPERATOR},
    Action.IMPORT_RUN: frozenset({Role.OPERATOR}),
    Action.IMPORT_SEND: frozenset({Role.COLLECTOR, Role.ADMIN}),
    Action.IMPORT_ROWS: _COLLECTING,
    Action.PLAN_KEEP: _COLLECTING,
    Action.PLAN_READ: _OFFICIALS - {Role.ADMIN},
    Action.VISIT_NOTE: _COLLECTING,
    Action.FORM_ENTER: _COLLECTING,
    Action.ROW_REVIEW: _COLLECTING,
    Action.ROW_DECIDE: _COLLECTING,
    Action.STATEMENT_END: frozenset({Role.APPROVER}),
    Action.RECONCILE: frozenset({Role.OPERATOR}),
    Action.MATCH_LIST: _COLLECTING,
    Action.MERGE_READ: _COLLECTING,
    Action.MERGE_PROPOSE: _COLLECTING,
    Action.MERGE_DECIDE: frozenset({Role.APPROVER}),
    Action.MERGE_UNDO: frozenset({Role.APPROVER}),
    Action.PAPER_KEEP: _COLLECTING,
    Action.PAPER_CHECK: _COLLECTING,
    Action.SHARE_CREATE: _OWN_SIDE,
    Action.SHARE_LIST: _OWN_SIDE,
    Action.SHARE_EXTEND: _OWN_SIDE,
    Action.SHARE_WITHDRAW: _OWN_SIDE,
    Action.SHARE_FREEZE: _OWN_SIDE,
    Action.SHARE_UNFREEZE: _OWN_SIDE,
    Action.SHARE_OPEN: _EVERYBODY,
    Action.SHARE_INBOX: _RECIPIENTS | {Role.DELEGATE},
    Action.WORKERS_LIST: _AGENTS,
    Action.FILING_MAKE: _AGENTS,
    Action.FILING_LIST: _AGENTS,
    Action.COPY_DECIDE: _AGENTS,
    Action.COPY_ASK: _OWN_SIDE,
    Action.COPY_DELETE: _RECIPIENTS | {Role.DELEGATE},
    Action.COPY_LAPSE: frozenset({Role.OPERATOR}),
    Action.COPY_OVERSEE: _SUPERVISING | {Role.OPERATOR},
    Action.NOTICE_READ: _SEATED | _RECIPIENTS | _ACTING,
    Action.CHANNEL_SET: _RECIPIENTS | {Role.APPROVER, Role.ADMIN},
    Action.MAIL_OVERSEE: _KEEPERS,
    Action.REGISTER_ASK: frozenset(
        {
            *(Role.COLLECTOR, Role.APPROVER, Role.INSPECTOR),
            *(Role.WORKER, Role.REPRESENTATIVE, Role.OPERATOR),
        }
    ),
    Action.REGISTER_OVERSEE: _KEEPERS | {Role.AUDITOR},
    Action.DOSSIER_BEGIN: _OWNER,
    Action.DOSSIER_READ: _OWNER,
    Action.DOSSIER_END: frozenset({Role.OPERATOR}),
    Action.SERVICE_STATUS: frozenset({Role.READER}),
    Action.SERVICE_HEADCOUNT: frozenset({Role.READER}),
    Action.WALLET_OFFER: _OWNER,
    Action.WALLET_AGREE: _OWNER,
    Action.WALLET_GRANT: _OWNER,
    Action.WALLET_TAKE: _OWNER,
    Action.WALLET_LIST: _OWNER,
    Action.WALLET_FORGET: _OWNER,
    Action.PRESENTATION_ASK: _VERIFIERS | {Role.DELEGATE},
    Action.PRESENTATION_RECEIVE: _VERIFIERS | {Role.DELEGATE},
    Action.PRESENTATION_READ: _VERIFIERS | {Role.DELEGATE},
    Action.LINE_READ: _OWNER,
    Action.LINE_CONFIRM: _OWNER,
    Action.CV_READ: _OWNER,
    Action.CV_CHANGE: _OWNER,
    Action.JOB_SEEKING_BEGIN: _OWNER,
    Action.JOB_SEEKING_END: _OWNER,
    Action.JOB_SEEKERS_SEE: frozenset({Role.COLLECTOR, Role.APPROVER}),
    Action.RIGHTS_READ: _OWNER,
    Action.GAP_ASK: _OWNER,
    Action.GAP_COMPLAIN: _OWNER,
    Action.GAP_BRIDGE: _OWNER,
    Action.GAP_QUESTIONS: _AGENTS,
    Action.GAP_ANSWER: _AGENTS,
    Action.GAP_REMIND: frozenset({Role.OPERATOR}),
    Action.SATISFACTION_OWN: _OWNER,
    Action.SATISFACTION_SAY: _OWNER,
    Action.SATISFACTION_READ: _SUPERVISING | {Role.STATISTICIAN},
    Action.UNION_FIRMS: frozenset({Role.UNION}),
    Action.UNION_WORKERS: frozenset({Role.UNION}),
    Action.UNION_EXPORT: frozenset({Role.UNION}),
    Action.JOB_LOSS_DETECT: frozenset({Role.OPERATOR}),
    Action.SUPPORT_PROPOSE: frozenset({Role.OPERATOR}),
    Action.SUPPORT_OWN: _OWNER,
    Action.SUPPORT_TAKE: _OWNER,
    Action.SUPPORT_RESULT: frozenset({Role.OPERATOR}),
    Action.SUPPORT_LIST: _COLLECTING | {Role.INSPECTOR},
    Action.SUPPORT_OPEN: _COLLECTING | {Role.INSPECTOR},
    Action.SUPPORT_REMIND: _COLLECTING,
    Action.SUPPORT_PREPARE: _COLLECTING,
    Action.SUPPORT_DO: _COLLECTING,
    Action.PAYMENT_READ: _COLLECTING | {Role.INSPECTOR, Role.AUDITOR},
    Action.PAYMENT_DRAFT: _COLLECTING,
    Action.PAYMENT_SETTLE: frozenset({Role.APPROVER}),
    Action.YEARLY_CHECK: frozenset({Role.OPERATOR}),
    Action.CASE_DRAFT: _ASKING,
    Action.CASE_OWN: _ASKING,
    Action.CASE_SUBMIT: _ASKING,
    Action.CASE_ANSWER: _ASKING,
    Action.CASE_WITHDRAW: _ASKING,
    Action.CASE_APPEAL: _FOR_A_WORKER | {Role.COLLECTOR, Role.APPROVER},
    Action.CASE_RATE: _FOR_A_WORKER,
    Action.CASE_ATTACH: _ASKING,
    Action.CASE_FILE: _ASKING | {Role.INSPECTOR},
    Action.CASE_QUEUE: _SUPERVISING | {Role.COLLECTOR, Role.EMPLOYER, Role.DELEGATE},
    Action.CASE_OPEN: _SUPERVISING | {Role.COLLECTOR, Role.EMPLOYER, Role.DELEGATE},
    Action.CASE_CLAIM: frozenset({Role.APPROVER}),
    Action.CASE_ASK_MORE: frozenset({Role.APPROVER}),
    Action.CASE_PROPOSE: frozenset({Role.APPROVER}),
    Action.CASE_DECIDE: frozenset({Role.APPROVER, Role.OPERATOR}),
    Action.CASE_SEND_ON: frozenset({Role.APPROVER}),
    Action.CASE_EMPLOYER_ANSWER: frozenset({Role.EMPLOYER, Role.DELEGATE}),
    Action.CASE_REVERSE: frozenset({Role.APPROVER, Role.INSPECTOR}),
    Action.CASE_RELATION: frozenset({Role.COLLECTOR, Role.APPROVER, Role.INSPECTOR}),
    Action.CASE_OVERSEE: _SUPERVISING | {Role.STATISTICIAN, Role.OPERATOR},
    Action.CASE_REVIEW: frozenset({Role.INSPECTOR}),
    Action.CASE_CLOCK: frozenset({Role.OPERATOR}),
    Action.DATA_REQUEST_MAKE: _OWNER,
    Action.DATA_REQUEST_OWN: _OWNER,
    Action.DATA_REQUEST_LIST: _ANSWERING,
    Action.DATA_REQUEST_ACKNOWLEDGE: _ANSWERING,
    Action.DATA_REQUEST_ANSWER: _ANSWERING,
    Action.DATA_REQUEST_REFUSE: _ANSWERING,
    Action.QUALITY_READ: _OFFICIALS | {Role.READER, Role.OPERATOR},
    Action.CHECK_RUN: frozenset({Role.OPERATOR}),
    Action.COVERAGE_READ: _OFFICIALS | {Role.READER, Role.OPERATOR},
    Action.COVERAGE_ROWS: _COLLECTING | {Role.INSPECTOR},
    Action.COVERAGE_COUNT: frozenset({Role.OPERATOR}),
    Action.FIGURE_SUPPLY: frozenset({Role.STATISTICIAN}),
    Action.TARGET_ASSIGN: frozenset({Role.APPROVER}),
    Action.REPORT_READ: _SUPERVISING | {Role.STATISTICIAN, Role.OPERATOR},
    Action.REPORT_DRAFT: frozenset({Role.STATISTICIAN}),
    Action.REPORT_DECIDE: frozenset({Role.APPROVER}),
    Action.REPORT_TAKE: _SUPERVISING | {Role.STATISTICIAN},
    Action.REPORT_REMIND: frozenset({Role.OPERATOR}),
    Action.JOB_OVERSEE: _KEEPERS | {Role.AUDITOR},
    Action.JOB_STEER: _KEEPERS,
    Action.FINDINGS_READ: _SUPERVISING | {Role.COLLECTOR},
    Action.FINDING_SETTLE: _COLLECTING | {Role.INSPECTOR},
    Action.WARNING_REVIEW: frozenset({Role.APPROVER, Role.INSPECTOR, Role.AUDITOR}),
    Action.RULES_READ: _SUPERVISING | {Role.ADMIN, Role.STATISTICIAN},
    Action.RULE_TUNE: frozenset({Role.ADMIN}),
    Action.STATISTICS_COUNT: frozenset({Role.OPERATOR}),
    Action.STATISTICS_READ: _OFFICIALS | {Role.READER, Role.OPERATOR},
    Action.STATISTICS_PEOPLE: _SUPERVISING | {Role.COLLECTOR},
    Action.SIGN_IN: _SEATED | _RECIPIENTS | _ACTING,
    Action.SIGN_OUT: _SEATED | _RECIPIENTS | _ACTING,
    Action.SESSION_TOKEN: _SEATED | _RECIPIENTS | _ACTING,
}
"""Which roles may do what at all; whose data, is a second question (``access.check_may``)."""

FULL_LEVEL = 2
"""Assurance of the e-ID (mức độ định danh) that every deed needs, but those in ``AT_LEVEL_1``."""
AT_LEVEL_1 = frozenset(
    {
        *(Action.BOOK_OPEN, Action.BOOK_PRINT, Action.BOOK_VERIFY, Action.TRACE_OWN),
        *(Action.REASON_ASK, Action.REASON_ANSWER),
        *(Action.SHARE_LIST, Action.SHARE_WITHDRAW, Action.SHARE_FREEZE, Action.COPY_ASK),
        *(Action.SHARE_OPEN, Action.SHARE_INBOX, Action.NOTICE_READ),
        *(Action.WALLET_LIST, Action.WALLET_FORGET),
        *(Action.LINE_READ, Action.CV_READ, Action.JOB_SEEKING_END, Action.RIGHTS_READ),
        Action.SUPPORT_OWN,
        *(Action.CASE_OWN, Action.CASE_WITHDRAW, Action.CASE_RATE),
        *(Action.SIGN_IN, Action.SIGN_OUT, Action.SESSION_TOKEN),
        *(Action.MANDATE_LIST, Action.MANDATE_REVOKE, Action.DATA_REQUEST_OWN),
        *(Action.SATISFACTION_OWN, Action.SATISFACTION_SAY),
    }
)
"""Looking, and taking back; whatever signs, shares, corrects or declares is not among them.

Source: ND 69/2024: level 2 is verified in person and good for all functions; level 1 is not.
"""

STATES_ITS_PURPOSE = frozenset({"official", "machine"})
"""Kinds of callers that must say what for."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a worker, an employer's agent, an official, a machine, an operator, anybody."""

    kind: str
    id: str
    name: str
    role: Role
    unit_code: str | None = None
    person_id: UUID | None = None
    enterprise_code: str | None = None
    level: int = FULL_LEVEL
    scope: frozenset[Action] | None = None
    """What the mandate or the registration allows of it; None for all that the role may do."""

    def may(self, action: Action) -> bool:
        """Say whether the role, and the mandate where there is one, allow the action at all."""
        allowed = self.scope is None or action in self.scope
        return allowed and self.role in PERMITTED[action]

    def is_sure_enough_for(self, action: Action) -> bool:
        """Say whether the sign-in was strong enough for the action."""
        return self.level >= FULL_LEVEL or action in AT_LEVEL_1


ANYBODY = Caller("public", "anybody", "", Role.PUBLIC)
"""Whoever opens a printed address without signing in."""


def operator(name: str) -> Caller:
    """Return the caller for a command run on the machine itself by the named operator."""
    return Caller("system", name, name, Role.OPERATOR)
