"""The form of a declaration: what was typed, what it says, and what is wrong at which field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Form
from pydantic import BaseModel, Field

from api.pages import texts
from labour_book import data
from labour_book.domain.display import show_date
from labour_book.domain.filings import CONTRACT_KINDS, DAY_OF, FilingKind, Said
from labour_book.domain.findings import Finding, message, what_to_do
from labour_book.domain.names import display_name
from labour_book.domain.partial_dates import PartialDate
from labour_book.domain.places import places
from labour_book.errors import Invalid
from labour_book.services.filing import NamedWorker, NewFiling, StoredFiling

FIELDS: Mapping[FilingKind, tuple[str, ...]] = {
    FilingKind.HIRE: (
        *("first_day", "position", "occupation_code", "contract_kind", "contract_ends_on"),
        *("contract_id", "workplace_commune", "workplace_text"),
    ),
    FilingKind.CHANGE: (
        *("changed_on", "position", "occupation_code", "contract_kind", "contract_ends_on"),
        *("contract_id", "workplace_commune", "workplace_text"),
    ),
    FilingKind.END: ("last_day", "end_reason_clause"),
    FilingKind.CANCEL: (),
}
"""What each kind asks for, in the order of the form."""
NEEDED = {
    FilingKind.HIRE: frozenset({"first_day", "position", "contract_kind"}),
    FilingKind.CHANGE: frozenset({"changed_on"}),
    FilingKind.END: frozenset({"last_day", "end_reason_clause"}),
    FilingKind.CANCEL: frozenset[str](),
}
WHO = ("personal_id", "full_name", "birth_date")
DAYS = frozenset({"birth_date", "contract_ends_on", *DAY_OF.values()})
_DAY_PARTS = 3


class Typed(BaseModel):
    """What a form of ours sends; every cell is text until it is read."""

    step: str = Field(default="", max_length=8)
    """fill, check or send."""
    key: str = Field(default="", max_length=64)
    worker_id: UUID | None = None
    corrects: UUID | None = None
    share_id: UUID | None = None
    personal_id: str = Field(default="", max_length=40, repr=False)
    full_name: str = Field(default="", max_length=200, repr=False)
    birth_date: str = Field(default="", max_length=20, repr=False)
    first_day: str = Field(default="", max_length=20)
    changed_on: str = Field(default="", max_length=20)
    last_day: str = Field(default="", max_length=20)
    position: str = Field(default="", max_length=400)
    occupation_code: str = Field(default="", max_length=8)
    contract_kind: str = Field(default="", max_length=20)
    contract_ends_on: str = Field(default="", max_length=20)
    contract_id: str = Field(default="", max_length=60)
    workplace_commune: str = Field(default="", max_length=10)
    workplace_text: str = Field(default="", max_length=400)
    end_reason_clause: str = Field(default="", max_length=4)

    def cell(self, name: str) -> str:
        """Return what was typed in a field, without spaces around it."""
        return str(getattr(self, name)).strip()


Sent = Annotated[Typed, Form()]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a field, and what to do."""

    field: str
    said: str
    to_do: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a field can have."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as its page shows it."""

    kind: FilingKind
    typed: Typed
    worker_name: str = ""
    """Of a worker who is known already; empty where the form asks who it is."""
    faults: tuple[Fault, ...] = ()
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)

    @property
    def asks(self) -> tuple[str, ...]:
        """The fields of the form, in order."""
        who = () if self.worker_name else WHO
        return (*who, *FIELDS[self.kind])

    def at(self, name: str) -> tuple[Fault, ...]:
        """Return what is wrong at a field."""
        return tuple(each for each in self.faults if each.field == name)

    @property
    def elsewhere(self) -> tuple[Fault, ...]:
        """What is wrong with the declaration as a whole."""
        return tuple(each for each in self.faults if each.field not in self.asks)

    def is_needed(self, name: str) -> bool:
        return name in WHO or name in NEEDED[self.kind]

    def shown(self, name: str) -> str:
        """Return what was typed in a field as a person reads it."""
        cell = self.typed.cell(name)
        if name in DAYS and cell:
            read = day_of(cell)
            return cell if read is None else show_date(read)
        labels = {each.value: each.label for each in self.choices.get(name, ())}
        return labels.get(cell, cell)


def faults_told(findings: Iterable[Finding], language: texts.Language) -> tuple[Fault, ...]:
    """Return findings as a page tells them."""
    return tuple(
        Fault(
            each.field or "",
            message(each.cause, each.detail, language),
            texts.say(language, "filing.fill")
            if each.cause == "MISSING_VALUE"  # the general words are about rows of a file
            else what_to_do(each.cause, each.detail, language),
        )
        for each in findings
    )


def day_of(text: str) -> date | None:
    """Return the day that was typed: as browsers send it, or day/month/year."""
    parts = text.replace(".", "/").replace("-", "/").split("/")
    if len(parts) != _DAY_PARTS or not all(each.isascii() and each.isdigit() for each in parts):
        return None
    numbers = [int(each) for each in parts]
    year, month, day = numbers if len(parts[0]) > len(parts[2]) else numbers[::-1]
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read(kind: FilingKind, typed: Typed) -> tuple[NewFiling, list[Finding]]:
    """Return what a form declares, and what of it cannot be read."""
    faults = [
        Finding("BAD_DATE", name)
        for name in (*WHO, *FIELDS[kind])
        if name in DAYS and typed.cell(name) and day_of(typed.cell(name)) is None
    ]
    worker: NamedWorker | UUID | None = typed.worker_id
    if typed.worker_id is None and typed.corrects is None:
        faults += [Finding("MISSING_VALUE", name) for name in WHO if not typed.cell(name)]
        born = day_of(typed.cell("birth_date"))
        number = typed.cell("personal_id").replace(" ", "")
        worker = None if born is None else NamedWorker(number, typed.cell("full_name"), born)
    said = _said(kind, typed)
    new = NewFiling(kind, worker, said, corrects=typed.corrects, share_id=typed.share_id)
    return new, faults


def _said(kind: FilingKind, typed: Typed) -> Said:
    cells = {name: typed.cell(name) or None for name in FIELDS[kind]}
    days = {name: day_of(text) for name, text in cells.items() if name in DAYS and text}
    first = days.pop("first_day", None)
    clause = cells.pop("end_reason_clause", None)
    texts_ = {name: text for name, text in cells.items() if name not in DAYS}
    return Said(
        first_day=None if first is None else PartialDate.of_day(first),
        changed_on=days.get("changed_on"),
        last_day=days.get("last_day"),
        contract_ends_on=days.get("contract_ends_on"),
        end_reason_clause=int(clause) if clause and clause.isdecimal() else None,
        **texts_,
    )


def typed_again(found: StoredFiling) -> Typed:
    """Return a form filled in with what was declared, to be corrected."""
    body = {name: str(value) for name, value in found.said.as_body().items()}
    wanted = {name: body[name] for name in FIELDS[found.kind] if name in body}
    return Typed.model_validate(wanted | {"corrects": found.id})


def typed_from(claims: Mapping[str, object], share_id: UUID) -> Typed:
    """Return a form for a hire filled in with what a share discloses of the worker."""
    worker = claims.get("worker")
    known = worker if isinstance(worker, Mapping) else {}
    shown = {name: str(known[name]) for name in WHO if name in known}
    return Typed.model_validate(shown | {"share_id": share_id})


def choices(language: texts.Language) -> dict[str, tuple[Choice, ...]]:
    """Return the values of the fields that have a list."""
    label = f"label_{language}"
    return {
        "contract_kind": tuple(
            Choice(each, texts.say(language, f"contract.{each}")) for each in CONTRACT_KINDS
        ),
        "occupation_code": tuple(
            Choice(code, f"{code} - {row['name_vi']}") for code, row in data.occupations().items()
        ),
        "end_reason_clause": tuple(
            Choice(code, f"{code}. {row[label]}")
            for code, row in data.termination_reasons().items()
        ),
    }


def commune_named(code: str) -> str:
    """Return the name of a commune by its code; the code where nobody knows it."""
    found = places().communes.get(code)
    return code if found is None else found.full_name


def name_of(found: StoredFiling) -> str:
    """Return the worker's name as it is written for people."""
    return display_name(found.full_name)


def kind_of(text: str) -> FilingKind:
    """Return the kind that stands in an address.

    Raises:
        Invalid: there is no such kind.
    """
    try:
        return FilingKind(text)
    except ValueError:
        raise Invalid("there is no such declaration") from None
