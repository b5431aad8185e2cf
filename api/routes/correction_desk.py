"""Corrections: what owners do, and what overseers look at."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from api.dependencies import Admission, Admitted, Calling, Db, Inst, Now
from api.problems import problems
from api.routes.correction_forms import (
    CaseId,
    EmployerAnswer,
    FileId,
    Judgement,
    Key,
    Reason,
    Relation,
    Reviewed,
    SentOn,
    WantedCases,
    Worded,
)
from api.routes.corrections import FILE_ANSWER, as_attachment
from labour_book import data
from labour_book.domain.corrections import Outcome
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import case_files, deciding, overseeing
from labour_book.services.access import NotSignedIn
from labour_book.services.case_identity import compare_before_deciding
from labour_book.services.case_problems import (
    CaseMoved,
    CaseTaken,
    KeyTaken,
    LineRestated,
    NothingToReverse,
    OwnMatter,
    ReviewedBefore,
    SecondNeeded,
    StaleLine,
    TooManyDecisions,
)
from labour_book.services.case_views import CaseFile, CaseLine, RegisterAnswer, SimilarCase
from labour_book.services.deciding import QueuePage
from labour_book.services.overseeing import Ageing, Quality, Sample

router = APIRouter(tags=["corrections"])

NOTHING_TO_SAY = 204
READ = problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable)
MOVING = READ | problems(CaseMoved, CaseTaken)
DECIDING = MOVING | problems(
    OwnMatter, SecondNeeded, TooManyDecisions, StaleLine, LineRestated, KeyTaken
)


class ReasonTold(BaseModel):
    """A reason that a decision may give, with the article it stands on."""

    reason: str = Field(examples=["NOT_PROVEN"])
    outcome: Outcome
    label_vi: str
    label_en: str
    article: str


@router.get("/corrections", responses=READ)
def correction_queue(
    wanted: WantedCases,
    *,
    calling: Calling,
    db: Db,
    inst: Inst,
    now: Now,
    cursor: Annotated[str | None, Query(max_length=120)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> QueuePage:
    """Return cases of the own queue, due first; `next_cursor` leads to the next ones."""
    return deciding.queue(db, inst, calling, wanted, cursor=cursor, limit=limit, now=now)


@router.get("/corrections/reasons", responses=READ)
def decision_reasons(calling: Calling, db: Db, now: Now) -> list[ReasonTold]:  # noqa: ARG001 - who calls is asked all the same
    """Return what a decision may say, by outcome, with the article it stands on."""
    return [ReasonTold.model_validate(row) for row in data.rows("decision_reasons")]


@router.get("/corrections/ageing", responses=READ)
def correction_ageing(calling: Calling, db: Db, inst: Inst, now: Now) -> list[Ageing]:
    """Return how the queues of the own unit and those below it stand, worst first."""
    return overseeing.ageing(db, inst, calling, now=now)


@router.get("/corrections/overdue", responses=READ)
def overdue_corrections(calling: Calling, db: Db, inst: Inst, now: Now) -> list[CaseLine]:
    """Return the overdue cases there, the oldest deadline first."""
    return overseeing.overdue(db, inst, calling, now=now)


@router.get("/corrections/quality", responses=READ)
def correction_quality(
    first_day: date, last_day: date, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> Quality:
    """Return how cases were decided there in a span of days, both included."""
    return overseeing.quality(db, inst, calling, first_day=first_day, last_day=last_day, now=now)


@router.get("/corrections/samples", responses=READ)
def correction_samples(calling: Calling, db: Db, inst: Inst, now: Now) -> list[Sample]:
    """Return automatic decisions drawn for review, those not looked at first."""
    return overseeing.samples(db, inst, calling, now=now)


@router.post("/corrections/next", responses=MOVING)
def take_next_correction(calling: Calling, db: Db, inst: Inst, now: Now) -> CaseFile | None:
    """Claim the case that is due first and that nobody has; null if there is none."""
    return deciding.next_case(db, inst, calling, now=now)


@router.get("/corrections/numbered/{number}", responses=READ)
def correction_numbered(
    number: Annotated[str, Path(max_length=20, examples=["YC-7K2M9XD0"])],
    calling: Calling,
    db: Db,
    inst: Inst,
    now: Now,
) -> CaseFile:
    """Return a case by the number that people have."""
    return deciding.case_by_number(db, inst, calling, number, now=now)


@router.get("/corrections/{case_id}", responses=READ)
def correction(case_id: CaseId, calling: Calling, db: Db, inst: Inst, now: Now) -> CaseFile:
    """Return a case to its owner, or to a unit above; traced."""
    return deciding.case(db, inst, calling, case_id, now=now)


@router.get("/corrections/{case_id}/registers", responses=READ)
def correction_registers(
    case_id: CaseId, admitted: Admitted, inst: Inst, now: Now
) -> list[RegisterAnswer]:
    """Ask the registers now what they say of the line; every question is traced."""
    with admitted() as (_, calling):
        pass  # they are waited for with no transaction open
    return deciding.register_answers(inst, calling, case_id, now=now)


@router.get("/corrections/{case_id}/similar", responses=READ)
def similar_corrections(
    case_id: CaseId, calling: Calling, db: Db, inst: Inst, now: Now
) -> list[SimilarCase]:
    """Return the latest other cases about the same employer and kind."""
    return deciding.similar_cases(db, inst, calling, case_id, now=now)


@router.get(
    "/corrections/{case_id}/files/{file_id}",
    response_class=Response,
    responses=FILE_ANSWER | READ | problems(Conflict),
)
def correction_file(
    case_id: CaseId, file_id: FileId, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> Response:
    """Return a file as an attachment under a neutral name."""
    return as_attachment(case_files.open_file(db, inst, calling, case_id, file_id, now=now))


@router.get(
    "/corrections/{case_id}/files/{file_id}/preview",
    response_class=Response,
    responses=FILE_ANSWER | READ | problems(Conflict),
)
def correction_preview(
    case_id: CaseId, file_id: FileId, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> Response:
    """Return a small picture of a photo."""
    return as_attachment(case_files.open_preview(db, inst, calling, case_id, file_id, now=now))


@router.post("/corrections/{case_id}/claim", responses=MOVING)
def claim_correction(case_id: CaseId, calling: Calling, db: Db, inst: Inst, now: Now) -> CaseFile:
    """Take a case, so that others see who handles it."""
    return deciding.claim(db, inst, calling, case_id, now=now)


@router.post("/corrections/{case_id}/release", responses=MOVING)
def release_correction(case_id: CaseId, calling: Calling, db: Db, inst: Inst, now: Now) -> CaseFile:
    """Give a claimed case back."""
    return deciding.release(db, inst, calling, case_id, now=now)


@router.post("/corrections/{case_id}/question", responses=MOVING)
def ask_more_of_correction(
    case_id: CaseId, form: Worded, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Ask the asking side for more."""
    return deciding.ask_more(db, inst, calling, case_id, form.words, now=now)


@router.post("/corrections/{case_id}/decision", responses=DECIDING)
def decide_correction(
    case_id: CaseId, form: Judgement, key: Key, *, admitted: Admitted, inst: Inst, now: Now
) -> CaseFile:
    """Decide a case; a new version of the book follows at once."""
    _compare(admitted, case_id)
    with admitted() as (db, calling):
        return deciding.decide(db, inst, calling, case_id, form.to_verdict(), key=key, now=now)


@router.post("/corrections/{case_id}/refusal", responses=DECIDING)
def refuse_correction(
    case_id: CaseId, form: Reason, key: Key, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Refuse a case, with reason and article."""
    return deciding.refuse(
        db,
        inst,
        calling,
        case_id,
        reason_code=form.reason_code,
        words=form.words,
        key=key,
        now=now,
    )


@router.post("/corrections/{case_id}/proposal", responses=DECIDING)
def propose_correction(
    case_id: CaseId, form: Judgement, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Propose a decision of high impact; another official confirms it."""
    return deciding.propose(db, inst, calling, case_id, form.to_verdict(), now=now)


@router.post("/corrections/{case_id}/confirmation", responses=DECIDING)
def confirm_correction(
    case_id: CaseId, key: Key, *, admitted: Admitted, inst: Inst, now: Now
) -> CaseFile:
    """Confirm what another official proposed."""
    _compare(admitted, case_id)
    with admitted() as (db, calling):
        return deciding.confirm(db, inst, calling, case_id, key=key, now=now)


@router.post("/corrections/{case_id}/return", responses=MOVING | problems(OwnMatter))
def send_back_correction(
    case_id: CaseId, form: Worded, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Do not confirm a proposal."""
    return deciding.send_back(db, inst, calling, case_id, form.words, now=now)


@router.post("/corrections/{case_id}/owner", responses=MOVING)
def send_on_correction(
    case_id: CaseId, form: SentOn, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Send a case to another owner."""
    return deciding.send_on(db, inst, calling, case_id, owner=form.owner, words=form.words, now=now)


@router.post("/corrections/{case_id}/employer-answer", responses=MOVING)
def answer_as_employer(
    case_id: CaseId, form: EmployerAnswer, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Say as the enterprise whether a worker's claim is right."""
    return deciding.employer_answers(
        db, inst, calling, case_id, agrees=form.agrees, words=form.words, now=now
    )


@router.post(
    "/corrections/{case_id}/reversal/proposal", responses=DECIDING | problems(NothingToReverse)
)
def propose_reversal(
    case_id: CaseId, form: Reason, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Propose to take the decision back; another official, who has not made it, confirms."""
    return deciding.propose_reversal(
        db, inst, calling, case_id, reason_code=form.reason_code, words=form.words, now=now
    )


@router.post("/corrections/{case_id}/reversal", responses=DECIDING | problems(NothingToReverse))
def reverse_correction(
    case_id: CaseId, key: Key, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Confirm that the decision is taken back, by a further one; nothing is erased."""
    return deciding.reverse(db, inst, calling, case_id, key=key, now=now)


@router.post(
    "/corrections/{case_id}/reversal/return",
    responses=MOVING | problems(OwnMatter, NothingToReverse),
)
def let_decision_stand(
    case_id: CaseId, form: Worded, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Do not confirm that the decision is taken back; it stands."""
    return deciding.let_stand(db, inst, calling, case_id, form.words, now=now)


@router.post("/corrections/{case_id}/relation", status_code=NOTHING_TO_SAY, responses=MOVING)
def declare_relation(
    case_id: CaseId, form: Relation, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> None:
    """Declare that the person is oneself or family; the case is then decided by others."""
    deciding.declare_relation_in(db, inst, calling, case_id, relation=form.relation, now=now)


@router.post(
    "/corrections/{case_id}/review",
    status_code=NOTHING_TO_SAY,
    responses=MOVING | problems(ReviewedBefore),
)
def review_correction(
    case_id: CaseId, form: Reviewed, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> None:
    """Note what was found of an automatic decision that was drawn for review."""
    overseeing.review(
        db, inst, calling, case_id, was_right=form.was_right, words=form.words, now=now
    )


def _compare(admitted: Admission, case_id: UUID) -> None:
    """Compare the person with the population register, with no transaction open meanwhile."""
    with admitted() as (_, calling):
        pass
    compare_before_deciding(admitted.inst, calling, case_id, now=admitted.now)
