"""Months of statistics put straight into the tables."""

from collections.abc import Sequence

from labour_book.database import transaction
from labour_book.domain.statistics import Basis, Cell, Dimension, Move
from labour_book.queries import statistics
from labour_book.services.installation import Installation
from tests.services.people import RECORDED

MONTH = "2026-07"
CODES = (("15-19", 3), ("20-24", 40), ("25-29", 61), ("30-34", 9))
"""Bands, and how many women there are in each of Hà Nội; as many men, and twice as many there are
in Hồ Chí Minh."""
PLACES = (("01", 1), ("79", 2), ("VN", 3))
MOVES = [
    Move("zone", origin, destination, "01", "01", people)
    for origin, destination, people in (
        *(("KCN", "NONE", 2), ("KCN", "OUT", 61), ("KCX", "NONE", 33)),
        *(("KCX", "OUT", 18), ("NONE", "KCN", 72)),
    )
]


def of_workers() -> list[Cell]:
    """Return workers by age in two provinces and the country; everybody works outside zones."""
    by_age = [
        Cell(Basis.WORKERS, place, Dimension.AGE, code, sex, people * times)
        for place, times in PLACES
        for code, people in CODES
        for sex in "FM"
    ]
    whole = sum(people for _, people in CODES)
    by_zone = [
        Cell(Basis.WORKERS, place, Dimension.ZONE, "NONE", sex, whole * times)
        for place, times in PLACES
        for sex in "FM"
    ]
    return by_age + by_zone


def keep(
    inst: Installation,
    month: str = MONTH,
    cells: Sequence[Cell] = (),
    moves: Sequence[Move] = (),
    *,
    is_final: bool = True,
) -> None:
    """Keep a month as if it had been counted."""
    row = {
        "month": month,
        "is_final": is_final,
        "residents": 0,
        "workers": 0,
        "content_hash": bytes(32),
        "reported_through": "2026-10",
        "revision": 1,
        "prepared_at": RECORDED,
    }
    with transaction(inst.engine) as db:
        assert statistics.add_month(db, row)
        statistics.replace_numbers(db, month, cells or of_workers(), moves or MOVES)
