"""Recording extracts of the social-insurance register (quá trình đóng BHXH)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.findings import Finding
from labour_book.domain.months import Month
from labour_book.domain.people import fold
from labour_book.queries import people
from labour_book.queries.facts import FactKind
from labour_book.queries.people import PersonOnFile
from labour_book.queries.vault import Vault
from labour_book.registers.rows import InsuranceRow
from labour_book.services import plausibility
from labour_book.services.collecting.employers import KnownEmployer, KnownEmployers
from labour_book.services.collecting.rows import Row, instant_of, unmatched
from labour_book.services.directory import Directory
from labour_book.services.matching import Match, Wanted
from labour_book.services.receipts import Judged
from labour_book.services.recording import Ledger, Plain, Run, Seen, Statement, statement

_FUNDS = ("SI", "VOL", "UI", "HI")
_NOT_WORK = frozenset({"credited_duration_only"})


class InsuranceCollector:
    """Records insured periods; one of them is named by person, unit, first month and main fund."""

    def __init__(self, vault: Vault, seen: Seen) -> None:
        self._vault = vault
        self._seen = seen
        self._employers = KnownEmployers()
        self._second: frozenset[UUID] = frozenset()

    def collect(self, db: Db, run: Run, rows: Sequence[Row[InsuranceRow]]) -> list[Judged]:
        """Record the rows of one batch."""
        wanted = [wanted_of(each.said) for each in rows]
        directory = Directory(db, self._vault, run.ruling)
        directory.look_up(wanted)
        matches = [directory.find(each) for each in wanted]
        self._employers.look_up(db, run, {each.said.enterprise_code for each in rows})
        self._second = people.people_with_several(
            db, {match.person.id for match in matches if match.person is not None}, "BHXH10"
        )
        said = [self._statement(row, match) for row, match in zip(rows, matches, strict=True)]
        ledger = Ledger(FactKind.INSURANCE, Source.INSURANCE, run, self._seen)
        ledger.look_up(db, (each for each in said if each is not None))
        judged = [
            unmatched(match, row.findings)
            if each is None or match.person is None
            else self._record(ledger, run, row, match, each)
            for row, match, each in zip(rows, matches, said, strict=True)
        ]
        self._employers.write(db)
        ledger.write(db)
        return judged

    def _statement(self, row: Row[InsuranceRow], match: Match) -> Statement | None:
        if match.person is None:
            return None
        said = row.said
        unit = said.enterprise_code or fold(said.unit_name)
        name = name_of(match.person.id, unit, said.first_month, said.funds)
        stated_at = row.stated_at or instant_of(said.updated_on)
        return statement(self._vault, name, _content(said), stated_at)

    def _record(
        self,
        ledger: Ledger,
        run: Run,
        row: Row[InsuranceRow],
        match: Match,
        said: Statement,
    ) -> Judged:
        assert match.person is not None
        known = self._employers.find(row.said.enterprise_code)
        told_on = min(vietnam_day(said.stated_at), run.on)
        found = (*match.flags, *row.findings, *_findings(row.said, match.person, known, told_on))
        if match.person.id in self._second:
            found = (*found, Finding("SECOND_SI_NUMBER", "si_number"))
        judged = ledger.judge(said, match.person.id, _once(found), match.matched_by)
        if judged.is_written:
            employer = self._employers.enter(run, row.said.enterprise_code, row.said.unit_name)
            ledger.record(said, judged, _values(row.said, employer))
        return judged


def name_of(person_id: UUID, unit: str, first_month: Month, funds: Collection[str]) -> str:
    """Return the name of the statement of a period, inside the register."""
    main_fund = next(fund for fund in _FUNDS if fund in funds)
    return f"insurance|{person_id}|{unit}|{first_month.ordinal}|{main_fund}"


def wanted_of(row: InsuranceRow) -> Wanted:
    """Return whom a row names: the personal ID is believed before the insurance number."""
    numbers = (row.si_number,) if row.personal_id is None else (row.personal_id, row.si_number)
    return Wanted(tuple(dict.fromkeys(numbers)), row.full_name, row.birth_date, row.sex)


def _content(row: InsuranceRow) -> tuple[Plain, ...]:
    """Return what the row states; under which number, and when last touched, does not count."""
    return (
        row.full_name,
        None if row.birth_date is None else str(row.birth_date),
        row.sex,
        row.enterprise_code,
        row.unit_name,
        row.first_month.ordinal,
        None if row.last_month is None else row.last_month.ordinal,
        row.position,
        row.wage_base_vnd,
        *sorted(row.funds),
        row.status,
    )


def _findings(
    row: InsuranceRow, person: PersonOnFile, employer: KnownEmployer | None, told_on: date
) -> Iterator[Finding]:
    last = row.last_month or Month.of_day(told_on).plus(-1)
    if row.status not in _NOT_WORK:
        yield from plausibility.wage_findings(row.wage_base_vnd, row.first_month)
        if "VOL" not in row.funds:
            yield from plausibility.low_wage_findings(row.wage_base_vnd, row.first_month)
    if employer is not None:
        yield from plausibility.closure_findings(last, employer.gone_since, "to_month")
    yield from plausibility.death_findings(last, person, "to_month")
    yield from plausibility.before_birth(row.first_month, person.birth_date, "from_month")
    if row.birth_date is None:
        yield from plausibility.age_findings(row.first_month, person.birth_date, "from_month")


def _once(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    if len(found) < 2:  # noqa: PLR2004 - one cannot be there twice
        return found
    return tuple({each.cause: each for each in reversed(found)}.values())[::-1]


def _values(row: InsuranceRow, employer: KnownEmployer | None) -> dict[str, Any]:
    return {
        "employer_id": None if employer is None else employer.id,
        "employer_code": None if employer is None else employer.code,
        "employer_name": row.unit_name,
        "first_month": str(row.first_month),
        "last_month": None if row.last_month is None else str(row.last_month),
        "position": row.position,
        "wage_base_vnd": row.wage_base_vnd,
        "fund_si": "SI" in row.funds,
        "fund_ui": "UI" in row.funds,
        "fund_hi": "HI" in row.funds,
        "fund_vol": "VOL" in row.funds,
        "status": row.status,
    }
