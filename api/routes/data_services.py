"""What other systems may ask of us: yes or no about a person, and headcounts of enterprises."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, Field

from api.dependencies import Admitted, Now, ReadingDb
from api.problems import problems
from api.routes.media import JSON, answers
from api.routes.trust import KEYS, Publish
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import data_services, keys
from labour_book.services.access import NotSignedIn
from labour_book.services.data_services import Asked, Question, StatusQuery

router = APIRouter(prefix="/services", tags=["data services"])


def _partial_date(text: str) -> str:
    return _read(PartialDate.parse, text)


def _month(text: str) -> str:
    return _read(Month.parse, text)


def _read(parse: Any, text: str) -> str:  # noqa: ANN401 - either of the two above
    try:
        parse(text)
    except Invalid as error:
        raise ValueError(str(error)) from error
    return text


class Query(BaseModel):
    """What stands over every query."""

    message_id: UUID = Field(
        description="Of this query; the answer names it as its `correlation_id`.",
        examples=["6b1f2a52-0d43-4c39-9d5e-9b1e55f0a001"],
    )
    purpose: str = Field(
        min_length=1,
        max_length=200,
        description="What for, in words the person understands; they can read it.",
        examples=["Xét hồ sơ trợ cấp thất nghiệp 2026/1187"],
    )
    legal_basis: str = Field(
        min_length=1,
        max_length=200,
        description="The act and article, or the agreement, under which it is asked.",
        examples=["ND 374/2025/NĐ-CP"],
    )

    def asked(self) -> Asked:
        return Asked(self.message_id, self.purpose, self.legal_basis)


class StatusIn(Query):
    """A question about one person, named by number and birth date together."""

    personal_id: str = Field(
        min_length=12, max_length=12, examples=["001090123456"], json_schema_extra={"format": "id"}
    )
    birth_date: Annotated[str, AfterValidator(_partial_date)] = Field(
        description="As the population register has it: a day, a month or a year.",
        max_length=10,
        examples=["1990-05-17"],
    )
    question: Question = Field(
        description="`works-at` an enterprise now; `insured` in the last month that was reported; "
        "`has-valid-book` in force today."
    )
    enterprise_code: str | None = Field(
        default=None, min_length=10, max_length=14, description="With `works-at` alone."
    )

    def query(self) -> StatusQuery:
        born = PartialDate.parse(self.birth_date)
        return StatusQuery(self.personal_id, born, self.question, self.enterprise_code)


class HeadcountIn(Query):
    """Enterprises, and the month in which those whom they insure are counted."""

    enterprise_codes: list[Annotated[str, Field(min_length=10, max_length=14)]] = Field(
        min_length=1, max_length=data_services.MOST_CODES, examples=[["0100109106"]]
    )
    month: Annotated[str, AfterValidator(_month)] | None = Field(
        default=None, description="`YYYY-MM`; without it, the last month that was reported."
    )


class Answered(BaseModel):
    """An answer to be read, and the same signed, to be kept."""

    envelope: dict[str, Any] = Field(
        description="`message_id`, `correlation_id`, `sender_org`, `receiver_org`, `service`, "
        "`version`, `purpose`, `legal_basis`, `requested_at`, `data_as_of`, `valid_until`, "
        "`status`, `body`.",
        examples=[
            {"status": "OK", "body": {"question": "insured", "answer": True, "as_of": "2026-10"}}
        ],
    )
    signed: str = Field(
        description="Compact JWS (ES256, `typ` data-answer+jwt) with the envelope as its payload; "
        "the key is in `/services/jwks`.",
        examples=["eyJ...eyJ...MEU"],
    )


@router.post(
    "/employment-status",
    responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable),
)
def employment_status(said: StatusIn, admitted: Admitted) -> Answered:
    """Answer yes or no about one person: for registered systems whose scope names this service.

    The worker sees who asked, when and what for. Nobody with that number and birth date is
    answered like one who is outside the caller's reach.
    """
    with admitted() as (db, calling):
        found = data_services.employment_status(
            *(db, admitted.inst, calling, said.asked(), said.query()), now=admitted.now
        )
    return Answered(envelope=dict(found.envelope), signed=found.signed)


@router.post("/headcount", responses=problems(NotSignedIn, Denied, Invalid, Conflict, Unavailable))
def headcount(said: HeadcountIn, admitted: Admitted) -> Answered:
    """Answer how many people enterprises insure in a month: for the enterprise register."""
    month = None if said.month is None else Month.parse(said.month)
    with admitted() as (db, calling):
        found = data_services.headcount(
            *(db, admitted.inst, calling, said.asked(), said.enterprise_codes),
            month=month,
            now=admitted.now,
        )
    return Answered(envelope=dict(found.envelope), signed=found.signed)


@router.get("/jwks", response_class=Response, responses=answers(JSON, KEYS) | problems(Unavailable))
def answer_keys(db: ReadingDb, now: Now, publish: Publish) -> Response:
    """Return the public keys (RFC 7517) that answers are signed with."""
    return publish(orjson.dumps(keys.answer_jwks(db, now)), JSON)
