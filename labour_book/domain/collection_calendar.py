"""The deadlines by which what was collected has to be reported, as dates of a year."""

from dataclasses import dataclass
from datetime import date

from labour_book import data


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a report, and the act that asks for it."""

    code: str
    last_day: date
    label_vi: str
    label_en: str
    source: str


def deadlines(since: date, *, at_most: int) -> list[Deadline]:
    """Return the next deadlines from a day on, the nearest first."""
    found = [each for year in (since.year, since.year + 1) for each in _of_year(year)]
    return sorted(
        (each for each in found if each.last_day >= since), key=lambda each: each.last_day
    )[:at_most]


def _of_year(year: int) -> list[Deadline]:
    return [
        Deadline(
            row["code"],
            date(year, int(row["month"]), int(row["day"])),
            row["label_vi"],
            row["label_en"],
            row["source"],
        )
        for row in data.rows("collection_deadlines")
    ]
