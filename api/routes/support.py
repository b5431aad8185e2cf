"""Support that was proposed to the worker: what, how much, until when, what is missing, what next.

Information, not a decision: whether it is given is decided elsewhere.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.dependencies import Admitted, Calling, Db, Now
from api.problems import problems
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.support import Overlap, Step
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import supporting
from labour_book.services.access import NotSignedIn
from labour_book.services.explaining_support import Explained, sum_shown
from labour_book.services.law_rules import Line, article, word
from labour_book.services.limiting import TooMany
from labour_book.services.supporting import Decline, Overlapping, ProposalView, Stale

router = APIRouter(tags=["support"])

Language = Literal["vi", "en"]
Asked = Annotated[Language, Query(description="Of the words.")]
ASKED = problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable)
MOVED = problems(NotSignedIn, Denied, NotFound, Invalid, Stale, Unavailable)
"""What can go wrong."""
ProposalId = Annotated[UUID, Path(description="As the list names it.")]


class TermOut(BaseModel):
    """A condition of the law; ``holds`` is None where the book cannot tell."""

    name: str = Field(examples=["in_time"])
    words: str = Field(examples=["Còn trong thời hạn nộp hồ sơ"])
    holds: bool | None
    article: str


class NeedOut(BaseModel):
    """A paper that is asked for; one that is there need not be brought."""

    name: str = Field(examples=["termination_proof"])
    words: str
    is_there: bool


class ProposedSupport(BaseModel):
    """Support that the worker may get."""

    id: UUID
    policy: str = Field(examples=["unemployment-benefit"])
    title: str = Field(examples=["Trợ cấp thất nghiệp"])
    article: str
    provenance: str = Field(examples=["seen"], description="seen, secondary or unverified.")
    level: int = Field(description="Of proactive service, 1 to 4 (ND 224/2026, art. 16).")
    level_words: str
    state: str = Field(examples=["proposed"])
    state_words: str
    holds: bool | None = Field(description="All conditions hold; null: some are not known.")
    amount: str = Field(description="In words; empty where it is not known.")
    due_on: date | None = Field(description="Last day to apply; null: the law states none.")
    employer: str | None
    month: str | None = Field(description="With which the work ended.", examples=["2026-09"])
    needs: list[NeedOut]
    conditions: list[TermOut]
    overlap: Overlap
    overlap_words: str
    reason: str | None
    dossier_code: str | None
    dossier_address: str | None = Field(description="Where to go on at the portal.")
    steps: list[str] = Field(description="start, decline, undo, reopen: what can be done now.")
    proposed_on: date

    @classmethod
    def of(cls, view: ProposalView, language: Language) -> "ProposedSupport":
        programme, dossier, loss = view.programme, view.dossier, view.loss
        title = programme.title_vi if language == "vi" else programme.title_en
        unit = view.sum_unit or ""
        return cls(
            id=view.id,
            policy=programme.code,
            title=title,
            article=article(programme.article, language),
            provenance=programme.provenance,
            level=view.level,
            level_words=word(f"support-level.{view.level}", language),
            state=view.state,
            state_words=word(f"support-state.{view.state}", language),
            holds=view.holds,
            amount=(
                ""
                if view.sum_value is None
                else sum_shown(view.sum_value, unit, language, most=view.sum_most)
            ),
            due_on=view.due_on,
            employer=None if loss is None else loss.employer_name,
            month=None if loss is None else loss.month,
            needs=[
                NeedOut(
                    name=each.name,
                    words=word(f"evidence.{each.name}", language),
                    is_there=each.is_there,
                )
                for each in view.needs
            ],
            conditions=[
                TermOut(
                    name=each.name,
                    words=word(f"condition.{each.name}", language),
                    holds=each.holds,
                    article=article(each.article, language),
                )
                for each in view.conditions
            ],
            overlap=Overlap(view.overlap),
            overlap_words=word(f"support-overlap.{view.overlap}", language),
            reason=_reason(view, language),
            dossier_code=None if dossier is None else dossier.code,
            dossier_address=None if dossier is None else dossier.address,
            steps=[str(each) for each in view.steps],
            proposed_on=vietnam_day(view.created_at),
        )


class LineOut(BaseModel):
    """A number that was taken, or a result on the way, in words."""

    depth: int = Field(description="Of which line above it is a part.")
    label: str
    value: str
    source: str = Field(description="Act and article.")
    since: date | None
    provenance: str

    @classmethod
    def of(cls, line: Line) -> "LineOut":
        return cls(**{name: getattr(line, name) for name in Line.__slots__})


class ExplainedOut(BaseModel):
    """One support, with how it was come to, step by step."""

    proposal: ProposedSupport
    facts: list[LineOut] = Field(description="What is known of the worker.")
    steps: list[LineOut] = Field(description="What was taken from the law, and reckoned.")


class StartIn(BaseModel):
    """Whether to go on although other support is drawn."""

    in_spite_of_overlap: bool = False


class DeclineIn(BaseModel):
    """Why it is not wanted."""

    reason: Decline = Decline.NOT_NEEDED


@router.get("/me/support", responses=ASKED)
def own(db: Db, calling: Calling, now: Now, language: Asked = "vi") -> list[ProposedSupport]:
    """Return what was proposed to the worker, the newest first."""
    found = supporting.own_support(db, calling, now=now)
    return [ProposedSupport.of(each, language) for each in found]


@router.get("/me/support/{proposal_id}", responses=ASKED)
def one(proposal_id: ProposalId, admitted: Admitted, language: Asked = "vi") -> ExplainedOut:
    """Return one with how it was come to; it counts as seen then."""
    with admitted() as (db, calling):
        view, told = supporting.see(
            *(db, admitted.inst, calling, proposal_id), now=admitted.now, language=language
        )
    return _explained(view, told, language)


@router.post(
    "/me/support/{proposal_id}/start",
    responses=problems(
        *(NotSignedIn, Denied, NotFound, Invalid),
        *(Stale, Overlapping, TooMany, Unavailable),
    ),
)
def start(
    proposal_id: ProposalId, said: StartIn, admitted: Admitted, language: Asked = "vi"
) -> ProposedSupport:
    """Draw the dossier up, filled in, and hand it over to the portal."""
    with admitted() as (_, calling):
        pass  # who calls; the portal is asked with no transaction open
    found = supporting.start(
        *(admitted.inst, calling, proposal_id),
        in_spite_of_overlap=said.in_spite_of_overlap,
        now=admitted.now,
    )
    return ProposedSupport.of(found, language)


@router.post("/me/support/{proposal_id}/decline", responses=MOVED)
def decline(
    proposal_id: ProposalId, said: DeclineIn, admitted: Admitted, language: Asked = "vi"
) -> ProposedSupport:
    """Say that it is not wanted; that can be taken back."""
    with admitted() as (db, calling):
        found = supporting.move(
            *(db, calling, proposal_id, Step.DECLINE), reason=said.reason, now=admitted.now
        )
    return ProposedSupport.of(found, language)


@router.post("/me/support/{proposal_id}/undo", responses=MOVED)
def undo(
    proposal_id: ProposalId, db: Db, calling: Calling, now: Now, language: Asked = "vi"
) -> ProposedSupport:
    """Undo what was done by itself (level 4): all is as it was before."""
    found = supporting.move(db, calling, proposal_id, Step.UNDO, now=now)
    return ProposedSupport.of(found, language)


@router.post("/me/support/{proposal_id}/reopen", responses=MOVED)
def reopen(
    proposal_id: ProposalId, db: Db, calling: Calling, now: Now, language: Asked = "vi"
) -> ProposedSupport:
    """Take back that it was declined or undone."""
    found = supporting.move(db, calling, proposal_id, Step.REOPEN, now=now)
    return ProposedSupport.of(found, language)


def _explained(view: ProposalView, told: Explained, language: Language) -> ExplainedOut:
    return ExplainedOut(
        proposal=ProposedSupport.of(view, language),
        facts=[LineOut.of(each) for each in told.facts],
        steps=[LineOut.of(each) for each in told.steps],
    )


def _reason(view: ProposalView, language: Language) -> str | None:
    """Return why it ended in words: of a worker's word its text, of the portal's what it wrote."""
    if view.reason is None:
        return None
    return word(f"support-decline.{view.reason}", language)
