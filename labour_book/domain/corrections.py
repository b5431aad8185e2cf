"""The states of a correction, who may move it from which to which, and whose turn it is: as tables.

A correction (đề nghị điều chỉnh thông tin) is a case: somebody says that a line of the book is
wrong or missing; who keeps that field looks into it; an official decides; a new version follows.
"""

from dataclasses import dataclass
from enum import StrEnum

from labour_book.errors import Conflict


class CaseState(StrEnum):
    """Where a case stands; the word is permanent."""

    DRAFT = "draft"
    """Being written; nobody but the asking side sees it."""
    SUBMITTED = "submitted"
    """Handed in; the registers are being asked, then it goes to its owner."""
    ROUTED = "routed"
    """In the queue of its owner."""
    MORE_NEEDED = "more_needed"
    """The owner has asked the asking side for more."""
    PROPOSED = "proposed"
    """One official has proposed a decision; another one has to confirm it."""
    DECIDED = "decided"
    """Decided; the asking side may appeal for a while."""
    WITHDRAWN = "withdrawn"
    APPEALED = "appealed"
    """In the queue of the next unit up, whose other officials decide anew."""
    CLOSED = "closed"


class Outcome(StrEnum):
    """What a decision says."""

    APPROVED = "approved"
    PARTLY = "partly"
    """Some of the fields are accepted."""
    REFUSED = "refused"
    REVERSED = "reversed"
    """An earlier decision is taken back: the facts stand as before it."""


class Owner(StrEnum):
    """Who keeps a field, and so has the case on the desk."""

    EMPLOYER = "employer"
    """Says whether it is so; never decides. Named by its enterprise code."""
    INSURANCE = "insurance"
    """Cơ quan BHXH of the province."""
    COMMUNE = "commune"
    """Ủy ban nhân dân cấp xã."""
    PROVINCE = "province"
    """Sở Nội vụ; also where the employer cannot be asked any more."""
    MINISTRY = "ministry"
    """Bộ Nội vụ: the last unit up."""
    POPULATION = "population"
    """The population register's own procedure at the commune police: nothing is decided here."""


class Turn(StrEnum):
    """Whose turn it is."""

    ASKER = "asker"
    OWNER = "owner"
    SYSTEM = "system"
    NOBODY = "nobody"


class Actor(StrEnum):
    """Who takes a step."""

    ASKER = "asker"
    """The worker, who acts for the worker, or an official with the worker present."""
    EMPLOYER = "employer"
    """The enterprise that owns the case, where one does."""
    OFFICIAL = "official"
    """Of the unit that owns the case."""
    OVERSEER = "overseer"
    """An inspector, or an official of a unit above: takes decisions back."""
    SYSTEM = "system"
    """The installation: routing, what a register confirms, and the clock."""


class Step(StrEnum):
    """What happens to a case; the word stands in its history and is never renamed."""

    BEGIN = "begin"
    CHANGE = "change"
    ATTACH = "attach"
    DETACH = "detach"
    SUBMIT = "submit"
    ROUTE = "route"
    HAND_OVER = "hand-over"
    """To the population register's procedure; with that the case is over here."""
    SETTLE = "settle"
    """A register confirms what is claimed: decided without an official."""
    CLAIM = "claim"
    """An official takes the case; others see who has it."""
    RELEASE = "release"
    AGREE = "agree"
    """The employer says that the claim is right."""
    CONTEST = "contest"
    """The employer says that it is not."""
    ASK_MORE = "ask-more"
    ANSWER = "answer"
    LAPSE = "lapse"
    """No answer came in time: it is decided on what is there."""
    PROPOSE = "propose"
    CONFIRM = "confirm"
    SEND_BACK = "send-back"
    """The second official does not confirm."""
    DECIDE = "decide"
    SEND_ON = "send-on"
    """To another owner who keeps the field."""
    ESCALATE = "escalate"
    """Overdue: the next unit up gets it."""
    WITHDRAW = "withdraw"
    APPEAL = "appeal"
    PROPOSE_BACK = "propose-back"
    """An overseer proposes to take the decision back; another one has to confirm it."""
    LET_STAND = "let-stand"
    """The second overseer does not confirm; the decision stands."""
    REVERSE = "reverse"
    """The second overseer confirms; with that the decision is taken back."""
    CLOSE = "close"
    RATE = "rate"
    """The asking side says how satisfied it is."""
    REVIEW = "review"
    """An inspector has looked at an automatic decision."""


class Clock(StrEnum):
    """Which deadline begins with a state; its days stand in ``law/parameters.yaml``."""

    NONE = "none"
    OWNER = "owner"
    """By the kind of owner."""
    ANSWER = "answer"
    CONFIRM = "confirm"
    APPEAL = "appeal"
    """How long a decision may be appealed."""
    APPEALED = "appealed"
    """How long the decision on an appeal may take."""


TURN_IN: dict[CaseState, Turn] = {
    CaseState.DRAFT: Turn.ASKER,
    CaseState.SUBMITTED: Turn.SYSTEM,
    CaseState.ROUTED: Turn.OWNER,
    CaseState.MORE_NEEDED: Turn.ASKER,
    CaseState.PROPOSED: Turn.OWNER,
    CaseState.DECIDED: Turn.ASKER,
    CaseState.WITHDRAWN: Turn.NOBODY,
    CaseState.APPEALED: Turn.OWNER,
    CaseState.CLOSED: Turn.NOBODY,
}
"""Every state has somebody whose turn it is, or nobody because it is over."""

CLOCK_IN: dict[CaseState, Clock] = {
    CaseState.DRAFT: Clock.NONE,
    CaseState.SUBMITTED: Clock.NONE,
    CaseState.ROUTED: Clock.OWNER,
    CaseState.MORE_NEEDED: Clock.ANSWER,
    CaseState.PROPOSED: Clock.CONFIRM,
    CaseState.DECIDED: Clock.APPEAL,
    CaseState.WITHDRAWN: Clock.NONE,
    CaseState.APPEALED: Clock.APPEALED,
    CaseState.CLOSED: Clock.NONE,
}
"""The deadline that begins when a case comes into a state."""


@dataclass(frozen=True, slots=True)
class Transition:
    """Where a step leads, and who may take it. A step that stays in a state keeps its deadline."""

    after: CaseState
    by: frozenset[Actor]
    on_appeal: CaseState | None = None
    """Where it leads once the case was appealed; None: there as well."""

    def leads_to(self, *, appealed: bool) -> CaseState:
        """Return the state after the step; what was decided stays decided during an appeal."""
        return self.on_appeal if appealed and self.on_appeal is not None else self.after


def _to(after: CaseState, *by: Actor, on_appeal: CaseState | None = None) -> Transition:
    return Transition(after, frozenset(by), on_appeal)


_D, _S, _R, _M, _P = (
    CaseState.DRAFT,
    CaseState.SUBMITTED,
    CaseState.ROUTED,
    CaseState.MORE_NEEDED,
    CaseState.PROPOSED,
)
_E, _W, _A, _C = CaseState.DECIDED, CaseState.WITHDRAWN, CaseState.APPEALED, CaseState.CLOSED

TRANSITIONS: dict[tuple[CaseState, Step], Transition] = {
    (_D, Step.CHANGE): _to(_D, Actor.ASKER),
    (_D, Step.ATTACH): _to(_D, Actor.ASKER),
    (_D, Step.DETACH): _to(_D, Actor.ASKER),
    (_D, Step.SUBMIT): _to(_S, Actor.ASKER),
    (_D, Step.WITHDRAW): _to(_W, Actor.ASKER),
    (_S, Step.ROUTE): _to(_R, Actor.SYSTEM),
    (_S, Step.SETTLE): _to(_E, Actor.SYSTEM),
    (_S, Step.WITHDRAW): _to(_W, Actor.ASKER),
    (_R, Step.HAND_OVER): _to(_C, Actor.SYSTEM),
    (_R, Step.SETTLE): _to(_E, Actor.SYSTEM),
    (_R, Step.CLAIM): _to(_R, Actor.OFFICIAL),
    (_R, Step.RELEASE): _to(_R, Actor.OFFICIAL),
    (_R, Step.AGREE): _to(_R, Actor.EMPLOYER),
    (_R, Step.CONTEST): _to(_R, Actor.EMPLOYER),
    (_R, Step.ASK_MORE): _to(_M, Actor.OFFICIAL),
    (_R, Step.PROPOSE): _to(_P, Actor.OFFICIAL),
    (_R, Step.DECIDE): _to(_E, Actor.OFFICIAL),
    (_R, Step.SEND_ON): _to(_R, Actor.OFFICIAL),
    (_R, Step.ESCALATE): _to(_R, Actor.SYSTEM),
    (_R, Step.ATTACH): _to(_R, Actor.ASKER, Actor.EMPLOYER),
    (_R, Step.WITHDRAW): _to(_W, Actor.ASKER, on_appeal=_E),
    (_M, Step.ATTACH): _to(_M, Actor.ASKER),
    (_M, Step.DETACH): _to(_M, Actor.ASKER),
    (_M, Step.ANSWER): _to(_R, Actor.ASKER, on_appeal=_A),
    (_M, Step.LAPSE): _to(_R, Actor.SYSTEM, on_appeal=_A),
    (_M, Step.WITHDRAW): _to(_W, Actor.ASKER, on_appeal=_E),
    (_P, Step.CONFIRM): _to(_E, Actor.OFFICIAL),
    (_P, Step.SEND_BACK): _to(_R, Actor.OFFICIAL, on_appeal=_A),
    (_P, Step.ESCALATE): _to(_P, Actor.SYSTEM),
    (_P, Step.WITHDRAW): _to(_W, Actor.ASKER, on_appeal=_E),
    (_E, Step.APPEAL): _to(_A, Actor.ASKER),
    (_E, Step.PROPOSE_BACK): _to(_E, Actor.OVERSEER),
    (_E, Step.LET_STAND): _to(_E, Actor.OVERSEER),
    (_E, Step.REVERSE): _to(_E, Actor.OVERSEER),
    (_E, Step.REVIEW): _to(_E, Actor.OVERSEER),
    (_E, Step.RATE): _to(_E, Actor.ASKER),
    (_E, Step.CLOSE): _to(_C, Actor.SYSTEM),
    (_A, Step.CLAIM): _to(_A, Actor.OFFICIAL),
    (_A, Step.RELEASE): _to(_A, Actor.OFFICIAL),
    (_A, Step.ASK_MORE): _to(_M, Actor.OFFICIAL),
    (_A, Step.PROPOSE): _to(_P, Actor.OFFICIAL),
    (_A, Step.DECIDE): _to(_E, Actor.OFFICIAL),
    (_A, Step.ESCALATE): _to(_A, Actor.SYSTEM),
    (_A, Step.ATTACH): _to(_A, Actor.ASKER),
    (_A, Step.WITHDRAW): _to(_E, Actor.ASKER),
    (_C, Step.PROPOSE_BACK): _to(_C, Actor.OVERSEER),
    (_C, Step.LET_STAND): _to(_C, Actor.OVERSEER),
    (_C, Step.REVERSE): _to(_E, Actor.OVERSEER),
    (_C, Step.REVIEW): _to(_C, Actor.OVERSEER),
    (_C, Step.RATE): _to(_C, Actor.ASKER),
}
"""All that can happen. What is not here is refused with ``CaseMoved``.

``BEGIN`` makes the case and comes from no state. A case that was appealed is decided: answering
what is asked leads back to the appeal, and taking the appeal back to the decision, which stands.
"""

UNDECIDED = frozenset({_D, _S, _R, _M, _P})
"""States in which nothing has been decided yet."""
WAITING_FOR_OWNER = frozenset(each for each, turn in TURN_IN.items() if turn is Turn.OWNER)
"""States in which a case lies in a queue."""
OVER = frozenset(each for each, turn in TURN_IN.items() if turn is Turn.NOBODY)


class CaseMoved(Conflict):
    """The case is not, or is no more, in a state in which that can be done."""

    slug = "case-moved"
    title = "The request has moved on; this cannot be done in its present state"
    title_vi = "Đề nghị đã chuyển sang bước khác; không làm được việc này ở bước hiện tại"


class CaseTaken(Conflict):
    """Somebody else has the case, or was quicker; the facts say who and since when."""

    slug = "case-taken"
    title = "Somebody else is handling this request, or has just decided it"
    title_vi = "Người khác đang xử lý hoặc vừa xử lý đề nghị này"


def transition(state: CaseState, step: Step) -> Transition:
    """Return where a step leads from a state.

    Raises:
        CaseMoved: it cannot be taken there.
    """
    found = TRANSITIONS.get((state, step))
    if found is None:
        raise CaseMoved(
            "this cannot be done with the request as it stands now",
            state=str(state),
            step=str(step),
        )
    return found


def sources_of(step: Step) -> frozenset[CaseState]:
    """Return the states in which a step can be taken."""
    return frozenset(state for state, each in TRANSITIONS if each is step)


def steps_in(state: CaseState, actor: Actor) -> tuple[Step, ...]:
    """Return what somebody can do with a case in a state, in the order of the table."""
    return tuple(
        step for (at, step), each in TRANSITIONS.items() if at is state and actor in each.by
    )
