"""A correction asked for at the desk with the person present: lines, evidence, handing in."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, File, Form, UploadFile
from fastapi.responses import HTMLResponse
from starlette.requests import Request as Sent
from starlette.responses import Response

from api.dependencies import MOST
from api.pages.desk.comparing import compared
from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from api.pages.desk.purposes import StatedPurpose
from api.pages.desk.wording import diploma_of, period_of, wire_value
from api.problems import BodyTooLarge, problems
from labour_book import data
from labour_book.domain.correction_fields import FIELDS, MONTH_STATUSES, Ask, CaseKind
from labour_book.domain.corrections import CaseState
from labour_book.domain.names import display_name
from labour_book.errors import Invalid
from labour_book.services import case_files, correcting, finding_people, line_history
from labour_book.services.correcting import Request

router = desk_router()

FILED_AT = "/desk/assisted"
UPLOADED_TO = f"{FILED_AT}/*/files"

KINDS = (CaseKind.EMPLOYMENT, CaseKind.INSURANCE, CaseKind.QUALIFICATION)
"""What is corrected here; identity is a matter of the population register."""
NO_LINE = 0
"""In place of a line's number: a line that is missing."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "contract_kind": ("INDEFINITE", "FIXED_TERM"),
    "status": MONTH_STATUSES,
    "kind": ("DIPLOMA", "VOCATIONAL_CERTIFICATE", "NATIONAL_SKILL_CERTIFICATE", "LANGUAGE"),
}
"""Fields whose values are chosen from codes."""
_PREFIX = "claimed."
Yes = Annotated[str, Form(max_length=3)]


async def _claimed(request: Sent) -> dict[str, str]:
    """Return what was filled in, as the interface writes it; what was left empty is not asked."""
    form = await request.form()
    sent = {
        name.removeprefix(_PREFIX): str(value)
        for name, value in form.items()
        if name.startswith(_PREFIX)
    }
    return {name: wire_value(name, value) for name, value in sent.items() if value.strip()}


Claimed = Annotated[dict[str, str], Depends(_claimed)]


@router.post("/people/{person_id}/assist", responses=SENT)
def assist(desk: Sending, person_id: UUID, stated: StatedPurpose) -> HTMLResponse:
    """Show the lines of the newest version, to say which of them is wrong; the look is traced."""
    with desk.deed() as db:
        version, book = finding_people.open_newest(
            db, desk.inst, desk.caller, person_id, purpose=stated, now=desk.now
        )
    return desk.page(
        "assist.html",
        person_id=person_id,
        name=display_name(book.identity.full_name),
        version=version,
        jobs=[
            (line.number, line.employer, period_of(line, desk.language))
            for line in book.employments
        ],
        diplomas=[
            (number, diploma_of(line, desk.language), "")
            for number, line in enumerate(book.qualifications, start=1)
        ],
        kinds=KINDS,
        fields=FIELDS,
        choices=CHOICES,
    )


@router.post("/people/{person_id}/assist/draft", responses=SENT)
def draft(
    desk: Sending,
    person_id: UUID,
    claimed: Claimed,
    *,
    kind: Annotated[CaseKind, Form()],
    version: Annotated[int, Form(ge=1, le=MOST)],
    line: Annotated[int, Form(ge=NO_LINE, le=MOST)] = NO_LINE,
    remove: Yes = "",
    present: Yes = "",
    words: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Write down what the person asks for, who is there and has confirmed it."""
    ask = Ask.ADD if line == NO_LINE else Ask.REMOVE if remove == "yes" else Ask.CHANGE
    asked = Request(
        kind,
        ask,
        version=version if line else None,
        line=line or None,
        claimed={} if ask is Ask.REMOVE else claimed,
        words=words,
    )
    with desk.deed() as db:
        file = correcting.draft(
            db,
            desk.inst,
            desk.caller,
            asked,
            person_id=person_id,
            present=present == "yes",
            now=desk.now,
        )
    return desk.go(f"{FILED_AT}/{file.line.case_id}", done="drafted")


@router.get("/assisted/{case_id}", responses=ASKED)
def assisted(desk: Asking, case_id: UUID) -> HTMLResponse:
    """Show what was written down: to add evidence and hand it in, or the slip for the person."""
    with desk.deed() as db:
        file = correcting.own_case(db, desk.inst, desk.caller, case_id, now=desk.now)
        line = line_history.line_of(db, desk.inst, file)
    return desk.page(
        "assisted.html",
        file=file,
        case=file.line,
        rows=compared(file, line, desk.language),
        is_draft=file.line.state is CaseState.DRAFT,
        classes=data.evidence_classes(),
        address=f"{FILED_AT}/{case_id}",
        key=str(uuid4()),
    )


@router.post("/assisted/{case_id}/files", responses=SENT | problems(BodyTooLarge))
def add_file(
    desk: Sending,
    case_id: UUID,
    file: Annotated[UploadFile, File()],
    evidence_class: Annotated[str, Form(max_length=24)] = "",
) -> Response:
    """Add a photo or PDF; what it is, its content says."""
    content = file.file.read()
    with desk.deed() as db:
        case_files.attach(
            db,
            desk.inst,
            desk.caller,
            case_id,
            content,
            evidence_class=evidence_class,
            now=desk.now,
        )
    return desk.go(f"{FILED_AT}/{case_id}", done="attached")


@router.post("/assisted/{case_id}/submit", responses=SENT)
def submit(
    desk: Sending, case_id: UUID, key: Annotated[str, Form(max_length=36)], present: Yes = ""
) -> Response:
    """Hand it in for the person, who has read it."""
    if present != "yes":
        raise Invalid("the person has to be present and confirm it", cause="NOT_PRESENT")
    correcting.submit(desk.inst, desk.caller, case_id, key=key, now=desk.now)
    return desk.go(f"{FILED_AT}/{case_id}", done="submitted")
