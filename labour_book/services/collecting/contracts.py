"""Recording events of the electronic-contract platform (nền tảng hợp đồng lao động điện tử).

Events come at least once and not always in order. Each is recorded once as the state of its
contract after it; only the state after the highest sequence is live.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.findings import Finding
from labour_book.domain.months import Month
from labour_book.domain.places import places
from labour_book.queries.people import PersonOnFile
from labour_book.queries.vault import Vault
from labour_book.registers.rows import ContractEventRow
from labour_book.services import plausibility
from labour_book.services.collecting.contract_states import ContractStates
from labour_book.services.collecting.employers import KnownEmployer, KnownEmployers
from labour_book.services.collecting.rows import Row, unmatched
from labour_book.services.directory import Directory
from labour_book.services.matching import Match, Wanted
from labour_book.services.receipts import Judged, Outcome
from labour_book.services.recording import Plain, Run, Seen, Statement, fact_row, statement


class ContractCollector:
    """Records contract events; the platform states no name, so the personal ID alone decides."""

    def __init__(self, vault: Vault, seen: Seen) -> None:
        self._vault = vault
        self._seen = seen
        self._employers = KnownEmployers()

    def collect(self, db: Db, run: Run, rows: Sequence[Row[ContractEventRow]]) -> list[Judged]:
        """Record the rows of one batch."""
        directory = Directory(db, self._vault, run.ruling)
        directory.look_up_numbers(each.said.personal_id for each in rows)
        self._employers.look_up(db, run, {each.said.enterprise_code for each in rows})
        states = ContractStates(run)
        states.look_up(db, [each.said for each in rows])
        judged = []
        for row in rows:
            match = directory.find(Wanted((row.said.personal_id,), None, None, None))
            if match.person is None:
                judged.append(unmatched(match, row.findings))
            else:
                judged.append(self._record(states, run, row, match))
        self._employers.write(db)
        states.write(db)
        return judged

    def _record(
        self, states: ContractStates, run: Run, row: Row[ContractEventRow], match: Match
    ) -> Judged:
        said, person = row.said, match.person
        assert person is not None
        early = tuple(
            plausibility.before_birth(Month.of_day(said.first_day), person.birth_date, "first_day")
        )
        if early and run.ruling is None:
            found = (*early, *match.flags, *row.findings)
            return Judged(Outcome.NEEDS_REVIEW, early[0].cause, found, person.id, match.matched_by)
        state = statement(
            self._vault, f"message|{said.message_id}", _content(said), said.delivered_at
        )
        is_repeated = state.key in self._seen
        refusal = states.check(said, person.id, state.fingerprint)
        if refusal is not None:
            outcome, cause = refusal
            found = () if cause is None else (Finding(cause),)
            if outcome is Outcome.UNCHANGED and is_repeated:
                outcome = Outcome.DUPLICATE
            elif outcome is Outcome.UNCHANGED:
                self._seen.add(state.key)
            judged = (*found, *match.flags, *row.findings)
            return Judged(outcome, cause, judged, person.id, match.matched_by, state.key)
        self._seen.add(state.key)
        known = self._employers.find(said.enterprise_code)
        findings = (*match.flags, *row.findings, *_findings(said, person, known, run))
        employer = self._employers.enter(run, said.enterprise_code, "")
        named = Statement(said.contract_id, state.key, state.fingerprint, said.delivered_at)
        fact = fact_row(run, Source.CONTRACT_PLATFORM, named, person.id, findings)
        outcome, late = states.add(said, fact | _values(said, employer))
        return Judged(outcome, None, (*late, *findings), person.id, match.matched_by, state.key)


def _content(row: ContractEventRow) -> tuple[Plain, ...]:
    """Return what the event says; by which message, and when it came, does not count."""
    return (
        row.contract_id,
        row.event,
        row.sequence,
        row.personal_id,
        row.enterprise_code,
        row.position,
        row.occupation_code,
        row.contract_kind,
        row.first_day,
        row.last_day,
        row.workplace_commune,
        str(row.signed_at),
        row.effective_on,
        row.end_reason_clause,
    )


def _findings(
    row: ContractEventRow, person: PersonOnFile, employer: KnownEmployer | None, run: Run
) -> Iterator[Finding]:
    last_day = min(row.last_day or run.on, run.on)
    if row.workplace_commune not in places().communes:
        yield Finding("COMMUNE_UNKNOWN", "workplace_commune_code")
    if employer is not None:
        yield from plausibility.employer_gone(last_day, employer.gone_since, "last_day")
    yield from plausibility.work_after_death(Month.of_day(last_day), person, "last_day")
    yield from plausibility.age_findings(
        Month.of_day(row.first_day), person.birth_date, "first_day"
    )


def _values(row: ContractEventRow, employer: KnownEmployer | None) -> dict[str, Any]:
    return {
        "employer_id": None if employer is None else employer.id,
        "employer_code": None if employer is None else employer.code,
        "employer_name": (
            row.enterprise_code if employer is None else employer.name_on(row.first_day)
        ),
        "position": row.position,
        "occupation_code": row.occupation_code,
        "contract_kind": row.contract_kind,
        "contract_id": row.contract_id,
        "event_sequence": row.sequence,
        "message_id": row.message_id,
        "first_day": str(row.first_day),
        "last_day": None if row.last_day is None else str(row.last_day),
        "running": row.event != "ENDED",
        "workplace_commune": row.workplace_commune,
        "workplace_text": None,
        "end_reason_clause": row.end_reason_clause,
        "suspended": row.event == "SUSPENDED",
        "employment_position": None,
    }
