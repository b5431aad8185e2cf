"""A case on the desk: what is asked for, where the line comes from, the evidence, the decision."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, Form
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.desk.comparing import compared
from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from api.pages.desk.register_causes import cause_key
from api.pages.desk.wording import cited, coded, ended_because, told_of, value_of
from api.problems import status_of
from labour_book import data
from labour_book.domain.corrections import CaseMoved, CaseTaken, Outcome, Owner, Step
from labour_book.domain.names import display_name
from labour_book.errors import Conflict, Invalid
from labour_book.services import case_files, deciding, line_history
from labour_book.services.callers import Action
from labour_book.services.case_files import OpenedFile
from labour_book.services.case_identity import compare_before_deciding, identity_on_file
from labour_book.services.case_views import RegisterAnswer
from labour_book.services.deciding import Verdict
from labour_book.services.identity_checks import ways_out

router = desk_router()

RELATIONS = ("self", "spouse", "parent", "child", "sibling", "other")
OWNERS = (Owner.COMMUNE, Owner.PROVINCE, Owner.INSURANCE, Owner.EMPLOYER)
"""To whom an official can send a case on."""
DECIDES = (Outcome.APPROVED, Outcome.PARTLY, Outcome.REFUSED)
DEEDS = {
    Step.CLAIM: Action.CASE_CLAIM,
    Step.RELEASE: Action.CASE_CLAIM,
    Step.ASK_MORE: Action.CASE_ASK_MORE,
    Step.PROPOSE: Action.CASE_PROPOSE,
    Step.CONFIRM: Action.CASE_DECIDE,
    Step.SEND_BACK: Action.CASE_DECIDE,
    Step.DECIDE: Action.CASE_DECIDE,
    Step.SEND_ON: Action.CASE_SEND_ON,
    Step.PROPOSE_BACK: Action.CASE_REVERSE,
    Step.REVERSE: Action.CASE_REVERSE,
    Step.LET_STAND: Action.CASE_REVERSE,
}
"""What the page offers, and which right it takes; the deeds themselves ask again."""
FRAGMENT = "x-fragment"
"""The header with which the desk's script asks for a part of a page."""

Words = Annotated[str, Form(max_length=2000)]
Code = Annotated[str, Form(max_length=40)]
Key = Annotated[str, Form(max_length=60)]


@dataclass(frozen=True, slots=True)
class Decided:
    """What the form of a decision holds."""

    outcome: str
    reason_code: str
    words: str
    accepted: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        if self.outcome not in DECIDES:
            raise Invalid("say how it is decided", cause="OUTCOME")
        return Verdict(Outcome(self.outcome), self.reason_code, self.words, self.accepted)


def _decided(
    outcome: Code = "",
    reason_code: Code = "",
    words: Words = "",
    accepted: Annotated[list[str] | None, Form(max_length=10)] = None,
) -> Decided:
    return Decided(outcome, reason_code, words.strip(), tuple(accepted or ()))


Deciding = Annotated[Decided, Depends(_decided)]


@router.get("/cases/{case_id}", responses=ASKED)
def case(desk: Asking, case_id: UUID) -> HTMLResponse:
    """Show a case; the look is traced."""
    return case_page(desk, case_id)


@router.post("/cases/{case_id}/registers", responses=SENT)
def registers(desk: Sending, case_id: UUID) -> HTMLResponse:
    """Ask the registers now what they say of the line."""
    answers = deciding.register_answers(desk.inst, desk.caller, case_id, now=desk.now)
    if FRAGMENT in desk.request.headers:
        return desk.page(
            "register_answers.html", answers=answers, said=_said(desk), cause_key=cause_key
        )
    return case_page(desk, case_id, answers=answers)


@router.post("/cases/{case_id}/decide", responses=SENT)
def decide(
    desk: Sending,
    case_id: UUID,
    decided: Deciding,
    key: Key,
    two_needed: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Decide the case, or propose a decision that another official has to confirm."""
    verdict = decided.verdict
    if verdict.outcome is Outcome.REFUSED:
        return _done(
            desk,
            case_id,
            deciding.refuse,
            done="decided",
            reason_code=verdict.reason_code,
            words=verdict.words,
            key=key,
        )
    if two_needed == "yes":
        return _done(desk, case_id, deciding.propose, verdict, done="proposed")
    compare_before_deciding(desk.inst, desk.caller, case_id, now=desk.now)
    return _done(desk, case_id, deciding.decide, verdict, done="decided", key=key)


@router.post("/cases/{case_id}/confirm", responses=SENT)
def confirm(desk: Sending, case_id: UUID, key: Key) -> Response:
    """Confirm what another official proposed."""
    compare_before_deciding(desk.inst, desk.caller, case_id, now=desk.now)
    return _done(desk, case_id, deciding.confirm, key=key, done="confirmed")


@router.post("/cases/{case_id}/send-back", responses=SENT)
def send_back(desk: Sending, case_id: UUID, words: Words = "") -> Response:
    """Do not confirm it; the case is in the queue again."""
    return _done(desk, case_id, deciding.send_back, words, done="sent-back")


@router.post("/cases/{case_id}/more", responses=SENT)
def ask_more(desk: Sending, case_id: UUID, words: Words = "") -> Response:
    """Ask the asking side for more."""
    return _done(desk, case_id, deciding.ask_more, words, done="asked-more")


@router.post("/cases/{case_id}/send-on", responses=SENT)
def send_on(desk: Sending, case_id: UUID, owner: Code = "", words: Words = "") -> Response:
    """Send the case to another owner, who keeps the field."""
    if owner not in OWNERS:
        raise Invalid("say to whom", cause="OWNER")
    return _done(desk, case_id, deciding.send_on, owner=Owner(owner), words=words, done="sent-on")


@router.post("/cases/{case_id}/propose-back", responses=SENT)
def propose_reversal(
    desk: Sending, case_id: UUID, reason_code: Code = "", words: Words = ""
) -> Response:
    """Propose to take the last decision back; another official has to confirm it."""
    return _done(
        desk,
        case_id,
        deciding.propose_reversal,
        done="proposed",
        reason_code=reason_code,
        words=words,
    )


@router.post("/cases/{case_id}/reverse", responses=SENT)
def reverse(desk: Sending, case_id: UUID, key: Key) -> Response:
    """Confirm that the last decision is taken back."""
    return _done(desk, case_id, deciding.reverse, key=key, done="reversed")


@router.post("/cases/{case_id}/let-stand", responses=SENT)
def let_stand(desk: Sending, case_id: UUID, words: Words = "") -> Response:
    """Do not confirm it; the decision stands."""
    return _done(desk, case_id, deciding.let_stand, words, done="let-stand")


@router.post("/cases/{case_id}/relation", responses=SENT)
def declare_relation(desk: Sending, case_id: UUID, relation: Code = "") -> Response:
    """Declare that the person is the official's own self or family."""
    with desk.deed() as db:
        deciding.declare_relation_in(
            db, desk.inst, desk.caller, case_id, relation=relation, now=desk.now
        )
    return desk.go("/desk/queue", done="relation")


@router.get("/cases/{case_id}/files/{evidence_id}", responses=ASKED)
def file(desk: Asking, case_id: UUID, evidence_id: UUID) -> Response:
    """Hand out a file of the case, always to be saved; traced."""
    with desk.deed() as db:
        opened = case_files.open_file(
            db, desk.inst, desk.caller, case_id, evidence_id, now=desk.now
        )
    return _file(opened, "attachment")


@router.get("/cases/{case_id}/files/{evidence_id}/preview", responses=ASKED)
def preview(desk: Asking, case_id: UUID, evidence_id: UUID) -> Response:
    """Show a small picture of a photo, made anew when the photo came; traced."""
    with desk.deed() as db:
        opened = case_files.open_preview(
            db, desk.inst, desk.caller, case_id, evidence_id, now=desk.now
        )
    return _file(opened, "inline")


def case_page(
    desk: Desk,
    case_id: UUID,
    *,
    answers: Sequence[RegisterAnswer] | None = None,
    conflict: Conflict | None = None,
) -> HTMLResponse:
    """Show a case as it stands now; after a conflict also that somebody else was quicker."""
    with desk.deed() as db:
        file = deciding.case(db, desk.inst, desk.caller, case_id, now=desk.now)
        person = line_history.person_of(db, file)
        identity = identity_on_file(db, file)
        line = line_history.line_of(db, desk.inst, file)
        history = line_history.history_of(db, file)
        similar = deciding.similar_cases(db, desk.inst, desk.caller, case_id, now=desk.now)
    can = frozenset(
        str(step) for step in file.possible if step in DEEDS and desk.caller.may(DEEDS[step])
    )
    return desk.page(
        "case.html",
        status=200 if conflict is None else status_of(type(conflict)),
        conflict=conflict,
        file=file,
        case=file.line,
        address=_address(case_id),
        person=person,
        name=display_name(person.full_name),
        identity=identity,
        ways_out=ways_out(identity),
        rows=compared(file, line, desk.language),
        history=history,
        similar=similar,
        answers=answers,
        said=_said(desk),
        cause_key=cause_key,
        can=can,
        may_claim=desk.caller.may(Action.CASE_CLAIM),
        can_any=lambda *steps: not can.isdisjoint(steps),
        reasons=reasons_by_outcome(),
        evidence_named=lambda code: _named("evidence_classes", "class", code, desk),
        outcomes=DECIDES,
        relations=RELATIONS,
        owners=[each for each in OWNERS if file.line.owner is None or each != file.line.owner.kind],
        key=str(uuid4()),
        mine=file.line.claimed_by == desk.caller.id,
        today=desk.today,
    )


def _said(desk: Desk) -> Mapping[str, Callable[..., str]]:
    """Return the words of a page for fields and codes, in its language."""
    language = desk.language
    return {
        "value": lambda field, value: value_of(field, value, language),
        "told": lambda field, value: told_of(field, value, language),
        "ended": lambda reason: ended_because(reason, language),
        "field": lambda name: coded(language, "desk.field", name),
        "label": lambda row: row[f"label_{language}"],
        "article": lambda source: cited(source, language),
    }


@cache
def reasons_by_outcome() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Return the reasons that an official chooses from, by what they are reasons for."""
    rows = list(data.rows("decision_reasons"))
    return {str(outcome): [row for row in rows if row["outcome"] == outcome] for outcome in Outcome}


def _named(name: str, key: str, code: str, desk: Desk) -> str:
    rows = (row for row in data.rows(name) if row[key] == code)
    return next((row[f"label_{desk.language}"] for row in rows), code)


def _done(
    desk: Desk, case_id: UUID, deed: Callable[..., object], *given: object, done: str, **named: str
) -> Response:
    try:
        with desk.deed() as db:
            deed(db, desk.inst, desk.caller, case_id, *given, **named, now=desk.now)
    except (CaseTaken, CaseMoved) as error:
        return case_page(desk, case_id, conflict=error)
    return desk.go(_address(case_id), done=done)


def _file(opened: OpenedFile, disposition: str) -> Response:
    named = {"Content-Disposition": f'{disposition}; filename="{opened.name}"'}
    return Response(opened.content, headers=named, media_type=opened.media_type)


def _address(case_id: UUID) -> str:
    return f"/desk/cases/{case_id}"
