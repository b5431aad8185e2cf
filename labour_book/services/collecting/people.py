"""The rows of people and of the numbers that name them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from labour_book.domain.assurance import Source
from labour_book.domain.people import PartialDate, fold
from labour_book.queries.people import PersonOnFile, identity_key, seal_number
from labour_book.queries.vault import Vault
from labour_book.services.recording import Run, new_id


@dataclass(frozen=True, slots=True)
class StatedPerson:
    """Who somebody is, as a source states it."""

    full_name: str
    birth_date: PartialDate | None
    sex: str | None
    ethnic_code: str | None
    residence_commune: str | None
    life_status: str
    life_status_on: date | None
    match_state: str


def projection(run: Run, person_id: UUID, stated: StatedPerson) -> dict[str, Any]:
    """Return the columns of a person that follow from the live statement."""
    birth_date = stated.birth_date
    return {
        "id": person_id,
        "full_name": stated.full_name,
        "search_key": fold(stated.full_name),
        "identity_key": identity_key(stated.full_name, birth_date),
        "birth_date": None if birth_date is None else str(birth_date),
        "birth_year": None if birth_date is None else birth_date.year,
        "sex": stated.sex,
        "ethnic_code": stated.ethnic_code,
        "residence_commune": stated.residence_commune,
        "life_status": stated.life_status,
        "life_status_on": stated.life_status_on,
        "match_state": stated.match_state,
        "match_cause": None,
        "changed_at": run.at,
    }


def new_person(run: Run, person_id: UUID, stated: StatedPerson) -> dict[str, Any]:
    """Return the whole row of a person who is new."""
    return projection(run, person_id, stated) | {"created_at": run.at}


def on_file(person_id: UUID, stated: StatedPerson) -> PersonOnFile:
    """Return a person as the next rows of the batch will find them."""
    return PersonOnFile(
        id=person_id,
        full_name=stated.full_name,
        birth_date=stated.birth_date,
        sex=stated.sex,
        life_status=stated.life_status,
        life_status_on=stated.life_status_on,
        match_state=stated.match_state,
    )


def number_rows(
    vault: Vault,
    run: Run,
    source: Source,
    person_id: UUID,
    numbers: Iterable[tuple[str, str]],
) -> list[Mapping[str, Any]]:
    """Return the rows of numbers, given with their kinds, that name a person from now on."""
    rows: list[Mapping[str, Any]] = []
    for kind, digits in numbers:
        number_id = new_id(run.at)
        rows.append(
            {
                "id": number_id,
                "person_id": person_id,
                "kind": kind,
                "blind_index": vault.index.of(digits),
                "sealed": seal_number(vault, number_id, digits),
                "source": source.value,
                "valid_from": None,
                "valid_to": None,
                "recorded_at": run.at,
                "recorded_by": run.by,
            }
        )
    return rows
