"""What Form 03 asks, as it is shown on a screen: sections, questions, and what can be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from labour_book.registers import Choice, choices, labels

SECTIONS: Mapping[str, Sequence[str]] = {
    "place": ("village", "household_code"),
    "identity": (
        *("full_name", "relationship_to_head", "birth_date", "gender", "personal_id"),
        *("social_insurance_no", "permanent_residence", "current_residence"),
    ),
    "groups": ("priority_groups", "ethnic_group"),
    "education": ("general_education", "technical_qualification", "field_of_training"),
    "status": ("economic_activity",),
    "note": ("note",),
}
"""The parts of the form in its order; the branches stand behind ``status``."""
BRANCHES: Mapping[str, Sequence[str]] = {
    "EMPLOYED": (
        *("employment_position", "job_title", "si_type", "has_contract", "contract_kind"),
        *("contract_start", "workplace_name", "workplace_type", "workplace_address"),
    ),
    "UNEMPLOYED": ("unemployed_history", "unemployment_duration"),
    "INACTIVE": ("inactive_reason",),
}
"""Economic activity -> what is asked then; exactly one branch may carry answers."""
_SEVERAL = frozenset({"priority_groups"})
_YES_NO = frozenset({"has_contract"})
_WORDED = frozenset({"birth_date", "contract_start"})
_RADIO = frozenset({"gender", "economic_activity"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question: how it is answered, and from what."""

    field: str
    label: str
    """The words of the form, in Vietnamese."""
    kind: str
    """text, date, one, radio, several or yes_no."""
    choices: Sequence[Choice]


@cache
def question(field: str) -> Question:
    """Return the question of a field."""
    return Question(field, labels()[field], _kind(field), choices(field))


@cache
def asked() -> Sequence[str]:
    """Return every field that is asked for, in order."""
    return tuple(labels())


def _kind(field: str) -> str:
    if field in _SEVERAL:
        return "several"
    if field in _YES_NO:
        return "yes_no"
    if field in _WORDED:
        return "date"
    if field in _RADIO:
        return "radio"
    return "one" if choices(field) else "text"
