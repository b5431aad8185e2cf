"""How many people an enterprise insures in a month."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.months import Month
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import table_of
from labour_book.tables import InsuranceFact

_INSURANCE = table_of(InsuranceFact)
ARREARS, CONTRIBUTED = "arrears", "contributed"


@dataclass(frozen=True, slots=True)
class Headcount:
    """People insured at one enterprise in a month, each once under each of the two."""

    contributed: int = 0
    arrears: int = 0
    """For whom it owes the contribution."""


def insured_at(db: Db, codes: Collection[str], month: Month) -> dict[str, Headcount]:
    """Return how many people each enterprise insures in a month; who is not on file insures 0."""
    counted: dict[str, dict[str, int]] = {code: {} for code in codes}
    people = sa.func.count(sa.distinct(_INSURANCE.c.person_id))
    for some in portions(codes):
        query = (
            sa.select(_INSURANCE.c.employer_code, _INSURANCE.c.status, people)
            .where(
                among(db, _INSURANCE.c.employer_code, some),
                _INSURANCE.c.voided_at.is_(None),
                _INSURANCE.c.status.in_((CONTRIBUTED, ARREARS)),
                _INSURANCE.c.first_month <= str(month),
                sa.or_(_INSURANCE.c.last_month.is_(None), _INSURANCE.c.last_month >= str(month)),
            )
            .group_by(_INSURANCE.c.employer_code, _INSURANCE.c.status)
            .order_by(_INSURANCE.c.employer_code, _INSURANCE.c.status)
        )
        for code, status, number in db.execute(query):
            counted[code][status] = number
    return {
        code: Headcount(of.get(CONTRIBUTED, 0), of.get(ARREARS, 0)) for code, of in counted.items()
    }
