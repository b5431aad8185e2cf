"""What the statistics of a month count, and by what: dimensions, bands, kinds of moves.

Two populations. Residents: everybody on file of working age, where they live. Workers: everybody
for whom compulsory insurance is reported or who has a running contract in the month, where they
work; of several jobs the one that is insured on the highest wage counts. Who has no known code is
counted under ``UNKNOWN``, so that the codes of a dimension always add up to its population.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from labour_book.domain.months import Month

COUNTRY = "VN"
UNKNOWN = "-"
OUT = "OUT"
"""Where somebody comes from, or goes, who does not work as far as the registers know."""
NO_ZONE = "NONE"
YOUNGEST = 15
"""Years; working age begins with it (Labour Code 45/2019/QH14, art. 3)."""
OLDEST_BAND = 65
"""Years from which on all are in one band."""
BAND_YEARS = 5
SEXES = ("F", "M", UNKNOWN)
ZONES = ("KCN", "KCX", "KCNC")
"""Industrial park, export processing zone, high-tech zone, as the enterprise register names them.

Source: ND 35/2022/ND-CP, art. 2; Law 21/2008/QH12, art. 31.
"""
STANDINGS = ("FORMAL", "INFORMAL", "UNEMPLOYED", "INACTIVE", UNKNOWN)
QUALIFICATIONS = (
    *("NONE", "SKILLED_NO_CERT", "SHORT_CERT", "ELEMENTARY"),
    *("INTERMEDIATE", "COLLEGE", "UNIVERSITY", "POSTGRADUATE"),
)
"""Of Form 03, the lowest first."""
BY_LEVEL = {
    **dict.fromkeys(("1", "2", "3"), "ELEMENTARY"),
    "4": "INTERMEDIATE",
    "5": "COLLEGE",
    "6": "UNIVERSITY",
    **dict.fromkeys(("7", "8"), "POSTGRADUATE"),
}
"""Level of a diploma in the national qualifications framework to the answer on Form 03."""


class Basis(StrEnum):
    """Which population is counted."""

    RESIDENTS = "residents"
    WORKERS = "workers"


class Dimension(StrEnum):
    """By what a population is counted."""

    AGE = "age"
    QUALIFICATION = "qualification"
    STANDING = "standing"
    """Formal, informal, unemployed, outside the labour force."""
    OCCUPATION = "occupation"
    """VSCO, level 1."""
    OCCUPATION_2 = "occupation2"
    """VSCO, level 2; of provinces and the country only."""
    INDUSTRY = "industry"
    """VSIC, sections."""
    ZONE = "zone"


class Kind(StrEnum):
    """What changed between a month and the one before."""

    ZONE = "zone"
    FIRM = "firm"
    PROVINCE = "province"
    OCCUPATION = "occupation"
    INDUSTRY = "industry"


DIMENSIONS: Mapping[Basis, Sequence[Dimension]] = {
    Basis.RESIDENTS: (Dimension.AGE, Dimension.QUALIFICATION, Dimension.STANDING),
    Basis.WORKERS: (
        *(Dimension.AGE, Dimension.QUALIFICATION, Dimension.OCCUPATION),
        *(Dimension.OCCUPATION_2, Dimension.INDUSTRY, Dimension.ZONE),
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """How many people of a place share a code."""

    basis: str
    place_code: str
    """``VN``, a province, a commune, or ``UNKNOWN``."""
    dimension: str
    code: str
    sex: str
    people: int


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """How many people went from one code to another since the month before, and from where to."""

    kind: str
    origin: str
    destination: str
    origin_province: str
    destination_province: str
    people: int


def bands() -> tuple[str, ...]:
    """Return the bands of age, the youngest first."""
    whole = range(YOUNGEST, OLDEST_BAND, BAND_YEARS)
    return (*(f"{each}-{each + BAND_YEARS - 1}" for each in whole), f"{OLDEST_BAND}+", UNKNOWN)


def due_months(reported: Month, prepared: Mapping[Month, bool], *, kept: int) -> list[Month]:
    """Return the months to count now, oldest first: those that are not final yet.

    Args:
        reported: The last month that the insurance register has reported.
        prepared: The months that were counted, and whether for good.
        kept: Months back from the last one that are counted at all.
    """
    months = [reported.plus(-back) for back in reversed(range(kept))]
    return [each for each in months if not prepared.get(each, False)]


def is_final(month: Month, reported: Month, *, settling: int) -> bool:
    """Say whether a month counted now stays as it is, whatever is filed late after."""
    return reported - month >= settling


@dataclass(frozen=True, slots=True)
class StatisticsRules:
    """Which months are counted, and what may be told of few people."""

    kept_months: int = 13
    settling_months: int = 3
    """After which a month is final."""
    fewest: int = 5
    """People whom a number may count that is shown to those who may not see them."""
