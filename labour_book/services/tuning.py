"""Thresholds of rules: the table's, unless an administrator accepted another one.

A proposal follows from what people said of the warnings since the threshold was last set, by one
documented rule: after ``ENOUGH`` reviews, if fewer than ``POOR`` per cent were useful the threshold
goes up by one step, if at least ``GOOD`` per cent were it goes down by one; never beyond the bounds
in the table. Nothing changes before an administrator accepts it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from labour_book.database import Db
from labour_book.domain.check_rules import Rule, rules
from labour_book.errors import Conflict, NotFound
from labour_book.queries import check_findings
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_role
from labour_book.services.recording import new_id

ENOUGH = 10
POOR, GOOD = 50, 90
"""Per cent of the reviewed warnings."""


class NothingProposed(Conflict):
    """There are too few reviews, or they call for no change, or somebody has made it already."""

    slug = "no-threshold-proposed"
    title = "No other threshold is proposed for this rule now"
    title_vi = "Hiện không có đề xuất đổi ngưỡng cho quy tắc này"


@dataclass(frozen=True, slots=True)
class Tuned:
    """A rule with its threshold, how its warnings were received, and what that suggests."""

    rule: Rule
    threshold: int | None
    """In tenths."""
    changes: int
    """How often it was changed."""
    useful: int
    reviewed: int
    """Since it was last changed."""
    proposed: int | None
    """In tenths; None where nothing is proposed."""

    @property
    def hit_rate(self) -> int | None:
        """Per cent of the reviewed warnings that were useful."""
        return round(100 * self.useful / self.reviewed) if self.reviewed else None


def thresholds(db: Db) -> Mapping[str, int]:
    """Return the thresholds that hold, by rule, in tenths."""
    accepted = check_findings.thresholds(db)
    table = {each.code: each.threshold for each in rules().values() if each.threshold is not None}
    return table | {rule: value for rule, (_, value, _) in accepted.items() if rule in table}


def tuned(db: Db, caller: Caller, *, now: datetime) -> list[Tuned]:
    """Return all rules with their thresholds and hit rates.

    Raises:
        DeniedToRole: the caller's role does not look after rules.
    """
    check_role(caller, Action.RULES_READ, now)
    accepted = check_findings.thresholds(db)
    said = check_findings.reviewed(db, {rule: at for rule, (_, _, at) in accepted.items()})
    return [_tuned(rule, accepted.get(rule.code), said.get(rule.code)) for rule in rules().values()]


def accept(db: Db, caller: Caller, code: str, *, value: int, now: datetime) -> None:
    """Set the threshold that is proposed for a rule; ``value`` is what the administrator saw.

    Raises:
        DeniedToRole: the caller administers nothing.
        NotFound: there is no such rule.
        NothingProposed: another value, or none, is proposed by now.
    """
    check_role(caller, Action.RULE_TUNE, now)
    if code not in rules():
        raise NotFound("there is no such rule")
    accepted = check_findings.thresholds(db)
    said = check_findings.reviewed(db, {rule: at for rule, (_, _, at) in accepted.items()})
    state = _tuned(rules()[code], accepted.get(code), said.get(code))
    if state.proposed is None or state.proposed != value:
        raise NothingProposed
    row = {
        "id": new_id(now),
        "rule": code,
        "number": state.changes + 1,
        "before": state.threshold,
        "value": state.proposed,
        "useful": state.useful,
        "reviewed": state.reviewed,
        "set_by": caller.id,
        "set_at": now,
    }
    if not check_findings.add_threshold(db, row):
        raise NothingProposed
    detail: dict[str, str | int] = {"rule": code, "value": value}
    trace(db, caller, Action.RULE_TUNE, at=now, purpose="threshold", detail=detail)


def _tuned(
    rule: Rule, accepted: tuple[int, int, datetime] | None, said: tuple[int, int] | None
) -> Tuned:
    number, threshold = (0, rule.threshold) if accepted is None else accepted[:2]
    useful, reviewed = said or (0, 0)
    proposed = proposal(rule, threshold, useful, reviewed)
    return Tuned(rule, threshold, number, useful, reviewed, proposed)


def proposal(rule: Rule, threshold: int | None, useful: int, reviewed: int) -> int | None:
    """Return the threshold that reviews call for, in tenths; None if they call for no other."""
    if threshold is None or rule.step is None or reviewed < ENOUGH:
        return None
    assert rule.least is not None
    assert rule.most is not None
    rate = 100 * useful / reviewed
    step = rule.step if rate < POOR else -rule.step if rate >= GOOD else 0
    value = min(max(threshold + step, rule.least), rule.most)
    return None if value == threshold else value
