"""The CV and rights as the interface tells them."""

from dataclasses import replace
from datetime import UTC, date, datetime

from app.answers import (
    Condition,
    Contact,
    Cv,
    CvLine,
    Entitlement,
    Figure,
    JobSeeking,
    MissingMonths,
    NotComputed,
    Province,
    Rights,
)

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def line(ref: str, section: str, title: str, *, verified: bool = True) -> CvLine:
    return CvLine(
        ref=ref,
        section=section,
        title=title,
        organisation="CÔNG TY MẪU" if verified else "",
        level="",
        place="",
        first_day="2021-03-15" if section == "work" else None,
        last_day=None,
        text="",
        is_current=True,
        verified=verified,
        assurance="CONTRIBUTION_MATCHED" if verified else None,
        shown=True,
        own=not verified,
    )


NEWEST, OLDEST = line("w1", "work", "Thợ hàn"), line("w2", "work", "Thợ phụ")
OWN_WORK = line("o1", "work", "Thợ may tại nhà", verified=False)
SKILL = line("o2", "skills", "Lái xe nâng", verified=False)
DIPLOMA = replace(line("q1", "education", "Hàn"), level="4", last_day="2012-07-01")
CV = Cv(
    revision=3,
    headline="Thợ hàn 3G",
    summary="",
    contact=Contact(phone="0912 345 678"),
    with_photo=True,
    has_photo=False,
    lines=(NEWEST, OLDEST, OWN_WORK, DIPLOMA, SKILL),
)
PROVINCES = (Province("01", "Hà Nội"), Province("79", "Hồ Chí Minh"))
SILENT = JobSeeking(
    active=False,
    purpose="Tổ chức dịch vụ việc làm công xem hồ sơ",
    wanted="",
    provinces=(),
    shows=(),
    given_at=None,
    expires_at=None,
    home="01",
    offered=PROVINCES,
)
AGREED = replace(
    SILENT,
    active=True,
    wanted="Thợ hàn",
    provinces=("01",),
    shows=("contact", "work"),
    given_at=NOW,
    expires_at=datetime(2027, 11, 20, 8, 30, tzinfo=UTC),
)


def found(name: str, value: int | str, unit: str, of: str = "") -> Figure:
    return Figure(name, value, unit, "computed", of, "", None, "")


def of_law(name: str, value: int, unit: str, provenance: str = "secondary") -> Figure:
    return Figure(name, value, unit, "law", "", "Luật BHXH 41/2024", date(2025, 7, 1), provenance)


PENSION = Entitlement(
    right="pension",
    articles=("Luật BHXH 41/2024/QH15, art. 64",),
    results=(found("months_counted", 68, "months"), found("months_missing", 112, "months")),
    inputs=(
        Figure("months_compulsory", 68, "months", "book", "", "", None, ""),
        of_law("pension.years_needed", 15, "years", "unverified"),
        of_law("pension.rate_highest", 75, "percent", "seen"),
    ),
    conditions=(
        Condition("contributed_long_enough", holds=False, article="art. 64"),
        Condition("no_lower_age", holds=None, article="ND 135/2020"),
    ),
    not_computed=(NotComputed("retirement_day", "BIRTH_UNKNOWN"),),
)
BENEFIT = Entitlement(
    right="unemployment-benefit",
    articles=("Luật Việc làm 74/2025/QH15, art. 38",),
    results=(
        found("benefit_months", 5, "months"),
        found("monthly_lowest", 4_592_593, "vnd"),
        found("monthly_highest", 4_592_593, "vnd"),
        found("apply_by", "2026-12-30", "day"),
    ),
    inputs=(
        Figure("wage", 7_654_321, "vnd", "book", "2026-05", "", None, ""),
        of_law("unemployment_benefit.share", 600, "permille"),
        of_law("unemployment_benefit.cap", 5, "times"),
    ),
    conditions=(Condition("in_time", holds=True, article="art. 38"),),
    not_computed=(),
)
VOLUNTARY = Entitlement(
    right="voluntary-insurance",
    articles=("ND 159/2025/ND-CP, art. 5",),
    results=(
        found("lowest_contribution", 330_000, "vnd"),
        found("support", 165_000, "vnd", "POOR_OR_ISLAND"),
        found("own_payment", 264_000, "vnd", "OTHER"),
    ),
    inputs=(),
    conditions=(),
    not_computed=(),
)
GAP = MissingMonths(
    entry_number=2,
    employer="CÔNG TY MẪU",
    employer_status="CLOSED",
    employer_is_gone=True,
    missing=3,
    worked="2024-03/2024-08",
    paid=("2024-03/2024-05",),
    owed=(),
    unseen=("2024-06/2024-08",),
    ways=("correct", "complain", "bridge"),
)
RIGHTS = Rights(DAY, "2026-10", (PENSION, BENEFIT, VOLUNTARY), (GAP,), ())
