"""What of a book may be shown: presets, a worker's own choice, and the closed list behind both.

Pay, the reason for leaving, sickness and benefit markers, union, strike, ethnicity and priority
groups are not in the list, so nobody can ask for them and no choice can hold them. Contribution
months that count without a payment are such a marker: they tell of sickness and maternity. So do
the months of a job that were not paid, and a list of those that were, by the hole in it: of the
months, a share tells how many were paid and nothing else. Whether the others were owed, credited
or not reported, nobody can work out.

The number of a job is not shown either: it tells how many there were before.

Source: Law 91/2025, art. 25(1); Labour Code, art. 48(3).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from json import dumps
from typing import Any

from labour_book import data
from labour_book.domain.names import fold
from labour_book.errors import Invalid

Path = tuple[str | int, ...]
"""Where a part of the record stands, such as ``("worker", "full_name")``."""

CUSTOM = "CUSTOM"
PERSONAL_ID = "worker.personal_id"
LINES = ("employments", "qualifications")

_WORKER = frozenset(
    {
        *("full_name", "birth_date", "sex", "nationality", "residence", "personal_id"),
        "population_check",
    }
)
_INSURANCE = frozenset({"SI", "UI", "HI", "VOL", "first_month", "last_month", "as_of_month"})
_MONTHS = frozenset({"months_paid"})
_EMPLOYMENT = _MONTHS | {
    "employer",
    "enterprise_code",
    "position",
    "occupation_code",
    "contract_kind",
    "workplace",
    "first_day",
    "last_day",
    "known_since",
    "known_until",
    "assurance",
}
_QUALIFICATION = frozenset({"kind", "level", "field", "issuer", "issued_on", "number", "assurance"})
_WHOLE = frozenset({"book_no", "version", "as_of"})
_MEMBERS = {
    "worker": _WORKER,
    "insurance": _INSURANCE,
    "employments": _EMPLOYMENT,
    "qualifications": _QUALIFICATION,
    "gaps": frozenset({"first", "last"}),
}

SHAREABLE = frozenset(
    {
        *_WHOLE,
        "gaps",
        *(f"worker.{name}" for name in _WORKER),
        *(f"insurance.{name}" for name in _INSURANCE),
        *(f"employments.{name}" for name in _MONTHS),
    }
)
"""Every claim that can be chosen by its name. Lines are chosen one by one, or by a rule."""

ENVELOPE = frozenset({"iss", "vct", "iat", "nbf", "exp", "status", "cnf", "_sd_alg"})
"""What a credential always shows; it is about the document, not the person."""


class Audience(StrEnum):
    """To whom a share is addressed."""

    ANYONE = "anyone"
    """Whoever has the code."""
    ENTERPRISE = "enterprise"
    """One enterprise, by its code."""
    PERSON = "person"
    """One person, by the personal ID."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Which lines of a list are shown: a rule that follows the book, or lines chosen by key."""

    rule: str
    """none, all, latest or chosen."""
    count: int = 0
    keys: frozenset[str] = frozenset()

    def of(self, keys: Sequence[str]) -> frozenset[int]:
        """Return the places of the lines shown, given the keys of all, oldest first."""
        match self.rule:
            case "all":
                return frozenset(range(len(keys)))
            case "latest":
                return frozenset(range(max(0, len(keys) - self.count), len(keys)))
            case "chosen":
                return frozenset(at for at, key in enumerate(keys) if key in self.keys)
            case _:
                return frozenset()


NO_LINES = Lines("none")


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a book is shown; it holds names and rules, and nothing of the book itself."""

    claims: frozenset[str]
    employments: Lines = NO_LINES
    qualifications: Lines = NO_LINES

    def to_json(self) -> dict[str, Any]:
        return {"claims": sorted(self.claims)} | {
            name: {"rule": lines.rule, "count": lines.count, "keys": sorted(lines.keys)}
            for name, lines in (
                ("employments", self.employments),
                ("qualifications", self.qualifications),
            )
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Selection":
        employments, qualifications = (
            Lines(each["rule"], each["count"], frozenset(each["keys"]))
            for each in (stored[name] for name in LINES)
        )
        return cls(frozenset(stored["claims"]), employments, qualifications)


@dataclass(frozen=True, slots=True)
class Preset:
    """A choice that is ready made for a kind of work (mẫu chia sẻ)."""

    code: str
    labels: Mapping[str, str]
    """By language: vi, en."""
    shows: Mapping[str, str]
    """What it shows, in one line, by language."""
    selection: Selection


@cache
def presets() -> Mapping[str, Preset]:
    """Return the presets by their code, in the order in which they are offered."""
    return {row["preset"]: _preset(row) for row in data.rows("presets")}


def preset_selection(code: str) -> Selection:
    """Return what a preset shows.

    Raises:
        Invalid: there is no such preset, or it is the one that leaves the choice to the worker.
    """
    preset = presets().get(code)
    if preset is None or code == CUSTOM:
        raise Invalid("there is no such preset", cause="PRESET_UNKNOWN")
    return preset.selection


def custom_selection(
    claims: Collection[str],
    record: Mapping[str, Any],
    *,
    employments: Collection[int],
    qualifications: Collection[int],
) -> Selection:
    """Return a worker's own choice of claims by name and of lines by number (from 1).

    A chosen line is remembered by what it says: after a correction it is not shown until it is
    chosen again, and no other line ever takes its place.

    Raises:
        Invalid: a claim that cannot be shown, a line that is not there, or nothing at all.
    """
    unknown = frozenset(claims) - SHAREABLE
    if unknown:
        raise Invalid("this cannot be shared", cause="NOT_SHAREABLE")
    selection = Selection(
        frozenset(claims),
        _chosen("employments", employments, record),
        _chosen("qualifications", qualifications, record),
    )
    if not (claims or employments or qualifications):
        raise Invalid("choose what to show", cause="NOTHING_CHOSEN")
    return selection


def check_fits(selection: Selection, audience: Audience) -> None:
    """Refuse to show the whole personal ID to anybody but a named enterprise.

    Raises:
        Invalid: the choice holds it.
    """
    if PERSONAL_ID in selection.claims - _allowed(audience):
        raise Invalid(
            "the personal ID is shown to a named enterprise only", cause="PERSONAL_ID_TO_NOBODY"
        )


def shows(
    selection: Selection, audience: Audience, record: Mapping[str, Any]
) -> Callable[[Path], bool]:
    """Return what says of each part of a whole record whether it is shown.

    Asked once more against the closed list: a choice that was tampered with shows no more.
    """
    claims = selection.claims & _allowed(audience)
    lines = {
        "employments": selection.employments.of(line_keys("employments", record)),
        "qualifications": selection.qualifications.of(line_keys("qualifications", record)),
    }

    def is_shown(path: Path) -> bool:
        match path:
            case (str(name),):
                return name in claims
            case (("employments" | "qualifications") as name, int(at)):
                return at in lines[name]
            case ("employments", int(at), str(member)):
                return at in lines["employments"] and f"employments.{member}" in claims
            case (("worker" | "insurance") as section, str(member)):
                return f"{section}.{member}" in claims
            case _:
                return False

    return is_shown


def leaks(shown: Mapping[str, Any], audience: Audience) -> list[str]:
    """Return the names of what must not be shown to this audience, though it is in there."""
    found = []
    for name, value in shown.items():
        if name in ENVELOPE or name in _WHOLE:
            continue
        if name not in _MEMBERS:
            found.append(name)
            continue
        for element in value if isinstance(value, list) else [value]:
            extra = set(element) - _MEMBERS[name]
            found += [f"{name}.{member}" for member in sorted(extra)]
    if audience is not Audience.ENTERPRISE and "personal_id" in shown.get("worker", {}):
        found.append(PERSONAL_ID)
    return found


def line_keys(name: str, record: Mapping[str, Any]) -> list[str]:
    """Return what each line of a list is known by: employer, position and start, or the diploma."""
    return [_key(_IDENTITY[name](line)) for line in record.get(name, ())]


_IDENTITY: Mapping[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "employments": lambda line: [
        line.get("enterprise_code") or fold(line["employer"]),
        line["position"],
        line.get("first_day", ""),
    ],
    "qualifications": lambda line: [
        line["kind"],
        line["issuer"],
        line["number"],
        line["issued_on"],
    ],
}


def _key(identity: Iterable[str]) -> str:
    return blake2b(dumps(list(identity)).encode(), digest_size=12).hexdigest()


def _allowed(audience: Audience) -> frozenset[str]:
    return SHAREABLE if audience is Audience.ENTERPRISE else SHAREABLE - {PERSONAL_ID}


def _chosen(name: str, numbers: Collection[int], record: Mapping[str, Any]) -> Lines:
    keys = line_keys(name, record)
    if not all(1 <= number <= len(keys) for number in numbers):
        raise Invalid("there is no such line in the book", cause="LINE_UNKNOWN")
    return Lines("chosen", keys=frozenset(keys[number - 1] for number in numbers))


def _preset(row: Mapping[str, str]) -> Preset:
    return Preset(
        row["preset"],
        {"vi": row["label_vi"], "en": row["label_en"]},
        {"vi": row["shows_vi"], "en": row["shows_en"]},
        Selection(
            frozenset(row["claims"].split()),
            _rule(row["employments"]),
            _rule(row["qualifications"]),
        ),
    )


def _rule(text: str) -> Lines:
    rule, _, count = text.partition(":")
    return Lines(rule, int(count or 0))
