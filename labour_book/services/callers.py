"""Who calls, and which roles may do what."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Action(StrEnum):
    """What is done or seen; the word stands in the trace and is never renamed."""

    BOOK_OPEN = "book.open"
    BOOK_PRINT = "book.print"
    BOOK_ISSUE = "book.issue"
    BOOK_ISSUE_ALL = "book.issue-all"
    BOOK_VERIFY = "book.verify"
    VERSION_REVOKE = "version.revoke"
    KEY_MAKE = "key.make"
    KEY_ROTATE = "key.rotate"
    KEY_WITHDRAW = "key.withdraw"
    ACCOUNT_OPEN = "account.open"
    TOKEN_GRANT = "token.grant"  # noqa: S105 - the name of a deed
    TOKEN_REVOKE = "token.revoke"  # noqa: S105 - the name of a deed
    TRACE_READ = "trace.read"
    TRACE_OWN = "trace.own"
    IMPORT_READ = "import.read"
    IMPORT_RUN = "import.run"
    SHARE_CREATE = "share.create"
    SHARE_LIST = "share.list"
    SHARE_EXTEND = "share.extend"
    SHARE_WITHDRAW = "share.withdraw"
    SHARE_FREEZE = "share.freeze"
    SHARE_UNFREEZE = "share.unfreeze"
    SHARE_OPEN = "share.open"
    SHARE_INBOX = "share.inbox"
    WORKERS_LIST = "workers.list"
    COPY_DECIDE = "copy.decide"
    COPY_ASK = "copy.ask-deletion"
    COPY_DELETE = "copy.delete"
    COPY_LAPSE = "copy.lapse"
    COPY_OVERSEE = "copy.oversee"
    NOTICE_READ = "notice.read"
    WALLET_OFFER = "wallet.offer"
    WALLET_AGREE = "wallet.agree"
    WALLET_GRANT = "wallet.grant"
    WALLET_TAKE = "wallet.take"
    WALLET_LIST = "wallet.list"
    WALLET_FORGET = "wallet.forget"
    PRESENTATION_ASK = "presentation.ask"
    PRESENTATION_RECEIVE = "presentation.receive"
    PRESENTATION_READ = "presentation.read"
    SIGN_IN = "session.begin"
    SIGN_OUT = "session.end"
    SESSION_TOKEN = "session.token"  # noqa: S105 - the name of a deed


class Role(StrEnum):
    """What an account is for. ``OPERATOR`` is the command line; ``PUBLIC`` has no account."""

    WORKER = "worker"
    EMPLOYER = "employer"
    REGISTRAR = "registrar"
    AUDITOR = "auditor"
    ADMIN = "admin"
    READER = "reader"
    OPERATOR = "operator"
    PUBLIC = "public"


ROLES_OF_KIND = {
    "worker": frozenset({Role.WORKER}),
    "employer": frozenset({Role.EMPLOYER}),
    "official": frozenset({Role.REGISTRAR, Role.AUDITOR, Role.ADMIN}),
    "machine": frozenset({Role.READER}),
    "system": frozenset({Role.OPERATOR}),
    "public": frozenset({Role.PUBLIC}),
}

_OFFICIALS = ROLES_OF_KIND["official"]
_READERS = _OFFICIALS | {Role.WORKER, Role.READER, Role.OPERATOR}
_EVERYBODY = frozenset(Role)
_KEEPERS = frozenset({Role.ADMIN, Role.OPERATOR})
_OWNER = frozenset({Role.WORKER})
_RECIPIENTS = frozenset({Role.EMPLOYER, Role.WORKER})
_VERIFIERS = frozenset({Role.EMPLOYER, Role.READER})

PERMITTED: dict[Action, frozenset[Role]] = {
    Action.BOOK_OPEN: _READERS,
    Action.BOOK_PRINT: _READERS,
    Action.BOOK_ISSUE: frozenset({Role.REGISTRAR, Role.ADMIN, Role.OPERATOR}),
    Action.BOOK_ISSUE_ALL: _KEEPERS,
    Action.BOOK_VERIFY: _EVERYBODY,
    Action.VERSION_REVOKE: frozenset({Role.REGISTRAR, Role.ADMIN, Role.OPERATOR}),
    Action.KEY_MAKE: _KEEPERS,
    Action.KEY_ROTATE: _KEEPERS,
    Action.KEY_WITHDRAW: _KEEPERS,
    Action.ACCOUNT_OPEN: _KEEPERS,
    Action.TOKEN_GRANT: _KEEPERS,
    Action.TOKEN_REVOKE: _KEEPERS,
    Action.TRACE_READ: frozenset({Role.AUDITOR, Role.OPERATOR}),
    Action.TRACE_OWN: _OWNER,
    Action.IMPORT_READ: _OFFICIALS | {Role.OPERATOR},
    Action.IMPORT_RUN: frozenset({Role.OPERATOR}),
    Action.SHARE_CREATE: _OWNER,
    Action.SHARE_LIST: _OWNER,
    Action.SHARE_EXTEND: _OWNER,
    Action.SHARE_WITHDRAW: _OWNER,
    Action.SHARE_FREEZE: _OWNER,
    Action.SHARE_UNFREEZE: _OWNER,
    Action.SHARE_OPEN: _EVERYBODY,
    Action.SHARE_INBOX: _RECIPIENTS,
    Action.WORKERS_LIST: frozenset({Role.EMPLOYER}),
    Action.COPY_DECIDE: frozenset({Role.EMPLOYER}),
    Action.COPY_ASK: _OWNER,
    Action.COPY_DELETE: _RECIPIENTS,
    Action.COPY_LAPSE: frozenset({Role.OPERATOR}),
    Action.COPY_OVERSEE: _OFFICIALS | {Role.OPERATOR},
    Action.NOTICE_READ: _OFFICIALS | _RECIPIENTS,
    Action.WALLET_OFFER: _OWNER,
    Action.WALLET_AGREE: _OWNER,
    Action.WALLET_GRANT: _OWNER,
    Action.WALLET_TAKE: _OWNER,
    Action.WALLET_LIST: _OWNER,
    Action.WALLET_FORGET: _OWNER,
    Action.PRESENTATION_ASK: _VERIFIERS,
    Action.PRESENTATION_RECEIVE: _VERIFIERS,
    Action.PRESENTATION_READ: _VERIFIERS,
    Action.SIGN_IN: _OFFICIALS | _RECIPIENTS,
    Action.SIGN_OUT: _OFFICIALS | _RECIPIENTS,
    Action.SESSION_TOKEN: _OFFICIALS | _RECIPIENTS,
}
"""Which roles may do what at all; whose data, is a second question (``access.check_may``)."""

FULL_LEVEL = 2
"""Assurance of the e-ID (mức độ định danh) that every deed needs, but those in ``AT_LEVEL_1``."""
AT_LEVEL_1 = frozenset(
    {
        *(Action.BOOK_OPEN, Action.BOOK_PRINT, Action.BOOK_VERIFY, Action.TRACE_OWN),
        *(Action.SHARE_LIST, Action.SHARE_WITHDRAW, Action.SHARE_FREEZE, Action.COPY_ASK),
        *(Action.SHARE_OPEN, Action.SHARE_INBOX, Action.NOTICE_READ),
        *(Action.WALLET_LIST, Action.WALLET_FORGET),
        *(Action.SIGN_IN, Action.SIGN_OUT, Action.SESSION_TOKEN),
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

    def may(self, action: Action) -> bool:
        """Say whether the role allows the action at all."""
        return self.role in PERMITTED[action]

    def is_sure_enough_for(self, action: Action) -> bool:
        """Say whether the sign-in was strong enough for the action."""
        return self.level >= FULL_LEVEL or action in AT_LEVEL_1


ANYBODY = Caller("public", "anybody", "", Role.PUBLIC)
"""Whoever opens a printed address without signing in."""


def operator(name: str) -> Caller:
    """Return the caller for a command run on the machine itself by the named operator."""
    return Caller("system", name, name, Role.OPERATOR)
