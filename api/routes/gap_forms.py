"""Missing months as the interface tells them, and what is sent about them."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from labour_book.domain.correction_claims import LONGEST_WORDS
from labour_book.domain.gap_advice import Answer, Way
from labour_book.domain.months import MonthRange
from labour_book.services.missing_months import Bridge, Missing, StepTold


class GapStepOut(BaseModel):
    """A step that the worker took about missing months, and what came of it."""

    id: UUID
    way: Way
    months: list[str] = Field(examples=[["2024-06/2024-08"]])
    begun_at: datetime
    words: str
    due_on: date | None = Field(description="By when the employer is to answer (our rule).")
    is_late: bool
    answer: Answer | None
    answer_words: str
    answered_at: datetime | None
    pay_by: date | None = Field(description="By when the employer says it will pay.")
    cases: list[str] = Field(description="Corrections that the employer handed in.")
    dossier: str | None = Field(description="Code of the dossier at the portal.")
    dossier_state: str | None


class TimeLimitOut(BaseModel):
    """Until when something can be done about a gap; ``counted_from`` is what we counted from."""

    name: Literal["complaint", "mediation", "court"]
    counted_from: date
    last_day: date
    source: str = Field(examples=["Labour Code 45/2019/QH14, art. 190(3)"])
    provenance: Literal["seen", "secondary", "unverified"]


class ShareOut(BaseModel):
    """What the State adds a month for a group, and what is left to pay, in VND."""

    group: str
    support: int
    own: int


class BridgeOut(BaseModel):
    """Voluntary insurance for as many months to come as are missing, on the lowest income."""

    first: str = Field(examples=["2026-12"])
    last: str
    months: int
    income: int
    contribution: int = Field(description="VND per month.")
    shares: list[ShareOut]
    sources: list[str]


class GapOut(BaseModel):
    """A job with months that no insurance was seen for, and what can be done, best first."""

    entry_number: int
    employer: str
    employer_status: str | None
    employer_is_gone: bool
    missing: int = Field(description="Months.")
    worked: str = Field(examples=["2024-03/2024-08"])
    paid: list[str] = Field(examples=[["2024-03/2024-05"]])
    owed: list[str]
    unseen: list[str] = Field(examples=[["2024-06/2024-08"]])
    ways: list[Way]
    wage_base_vnd: int | None = Field(description="Latest wage that was declared for insurance.")
    limits: list[TimeLimitOut]
    bridge: BridgeOut | None
    steps: list[GapStepOut] = Field(description="The oldest first.")
    left: dict[Way, list[str]] = Field(description="By way: months nobody was told of yet.")


class GapAsk(BaseModel):
    """A question to the employer about missing months."""

    model_config = ConfigDict(extra="forbid")

    words: str = Field(default="", max_length=LONGEST_WORDS)


class GapComplaint(BaseModel):
    """A complaint to the insurance office; the months and the evidence come from the book."""

    model_config = ConfigDict(extra="forbid")

    request: str = Field(min_length=1, max_length=200, examples=["Đề nghị thu đủ các tháng này."])


class GapBridge(BaseModel):
    """A registration for voluntary insurance over the missing months."""

    model_config = ConfigDict(extra="forbid")

    group: Literal["POOR_OR_ISLAND", "NEAR_POOR", "ETHNIC_MINORITY", "OTHER"] = Field(
        description="The person's own word; whoever decides on the support checks it."
    )


class GapAsked(BaseModel):
    """The question that was asked."""

    step_id: UUID


def gap_out(missing: Missing) -> GapOut:
    """Return a gap as it is told."""
    each = missing.gap
    return GapOut(
        entry_number=each.entry_number,
        employer=each.employer,
        employer_status=each.employer_status,
        employer_is_gone=each.employer_is_gone,
        missing=each.missing,
        worked=str(each.worked),
        paid=_wire(each.paid),
        owed=_wire(each.owed),
        unseen=_wire(each.unseen),
        ways=list(each.ways),
        wage_base_vnd=each.wage_base_vnd,
        limits=[TimeLimitOut.model_validate(asdict(limit)) for limit in missing.limits],
        bridge=None if missing.bridge is None else _bridge(missing.bridge),
        steps=[_step(step) for step in missing.steps],
        left={way: _wire(months) for way, months in missing.left.items()},
    )


def _bridge(found: Bridge) -> BridgeOut:
    told = asdict(found) | {"first": str(found.first), "last": str(found.last)}
    return BridgeOut.model_validate(told | {"months": found.months})


def _step(step: StepTold) -> GapStepOut:
    told = {name: getattr(step, name) for name in StepTold.__slots__}
    return GapStepOut.model_validate(told | {"months": _wire(step.months)})


def _wire(ranges: tuple[MonthRange, ...]) -> list[str]:
    return [str(each) for each in ranges]
