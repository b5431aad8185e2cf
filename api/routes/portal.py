"""Dossiers that go on at the National Public Service Portal, and the results that come back."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, status
from pydantic import BaseModel, Field

from api.dependencies import Admitted, Inst, Now, aside
from api.problems import problems
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import portal_dossiers
from labour_book.services.access import NotSignedIn
from labour_book.services.portal_dossiers import RESULTS_PATH, OwnDossier

router = APIRouter(tags=["public service portal"])

Text = Annotated[str, Field(min_length=1, max_length=200)]


class Diploma(BaseModel):
    """A diploma or certificate as its holder states it."""

    kind: Text = Field(examples=["DIPLOMA"])
    level: Text = Field(examples=["4"])
    field: Text = Field(examples=["Điện dân dụng"])
    issuer: Text = Field(examples=["Trường Trung cấp nghề Mẫu"])
    issued_on: Text = Field(examples=["2019-08-13"])
    number: Text = Field(examples=["C9545354"])


class BenefitApplication(BaseModel):
    """Which job has ended, and where unemployment benefit is to be paid."""

    employer: Text = Field(examples=["CÔNG TY TNHH MAY MẪU"])
    last_day: Text = Field(examples=["2026-09-30"])
    receive_at: Text = Field(examples=["Thành phố Hà Nội"])


class DossierIn(BaseModel):
    """What is handed over beside name, birth date and personal ID, which we know."""

    procedure: Literal["qualification.recognise", "unemployment-benefit.apply"]
    said: Diploma | BenefitApplication = Field(description="As the procedure asks for.")


class Dossier(BaseModel):
    """A dossier of the worker."""

    code: str = Field(examples=["SLD-7F3A90C1D2E4B586"])
    procedure: str
    state: str = Field(description="begun, handed-over, granted or refused.")
    created_at: datetime
    address: str | None = Field(description="Where to go on at the portal.")
    decided_on: date | None

    @classmethod
    def of(cls, found: OwnDossier) -> "Dossier":
        return cls(**{name: getattr(found, name) for name in OwnDossier.__slots__})


class Taken(BaseModel):
    """That a result was taken, now or before."""

    state: str = Field(examples=["granted"])


@router.post(
    "/me/dossiers",
    status_code=status.HTTP_201_CREATED,
    responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable),
)
def begin(said: DossierIn, admitted: Admitted) -> Dossier:
    """Begin a dossier, hand it over filled in, and say where to go on."""
    with admitted() as (_, calling):
        pass  # who calls; the portal is asked with no transaction open
    found = portal_dossiers.begin(
        *(admitted.inst, calling, said.procedure, said.said.model_dump()), now=admitted.now
    )
    return Dossier.of(found)


@router.post(
    "/me/dossiers/{code}/again",
    responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable),
)
def hand_over_again(code: Annotated[str, Path(max_length=40)], admitted: Admitted) -> Dossier:
    """Hand over a dossier that the portal did not take before."""
    with admitted() as (_, calling):
        pass
    found = portal_dossiers.hand_over_again(admitted.inst, calling, code, now=admitted.now)
    return Dossier.of(found)


@router.get("/me/dossiers", responses=problems(NotSignedIn, Denied, NotFound, Unavailable))
def dossiers(admitted: Admitted) -> list[Dossier]:
    """Return the worker's dossiers, the newest first."""
    with admitted() as (db, calling):
        found = portal_dossiers.own_dossiers(db, calling, now=admitted.now)
    return [Dossier.of(each) for each in found]


@router.post(RESULTS_PATH, responses=problems(Unavailable, NotFound, Conflict))
async def result(request: Request, inst: Inst, now: Now) -> Taken:
    """Take the result of a dossier: a signed notification (`/schemas/v1/portal.result`).

    The same one may come any number of times.
    """
    content = await request.body()
    state = await aside(lambda: portal_dossiers.take_result(inst, content, now=now))
    return Taken(state=state)
