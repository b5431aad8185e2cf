"""What the law may give the worker: information with its sources, not a decision."""

from dataclasses import asdict
from datetime import date
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.dependencies import Calling, Db, Inst, Now
from api.problems import problems
from api.routes.gap_forms import GapOut, gap_out
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Denied, NotFound, Unavailable
from labour_book.services import entitlements
from labour_book.services.access import NotSignedIn
from labour_book.services.entitlements import Basis, Entitlement, Right
from labour_book.services.support_views import ProposalView

router = APIRouter(tags=["rights"])

CAVEAT_VI = "Thông tin tham khảo, không phải quyết định"
CAVEAT_EN = "For information; not a decision"


class FigureOut(BaseModel):
    """A number, a day or a month, and what it rests on. ``name`` is permanent."""

    name: str = Field(examples=["months_missing"])
    value: int | str = Field(examples=[112])
    unit: str = Field(examples=["months"])
    basis: Basis
    of: str = Field(description="Which one, where there are several.", examples=["2026-05"])
    source: str = Field(description="Of a number of the law: act and article.")
    since: date | None = Field(description="Since when that number of the law holds.")
    provenance: Literal["", "seen", "secondary", "unverified"] = Field(
        description="How well the source of a number of the law is known."
    )


class ConditionOut(BaseModel):
    """A condition of the law; ``holds`` is None where the book cannot tell."""

    name: str = Field(examples=["contributed_long_enough"])
    holds: bool | None
    article: str


class NotComputedOut(BaseModel):
    """What could not be computed, and why."""

    name: str = Field(examples=["retirement_day"])
    why: str = Field(examples=["BIRTH_UNKNOWN"])


class EntitlementOut(BaseModel):
    """One right: what follows, from which figures, under which conditions."""

    right: Right
    articles: list[str]
    results: list[FigureOut]
    inputs: list[FigureOut]
    conditions: list[ConditionOut]
    not_computed: list[NotComputedOut]


class ProposalOut(BaseModel):
    """Support that an agency proposes to the worker."""

    title: str
    proposed_on: date


class RightsOut(BaseModel):
    """Everything that can be told, on a day, out of what was reported until then."""

    as_of: date
    reported_through: str = Field(examples=["2026-10"])
    caveat_vi: str = Field(examples=[CAVEAT_VI])
    caveat_en: str = Field(examples=[CAVEAT_EN])
    entitlements: list[EntitlementOut]
    gaps: list[GapOut]
    proposals: list[ProposalOut] = Field(description="Of `/me/support`, those not over.")


@router.get("/me/rights", responses=problems(NotSignedIn, Denied, NotFound, Unavailable))
def own_rights(calling: Calling, db: Db, inst: Inst, now: Now) -> RightsOut:
    """Return what the law may give the worker, every figure with what it rests on."""
    told = entitlements.rights(db, inst, calling, now=now)
    return RightsOut(
        as_of=told.as_of,
        reported_through=str(told.reported_through),
        caveat_vi=CAVEAT_VI,
        caveat_en=CAVEAT_EN,
        entitlements=[_entitlement(each) for each in told.entitlements],
        gaps=[gap_out(each) for each in told.gaps],
        proposals=[_proposal(each) for each in told.proposals],
    )


def _proposal(each: ProposalView) -> ProposalOut:
    return ProposalOut(title=each.programme.title_vi, proposed_on=vietnam_day(each.created_at))


def _entitlement(each: Entitlement) -> EntitlementOut:
    return EntitlementOut.model_validate(asdict(each))
