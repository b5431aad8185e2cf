"""Illustrative figures, targets and reports of the demonstration, so that its pages have something.

Every figure says in its source that it is illustrative; they are sized to the invented people.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.coverage import Counts, Indicator, Measure
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import NotFound
from labour_book.law.report_calendar import ReportKind, dues
from labour_book.queries import coverage_counts, coverage_figures, units
from labour_book.services import coverage_figures as figures
from labour_book.services import coverage_rounds, report_files, reporting
from labour_book.services.callers import Caller, Role
from labour_book.services.coverage_figures import NewFigures, NewTarget
from labour_book.services.coverage_places import COUNTRY
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from labour_book.services.sandbox_officials import SampleOfficial, sample_officials

SOURCE = "Số liệu minh hoạ của bản trình diễn"
DOCUMENT = "Quyết định minh hoạ số 01/QĐ-BNV"
WORDS = "Số liệu minh hoạ. Đề nghị tiếp tục vận động lao động tự do tham gia BHXH tự nguyện."
YEARS = 4
_OF_HUNDRED = 93
"""The labour force among people of working age: invented."""
_PAST_AGE, _BENEFICIARIES = 420, 205
_ASSIGNED = 5600


def illustrate(inst: Installation, by: Caller, *, now: datetime) -> None:
    """Count what reports tell of, supply figures, assign a target, and make two reports; once.

    Raises:
        NotFound: this is no demonstration.
        Unavailable: there is no key to seal with.
    """
    if not inst.demo:
        raise NotFound("there is no sandbox outside the demonstration")
    while True:
        with deed(inst.engine) as db:
            if not coverage_rounds.count_due(db, by, now=now):
                break
    with deed(inst.engine) as db:
        if coverage_figures.supplied(db, "country", COUNTRY, limit=1):
            return
        played = {each.key: _caller(each) for each in sample_officials(db, inst, now=now)}
        if not {"statistician", "minister", "province", "counter"} <= played.keys():
            return  # nobody lives anywhere: there are no officials either
        _supply(db, inst, played["statistician"], now)
        _assign(db, inst, played, now)
        approved = _report(db, inst, played["statistician"], ReportKind.ASKED, now)
        if approved is not None:
            reporting.approve(db, played["minister"], approved, revision=2, now=now)
        _report(db, inst, played["counter"], ReportKind.YEARLY, now)
    if approved is not None:
        report_files.archive(inst, by, approved, now=now)


def _supply(db: Db, inst: Installation, by: Caller, now: datetime) -> None:
    """Supply the labour force of everywhere for some years; the rest for the country alone."""
    today = vietnam_day(now)
    known = coverage_counts.rounds(db, until=today, known_at=now)
    for year in range(today.year - YEARS, today.year + 1):
        day = date(year, 1, 1)
        near = min(known, key=lambda each, day=day: (abs(each.as_of - day), each.id))  # type: ignore[misc]  # a default of a lambda
        counted = coverage_counts.all_counts(db, near.id)
        values = [
            (code, _labour_force(counts))
            for kind, code, counts in counted
            if counts.working_age and (kind != "commune" or code in inst.places.communes)
        ]
        alone = {Measure.PAST_AGE: _PAST_AGE, Measure.BENEFICIARIES: _BENEFICIARIES + year % 10}
        of_country = [(each, [(COUNTRY, value)]) for each, value in alone.items()]
        for measure, some in [(Measure.LABOUR_FORCE, values), *of_country]:
            new = NewFigures(str(measure), day, SOURCE, day, some)
            figures.supply(db, inst, by, new, now=now)


def _labour_force(counts: Counts) -> int:
    return max(1, counts.working_age * _OF_HUNDRED // 100)


def _assign(db: Db, inst: Installation, played: dict[str, Caller], now: datetime) -> None:
    """Assign the province of the sample officials a target of its own."""
    unit = units.unit(db, played["province"].unit_code or "")
    code = "" if unit is None else unit.place_code or ""
    new = NewTarget(str(Indicator.SOCIAL), code, 2030, _ASSIGNED, DOCUMENT)
    figures.assign(db, inst, played["minister"], new, now=now)


def _report(db: Db, inst: Installation, by: Caller, kind: ReportKind, now: datetime) -> UUID | None:
    """Draft the newest report of a kind whose day is over, and send it for approval."""
    today = vietnam_day(now)
    span = (today - timedelta(days=100), today + timedelta(days=60))
    like = ReportKind.QUARTERLY if kind is ReportKind.ASKED else kind
    counted = [each.as_of for each in dues(like, *span) if each.as_of < today]
    if not counted:
        return None
    report_id = reporting.begin(db, inst, by, str(kind), counted[-1], now=now)
    reporting.write(db, inst, by, report_id, revision=0, words=WORDS, now=now)
    reporting.send(db, by, report_id, revision=1, now=now)
    return report_id


def _caller(official: SampleOfficial) -> Caller:
    """Return an official of the demonstration as a caller of deeds."""
    assert official.role in set(Role)
    return Caller(
        "official", f"demo-{official.key}", official.full_name, official.role, official.unit_code
    )
