"""Whatever goes wrong with a case is told in words of both languages, with what to do."""

import re
from pathlib import Path

import pytest

import labour_book
from api.pages.desk.frame import SAID
from api.pages.texts import catalogue
from labour_book.documents import evidence_files
from labour_book.domain import correction_claims
from labour_book.errors import LabourBookError
from labour_book.services.case_problems import CASE_PROBLEMS

PACKAGE = Path(labour_book.__file__).parent
OF_CASES = (
    *("services/correcting.py", "services/deciding.py", "services/handling.py"),
    *("services/drafting_cases.py", "services/rulings.py", "services/reversing.py"),
    *("services/case_files.py", "services/case_lines.py", "services/case_access.py"),
    "domain/correction_claims.py",
)
SOURCES = "\n".join((PACKAGE / each).read_text(encoding="utf-8") for each in OF_CASES)
CAUSES = sorted(
    {
        *re.findall(r'raise Invalid\([^)]*?cause="([A-Z_]+)"', SOURCES),
        *(f"{name.upper()}_WRONG" for name in correction_claims._FITS),
    }
)


class TestRefusals:
    @pytest.mark.parametrize("problem", CASE_PROBLEMS)
    def test_have_a_title_in_vietnamese_and_words(self, problem: type[LabourBookError]) -> None:
        assert problem.title_vi != problem.__mro__[1].title_vi
        assert any(key.startswith(f"{SAID}{problem.slug}") for key in catalogue())

    @pytest.mark.parametrize("cause", CAUSES)
    def test_say_what_is_not_valid(self, cause: str) -> None:
        assert f"{SAID}invalid.{cause}" in catalogue()

    @pytest.mark.parametrize("cause", sorted(evidence_files._WHY))
    def test_say_why_a_file_is_not_taken(self, cause: str) -> None:
        assert f"{SAID}file-refused.{cause}" in catalogue()

    @pytest.mark.parametrize("cause", re.findall(r'"((?:OWN_|RELATED|TWICE)[A-Z_]*)"', SOURCES))
    def test_say_whose_matter_it_is(self, cause: str) -> None:
        assert f"{SAID}own-matter.{cause}" in catalogue()

    def test_know_many_causes(self) -> None:
        assert len(CAUSES) > 25
