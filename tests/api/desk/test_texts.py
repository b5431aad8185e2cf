"""Every code that a page of the desk can meet has its words."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import labour_book.services
from api.pages.desk import case, frame, oversight, people, queue, wording
from api.pages.desk.frame import DONE, ENTRIES, refusal_in_words
from api.pages.desk.lists import NUMBERS
from api.pages.desk.months import KINDS
from api.pages.desk.purposes import COMMON
from api.pages.texts import catalogue, vietnamese
from labour_book import data
from labour_book.domain.assurance import Source
from labour_book.domain.correction_fields import FIELDS, MONTH_STATUSES, Ask, CaseKind
from labour_book.domain.corrections import CaseState, Outcome, Owner, Step
from labour_book.domain.data_requests import OPEN, DataRequestKind
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.registers import KINDS as KINDS_OF_FILES
from labour_book.services.callers import ROLES_OF_KIND, Action
from labour_book.settings import Settings
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
    "desk.field": {name for names in FIELDS.values() for name in names}
    | {"months", "reported_through"},
    "desk.ended": wording.ENDED.values(),
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
    "desk.deed": Action,
    "desk.column": {
        column for each in data.rows("code_lists") for column in data.rows(each["list"])[0]
    },
    "desk.upload.kind": KINDS_OF_FILES,
}


def refusals() -> set[str]:
    """Return what the desk, and the services that its pages call, say when they refuse."""
    desk, services = Path(frame.__file__).parent, Path(labour_book.services.__file__).parent
    called = {
        name
        for each in desk.glob("*.py")
        for node in ast.walk(ast.parse(each.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module is not None
        for name in modules_in(node)
    }
    files = [*desk.glob("*.py"), *(services / f"{name}.py" for name in called)]
    return {said for each in files if each.exists() for said in refused_in(each)}


def modules_in(node: ast.ImportFrom) -> set[str]:
    """Return the modules of services that are imported."""
    below = (node.module or "").removeprefix("labour_book.services")
    if below == node.module:
        return set()
    return {below.lstrip(".")} if below else {each.name for each in node.names}


def refused_in(file: Path) -> Iterator[str]:
    kinds = {"Invalid", "Conflict", "NotFound", "Denied"}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name(id=kind), args=[ast.Constant(said), *_])):
                if kind in kinds:
                    yield str(said)


class TestWords:
    @pytest.mark.parametrize("prefix", CODES)
    def test_are_there_for_every_code(self, prefix: str) -> None:
        assert [each for each in CODES[prefix] if f"{prefix}.{each}" not in catalogue()] == []

    def test_are_there_for_everything_done_and_for_nothing_else(self) -> None:
        done = set(re.findall(r'done="([\w-]+)"', SOURCES))
        told = {key.removeprefix(DONE) for key in catalogue() if key.startswith(DONE)}

        assert done <= told
        assert [each for each in told if f'"{each}"' not in SOURCES] == []

    def test_are_there_for_every_outcome_in_the_trace(self) -> None:
        services = Path(labour_book.services.__file__).parent
        written = {
            found
            for each in services.rglob("*.py")
            for found in re.findall(r'outcome="([a-z-]+)"', each.read_text(encoding="utf-8"))
        }

        assert [each for each in written if f"desk.trace.outcome.{each}" not in catalogue()] == []

    def test_are_there_for_every_setting(self) -> None:
        assert set(Settings.model_fields) == set(vietnamese("settings"))

    def test_are_there_for_every_purpose_that_the_system_states(self) -> None:
        services = Path(labour_book.services.__file__).parent
        written = {
            found
            for each in services.rglob("*.py")
            for found in re.findall(
                r'^(?:.*\bpurpose=|PURPOSE = |OWN_USE = )"([a-z -]+)"',
                each.read_text(encoding="utf-8"),
                re.MULTILINE,
            )
        }

        assert sorted(written - set(vietnamese("purposes"))) == []

    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_of_a_refusal_are_in_the_language_of_the_page(self, language: str) -> None:
        assert language in {"vi", "en"}
        for error, vi, en in (
            (Invalid("tick the box to confirm"), "Hãy đánh dấu ô xác nhận", "tick the box"),
            (Invalid("a page has 1 to 20 lines"), "Một trang có từ 1 đến 20 dòng", "1 to 20"),
            (Conflict("nobody has put this into words"), "Hãy kiểm tra lại", "nobody has put"),
            (NotFound("x"), "không thuộc phạm vi", "not within your unit"),
        ):
            said = refusal_in_words(error, "vi" if language == "vi" else "en")
            assert (vi if language == "vi" else en) in said

    def test_are_there_in_vietnamese_for_what_services_of_the_desk_refuse(self) -> None:
        unknown = [each for each in refusals() if each not in vietnamese("refusals")]

        assert unknown == []

    def test_of_a_printed_book_name_nobody(self) -> None:
        assert people.FILE_NAME == "so-lao-dong.pdf"
