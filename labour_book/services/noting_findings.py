"""Keeps what checks found: new things are added, known ones seen again, what is gone is cleared.

What somebody set aside with a reason stays aside as long as the rule says the same of it; what
somebody dealt with comes back if it is still found after some weeks.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from json import dumps
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.check_rules import Found, Subject, rules
from labour_book.queries import check_findings
from labour_book.queries.check_findings import FindingOnFile, Key
from labour_book.services.recording import new_id

TIME_TO_MEND = timedelta(days=30)
"""How long what was dealt with may still be found: registers correct themselves slowly."""
SEEN_EVERY = timedelta(hours=20)
"""A finding that stays is written again at most once a day."""


def note(
    db: Db,
    looked_for: Collection[str],
    subjects: Collection[str] | None,
    found: Iterable[Found],
    *,
    now: datetime,
) -> int:
    """Keep what some rules found of some subjects, or of all; return how many things that is.

    Whatever those rules had found of those subjects and is not among it, is cleared.
    """
    known = check_findings.open_of(db, looked_for, subjects)
    by_key = {(each.subject, each.rule, each.place): each for each in found}
    check_findings.add(db, [_row(each, now) for key, each in by_key.items() if key not in known])
    again = {key: known[key] for key in by_key if key in known}
    changed = {key: each for key, each in again.items() if _differs(each, by_key[key])}
    check_findings.rewrite(db, [_changed(changed[key], by_key[key], now) for key in changed])
    check_findings.rewrite(db, _back(again, changed, now))
    seen = [each.id for each in again.values() if now - each.last_seen >= SEEN_EVERY]
    check_findings.see_again(db, seen, now)
    gone = [each.id for key, each in known.items() if key not in by_key]
    check_findings.clear(db, gone, now)
    return len(by_key)


def _row(found: Found, now: datetime) -> dict[str, Any]:
    subject = rules()[found.rule].subject
    return {
        "id": new_id(now),
        "rule": found.rule,
        "subject_kind": subject.value,
        "subject": found.subject,
        "place": found.place,
        "person_id": UUID(found.subject) if subject is Subject.PERSON else None,
        "commune_code": found.commune_code,
        "unit_code": found.unit_code,
        "detail": _text(found.detail),
        "state": "open",
        "reason": "",
        "first_seen": now,
        "last_seen": now,
    }


def _differs(known: FindingOnFile, found: Found) -> bool:
    return (dict(known.detail), known.commune_code, known.unit_code) != (
        dict(found.detail),
        found.commune_code,
        found.unit_code,
    )


def _changed(known: FindingOnFile, found: Found, now: datetime) -> dict[str, Any]:
    """Return a finding that says something else now; if it was set aside, it is open again."""
    stays = known.state == "ignored" and dict(known.detail) == dict(found.detail)
    return {
        "id": known.id,
        "detail": _text(found.detail),
        "commune_code": found.commune_code,
        "unit_code": found.unit_code,
        "state": known.state if stays or known.state == "handled" else "open",
        "last_seen": now,
    }


def _back(
    again: Mapping[Key, FindingOnFile], changed: Collection[Key], now: datetime
) -> list[dict[str, Any]]:
    """Return findings that were dealt with long ago and are still there."""
    return [
        {"id": each.id, "state": "open"}
        for key, each in again.items()
        if key not in changed
        and each.state == "handled"
        and each.settled_at is not None
        and now - each.settled_at >= TIME_TO_MEND
    ]


def _text(detail: Mapping[str, str | int]) -> str:
    return dumps(dict(detail), ensure_ascii=False, sort_keys=True)
