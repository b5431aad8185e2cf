"""Find a person, for a purpose that is said first; open the book, show the number, print."""

from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.dependencies import MOST
from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from api.pages.desk.months import MONTHS, years_of
from api.pages.desk.purposes import COMMON, NOTHING_SAID, AskedPurpose, Purpose, StatedPurpose
from api.pages.desk.quality_wording import worded
from api.pages.desk.register_causes import cause_key
from api.pages.desk.wording import diploma_of, period_of
from api.problems import status_of
from labour_book.domain.display import show_personal_id
from labour_book.domain.findings import message
from labour_book.domain.names import display_name
from labour_book.errors import Invalid
from labour_book.services import (
    deciding,
    finding_people,
    identity_checks,
    printing,
    social_support,
)
from labour_book.services.callers import Action
from labour_book.services.finding_people import FoundPeople
from labour_book.services.social_support import Policy, SupportAnswer

router = desk_router()

FILE_NAME = "so-lao-dong.pdf"
"""Of a printed book; it names nobody."""
Text = Annotated[str, Form(max_length=120)]
Yes = Annotated[str, Form(max_length=3)]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom an official looks for: a number, or name, year of birth and commune."""

    number: str = field(default="", repr=False)
    name: str = ""
    birth_year: str = ""
    commune: str = ""

    def find(self, desk: Desk, purpose: str) -> FoundPeople:
        """Return who that may be.

        Raises:
            Invalid, NotFound, DeniedToRole: as ``finding_people``.
        """
        inst, caller, now = desk.inst, desk.caller, desk.now
        with desk.deed() as db:
            if self.number.strip():
                return finding_people.find_by_number(
                    db, inst, caller, self.number, purpose=purpose, now=now
                )
            year = int(self.birth_year) if self.birth_year.isdecimal() else 0
            return finding_people.find_by_name(
                db, caller, self.name, year, self.commune or None, purpose=purpose, now=now
            )


def _asked(
    number: Text = "",
    name: Text = "",
    birth_year: Annotated[str, Form(max_length=4)] = "",
    commune: Annotated[str, Form(max_length=5)] = "",
) -> Asked:
    return Asked(number, name, birth_year, commune)


@router.get("/people", responses=ASKED)
def ask(desk: Asking) -> HTMLResponse:
    """Ask whom to find, and what for."""
    return _search_page(desk, Asked(), NOTHING_SAID)


@router.post("/people", responses=SENT)
def find(
    desk: Sending, purpose: AskedPurpose, asked: Annotated[Asked, Depends(_asked)]
) -> HTMLResponse:
    """Show who that may be; the list is traced with its length."""
    try:
        found = asked.find(desk, purpose.stated)
    except Invalid as error:
        wrong = str(error.facts.get("cause", "NAME"))
        return _search_page(desk, asked, purpose, status=status_of(type(error)), wrong=wrong)
    return _search_page(desk, asked, purpose, found=found)


@router.get("/people/{person_id}", responses=ASKED)
def ask_purpose(desk: Asking, person_id: UUID) -> HTMLResponse:
    """Ask for what purpose a book is to be opened; nothing of it is shown."""
    return _purpose_page(desk, person_id)


@router.post("/people/{person_id}", responses=SENT)
def opened(
    desk: Sending,
    person_id: UUID,
    purpose: AskedPurpose,
    stated: StatedPurpose = "",
    *,
    whole_id: Yes = "",
    compare: Yes = "",
    policy: Annotated[str, Form(max_length=40)] = "",
) -> HTMLResponse:
    """Show what is kept of a person; that is one look, and traced."""
    said = stated or purpose.stated
    if not said:
        return _purpose_page(desk, person_id, is_missing=True)
    if compare == "yes":
        _compare(desk, person_id, said)
    support = _support(desk, person_id, policy, said)
    number, cases = None, None
    with desk.deed() as db:
        file = finding_people.open_file(
            db, desk.inst, desk.caller, person_id, purpose=said, now=desk.now
        )
        check = identity_checks.last_check(db, desk.caller, person_id, purpose=said, now=desk.now)
        if whole_id == "yes":
            number = finding_people.show_personal_id(
                db, desk.inst, desk.caller, person_id, purpose=said, now=desk.now
            )
        if desk.caller.may(Action.CASE_QUEUE):
            cases = deciding.cases_about(db, desk.caller, person_id, purpose=said, now=desk.now)
    return desk.page(
        "person.html",
        file=file,
        check=check,
        ways_out=identity_checks.ways_out(check),
        may_compare=identity_checks.may_compare(desk.inst, desk.caller),
        cases=cases,
        support=support,
        name=display_name(file.book.identity.full_name),
        number=None if number is None else show_personal_id(number),
        stated=said,
        years=years_of(file.book),
        months=MONTHS,
        period_of=lambda entry: period_of(entry, desk.language),
        may_assist=desk.caller.may(Action.CASE_DRAFT) and bool(file.versions),
        diploma_of=lambda line: diploma_of(line, desk.language),
        differing=lambda each: message(
            each.cause, worded(each.detail, desk.language), desk.language
        ),
    )


@router.post("/people/{person_id}/print", responses=SENT)
def print_book(
    desk: Sending,
    person_id: UUID,
    stated: StatedPurpose,
    version: Annotated[int | None, Form(ge=1, le=MOST)] = None,
) -> Response:
    """Hand out the sealed PDF of a version, to print it at the desk; traced."""
    with desk.deed() as db:
        printable = printing.printable_of(
            db,
            desk.inst,
            desk.caller,
            person_id,
            purpose=stated,
            version=version,
            now=desk.now,
        )
    pdf = printing.print_book(desk.inst, printable, now=desk.now)
    named = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(pdf, headers=named, media_type="application/pdf")


def _compare(desk: Desk, person_id: UUID, purpose: str) -> None:
    """Ask the population register about a person anew."""
    identity_checks.check(
        desk.inst,
        desk.caller,
        person_id,
        occasion=identity_checks.Occasion.REQUEST,
        purpose=purpose,
        now=desk.now,
    )


@dataclass(frozen=True, slots=True)
class Support:
    """What an official may ask the social-protection register, and what it answered."""

    policies: list[Policy]
    policy: str = ""
    """What was asked about; empty: nothing was."""
    answer: SupportAnswer | None = None

    @property
    def why(self) -> str:
        """The key of the words that say why there was no answer."""
        return cause_key((self.answer and self.answer.cause) or "")


def _support(desk: Desk, person_id: UUID, policy: str, purpose: str) -> Support | None:
    """Ask whether support would be paid twice, if asked to; None: this official cannot ask."""
    inst, caller = desk.inst, desk.caller
    if policy:
        answer = social_support.support_of(
            inst, caller, person_id, policy, purpose=purpose, now=desk.now
        )
        return Support(social_support.policies(), policy, answer)
    if not social_support.may_be_asked(inst, caller):
        return None
    return Support(social_support.policies())


def _search_page(
    desk: Desk,
    asked: Asked,
    purpose: Purpose,
    *,
    status: int = 200,
    found: FoundPeople | None = None,
    wrong: str = "",
) -> HTMLResponse:
    with desk.deed() as db:
        communes = finding_people.communes_served(db, desk.caller, now=desk.now)
    return desk.page(
        "people.html",
        status=status,
        communes=communes,
        found=found,
        asked=asked,
        chosen=purpose,
        wrong=wrong,
        common=COMMON,
        display_name=display_name,
    )


def _purpose_page(desk: Desk, person_id: UUID, *, is_missing: bool = False) -> HTMLResponse:
    return desk.page(
        "purpose.html",
        status=status_of(Invalid) if is_missing else 200,
        person_id=person_id,
        common=COMMON,
        chosen=NOTHING_SAID,
        is_missing=is_missing,
    )
