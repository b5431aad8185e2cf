"""What the answers on a Form 03 say, as they are recorded."""

import re
from typing import Any

from labour_book import data
from labour_book.registers.rows import Form03Row

_LONG_NUMBER = re.compile(r"\d{8,}")


def answers(row: Form03Row) -> dict[str, Any]:
    """Return the answers as JSON values, without the numbers that name the person.

    Priority groups and ethnic group are sensitive data: they stay in the profile and are not
    handed on. Numbers in a free note are masked, since they may name somebody.
    """
    given = {
        "commune_code": row.commune_code,
        "collected_on": str(row.collected_on),
        "village": row.village,
        "household_code": row.household_code,
        "full_name": row.full_name,
        "relationship_to_head": row.relationship_to_head,
        "birth_date": None if row.birth_date is None else str(row.birth_date),
        "sex": row.sex,
        "permanent_residence": row.permanent_residence,
        "current_residence": row.current_residence,
        "priority_groups": list(row.priority_groups) or None,
        "ethnic_code": row.ethnic_code,
        "general_education": row.general_education,
        "technical_qualification": row.technical_qualification,
        "field_of_training": row.field_of_training,
        "economic_activity": row.economic_activity,
        "inactive_reason": row.inactive_reason,
        "employment_position": row.employment_position,
        "job_title": row.job_title,
        "si_type": row.si_type,
        "has_contract": row.has_contract,
        "contract_kind": row.contract_kind,
        "contract_start": None if row.contract_start is None else str(row.contract_start),
        "workplace_name": row.workplace_name,
        "workplace_type": row.workplace_type,
        "workplace_address": row.workplace_address,
        "unemployed_history": row.unemployed_history,
        "unemployment_duration": row.unemployment_duration,
        "note": None if row.note is None else _LONG_NUMBER.sub("…", row.note),
    }
    return {field: value for field, value in given.items() if value is not None}


def employment(row: Form03Row) -> dict[str, Any] | None:
    """Return the job that somebody declares to have now; None if they declare none clearly.

    Where the form does not say since when, the job is only known to be held at the collection.
    """
    if row.economic_activity != "EMPLOYED" or row.employment_position is None:
        return None
    position = _label(row.employment_position)
    return {
        "employer_id": None,
        "employer_code": None,
        "employer_name": row.workplace_name or position,
        "position": row.job_title or position,
        "occupation_code": None,
        "contract_kind": row.contract_kind,
        "contract_id": None,
        "event_sequence": None,
        "message_id": None,
        "first_day": str(row.contract_start or row.collected_on),
        "last_day": None,
        "running": True,
        "workplace_commune": None,
        "workplace_text": row.workplace_address,
        "end_reason_clause": None,
        "suspended": False,
        "employment_position": row.employment_position,
    }


def _label(position: str) -> str:
    """Return the Vietnamese words of the form for a position at work."""
    return next(
        each["label_vi"]
        for each in data.form03_codes("employment_position")
        if each["code"] == position
    )
