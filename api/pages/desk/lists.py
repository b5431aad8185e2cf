"""Lists of the supervisor's pages as rows of text, to be taken away as a file. Pure."""

from collections.abc import Sequence

from api.pages.desk.wording import coded, purpose_in_words
from api.pages.texts import Language, say
from labour_book.domain.display import show_date
from labour_book.domain.evidence import VIETNAM
from labour_book.services.case_views import CaseLine
from labour_book.services.exporting import Listed
from labour_book.services.overseeing import Ageing
from labour_book.services.quality_numbers import UnitNumbers
from labour_book.services.trace_reading import TraceTold


def listed_ageing(rows: Sequence[Ageing], bands: Sequence[str], language: Language) -> Listed:
    """Return the ageing of open cases by unit."""
    headers = ["unit", "owner", "waiting", "overdue"]
    return Listed(
        "ageing",
        say(language, "desk.oversight.ageing"),
        [
            *(say(language, f"desk.oversight.{each}") for each in headers),
            *(say(language, f"desk.band.{each}") for each in bands),
        ],
        [
            [
                *(row.name, say(language, f"desk.owner.{row.owner}"), row.waiting, row.overdue),
                *(row.by_days.get(each, 0) for each in bands),
            ]
            for row in rows
        ],
    )


def listed_overdue(rows: Sequence[CaseLine], language: Language) -> Listed:
    """Return the overdue cases: numbers of cases and offices, nobody's name."""
    return Listed(
        "overdue",
        say(language, "desk.oversight.overdue_list"),
        [
            say(language, key)
            for key in (
                *("desk.queue.number", "desk.queue.due", "desk.queue.kind"),
                *("desk.queue.state", "desk.queue.owner", "desk.oversight.unit"),
            )
        ],
        [
            [
                row.number,
                show_date(row.due_on) if row.due_on else "",
                say(language, f"desk.kind.{row.kind}"),
                say(language, f"desk.state.{row.state}"),
                say(language, f"desk.owner.{row.owner.kind}") if row.owner else "",
                row.owner.name if row.owner else "",
            ]
            for row in rows
        ],
    )


NUMBERS = ("decided", "approved", "partly", "refused", "in_time", "on_appeal", "reversed")
"""The columns of a unit's quality numbers."""


def listed_quality(rows: Sequence[UnitNumbers], language: Language) -> Listed:
    """Return how well the units decided."""
    return Listed(
        "quality",
        say(language, "desk.oversight.quality"),
        [
            say(language, "desk.oversight.unit"),
            *(say(language, f"desk.oversight.{each}") for each in NUMBERS),
            say(language, "desk.oversight.rating"),
        ],
        [[row.name, *(getattr(row, each) for each in NUMBERS), rating_of(row)] for row in rows],
    )


def rating_of(row: UnitNumbers) -> str:
    """Return the mean rating with one decimal; empty where nobody rated."""
    return f"{row.stars / row.rated:.1f}" if row.rated else ""


def listed_trace(rows: Sequence[TraceTold], language: Language) -> Listed:
    """Return rows of the trace; persons by their internal id, as the trace has them."""
    names = ("number", "at", "who", "kind", "deed", "person", "purpose", "outcome")
    return Listed(
        "trace",
        say(language, "desk.trace.title"),
        [say(language, f"desk.trace.{name}") for name in names],
        [
            [
                row.number,
                f"{row.at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}",
                row.name or coded(language, "desk.actor", row.actor_kind),
                coded(language, "desk.actor", row.actor_kind),
                coded(language, "desk.deed", row.action),
                str(row.person_id or ""),
                purpose_in_words(language, row.purpose),
                coded(language, "desk.trace.outcome", row.outcome),
            ]
            for row in rows
        ],
    )
