"""Every code that a page of the desk can meet has its words."""

import re
from collections.abc import Iterable

import pytest

from api.pages.desk import case, oversight, people, queue
from api.pages.desk.frame import DONE, ENTRIES
from api.pages.desk.lists import NUMBERS
from api.pages.desk.months import KINDS
from api.pages.desk.purposes import COMMON
from api.pages.texts import catalogue
from labour_book.domain.assurance import Source
from labour_book.domain.correction_fields import FIELDS, MONTH_STATUSES, Ask, CaseKind
from labour_book.domain.corrections import CaseState, Outcome, Owner, Step
from labour_book.domain.data_requests import OPEN, DataRequestKind
from labour_book.services.callers import ROLES_OF_KIND
from tests.api.test_texts import SOURCES

CODES: dict[str, Iterable[str]] = {
    "desk.nav": [*(e.name for e in ENTRIES), *(f"{e.name}.for" for e in ENTRIES)],
    "desk.role": ROLES_OF_KIND["official"],
    "desk.state": CaseState,
    "desk.outcome": Outcome,
    "desk.owner": Owner,
    "desk.kind": CaseKind,
    "desk.ask": Ask,
    "desk.step": Step,
    "desk.by": ["worker", "representative", "employer", "official", "system"],
    "desk.field": {name for names in FIELDS.values() for name in names},
    "desk.value.status": MONTH_STATUSES,
    "desk.source": Source,
    "desk.month": KINDS,
    "desk.purpose": [*COMMON, "other"],
    "desk.relation": case.RELATIONS,
    "desk.claimed": queue.CLAIMED,
    "desk.band": oversight.BANDS,
    "desk.oversight": NUMBERS,
    "desk.case.employer": ["agrees", "contests"],
    "desk.register": ["insurance", "contracts", "qualifications"],
    "desk.people.wrong": ["PURPOSE", "NUMBER_FORM", "BIRTH_YEAR", "NAME"],
    "desk.trace.wrong": ["PURPOSE", "NUMBER_FORM", "SPAN"],
    "desk.trace.outcome": ["ok", "refused", "failed"],
    "desk.version": ["current", "superseded", "revoked"],
    "desk.life": ["DECEASED", "MISSING"],
    "desk.data.kind": DataRequestKind,
    "desk.data.state": OPEN,
}


class TestWords:
    @pytest.mark.parametrize("prefix", CODES)
    def test_are_there_for_every_code(self, prefix: str) -> None:
        assert [each for each in CODES[prefix] if f"{prefix}.{each}" not in catalogue()] == []

    def test_are_there_for_everything_done_and_for_nothing_else(self) -> None:
        done = set(re.findall(r'done="([\w-]+)"', SOURCES))
        told = {key.removeprefix(DONE) for key in catalogue() if key.startswith(DONE)}

        assert done <= told
        assert [each for each in told if f'"{each}"' not in SOURCES] == []

    def test_of_a_printed_book_name_nobody(self) -> None:
        assert people.FILE_NAME == "so-lao-dong.pdf"
