"""Supervision: how cases age, how well units decide, samples to review, who looked, and lists."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, get_args
from uuid import UUID

from fastapi import Depends, Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from api.dependencies import MOST_OF_TRACE
from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from api.pages.desk.lists import listed_ageing, listed_overdue, listed_quality, listed_trace
from api.pages.desk.wording import coded, purpose_in_words, wire_value
from api.problems import status_of
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Invalid
from labour_book.services import (
    access,
    exporting,
    late_requests,
    overseeing,
    quality_numbers,
    trace_reading,
)
from labour_book.services.callers import Action
from labour_book.services.exporting import Listed
from labour_book.services.trace_reading import Asked, TracedPage

router = desk_router()

ADDRESS = "/desk/oversight"
BANDS = ("late", "today", "1-2", "3-5", "6+")
"""Working days left, as ``overseeing.Ageing`` counts them."""
USUAL_SPAN = timedelta(days=29)
LISTS = ("ageing", "overdue", "quality", "trace")
Day = Annotated[str, Query(max_length=10)]
SentDay = Annotated[str, Form(max_length=10)]
Word = Annotated[str, Form(max_length=80)]
PurposeSaid = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class Span:
    """A span of days, both included, as it was asked for."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class TraceForm:
    """What the form of the trace holds."""

    asked: Asked
    purpose: str
    before: int | None


def span_in(first: str, last: str, today: date) -> Span:
    """Return the span of days that was written; the last thirty days where nothing was.

    Raises:
        Invalid: that is no day.
    """
    first, last = (wire_value("first_day", each) for each in (first, last))
    try:
        last_day = date.fromisoformat(last) if last else today
        return Span(date.fromisoformat(first) if first else last_day - USUAL_SPAN, last_day)
    except (ValueError, OverflowError) as error:
        raise Invalid("this is no day", cause="DAY") from error


def _trace_form(
    desk: Sending,
    *,
    first: SentDay = "",
    last: SentDay = "",
    number: Word = "",
    person: Annotated[UUID | None, Form()] = None,
    actor: Word = "",
    action: Word = "",
    outcome: Word = "",
    purpose: PurposeSaid = "",
    before: Annotated[int | None, Form(ge=1, le=MOST_OF_TRACE)] = None,
) -> TraceForm:
    span = span_in(first, last, desk.today)
    asked = Asked(
        span.first_day,
        span.last_day,
        number.strip(),
        person,
        actor.strip(),
        action.strip(),
        outcome.strip(),
    )
    return TraceForm(asked, " ".join(purpose.split()), before)


SentTrace = Annotated[TraceForm, Depends(_trace_form)]


@router.get("/oversight", responses=ASKED)
def oversight(desk: Asking, first: Day = "", last: Day = "") -> HTMLResponse:
    """Show how cases age, what is overdue, and how well the units decide."""
    span = span_in(first, last, desk.today)
    sees_cases = desk.caller.may(Action.CASE_QUEUE)
    with desk.deed() as db:
        given = (db, desk.inst, desk.caller)
        ageing = overseeing.ageing(*given, now=desk.now)
        overdue = overseeing.overdue(*given, now=desk.now) if sees_cases else []
        reversals = overseeing.reversals(*given, now=desk.now) if sees_cases else []
        units = quality_numbers.by_unit(
            db, desk.caller, first_day=span.first_day, last_day=span.last_day, now=desk.now
        )
        data_requests = late_requests.waiting_by_commune(db, desk.caller, now=desk.now)
    return desk.page(
        "oversight.html",
        data_requests=data_requests,
        places=desk.inst.places.communes,
        ageing=ageing,
        overdue=overdue,
        reversals=reversals,
        sees_cases=sees_cases,
        units=units,
        span=span,
        bands=BANDS,
        today=desk.today,
        may_export=desk.caller.may(Action.LIST_EXPORT),
    )


@router.get("/oversight/samples", responses=ASKED)
def samples(desk: Asking) -> HTMLResponse:
    """Show automatic decisions that were drawn for review, those not looked at first."""
    with desk.deed() as db:
        access.check_role(desk.caller, Action.CASE_OVERSEE, desk.now)
        drawn = overseeing.samples(db, desk.inst, desk.caller, now=desk.now)
    may_review = desk.caller.may(Action.CASE_REVIEW)
    return desk.page("samples.html", samples=drawn, may_review=may_review)


@router.post("/oversight/samples/{case_id}", responses=SENT)
def review(
    desk: Sending,
    case_id: UUID,
    right: Annotated[str, Form(max_length=3)] = "",
    words: Annotated[str, Form(max_length=2000)] = "",
) -> RedirectResponse:
    """Note what was found of a sampled decision."""
    if right not in {"yes", "no"}:
        raise Invalid("say whether it was right", cause="RIGHT")
    with desk.deed() as db:
        overseeing.review(
            db,
            desk.inst,
            desk.caller,
            case_id,
            was_right=right == "yes",
            words=words,
            now=desk.now,
        )
    return desk.go(f"{ADDRESS}/samples", done="reviewed")


@router.get("/oversight/trace", responses=ASKED)
def ask_trace(desk: Asking) -> HTMLResponse:
    """Ask which rows of the trace are wanted, and what for."""
    span = span_in("", "", desk.today)
    asked = Asked(span.first_day, span.last_day)
    return _trace_page(desk, TraceForm(asked, "", None))


@router.post("/oversight/trace", responses=SENT)
def read_trace(desk: Sending, form: SentTrace) -> HTMLResponse:
    """Show who looked at what; this look is traced too."""
    try:
        found = _read(desk, form, limit=trace_reading.PAGE)
    except Invalid as error:
        wrong = str(error.facts.get("cause", "PURPOSE"))
        return _trace_page(desk, form, status=status_of(type(error)), wrong=wrong)
    return _trace_page(desk, form, found=found)


@router.post("/oversight/export", responses=SENT)
def export(
    desk: Sending, trace_form: SentTrace, name: Word, file_form: Annotated[str, Form(alias="form")]
) -> Response:
    """Hand out a list as a file: for a purpose, with its length in the trace."""
    forms = {each: each for each in get_args(exporting.Form)}
    if name not in LISTS or file_form not in forms:
        raise Invalid("there is no such list", cause="LIST")
    listed = _listed(desk, name, trace_form)
    form = forms[file_form]
    with desk.deed() as db:
        content = exporting.export(
            db, desk.caller, listed, form, purpose=trace_form.purpose, now=desk.now
        )
    day = f"{vietnam_day(desk.now):%Y%m%d}"
    named = {"Content-Disposition": f'attachment; filename="{name}-{day}.{form}"'}
    return Response(content, headers=named, media_type=exporting.MEDIA_TYPES[form])


def _listed(desk: Desk, name: str, form: TraceForm) -> Listed:
    """Return a list as its page shows it, in the language of the page."""
    if name == "trace":
        return listed_trace(_read(desk, form, limit=trace_reading.MOST).rows, desk.language)
    asked = form.asked
    with desk.deed() as db:
        given = (db, desk.inst, desk.caller)
        if name == "ageing":
            return listed_ageing(overseeing.ageing(*given, now=desk.now), BANDS, desk.language)
        if name == "overdue":
            return listed_overdue(overseeing.overdue(*given, now=desk.now), desk.language)
        units = quality_numbers.by_unit(
            db, desk.caller, first_day=asked.first_day, last_day=asked.last_day, now=desk.now
        )
    return listed_quality(units, desk.language)


def _read(desk: Desk, form: TraceForm, *, limit: int) -> TracedPage:
    with desk.deed() as db:
        return trace_reading.read_trace(
            db,
            desk.inst,
            desk.caller,
            form.asked,
            purpose=form.purpose,
            before=form.before,
            limit=limit,
            now=desk.now,
        )


def _trace_page(
    desk: Desk,
    form: TraceForm,
    *,
    status: int = 200,
    found: TracedPage | None = None,
    wrong: str = "",
) -> HTMLResponse:
    return desk.page(
        "trace.html",
        status=status,
        form=form,
        found=found,
        wrong=wrong,
        actions=sorted(Action),
        may_read=desk.caller.may(Action.TRACE_READ),
        may_export=desk.caller.may(Action.LIST_EXPORT),
        deed_named=lambda action: coded(desk.language, "desk.deed", action),
        purpose_named=lambda purpose: purpose_in_words(desk.language, purpose),
        outcome_named=lambda outcome: coded(desk.language, "desk.trace.outcome", outcome),
    )
