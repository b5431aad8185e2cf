"""Notifications as the rows that a file of their register would have brought.

They are read by the very reader of that file, so that the same content gives the same row, the
same findings, and the same refusals.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from labour_book.domain.findings import Finding
from labour_book.errors import Invalid
from labour_book.queries.register_events import StoredEvent
from labour_book.registers import Parsed, RowPlace
from labour_book.services.installation import Installation
from labour_book.services.mending import read_rows
from labour_book.services.receiving_events import place_of

__all__ = ["parsed_rows", "values_of"]


def values_of(inst: Installation, event: StoredEvent) -> Mapping[str, str]:
    """Return what a notification says, in the columns of its register's file."""
    assert event.body is not None
    opened = inst.vault.sealer.open(event.body, bound_to=place_of(event.id))
    found: Mapping[str, str] = json.loads(opened)
    return found


def parsed_rows(
    register: str, said: Sequence[Mapping[str, str]], folder: Path, *, as_of: date
) -> list[Parsed]:
    """Read what notifications of a register say; ``folder`` is for the file in between."""
    if not said:
        return []
    try:
        return read_rows(register, said, folder, as_of=as_of)
    except Invalid:
        if len(said) == 1:
            unreadable = (Finding("TRUNCATED"),)
            return [Parsed(RowPlace(None, 1), dict(said[0]), None, unreadable)]
    return [each for one in said for each in parsed_rows(register, [one], folder, as_of=as_of)]
