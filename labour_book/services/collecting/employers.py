"""The employers that rows of other registers name by their code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.employers import gone_since, name_on
from labour_book.queries import employers as on_file
from labour_book.queries.employers import EmployerOnFile
from labour_book.services.recording import Run, new_id

_LONGEST_CODE = 14
_REMEMBERED = 50_000
_UNSTATED = bytes(16)
"""Fingerprint of an employer of which its own register has said nothing."""


@dataclass(frozen=True, slots=True)
class KnownEmployer:
    """An employer as far as rows of other registers need it."""

    id: UUID
    code: str
    gone_since: date | None
    names: tuple[tuple[str, date | None, date | None], ...]

    def name_on(self, day: date) -> str:
        """Return the name on a day, else the last one known, else the code."""
        return name_on(self.names, day) or (self.names[-1][0] if self.names else self.code)


class KnownEmployers:
    """Finds employers by code, and enters those that no register knows. Lives for one run."""

    def __init__(self) -> None:
        self._known: dict[str, KnownEmployer] = {}
        self._new: list[dict[str, Any]] = []
        self._new_names: list[dict[str, Any]] = []

    def look_up(self, db: Db, run: Run, codes: Iterable[str | None]) -> None:
        """Fetch the employers with these codes that are not known yet, in three queries."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        asked = {code for code in codes if code is not None} - self._known.keys()
        for code, found in on_file.employers_by_code(db, asked).items():
            self._known[code] = _known(found, run.on)

    def find(self, code: str | None) -> KnownEmployer | None:
        return None if code is None else self._known.get(code)

    def enter(self, run: Run, code: str | None, name: str) -> KnownEmployer | None:
        """Return the employer with a code, entered now if nobody knows it; None without a code.

        Schools, health stations and other public units have a code that the enterprise register
        does not know. A code that is too long to be one is no ground for an employer.
        """
        if code is None or len(code) > _LONGEST_CODE:
            return None
        found = self._known.get(code)
        if found is None:
            names = ((name, None, None),) if name else ()
            found = KnownEmployer(new_id(run.at), code, None, names)
            self._known[code] = found
            self._new.append(_unregistered(run, found))
            if name:
                self._new_names.append(_hearsay(run, found.id, name))
        return found

    def write(self, db: Db) -> None:
        on_file.add_employers(db, self._new)
        on_file.add_names(db, self._new_names)
        self._new, self._new_names = [], []


def _known(found: EmployerOnFile, on: date) -> KnownEmployer:
    names = tuple((each.name, each.valid_from, each.valid_to) for each in found.names)
    return KnownEmployer(found.id, found.code, gone_since(found.statuses, on), names)


def _unregistered(run: Run, employer: KnownEmployer) -> dict[str, Any]:
    return {
        "id": employer.id,
        "code": employer.code,
        "registered": False,
        "legal_form": None,
        "vsic_code": None,
        "commune_code": None,
        "zone": None,
        "zone_kind": None,
        "expected_headcount": None,
        "registered_on": None,
        "fingerprint": _UNSTATED,
        "recorded_at": run.at,
        "run_id": run.id,
    }


def _hearsay(run: Run, employer_id: UUID, name: str) -> dict[str, Any]:
    return {
        "id": new_id(run.at),
        "employer_id": employer_id,
        "name": name,
        "valid_from": None,
        "valid_to": None,
        "recorded_at": run.at,
    }
