"""What other registers say about one person, while somebody waits for it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.dependencies import Admitted, Purpose
from api.problems import problems
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import social_support, vssid_view
from labour_book.services.access import NotSignedIn
from labour_book.services.vssid_view import VssidView

router = APIRouter(tags=["registers"])

WorkerId = Annotated[UUID, Path(description="The worker's id here; never a personal ID.")]


class SupportIn(BaseModel):
    """The policy whose support would be paid twice."""

    policy: str = Field(min_length=2, max_length=40, examples=["JOB-LOSS-2026"])


class SupportOut(BaseModel):
    """Yes or no, and the day of which that is so. Nothing else is known here."""

    receives: bool | None = Field(description="None: nobody could be asked; see `cause`.")
    as_of: date | None
    cause: str | None = Field(examples=["TIMEOUT"])


class MonthOut(BaseModel):
    """One month at one employer, in the book and in VssID."""

    month: str = Field(examples=["2026-08"])
    employer_code: str
    employer: str
    book: str = Field(description="contributed, arrears, credited_duration_only or none.")
    vssid: str = Field(description="The same, as VssID shows it.")
    same: bool


class VssidOut(BaseModel):
    """The book and VssID side by side, the newest month first."""

    through: str | None = Field(description="The last month that both know of.")
    differences: int
    months: list[MonthOut]
    cause: str | None = Field(description="Why VssID did not answer.", examples=["NO_CONNECTION"])
    data_as_of: datetime | None = Field(description="When what VssID shows was so.")
    is_whole: bool = Field(
        description="False: VssID told a part; a month that it does not show is no difference."
    )

    @classmethod
    def of(cls, found: VssidView) -> "VssidOut":
        months = [
            MonthOut(
                month=str(each.month),
                employer_code=each.unit,
                employer=each.name,
                book=each.ours,
                vssid=each.theirs,
                same=each.same,
            )
            for each in found.months
        ]
        return cls(
            through=None if found.through is None else str(found.through),
            differences=sum(not each.same for each in months),
            months=months,
            cause=found.cause,
            data_as_of=found.data_as_of,
            is_whole=found.is_whole,
        )


@router.post(
    "/workers/{worker_id}/support",
    responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable),
)
def support(
    worker_id: WorkerId, said: SupportIn, purpose: Purpose, admitted: Admitted
) -> SupportOut:
    """Ask the social-protection register whether support of a policy would be paid twice."""
    with admitted() as (_, calling):
        pass  # who calls; the register is asked with no transaction open
    found = social_support.support_of(
        *(admitted.inst, calling, worker_id, said.policy), purpose=purpose, now=admitted.now
    )
    return SupportOut(receives=found.receives, as_of=found.as_of, cause=found.cause)


@router.get("/me/vssid", responses=problems(NotSignedIn, Denied, NotFound, Unavailable))
def vssid(admitted: Admitted) -> VssidOut:
    """Lay what VssID shows the worker beside the book, month by month."""
    with admitted() as (_, calling):
        pass
    return VssidOut.of(vssid_view.view(admitted.inst, calling, now=admitted.now))
