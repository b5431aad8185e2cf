"""How good the data are: the four numbers and their history, findings, warnings, rules."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Path, Query
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse

from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router, entries_of
from api.pages.desk.quality_wording import advice_of, field_named, sentence_of, status_named
from labour_book.documents import Chart, Line, drawn
from labour_book.domain.check_rules import Family, Rule, rules, shown_tenths
from labour_book.domain.firm_checks import Headcounts
from labour_book.domain.months import Month
from labour_book.errors import Invalid
from labour_book.services import quality, settling_findings, tuning
from labour_book.services.callers import Action
from labour_book.services.quality import NotMeasured, Numbers
from labour_book.services.settling_findings import FindingOnFile

router = desk_router()

ADDRESS = "/desk/quality"
STATES = ("open", "handled", "ignored")
MONTHS_DRAWN = 36
WAYS = {
    "collection": "/desk/collection",
    "matching": "/desk/matching",
    "review": "/desk/review",
    "twice": "/desk/review/twice",
    "merges": "/desk/review/merges",
    "cases": "/desk/queue",
    "trace": "/desk/oversight/trace",
}
"""Where what a rule finds is mended, by the queue that the rule names."""
Text = Annotated[str, Query(max_length=40)]
Said = Annotated[str, Form(max_length=400)]


@router.get("/quality", responses=ASKED)
def numbers(desk: Asking, scope: Text = "unit", code: Text = "") -> HTMLResponse:
    """Show the four numbers of a scope, how they went, and those of what is below it."""
    try:
        with desk.deed() as db:
            found = quality.told(db, desk.inst, desk.caller, scope, code, now=desk.now)
    except NotMeasured:
        return desk.page("quality_none.html")
    may_list = desk.caller.may(Action.FINDINGS_READ)
    return desk.page(
        "quality.html",
        found=found,
        four=quality.four(found.numbers),
        four_of=quality.four,
        share_chart=_drawn(_shares(desk, found.history)),
        age_chart=_drawn(_ages(desk, found.history)),
        lacking=sorted(found.numbers.fields.items(), key=lambda each: (-each[1], each[0])),
        field_named=lambda field: field_named(field, desk.language),
        may_list=may_list,
        raised_at=_raised_at(desk, may_list=may_list),
    )


@router.get("/quality/people", responses=ASKED)
def lacking(
    desk: Asking, word: Text = "", field: Text = "", after: UUID | None = None
) -> HTMLResponse:
    """List whose records would raise a number; nobody is named before a purpose is stated."""
    with desk.deed() as db:
        people = settling_findings.lacking(db, desk.caller, word, field, after=after, now=desk.now)
    return desk.page(
        "quality_people.html",
        people=people,
        word=word,
        field=field,
        field_named=lambda name: field_named(name, desk.language),
        commune_named=lambda code: desk.inst.places.commune_name(code, desk.today) or "–",
        page_size=settling_findings.PAGE,
    )


@router.get("/quality/findings", responses=ASKED)
def findings(
    desk: Asking, rule: Text = "", state: Text = "open", after: UUID | None = None
) -> HTMLResponse:
    """Show how many findings stand by rule; of one rule, each."""
    if state not in STATES:
        raise Invalid("there is no such state", cause="STATE")
    listed: Sequence[FindingOnFile] = ()
    with desk.deed() as db:
        if rule:
            listed = settling_findings.listed(
                db, desk.caller, rule, state=state, after=after, now=desk.now
            )
        counted = settling_findings.counted(db, desk.caller, now=desk.now)
    return desk.page(
        "quality_findings.html",
        counted=counted,
        chosen=rules().get(rule),
        standing=state,
        states=STATES,
        listed=listed,
        page_size=settling_findings.PAGE,
        may_settle=desk.caller.may(Action.FINDING_SETTLE),
        **_wording(desk),
    )


@router.post("/quality/findings/{finding_id}", responses=SENT)
def settle(
    desk: Sending, finding_id: UUID, state: Said = "", reason: Said = ""
) -> RedirectResponse:
    """Note that a finding was dealt with, or is right as it is."""
    with desk.deed() as db:
        rule = settling_findings.settle(
            db, desk.caller, finding_id, state=state, reason=reason, now=desk.now
        )
    return desk.go(f"{ADDRESS}/findings", done="finding-settled", rule=rule)


@router.get("/quality/firms/{enterprise}", responses=ASKED)
def firm(desk: Asking, enterprise: Annotated[str, Path(max_length=14)]) -> HTMLResponse:
    """Show an enterprise as the checks see it: headcounts month by month, and what was found."""
    with desk.deed() as db:
        found = settling_findings.firm(db, desk.caller, enterprise, now=desk.now)
    return desk.page(
        "quality_firm.html",
        firm=found,
        four=() if found.numbers is None else quality.four(found.numbers),
        chart=_drawn(_headcounts(desk, found.counts)),
        months=_last_months(found.counts),
        status_named=status_named(found.standing.status, desk.language),
        **_wording(desk),
    )


@router.get("/quality/warnings", responses=ASKED)
def warnings(desk: Asking) -> HTMLResponse:
    """Show what is unusual, with the numbers, for a person to say whether that was useful."""
    with desk.deed() as db:
        found = settling_findings.warnings(db, desk.caller, now=desk.now)
        behind = settling_findings.behind(db, desk.caller, found, now=desk.now)
    return desk.page("quality_warnings.html", warnings=found, behind=behind, **_wording(desk))


@router.post("/quality/warnings/{finding_id}", responses=SENT)
def review(
    desk: Sending, finding_id: UUID, useful: Said = "", reason: Said = ""
) -> RedirectResponse:
    """Note whether a warning was useful, and why."""
    if useful not in {"yes", "no"}:
        raise Invalid("say whether it was useful", cause="USEFUL")
    with desk.deed() as db:
        settling_findings.review(
            db, desk.caller, finding_id, useful=useful == "yes", reason=reason, now=desk.now
        )
    return desk.go(f"{ADDRESS}/warnings", done="warning-reviewed")


@router.get("/quality/rules", responses=ASKED)
def show_rules(desk: Asking) -> HTMLResponse:
    """Show all rules: what each compares, its threshold, and how useful its warnings were."""
    with desk.deed() as db:
        tuned = tuning.tuned(db, desk.caller, now=desk.now)
    return desk.page(
        "quality_rules.html",
        tuned=tuned,
        families=tuple(Family),
        tenths=shown_tenths,
        may_tune=desk.caller.may(Action.RULE_TUNE),
        enough=tuning.ENOUGH,
        poor=tuning.POOR,
        good=tuning.GOOD,
        **_wording(desk),
    )


@router.post("/quality/rules/{rule}", responses=SENT)
def accept(
    desk: Sending, rule: str, value: Annotated[int, Form(ge=0, le=100_000)]
) -> RedirectResponse:
    """Accept the threshold that is proposed for a rule."""
    with desk.deed() as db:
        tuning.accept(db, desk.caller, rule, value=value, now=desk.now)
    return desk.go(f"{ADDRESS}/rules", done="threshold-accepted")


def _wording(desk: Desk) -> dict[str, Any]:
    """Return what templates say findings with."""
    places = [each.path for each in entries_of(desk.caller)]

    def way_of(rule: Rule) -> str:
        way = WAYS.get(rule.queue, "")
        return way if any(way == each or way.startswith(f"{each}/") for each in places) else ""

    return {
        "rule_of": lambda finding: rules()[finding.rule],
        "sentence": lambda finding: sentence_of(finding, desk.language),
        "advice": lambda finding: advice_of(finding, desk.language),
        "compares": lambda rule: rule.compares_vi if desk.language == "vi" else rule.compares_en,
        "way_of": way_of,
        "sees_people": desk.caller.may(Action.PERSON_FIND),
    }


def _raised_at(desk: Desk, *, may_list: bool) -> dict[str, str]:
    """Return where each of the four numbers is raised, for those who have business there."""
    if may_list:
        lists = {each: f"{ADDRESS}/people?word={each}" for each in ("right", "complete", "alive")}
        return lists | {"clean": f"{ADDRESS}/findings"}
    places = {each.path for each in entries_of(desk.caller)}
    return {
        word: path
        for word, path in (("complete", WAYS["collection"]), ("alive", WAYS["collection"]))
        if path in places
    }


def _drawn(chart: Chart) -> str:
    """Return a chart as SVG; nothing where there is nothing to draw."""
    return drawn(chart) if any(each.points for each in chart.lines) else ""


def _shares(desk: Desk, history: Sequence[Numbers]) -> Chart:
    lines = [
        Line(
            desk.say(f"desk.quality.{word}"),
            tuple(
                (each.day, value)
                for each in history
                if (value := quality.four(each)[place].value) is not None
            ),
        )
        for place, word in enumerate(quality.WORDS[:3])
    ]
    return Chart(desk.say("desk.quality.chart.shares"), "%", tuple(lines), 100)


def _ages(desk: Desk, history: Sequence[Numbers]) -> Chart:
    points = tuple(
        (each.day, each.median_age_days) for each in history if each.median_age_days is not None
    )
    line = Line(desk.say("desk.quality.alive"), points)
    return Chart(desk.say("desk.quality.chart.ages"), desk.say("desk.quality.days"), (line,))


def _headcounts(desk: Desk, counts: Headcounts) -> Chart:
    points = tuple((month.first_day, float(count)) for month, count in _last_months(counts))
    line = Line(desk.say("desk.quality.firm.insured"), points)
    return Chart(desk.say("desk.quality.chart.firm"), desk.say("desk.quality.people"), (line,))


def _last_months(counts: Headcounts) -> list[tuple[Month, int]]:
    every = [(Month(counts.first + n), count) for n, count in enumerate(counts.counts)]
    return every[-MONTHS_DRAWN:]
