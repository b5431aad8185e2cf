"""Form 03 on the screen: the paper's sections and rules, doubles shown before it is recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.desk.collection import named_communes
from api.pages.desk.fields import field_names
from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from labour_book.database import Db
from labour_book.domain.people import PartialDate
from labour_book.errors import Invalid
from labour_book.services import access, entering, home_visits, planning
from labour_book.services.callers import Action
from labour_book.services.entering import Form
from labour_book.services.form_questions import BRANCHES, SECTIONS, asked, question
from labour_book.services.likeness import Likeness
from labour_book.services.receipts import Told

router = desk_router()

ADDRESS = "/desk/collection/form"
LONGEST_TEXT = 400
SEVERAL = ";"
_NOBODY = Likeness((), 0)
Given = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as it is shown: what it holds, what is wrong with it, and who it may be about."""

    form: Form
    wrong: Sequence[Told] = ()
    doubtful: Sequence[Told] = ()
    likeness: Likeness = _NOBODY

    @property
    def texts(self) -> Mapping[str, str]:
        return self.form.texts

    def about(self, field: str) -> list[Told]:
        """Return what there is to say of a field."""
        return [each for each in (*self.wrong, *self.doubtful) if each.field == field]


async def given_in(request: Request) -> Given:
    """Return what a form holds, field by field."""
    form = await request.form()
    return {name: [str(each) for each in form.getlist(name)] for name in form}


@router.get("/collection/form", responses=ASKED)
def empty_form(desk: Asking, visit: Annotated[UUID | None, Query()] = None) -> HTMLResponse:
    """Show a form: empty, or begun with what is known of whom a visit is to."""
    commune, texts = "", dict[str, str]()
    with desk.deed() as db:
        access.check_role(desk.caller, Action.FORM_ENTER, desk.now)
        if visit is not None:
            plan, found = home_visits.visit_of(db, desk.caller, visit, now=desk.now)
            commune = plan.commune_code
            texts = {"village": plan.hamlet, "household_code": found.household_code}
            if found.person_id is not None:
                known = entering.known_answers(
                    db, desk.inst, desk.caller, found.person_id, now=desk.now
                )
                texts |= known
    form = Form(uuid4(), commune, PartialDate.of_day(desk.today), texts, visit)
    return _page(desk, Shown(form))


@router.post("/collection/form", responses=SENT)
def send_form(desk: Sending, given: Annotated[Given, Depends(given_in)]) -> Response:
    """Record a form; first show what is doubtful about it, and who on file it may be about."""
    stated = form_in(given)
    with desk.deed() as db:
        form = entering.with_known_id(db, desk.inst, desk.caller, stated, now=desk.now)
        shown = doubts(desk, db, form, is_sure=given.get("sure") == ["yes"])
        is_accepted = shown is None and recorded(desk, db, form)
    if shown is not None:
        as_stated = replace(shown, form=stated)  # an ID that was masked stays so
        return _page(desk, as_stated, status=422 if shown.wrong else 409)
    return desk.go(f"{ADDRESS}/{form.key}", done="entered" if is_accepted else "kept")


@router.get("/collection/form/{key}", responses=ASKED)
def entered(desk: Asking, key: UUID) -> HTMLResponse:
    """Show what became of a form."""
    with desk.deed() as db:
        found = entering.form_entered(db, desk.inst, desk.caller, key, now=desk.now)
    return desk.page("form_entered.html", entered=found, field_name=field_names(desk))


def doubts(desk: Desk, db: Db, form: Form, *, is_sure: bool) -> Shown | None:
    """Return what has to be looked at before a form is recorded; None if nothing has to be."""
    wrong, doubtful = entering.check_form(form)
    if wrong:
        return Shown(form, wrong, doubtful)
    if is_sure:
        return None
    like = entering.similar_people(db, desk.inst, desk.caller, form, now=desk.now)
    if doubtful or like.people or like.elsewhere:
        return Shown(form, (), doubtful, like)
    return None


def recorded(desk: Desk, db: Db, form: Form) -> bool:
    """Record a form and end its visit; tell whether it was accepted."""
    done = entering.enter_form(db, desk.inst, desk.caller, form, now=desk.now)
    if form.visit_id is not None and done.is_accepted and not done.was_entered_before:
        person_id = done.receipt.person_id
        home_visits.finish_visit(db, desk.caller, form.visit_id, person_id, now=desk.now)
    return done.is_accepted


def _page(desk: Desk, shown: Shown, *, status: int = 200) -> HTMLResponse:
    with desk.deed() as db:
        communes = planning.communes_of(db, desk.caller, now=desk.now)
    activity = shown.texts.get("economic_activity", "")
    return desk.page(
        "form03.html",
        status=status,
        shown=shown,
        field_name=field_names(desk),
        sections=SECTIONS,
        branches=BRANCHES,
        question=question,
        communes=named_communes(desk, communes),
        filled=[
            name
            for name, fields in BRANCHES.items()
            if name != activity and any(shown.texts.get(each) for each in fields)
        ],
        places=desk.inst.places.communes,
    )


def form_in(given: Given) -> Form:
    """Return a form as it was filled in.

    Raises:
        Invalid: it is not one of ours, or has no date.
    """

    def one(name: str) -> str:
        return (given.get(name) or [""])[0].strip()

    try:
        key, visit = UUID(one("key")), UUID(one("visit")) if one("visit") else None
    except ValueError as error:
        raise Invalid("open the form again") from error
    texts = {
        name: SEVERAL.join(each.strip()[:LONGEST_TEXT] for each in given.get(name, ()) if each)
        for name in asked()
    }
    collected_on = PartialDate.parse(one("collected_on"))
    return Form(key, one("commune_code"), collected_on, texts, visit)
