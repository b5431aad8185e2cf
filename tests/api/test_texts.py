"""No sentence is missing, none is left over, and both languages fill in the same values."""

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

import api.pages
from api.login_away import FAILED, SAID
from api.pages.answers import HEADLINES
from api.pages.employer import SAID as EMPLOYER_SAID
from api.pages.shares import OVER
from api.pages.texts import LANGUAGES, catalogue
from api.problems import STATUSES
from labour_book import data
from labour_book.documents import wording
from labour_book.domain.assurance import Assurance
from labour_book.domain.employers import EmployerStatus
from labour_book.domain.share_states import CopyState, ShareState
from labour_book.services.explaining import Question, explain
from labour_book.services.verifying import OWN_REASONS
from signing import Reason

FOLDER = Path(api.pages.__file__).parent
SOURCES = "\n".join(
    path.read_text(encoding="utf-8") for path in [*FOLDER.rglob("*.html"), *FOLDER.rglob("*.py")]
)
_PARTS = ("title", "text")
KINDS = ("DIPLOMA", "VOCATIONAL_CERTIFICATE", "NATIONAL_SKILL_CERTIFICATE", "LANGUAGE")
OF_SHARES = {
    *(f"share.worker.{name}" for name in ("birth_date", "sex", "nationality")),
    *("share.worker.residence", "share.worker.personal_id", "share.signed_on"),
    *(f"share.insurance.{name}" for name in ("first_month", "last_month")),
    *(
        f"share.over.{cause}.{part}"
        for cause in {*OVER.values(), *ShareState} - {ShareState.LIVE}
        for part in ("title", "text")
    ),
    *("sex.M", "sex.F", "nationality.VN"),
    *(f"contract.{kind}" for kind in wording.CONTRACTS),
    *(f"qualification.{kind}" for kind in KINDS),
}
OF_SIGN_IN = {
    *(f"sign_in.said.{name}.{part}" for name in {*SAID.values(), FAILED} for part in _PARTS),
    *(f"employer.status.{status}" for status in [*EmployerStatus, "UNKNOWN"]),
    *(f"employer.state.{state}" for state in ShareState),
    *(f"employer.copy.{state}" for state in {*CopyState, "none"} - {CopyState.DUE}),
    *(f"employer.said.{name}.{part}" for name in EMPLOYER_SAID for part in _PARTS),
    *("employer.receipt.in_time", "employer.receipt.late"),
}
QUESTIONS: tuple[Question, ...] = ("genuine", "current", "issuer")


def used() -> set[str]:
    """Keys that pages ask for; those put together at run time are spelled out here."""
    literal = set(re.findall(r'(?:\bt|in_other|say)\((?:language, )?"([\w.-]+)"[,)]', SOURCES))
    headlines = {name for name, _ in HEADLINES.values()} | {"good", "unknown", "false"}
    funds = ("SI", "UI", "HI", "VOL")
    return (
        literal
        | {f"headline.{name}{part}" for name in headlines for part in ("", ".lead")}
        | {f"level.{level.name}{part}" for level in Assurance for part in ("", ".means")}
        | {f"state.{tone}" for tone in ("yes", "no", "warn", "unknown")}
        | {f"verify.{question}" for question in QUESTIONS}
        | {f"fund.{fund}" for fund in funds}
        | OF_SHARES
        | OF_SIGN_IN
        | put_together()
        | {f"population.{found}" for found in wording.POPULATION_REMARKS}
        | {
            key
            for key in catalogue()
            if key.startswith("error.") and key.endswith((".title", ".text"))
        }
    )


def put_together() -> set[str]:
    """Keys of the files of topics that begin like one that is put together at run time.

    That each code has its words is for the tests of the topic to say.
    """
    beginnings = re.findall(
        r'"([\w.-]+\.)" ~|f"([\w.-]+\.)\{|^\w+ = "([\w.]+\.)"$', SOURCES, re.MULTILINE
    )
    coded = re.findall(r'coded\([\w.]+, "([\w.]+)"', SOURCES)
    known = tuple({*("".join(each) for each in beginnings), *(f"{each}." for each in coded)})
    of_topics = [
        key
        for file in FOLDER.glob("texts_*.toml")
        for key in tomllib.loads(file.read_text(encoding="utf-8"))
    ]
    return {key for key in of_topics if key.startswith(known)}


class TestCatalogue:
    def test_has_exactly_what_the_pages_say(self) -> None:
        assert set(catalogue()) == used()

    @pytest.mark.parametrize("first", sorted({key.partition(".")[0] for key in catalogue()}))
    def test_says_it_in_both_languages_with_the_same_values(self, first: str) -> None:
        for key, sentences in catalogue().items():
            if key.partition(".")[0] != first:
                continue
            values = [
                {name for _, name, _, _ in Formatter().parse(sentences[language]) if name}
                for language in LANGUAGES
            ]

            assert set(sentences) == set(LANGUAGES), key
            assert all(sentences.values()), key
            assert values[0] == values[1], key

    def test_tells_errors_that_exist_by_title_and_text(self) -> None:
        slugs = {kind.slug for kind in STATUSES}
        keys = [key.split(".") for key in catalogue() if key.startswith("error.")]
        told = [(key[-2], key[-1]) for key in keys if key[-1] in {"title", "text"}]

        assert {slug for slug, _ in told} <= slugs
        assert all((slug, "text") in told and (slug, "title") in told for slug, _ in told)

    @pytest.mark.parametrize("level", Assurance)
    def test_calls_levels_as_paper_does(self, level: Assurance) -> None:
        on_paper, on_page = wording.LEVELS[level], catalogue()[f"level.{level.name}"]

        assert on_page["vi"].lower() == on_paper.vi.lower()
        assert on_page["en"].lower() == on_paper.en.lower()


class TestReasons:
    @pytest.mark.parametrize("reason", sorted({*Reason, *OWN_REASONS}))
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_are_told_for_every_code(self, question: Question, reason: str) -> None:
        for language in LANGUAGES:
            words = explain(question, reason, language)

            assert words.said
            assert words.why

    def test_are_no_more_than_there_are_codes(self) -> None:
        known = {row["reason"].partition(".")[0] for row in data.rows("reasons")}

        assert known == {*map(str, Reason), *OWN_REASONS}
