"""Which actions the words of a mandate or of a machine's registration stand for."""

from labour_book.domain.mandates import Scope
from labour_book.services.callers import Action

ALWAYS = frozenset(
    {Action.SIGN_IN, Action.SIGN_OUT, Action.SESSION_TOKEN, Action.BOOK_VERIFY, Action.NOTICE_READ}
)
"""What nobody's mandate has to mention."""

_ASKING = frozenset(
    {
        *(Action.CASE_DRAFT, Action.CASE_OWN, Action.CASE_SUBMIT, Action.CASE_ANSWER),
        *(Action.CASE_WITHDRAW, Action.CASE_ATTACH, Action.CASE_FILE),
    }
)
"""What it takes to ask for a correction and to see it through."""

ACTIONS: dict[Scope, frozenset[Action]] = {
    Scope.VIEW: frozenset(
        {Action.BOOK_OPEN, Action.BOOK_PRINT, Action.TRACE_OWN, Action.SHARE_LIST}
    ),
    Scope.CORRECT: frozenset(
        {Action.BOOK_OPEN, Action.REGISTER_ASK, *_ASKING, Action.CASE_APPEAL, Action.CASE_RATE}
    ),
    Scope.SHARE: frozenset(
        {
            *(Action.BOOK_OPEN, Action.SHARE_CREATE, Action.SHARE_LIST, Action.SHARE_EXTEND),
            *(Action.SHARE_WITHDRAW, Action.SHARE_FREEZE, Action.SHARE_UNFREEZE, Action.COPY_ASK),
        }
    ),
    Scope.FILE: frozenset({Action.WORKERS_LIST, Action.FILING_MAKE, Action.FILING_LIST, *_ASKING}),
    Scope.CONFIRM: frozenset(
        {
            *(Action.WORKERS_LIST, Action.REASON_ANSWER, Action.CASE_FILE),
            *(Action.CASE_QUEUE, Action.CASE_OPEN, Action.CASE_EMPLOYER_ANSWER),
            *(Action.GAP_QUESTIONS, Action.GAP_ANSWER),
        }
    ),
    Scope.RECEIVE: frozenset(
        {
            *(Action.SHARE_OPEN, Action.SHARE_INBOX, Action.COPY_DECIDE, Action.COPY_DELETE),
            *(Action.PRESENTATION_ASK, Action.PRESENTATION_RECEIVE, Action.PRESENTATION_READ),
        }
    ),
}
"""By scope. Whoever adds an action for representatives or delegates adds it here as well."""


def allowed_by(kind: str, scope: str | None) -> frozenset[Action] | None:
    """Return what an account's scope allows; None where the role alone decides.

    Of a machine the words are actions themselves, of a mandate they are ``Scope``.
    """
    if scope is None:
        return None
    words = scope.split()
    if kind == "machine":
        return frozenset(Action(word) for word in words)
    return ALWAYS.union(*(ACTIONS[Scope(word)] for word in words))
