"""Everything about a person's identity under one name; each part has a module of its own."""

from labour_book.domain.display import (
    show_date,
    show_duration,
    show_money,
    show_month,
    show_personal_id,
    show_place_and_date,
    show_unknown_end,
    show_unknown_start,
)
from labour_book.domain.names import (
    clean_name,
    digits_apart,
    display_name,
    distance,
    fold,
    names_agree,
    sort_key,
    tone_key,
)
from labour_book.domain.partial_dates import PartialDate, births_agree
from labour_book.domain.personal_ids import (
    PersonalIdFacts,
    identifier_kind,
    mask,
    personal_id_findings,
    read_personal_id,
)

__all__ = [
    "PartialDate",
    "PersonalIdFacts",
    "births_agree",
    "clean_name",
    "digits_apart",
    "display_name",
    "distance",
    "fold",
    "identifier_kind",
    "mask",
    "names_agree",
    "personal_id_findings",
    "read_personal_id",
    "show_date",
    "show_duration",
    "show_money",
    "show_month",
    "show_personal_id",
    "show_place_and_date",
    "show_unknown_end",
    "show_unknown_start",
    "sort_key",
    "tone_key",
]
