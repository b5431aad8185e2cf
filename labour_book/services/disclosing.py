"""The recipient's copy: the parts of the signed book that were chosen, verifying by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labour_book.database import Db
from labour_book.domain.sharing import ENVELOPE, Audience, Selection, leaks, shows
from labour_book.errors import Unavailable
from labour_book.queries.shares import StoredShare
from labour_book.queries.versions import CURRENT, SignedVersion
from labour_book.services.copying import NoCurrentVersion, shared_copy
from labour_book.services.drafting import stored_credential
from labour_book.services.installation import Installation
from signing import disclose, read_disclosed

__all__ = ["NoCurrentVersion", "Part", "chosen_part", "part_for", "part_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """What a recipient gets: a credential that shows only this, and its claims to display."""

    credential: str
    claims: Mapping[str, Any]
    """Without the envelope."""


def part_of(
    inst: Installation, version: SignedVersion | None, selection: Selection, audience: Audience
) -> Part:
    """Return the chosen part of a version, for its owner to look at; nobody else gets it.

    Raises:
        NoCurrentVersion: there is none, or it was revoked.
        Conflict: the stored credential was altered.
    """
    if version is None or version.state != CURRENT:
        raise NoCurrentVersion
    return chosen_part(stored_credential(inst, version.id, version.credential), selection, audience)


def part_for(
    db: Db, inst: Installation, share: StoredShare, version: SignedVersion | None, *, now: datetime
) -> Part:
    """Return the chosen part of the copy that was made of a version for a share.

    Raises:
        NoCurrentVersion, Conflict, Unavailable: as ``shared_copy``.
    """
    copy = shared_copy(db, inst, version, share.id, now=now)
    return chosen_part(copy, share.selection, share.audience)


def chosen_part(credential: str, selection: Selection, audience: Audience) -> Part:
    """Return the chosen part of a whole credential; nothing outside the closed list gets out."""
    shown = disclose(credential, shows(selection, audience, read_disclosed(credential)))
    claims = read_disclosed(shown)
    if leaks(claims, audience):  # two lists disagree: a bug, and nothing is shown for it
        raise Unavailable("this cannot be shown at the moment")
    return Part(shown, {name: value for name, value in claims.items() if name not in ENVELOPE})
