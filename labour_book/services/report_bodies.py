"""What stands in a report: every number with its sources, so that nothing is looked up later.

What a place inside the unit's own tells of few people is left out: a report travels.
"""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.errors import Invalid
from labour_book.law.report_calendar import ReportKind, dues, kind_for
from labour_book.queries import units
from labour_book.queries.units import UnitRow
from labour_book.services.coverage_numbers import coverage_of, without_few
from labour_book.services.coverage_places import COUNTRY, place_of_unit
from labour_book.services.coverage_rounds import definitions
from labour_book.services.coverage_telling import plain
from labour_book.services.installation import Installation
from signing import canonical_json

FORMAT = "labour-book/coverage-report/1"
_CITIES = ("Thành phố ", "Tỉnh ")
"""What documents leave out of the name of a place."""


def kind_of(unit: UnitRow, kind: str, as_of: date, today: date) -> ReportKind:
    """Return the kind of a report that a unit may begin.

    Raises:
        Invalid: the unit owes no such report, or not of that day.
    """
    if kind == ReportKind.ASKED:
        return ReportKind.ASKED
    owed = kind_for(unit.kind, unit.place_code)
    if owed is None or kind != owed:
        raise Invalid("the unit owes no such report", cause="COVERAGE_KIND")
    span = (date(today.year - 1, 1, 1), date(today.year + 1, 12, 31))
    if as_of not in {each.as_of for each in dues(owed, *span)}:
        raise Invalid("no such report is of that day", cause="COVERAGE_DAY")
    return owed


def numbers_of(
    db: Db, inst: Installation, unit: UnitRow, as_of: date, *, kind: ReportKind, now: datetime
) -> tuple[UUID, dict[str, Any]]:
    """Return everything that a report tells but its words, and the round it is made of.

    Raises:
        NotCounted: nobody has counted the day.
    """
    found = coverage_of(db, inst, place_of_unit(inst, unit), as_of=as_of, now=now)
    above = None if unit.parent_code is None else units.unit(db, unit.parent_code)
    fewest = inst.statistics.fewest
    return found.round.id, {
        "format": FORMAT,
        "kind": str(kind),
        "unit": {
            "code": unit.code,
            "name": unit.name,
            "above": "" if above is None else above.name,
        },
        "dated_at": _dated_at(inst, unit),
        "fewest": fewest,
        "words": "",
        "in_words": definitions(),
        **plain(found, without_few(found, fewest)),
    }


def _dated_at(inst: Installation, unit: UnitRow) -> str:
    """Return the name of the place that a unit's documents are dated at."""
    place = place_of_unit(inst, unit)
    if place.code == COUNTRY:
        return inst.issuer.place
    name = place.name.partition(", ")[0]
    for kind in _CITIES:
        name = name.removeprefix(kind)
    return name


def stored(body: Mapping[str, Any]) -> dict[str, str]:
    """Return a body as it is stored: canonical JSON, and its hash."""
    written = canonical_json(dict(body))
    return {"body": written.decode(), "body_sha256": sha256(written).hexdigest()}
