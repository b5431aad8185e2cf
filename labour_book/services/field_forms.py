"""What a device needs to keep forms that are filled in where there is no network.

The device seals each form to a key pair of its own, whose private half is wrapped with the key that
is handed out here: it opens what it keeps only while the official who filled it in is signed in.
Whoever finds the device finds nothing that can be read. Nothing is stored here.
"""

from dataclasses import dataclass, field
from datetime import datetime

from labour_book.services.callers import Action, Caller
from labour_book.services.derived_keys import key_for
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role

_NAME_LENGTH = 16


@dataclass(frozen=True, slots=True)
class FieldSeat:
    """By what a device knows whose forms it keeps, and the key that opens them."""

    name: str
    """Says nothing of the account, and is the same each time."""
    key: bytes = field(repr=False)
    """32 bytes, of this account alone."""


def field_seat(inst: Installation, caller: Caller, *, now: datetime) -> FieldSeat:
    """Return by what a device of the caller keeps forms.

    Raises:
        DeniedToRole: the role enters no forms.
    """
    check_role(caller, Action.FORM_ENTER, now)
    name = key_for(inst.lookup_key, f"field-seat:{caller.id}").hex()[:_NAME_LENGTH]
    return FieldSeat(name, key_for(inst.lookup_key, f"field-forms:{caller.id}"))
