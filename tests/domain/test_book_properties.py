from collections.abc import Iterable
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from labour_book.domain.assurance import Source
from labour_book.domain.book import EmploymentEntry, LabourBook
from labour_book.domain.evidence import reported_through
from labour_book.domain.facts import EmploymentFact, InsuranceFact
from labour_book.domain.months import Month, MonthRange, month_set
from labour_book.domain.partial_dates import PartialDate
from tests.domain.factories import (
    ACME,
    OTHER,
    STATED_AT,
    THIRD,
    book,
    employer,
    insured,
    job,
    remembered,
)

fewer = settings(max_examples=40)
Fact = EmploymentFact | InsuranceFact

EMPLOYERS = {code: employer(code) for code in (ACME, OTHER)} | {
    THIRD: employer(THIRD, statuses=(("ACTIVE", None), ("CLOSED", date(2019, 5, 1))))
}
NAMES = {ACME: "Công ty TNHH May A", OTHER: "Cty CP Bê tông B", THIRD: "DNTN C", None: "CTY MAY A"}
some_months = st.builds(Month.of, st.integers(2012, 2026), st.integers(1, 12))
some_books_days = st.sampled_from([date(2026, 11, 20), date(2019, 7, 1), date(2015, 1, 31)])
lengths = st.none() | st.integers(0, 50)
codes = st.sampled_from([ACME, f"{ACME}-001", OTHER, THIRD, None])


def _named(code: str | None) -> dict[str, object]:
    return {"employer_code": code, "employer_name": NAMES[code and code[:10]]}


@st.composite
def insurance_facts(draw: st.DrawFn, fact_id: str) -> InsuranceFact:
    first, length = draw(some_months), draw(lengths)
    return insured(
        fact_id,
        str(first),
        None if length is None else str(first.plus(length)),
        funds=draw(
            st.sampled_from([frozenset({"SI", "UI", "HI"}), frozenset({"SI"}), frozenset({"VOL"})])
        ),
        status=draw(
            st.sampled_from(["contributed", "contributed", "arrears", "credited_duration_only"])
        ),
        stated_at=STATED_AT.replace(month=draw(st.integers(6, 11))),
        **_named(draw(codes)),
    )


@st.composite
def employment_facts(draw: st.DrawFn, fact_id: str) -> EmploymentFact:
    first, length = draw(some_months), draw(lengths)
    last = None if length is None else first.plus(length)
    make = draw(st.sampled_from([job, remembered]))
    whole = draw(st.booleans())
    vague = (
        {"first_day": PartialDate(first.year)} if make is remembered and draw(st.booleans()) else {}
    )
    sources = [Source.CONTRACT_PLATFORM, Source.DECISION, Source.EMPLOYER]
    source = draw(st.sampled_from(sources)) if make is job else Source.PAPER_BOOK
    return make(
        fact_id,
        str(first.first_day if whole else first),
        None if last is None else str(last.last_day if whole else last),
        source=source,
        suspended=draw(st.booleans()),
        end_reason_clause=draw(st.none() | st.integers(1, 13)),
        **(_named(draw(codes)) | vague),
    )


@st.composite
def some_facts(draw: st.DrawFn) -> list[Fact]:
    ids = [f"fact-{number}" for number in range(draw(st.integers(0, 9)))]
    return [draw(st.one_of(insurance_facts(each), employment_facts(each))) for each in ids]


def made_of(facts: Iterable[Fact], as_of: date) -> LabourBook:
    return book(*facts, employers=EMPLOYERS, as_of=as_of)


def months(ranges: Iterable[MonthRange]) -> set[Month]:
    return {month for each in ranges for month in each.months()}


def months_of(entry: EmploymentEntry, as_of: date) -> set[Month]:
    first = entry.known_since or Month.of_day(
        PartialDate.parse(entry.first_day or "").first_possible
    )
    last = entry.known_until or Month.of_day(
        as_of if entry.last_day is None else PartialDate.parse(entry.last_day).last_possible
    )
    return set(MonthRange(first, last).months())


def begun(fact: Fact, as_of: date) -> bool:
    if isinstance(fact, InsuranceFact):
        return fact.first_month <= Month.of_day(as_of) and "VOL" not in fact.funds
    return fact.first_day.first_possible <= as_of


class TestAssemble:
    @fewer
    @given(some_facts(), some_books_days)
    def test_tells_each_month_of_an_entry_up_to_the_last_reported_one(
        self, facts: list[Fact], as_of: date
    ) -> None:
        made = made_of(facts, as_of)

        for entry in made.employments:
            kinds = [entry.months_paid, entry.months_arrears, entry.months_unknown]
            told = [month for kind in kinds for month in sorted(months(kind))]
            reported = {m for m in months_of(entry, as_of) if m <= made.insurance.as_of_month}
            assert len(told) == len(set(told))
            assert set(told) == reported
            assert months(entry.months_credited) <= months(entry.months_unknown)

    @fewer
    @given(some_facts(), some_books_days, st.randoms(use_true_random=False))
    def test_does_not_mind_the_order_of_the_facts(
        self, facts: list[Fact], as_of: date, random: object
    ) -> None:
        shuffled = list(facts)
        random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random

        assert made_of(shuffled, as_of) == made_of(facts, as_of)

    @fewer
    @given(some_facts(), some_books_days)
    def test_loses_no_fact_and_uses_none_twice(self, facts: list[Fact], as_of: date) -> None:
        made = made_of(facts, as_of)

        used = [fact_id for entry in made.employments for fact_id in entry.fact_ids]
        assert sorted(used) == sorted(fact.fact_id for fact in facts if begun(fact, as_of))

    @fewer
    @given(some_facts(), some_books_days)
    def test_counts_a_month_once_whoever_paid(self, facts: list[Fact], as_of: date) -> None:
        made = made_of(facts, as_of)

        paid_somewhere: set[Month] = set()
        for entry in made.employments:
            paid_somewhere |= months(entry.months_paid)
        assert made.insurance.by_fund["SI"] == len(paid_somewhere)

    @fewer
    @given(some_facts(), some_books_days)
    def test_finds_gaps_only_where_nobody_worked(self, facts: list[Fact], as_of: date) -> None:
        made = made_of(facts, as_of)

        worked: set[Month] = set()
        for entry in made.employments:
            worked |= months_of(entry, as_of)
        free = months(MonthRange(gap.first, gap.last) for gap in made.gaps)
        known = {m for m in worked if m <= made.insurance.as_of_month}
        assert not free & worked
        if known:
            whole = MonthRange(min(known), made.insurance.as_of_month)
            assert free | known == set(whole.months())

    @fewer
    @given(some_facts(), some_books_days)
    def test_numbers_entries_from_the_oldest(self, facts: list[Fact], as_of: date) -> None:
        entries = made_of(facts, as_of).employments

        starts = [min(months_of(entry, as_of)) for entry in entries]
        assert starts == sorted(starts)
        assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))

    @fewer
    @given(some_facts(), some_books_days)
    def test_reports_no_month_after_the_book_s_day(self, facts: list[Fact], as_of: date) -> None:
        insurance = [fact for fact in facts if isinstance(fact, InsuranceFact)]

        reported = reported_through(insurance, as_of, None)
        assert reported <= Month.of_day(as_of).ordinal
        assert made_of(facts, as_of).insurance.as_of_month == Month(reported)
        assert month_set([]) == 0
