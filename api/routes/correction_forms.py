"""What is sent about corrections: small closed forms, keys that make a deed happen once, files."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Path, Query, Request
from pydantic import Field
from starlette.datastructures import UploadFile

from api.dependencies import MOST
from api.problems import MediaTypeUnknown
from api.routes.share_forms import Form
from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.domain.corrections import CaseState, Outcome, Owner
from labour_book.errors import Invalid
from labour_book.services.correcting import Request as Correction
from labour_book.services.deciding import QueueFilter, Verdict

_MULTIPART = "multipart/form-data"
_MOST_FIELDS = 3
CaseId = Annotated[UUID, Path(description="The case's id.")]
FileId = Annotated[UUID, Path(description="The file's id.")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=36,
        description="Your own name for this deed: sent again with it, it is done once.",
    ),
]
Words = Annotated[str, Field(max_length=4_000, examples=["Tôi gửi kèm hợp đồng lao động."])]
Value = Annotated[str, Field(max_length=400)]
FieldName = Annotated[str, Field(max_length=40)]


class NewCorrection(Form):
    """What is wrong, and what is right. Whoever asks for somebody else says whose it is."""

    kind: CaseKind
    ask: Ask
    version: int | None = Field(
        None, ge=1, le=MOST, description="The version that `line` belongs to."
    )
    line: int | None = Field(
        None,
        ge=1,
        le=MOST,
        description="Number of the entry; of a qualification its place in the list.",
    )
    claimed: dict[FieldName, Value] = Field(
        default_factory=dict, max_length=12, examples=[{"first_day": "2021-03-01"}]
    )
    words: Words = ""
    person_id: UUID | None = Field(None, description="For officials and enterprises.")
    present: bool = Field(
        default=False, description="For officials: the person is there and has confirmed it."
    )

    def to_request(self) -> Correction:
        return Correction(self.kind, self.ask, self.version, self.line, self.claimed, self.words)


class Worded(Form):
    """Something said in words."""

    words: Words


class Rating(Form):
    """How satisfied the asking side is."""

    stars: int = Field(ge=1, le=5, strict=True)
    words: Words = ""


class Judgement(Form):
    """What is decided or proposed, and why."""

    outcome: Outcome
    reason_code: str = Field(max_length=40, examples=["EVIDENCE_CONVINCES"])
    words: Words = ""
    accepted: list[FieldName] = Field(
        default_factory=list, max_length=12, description="With `partly`: the accepted fields."
    )

    def to_verdict(self) -> Verdict:
        return Verdict(self.outcome, self.reason_code, self.words, tuple(self.accepted))


class Reason(Form):
    """Why a case is refused, or a decision taken back."""

    reason_code: str = Field(max_length=40, examples=["NOT_PROVEN"])
    words: Words = ""


class SentOn(Form):
    """To whom a case is sent, and why."""

    owner: Owner
    words: Words


class EmployerAnswer(Form):
    """Whether what a worker claims is right, as the enterprise says."""

    agrees: bool
    words: Words = ""


class Relation(Form):
    """How an official is related to the person of a case."""

    relation: str = Field(
        max_length=12,
        examples=["spouse"],
        description="self, spouse, parent, child, sibling, other",
    )


class Reviewed(Form):
    """What an inspector found of an automatic decision."""

    was_right: bool
    words: Words = ""


def queue_filter(  # noqa: PLR0917 - the parameters of the address
    state: Annotated[list[CaseState] | None, Query(max_length=9)] = None,
    owner: Annotated[list[Owner] | None, Query(max_length=6)] = None,
    kind: Annotated[list[CaseKind] | None, Query(max_length=4)] = None,
    overdue: Annotated[bool | None, Query(description="Only those late, or only the others.")] = (
        None
    ),
    claimed: Annotated[str, Query(pattern="^(me|nobody|others|)$")] = "",
    below: Annotated[bool, Query(description="Also the queues of units below.")] = False,  # noqa: FBT002 - a parameter of the address
) -> QueueFilter:
    """Return which cases of a queue are wanted."""
    return QueueFilter(
        states=frozenset(state or ()),
        owner_kinds=frozenset(owner or ()),
        kinds=frozenset(kind or ()),
        overdue=overdue,
        claimed=claimed,
        below=below,
    )


WantedCases = Annotated[QueueFilter, Depends(queue_filter)]


@dataclass(frozen=True, slots=True)
class SentEvidence:
    """A file as it was sent; what it is called does not matter."""

    content: bytes
    evidence_class: str


async def sent_evidence(request: Request) -> SentEvidence:
    """Return the file in the body, and what kind of paper it is.

    Raises:
        MediaTypeUnknown: the body is no form with a file.
        Invalid: the form has no file.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _MULTIPART:
        raise MediaTypeUnknown(f"send {_MULTIPART}")
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as form:
        file, named = form.get("file"), form.get("evidence_class")
        if not isinstance(file, UploadFile):
            raise Invalid("the form has no file in a field named file", cause="FILE_MISSING")
        return SentEvidence(await file.read(), named if isinstance(named, str) else "OTHER")


Evidence = Annotated[SentEvidence, Depends(sent_evidence)]
