"""Support of those who lost work: the commune's lists, one person, and what is done for them."""

from typing import Annotated, get_args
from uuid import UUID

from fastapi import Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.job_loss import LossState
from labour_book.domain.names import display_name
from labour_book.domain.support import State
from labour_book.errors import Invalid
from labour_book.law.programmes import programmes
from labour_book.queries.support_lists import Lost, Offered, Uninsured
from labour_book.services import exporting, support_desk
from labour_book.services.callers import Action
from labour_book.services.explaining_support import sum_shown
from labour_book.services.exporting import Cell, Listed
from labour_book.services.law_rules import article, word
from labour_book.services.support_desk import PAGE, Wanted, Which

router = desk_router()

ADDRESS = "/desk/support"
Short = Annotated[str, Query(max_length=40)]
SentShort = Annotated[str, Form(max_length=40)]
STATES = {Which.LOST: tuple(LossState), Which.PROPOSED: tuple(State)}
"""What each list can be narrowed to."""


@router.get("/support", responses=ASKED)
def lists(
    desk: Asking,
    *,
    which: Which = Which.UNINSURED,
    state: Short = "",
    policy: Short = "",
    after: UUID | None = None,
) -> HTMLResponse:
    """List who has no insurance, who lost work, or what was proposed, in the own communes."""
    wanted = _wanted(which, state, policy)
    with desk.deed() as db:
        rows = support_desk.listed(db, desk.caller, wanted, after=after, now=desk.now)
    last = rows[-1] if len(rows) == PAGE else None
    return desk.page(
        "support.html",
        rows=rows,
        wanted=wanted,
        whiches=tuple(Which),
        states=STATES.get(which, ()),
        programmes=programmes(),
        places=desk.inst.places.communes,
        is_first=after is None,
        more=None if last is None else _key(last),
        display_name=display_name,
        word=word,
        may_export=desk.caller.may(Action.LIST_EXPORT),
    )


@router.get("/support/people/{person_id}", responses=ASKED)
def person(desk: Asking, person_id: UUID) -> HTMLResponse:
    """Open one person: losses of work, what was proposed, and how each support is come to."""
    with desk.deed() as db:
        found = support_desk.opened(
            *(db, desk.inst, desk.caller, person_id), now=desk.now, language=desk.language
        )
    return desk.page(
        "support_person.html",
        found=found,
        name=display_name(found.person.full_name),
        places=desk.inst.places.communes,
        word=word,
        sum_shown=sum_shown,
        article=article,
        may_act=desk.caller.may(Action.SUPPORT_REMIND),
    )


@router.post("/support/proposals/{proposal_id}/remind", responses=SENT)
def remind(desk: Sending, proposal_id: UUID) -> RedirectResponse:
    """Remind the worker of what was proposed."""
    with desk.deed() as db:
        whose = support_desk.remind(db, desk.caller, proposal_id, now=desk.now)
    return _back(desk, whose, "support-reminded")


@router.post("/support/proposals/{proposal_id}/ask", responses=SENT)
def ask(desk: Sending, proposal_id: UUID) -> RedirectResponse:
    """Ask the social-protection register about support that overlaps."""
    whose = support_desk.ask(desk.inst, desk.caller, proposal_id, now=desk.now)
    return _back(desk, whose, "support-asked")


@router.post("/support/proposals/{proposal_id}/prepare", responses=SENT)
def prepare(desk: Sending, proposal_id: UUID) -> RedirectResponse:
    """Draw the dossier up and hand it over, for a person at the counter."""
    whose = support_desk.prepare(desk.inst, desk.caller, proposal_id, now=desk.now)
    return _back(desk, whose, "support-prepared")


@router.post("/support/proposals/{proposal_id}/done", responses=SENT)
def done(
    desk: Sending, proposal_id: UUID, reason: Annotated[str, Form(max_length=80)] = ""
) -> RedirectResponse:
    """Note that a support that only reminds is dealt with."""
    with desk.deed() as db:
        whose = support_desk.mark_done(db, desk.caller, proposal_id, reason, now=desk.now)
    return _back(desk, whose, "support-done")


@router.post("/support/export", responses=SENT)
def export(
    desk: Sending,
    *,
    which: Annotated[Which, Form()],
    state: SentShort = "",
    policy: SentShort = "",
    purpose: Annotated[str, Form(max_length=200)] = "",
    file_form: Annotated[str, Form(alias="form")],
) -> Response:
    """Hand out a list as a file: for a purpose, with its length in the trace."""
    forms = {each: each for each in get_args(exporting.Form)}
    if file_form not in forms:
        raise Invalid("there is no such list", cause="LIST")
    wanted = _wanted(which, state, policy)
    most = support_desk.MOST_EXPORTED
    with desk.deed() as db:
        rows = support_desk.listed(db, desk.caller, wanted, limit=most, now=desk.now)
        form = forms[file_form]
        listed = _listed(desk, wanted, rows)
        content = exporting.export(db, desk.caller, listed, form, purpose=purpose, now=desk.now)
    name = f"{listed.name}-{vietnam_day(desk.now):%Y%m%d}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=exporting.MEDIA_TYPES[form])


def _wanted(which: Which, state: str, policy: str) -> Wanted:
    known = {str(each) for each in STATES.get(which, ())}
    return Wanted(
        which,
        state if state in known else "",
        policy if policy in programmes() else "",
    )


def _key(row: Uninsured | Lost | Offered) -> UUID:
    return row.person_id if isinstance(row, Uninsured) else row.id


def _back(desk: Desk, whose: UUID, what: str) -> RedirectResponse:
    return desk.go(f"{ADDRESS}/people/{whose}", done=what)


def _listed(desk: Desk, wanted: Wanted, rows: support_desk.Listed) -> Listed:
    columns = {
        Which.UNINSURED: ("insured_until",),
        Which.LOST: ("month", "signals", "state"),
        Which.PROPOSED: ("policy", "state", "due"),
    }[wanted.which]
    return Listed(
        f"support-{wanted.which}",
        desk.say(f"desk.jobloss.{wanted.which}"),
        [desk.say(f"desk.jobloss.{each}") for each in ("name", "born", "commune", *columns)],
        [[*_who(desk, each), *_what(desk, each)] for each in rows],
    )


def _who(desk: Desk, row: Uninsured | Lost | Offered) -> list[Cell]:
    place = desk.inst.places.communes.get(row.commune_code or "")
    return [display_name(row.full_name), row.birth_year, "" if place is None else place.full_name]


def _what(desk: Desk, row: Uninsured | Lost | Offered) -> list[Cell]:
    if isinstance(row, Uninsured):
        return [row.last_month or desk.say("desk.jobloss.never")]
    if isinstance(row, Lost):
        signals = [word(f"loss-signal.{each}", desk.language) for each in row.signals.split()]
        return [row.month, ", ".join(signals), word(f"loss-state.{row.state}", desk.language)]
    programme = programmes()[row.policy]
    title = programme.title_vi if desk.language == "vi" else programme.title_en
    due = "" if row.due_on is None else row.due_on.isoformat()
    return [title, word(f"support-state.{row.state}", desk.language), due]
