"""Telling a case: with the names of owners, its history, files and decisions, for its reader."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from json import loads

from labour_book import data
from labour_book.database import Db
from labour_book.domain.correction_fields import CaseKind
from labour_book.domain.corrections import (
    TURN_IN,
    CaseState,
    Clock,
    Outcome,
    Owner,
    Step,
)
from labour_book.domain.evidence import vietnam_day
from labour_book.law.correction_deadlines import days_of
from labour_book.law.provisions import value_of
from labour_book.queries import (
    correction_decisions,
    correction_files,
    corrections,
    employers,
    units,
)
from labour_book.queries.correction_decisions import StoredDecision
from labour_book.queries.corrections import StoredCase, StoredStep
from labour_book.services.callers import Caller
from labour_book.services.case_access import asking_kind
from labour_book.services.case_evidence import evidence_for
from labour_book.services.case_moves import (
    case_place,
    decision_place,
    opened_words,
    proposal_place,
    step_place,
)
from labour_book.services.case_possible import possible_for
from labour_book.services.case_views import (
    CaseFile,
    CaseLine,
    DecisionTold,
    HandOver,
    OwnerTold,
    ProposalTold,
    StepTold,
)
from labour_book.services.installation import Installation
from labour_book.services.recipients import name_of

_POPULATION_VI = (
    "Họ tên, ngày sinh, giới tính, dân tộc lấy từ Cơ sở dữ liệu quốc gia về dân cư và không sửa "
    "tại sổ lao động. Hãy đề nghị điều chỉnh trên Cổng Dịch vụ công quốc gia, ứng dụng VNeID hoặc "
    "tại công an cấp xã; công an cấp xã giải quyết trong {days} ngày làm việc. Khi dữ liệu dân cư "
    "thay đổi, sổ lao động được cập nhật theo và cấp bản mới."
)
_POPULATION_EN = (
    "Name, birth date, sex and ethnic group come from the National Population Database and are not "
    "corrected in the labour book. Ask for it on the National Public Service Portal, in VNeID or "
    "at the commune police, who decide within {days} working days. Once the population data has "
    "changed, the labour book follows and a new version is issued."
)
_AMONG_OFFICIALS = frozenset({Step.PROPOSE, Step.SEND_BACK, Step.PROPOSE_BACK, Step.LET_STAND})
"""Steps whose words and reasons officials say to one another."""
_NO_NAMES: Mapping[str, str] = {}


def lines_of(db: Db, cases: Sequence[StoredCase], *, now: datetime) -> list[CaseLine]:
    """Tell cases as rows of a list."""
    today = vietnam_day(now)
    names = _owner_names(db, cases)
    return [_line(each, names, today) for each in cases]


def file_of(
    db: Db, inst: Installation, case: StoredCase, reader: Caller, *, now: datetime
) -> CaseFile:
    """Tell a whole case to a reader: employers see neither files nor words of others."""
    names = _owner_names(db, [case])
    is_official = reader.kind in {"official", "system"}
    is_employer = reader.kind == "employer"
    is_declarant = case.declared_kind == asking_kind(reader)
    steps = corrections.steps_of(db, case.id)
    hidden = is_employer and not is_declarant
    decisions = correction_decisions.decisions_of(db, case.id)
    units_of = units.names_of(db, {each.unit_code for each in decisions if each.unit_code})
    files = correction_files.files_of(db, case.id)
    possible = possible_for(db, case, reader, decisions)
    return CaseFile(
        line=_line(case, names, vietnam_day(now)),
        person_id=case.person_id,
        version=case.version,
        line_number=case.line_number,
        changes=case.changes,
        words="" if hidden else opened_words(inst.vault, case_place(case.id), case.words),
        declared_by=case.declared_kind,
        assisted=case.assisted,
        employer_answer=case.employer_answer or "",
        employer_words=_employer_words(inst, case, steps),
        steps=() if hidden else tuple(_steps(db, inst, case, steps, is_official=is_official)),
        evidence=tuple(evidence_for(reader, case, steps, files)),
        decisions=tuple(
            _decision(inst, each, units_of, is_official=is_official) for each in decisions
        ),
        proposal=_proposal(inst, case, steps) if is_official else None,
        possible=possible.steps,
        barred=possible.barred,
        hand_over=hand_over(vietnam_day(now)) if case.kind is CaseKind.IDENTITY else None,
        appeal_until=_appeal_until(case),
        rating=case.rating,
        revision=case.revision,
    )


def _appeal_until(case: StoredCase) -> date | None:
    """Return the last day on which a decision may be appealed; an appeal is made once."""
    may_be = case.state is CaseState.DECIDED and case.appealed_at is None
    return case.due_on if may_be else None


def hand_over(today: date) -> HandOver:
    """Return where identity fields are corrected instead."""
    days = days_of(Clock.OWNER, Owner.POPULATION, today)
    article = value_of("corrections.owner.population", on=today).source
    return HandOver(
        _POPULATION_VI.format(days=days), _POPULATION_EN.format(days=days), article, days
    )


def _line(case: StoredCase, names: Mapping[str, str], today: date) -> CaseLine:
    owner = None
    if case.owner_kind is not None:
        code = case.owner_code or ""
        owner = OwnerTold(case.owner_kind, code, names.get(code, code))
    waits = case.state is not CaseState.DECIDED
    return CaseLine(
        case_id=case.id,
        number=case.number,
        kind=case.kind,
        ask=case.ask,
        fields=tuple(each.field for each in case.changes),
        state=case.state,
        turn=TURN_IN[case.state],
        outcome=case.outcome,
        owner=owner,
        submitted_at=case.submitted_at,
        due_on=case.due_on,
        is_overdue=waits and case.due_on is not None and case.due_on < today,
        claimed_by=case.claimed_by,
        claimed_by_name=case.claimed_name,
        is_high_impact=case.high_impact,
        is_appeal=case.appealed_at is not None,
        is_alternative=case.alternative,
        employer_name=case.employer_name,
        state_since=case.state_since,
    )


def _owner_names(db: Db, cases: Iterable[StoredCase]) -> Mapping[str, str]:
    owners = {(each.owner_kind, each.owner_code) for each in cases if each.owner_code}
    firms = {code for kind, code in owners if kind is Owner.EMPLOYER and code}
    codes = {code for kind, code in owners if kind is not Owner.EMPLOYER and code}
    named = units.names_of(db, codes) if codes else {}
    known = employers.employers_by_code(db, firms) if firms else {}
    return {**named, **{code: name_of(each) for code, each in known.items()}}


def _steps(
    db: Db,
    inst: Installation,
    case: StoredCase,
    steps: Sequence[StoredStep],
    *,
    is_official: bool,
) -> Iterable[StepTold]:
    places = units.names_of(db, {each.place for each in steps if each.place})
    for each in steps:
        secret = each.step in _AMONG_OFFICIALS and not is_official
        who = places.get(each.place, "")
        yield StepTold(
            ordinal=each.ordinal,
            at=each.at,
            step=each.step,
            before=each.before,
            after=each.after,
            by_kind=each.by_kind,
            by_name=f"{each.by_name}, {who}" if is_official and who else who or _own_name(each),
            reason_code="" if secret else each.reason_code,
            words=""
            if secret
            else opened_words(inst.vault, step_place(case.id, each.ordinal), each.words),
            due_on=each.due_on,
        )


def _own_name(step: StoredStep) -> str:
    return "" if step.by_kind in {"system", "official"} else step.by_name


def _employer_words(inst: Installation, case: StoredCase, steps: Sequence[StoredStep]) -> str:
    said = [each for each in steps if each.step in {Step.AGREE, Step.CONTEST}]
    if not said:
        return ""
    return opened_words(inst.vault, step_place(case.id, said[-1].ordinal), said[-1].words)


def _decision(
    inst: Installation, decision: StoredDecision, names: Mapping[str, str], *, is_official: bool
) -> DecisionTold:
    reason = data.decision_reasons().get(decision.reason_code, _NO_NAMES)
    code = decision.unit_code or ""
    return DecisionTold(
        decision_id=decision.id,
        ordinal=decision.ordinal,
        at=decision.at,
        outcome=decision.outcome,
        is_automatic=decision.automatic,
        is_appeal=decision.appeal,
        unit_name=names.get(code, code),
        decided_by=decision.decided_name if is_official else "",
        confirmed_by=decision.confirmed_name or "" if is_official else "",
        reason_code=decision.reason_code,
        reason_vi=reason.get("label_vi", ""),
        reason_en=reason.get("label_en", ""),
        words=opened_words(inst.vault, decision_place(decision.id), decision.words),
        article=reason.get("article", ""),
        version_before=decision.version_before,
        version_after=decision.version_after,
    )


def _proposal(
    inst: Installation, case: StoredCase, steps: Sequence[StoredStep]
) -> ProposalTold | None:
    if case.proposal is None:
        return None
    read = loads(opened_words(inst.vault, proposal_place(case.id), case.proposal))
    made = [each for each in steps if each.step in {Step.PROPOSE, Step.PROPOSE_BACK}][-1]
    return ProposalTold(
        outcome=Outcome(read["outcome"]),
        accepted=tuple(read["accepted"]),
        reason_code=read["reason_code"],
        words=read["words"],
        by=made.by,
        by_name=made.by_name,
        at=made.at,
    )
