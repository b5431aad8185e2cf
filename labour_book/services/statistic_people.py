"""Who stands behind a number of the statistics, for those who may see them; nobody is named."""

from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.statistic_tables import codes_of
from labour_book.domain.statistics import DIMENSIONS, SEXES, Basis, Dimension
from labour_book.errors import Invalid
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.counting import members
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role
from labour_book.services.statistics import month_of, place_of

MOST_PEOPLE = 500
"""Whom a list names at most."""


def people_behind(
    db: Db,
    inst: Installation,
    caller: Caller,
    *,
    unit: str,
    month: str,
    group: tuple[str, str, str],
    now: datetime,
) -> list[UUID]:
    """Return who is counted among the residents of a commune, at most so many.

    ``group`` is a dimension, a code of it, and a sex, which may be empty.

    They are found by what is on file now; a month that is final may have been counted otherwise.

    Raises:
        DeniedToRole: the role sees no people.
        NotFoundForCaller: there is no such unit, or it is not under the caller's.
        NotCounted: the month was not counted.
        Invalid: the unit is no commune's, or there is no such code.
    """
    check_role(caller, Action.STATISTICS_PEOPLE, now)
    dimension, code, sex = group
    place = place_of(db, caller, unit, now)
    on_file, _ = month_of(db, month)
    is_known = dimension in DIMENSIONS[Basis.RESIDENTS] and sex in {"", *SEXES}
    if place.kind != "commune" or not is_known or code not in codes_of(Dimension(dimension)):
        raise Invalid("there is no such list", cause="LIST")
    found = members(db, inst, on_file, place.code, (Dimension(dimension), code, sex))
    detail: dict[str, str | int] = {"what": dimension, "month": on_file.month, "listed": len(found)}
    trace(db, caller, Action.STATISTICS_PEOPLE, at=now, purpose="statistics", detail=detail)
    return [UUID(each) for each in found[:MOST_PEOPLE]]
