"""The demonstration's registers, whole: what becomes of every row, and that it happens once."""

import csv
import json
import os
import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from labour_book.database import Db, reading
from labour_book.domain.people import PartialDate, births_agree, names_agree
from labour_book.domain.reconciliation import causes_of
from labour_book.queries import imports
from labour_book.queries.people import numbers_of
from labour_book.queries.rows import table_of
from labour_book.registers.linking import Found, levels_of
from labour_book.services import checking
from labour_book.services.access import operator
from labour_book.services.collection import RunSummary, import_file
from labour_book.services.receipts import ACCEPTED, Outcome
from labour_book.services.reconciling import propose_for_held
from labour_book.tables import CheckFinding, LinkProposal, Person
from tests.conftest import new_database
from tests.services.collecting import FACTS, NOW, VAULT, outcomes, state_of
from tests.services.defects import DEFECTS
from tests.support.installations import installed

GOLDEN = Path(__file__).parent / "golden" / "imports.json"
DEMO = Path(str(resources.files("labour_book.data"))) / "demo"
FILES = [
    ("population", "population.csv"),
    ("enterprises", "enterprises.csv"),
    ("insurance", "insurance.csv"),
    ("contracts", "contracts.jsonl"),
    ("qualifications", "qualifications.csv"),
    *(("form03", path.name) for path in sorted(DEMO.glob("form03_*.xlsx"))),
    ("paper_books", "paper_books.csv"),
]
FLAT = [each for each in FILES if each[0] != "form03"]


def import_all(engine: sa.Engine, files: list[tuple[str, str]]) -> dict[str, RunSummary]:
    return {
        name: import_file(engine, VAULT, kind, DEMO / name, by="tester", now=NOW)
        for kind, name in files
    }


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo(request: pytest.FixtureRequest) -> Any:
    """The demonstration's registers imported once, and the summaries of the runs."""
    for engine in new_database(request, request.param):
        yield engine, import_all(engine, FILES)


class TestDemo:
    def test_ends_as_agreed(self, demo: tuple[sa.Engine, dict[str, RunSummary]]) -> None:
        _engine, summaries = demo
        found = {name: outcomes(each) for name, each in summaries.items()}

        if os.environ.get("UPDATE_GOLDEN"):
            text = json.dumps(found, indent=2, ensure_ascii=False)
            GOLDEN.write_text(text + "\n", encoding="utf-8")

        assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))

    def test_flags_the_wages_that_nobody_was_paid(
        self, demo: tuple[sa.Engine, dict[str, RunSummary]]
    ) -> None:
        _engine, summaries = demo

        assert summaries["insurance.csv"].causes["created"]["WAGE_IMPLAUSIBLE"] == 7

    def test_has_a_receipt_for_every_row(
        self, demo: tuple[sa.Engine, dict[str, RunSummary]]
    ) -> None:
        engine, summaries = demo

        with reading(engine) as db:
            for name, each in summaries.items():
                found = imports.receipts(db, each.run_id, list(Outcome), after=0, limit=99_999)
                assert [row.ordinal for row in found] == list(range(1, each.rows_done + 1)), name

    def test_links_no_two_people(self, demo: tuple[sa.Engine, dict[str, RunSummary]]) -> None:
        """Ask the files again, without the ladder: name and birth date of every linked row."""
        engine, summaries = demo
        register = {row["personal_id"]: row for row in rows_of("population.csv")}
        with reading(engine) as db:
            people = db.execute(sa.select(table_of(Person).c.id)).scalars().all()
            numbers = numbers_of(db, VAULT, people)
            run = summaries["insurance.csv"].run_id
            linked = [
                (row, receipt)
                for row, receipt in zip(
                    rows_of("insurance.csv"),
                    imports.receipts(db, run, list(Outcome), after=0, limit=99_999),
                    strict=True,
                )
                if receipt.outcome in ACCEPTED
            ]
        for row, receipt in linked:
            assert receipt.person_id is not None
            known = dict(numbers[receipt.person_id])
            person = register[known["PIN"]]
            name = names_agree(row["full_name"], person["full_name"])
            stated, true = map(PartialDate.parse, (row["birth_date"], person["birth_date"]))
            birth = births_agree(stated, true)

            assert name in {"same", "tone", "plain"} or birth == "same"
            if receipt.matched_by == "NAME_BIRTH_SEX":
                assert name in {"same", "tone"}
                assert birth == "same"

    def test_gives_no_insurance_number_to_two_people(
        self, demo: tuple[sa.Engine, dict[str, RunSummary]]
    ) -> None:
        engine, summaries = demo
        holders: defaultdict[str, set[object]] = defaultdict(set)
        with reading(engine) as db:
            run = summaries["insurance.csv"].run_id
            found = imports.receipts(db, run, list(Outcome), after=0, limit=99_999)
        for row, receipt in zip(rows_of("insurance.csv"), found, strict=True):
            if receipt.person_id is not None:
                holders[row["si_number"]].add(receipt.person_id)

        assert [number for number, people in holders.items() if len(people) > 1] == []

    def test_keeps_namesakes_apart(self, demo: tuple[sa.Engine, dict[str, RunSummary]]) -> None:
        engine, _summaries = demo
        person = table_of(Person)
        same = (person.c.full_name, person.c.birth_date, person.c.sex)
        query = sa.select(sa.func.count(person.c.id)).group_by(*same).having(sa.func.count() > 1)
        with reading(engine) as db:
            assert Counter(db.execute(query).scalars()) == {2: 16}

    def test_holds_no_number_in_the_clear(
        self, demo: tuple[sa.Engine, dict[str, RunSummary]]
    ) -> None:
        engine, _summaries = demo
        numbers = {row["personal_id"] for row in rows_of("population.csv")}
        if engine.dialect.name != "sqlite":
            pytest.skip("one file to search is enough")
        assert engine.url.database is not None
        path = Path(engine.url.database)
        stored = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))

        found = {digits.decode() for digits in re.findall(rb"(?=([0-9]{12}))", stored)}

        assert found & numbers == set()

    @pytest.mark.parametrize(
        "demo", ["sqlite", pytest.param("postgresql", marks=pytest.mark.faults)], indirect=True
    )
    def test_changes_nothing_the_second_time(
        self, demo: tuple[sa.Engine, dict[str, RunSummary]]
    ) -> None:
        engine, first = demo
        before = counts(engine), state_of(engine)

        second = import_all(engine, FILES if engine.dialect.name == "sqlite" else FLAT)

        assert (counts(engine), state_of(engine)) == before
        for name, again in second.items():
            expected = Counter(first[name].rows)
            expected["unchanged"] += expected.pop("created", 0) + expected.pop("updated", 0)
            assert again.rows == expected, name


@pytest.mark.parametrize("demo", ["sqlite"], indirect=True, scope="module")
class TestDefects:
    """What is wrong in the registers is found, each class by its cause."""

    @pytest.fixture(scope="class")
    @classmethod
    def found(
        cls,
        demo: tuple[sa.Engine, dict[str, RunSummary]],
        tmp_path_factory: pytest.TempPathFactory,
    ) -> Counter[tuple[str, str]]:
        """Return how often each cause was found, and by which deed: import, reconcile, check."""
        engine, summaries = demo
        inst = replace(installed(engine, tmp_path_factory.mktemp("demo"), NOW), vault=VAULT)
        by, later = operator("tester"), NOW + timedelta(days=1)
        propose_for_held(inst, by, now=later, on_progress=lambda *_: None)
        list(checking.check(inst, by=by, now=later, everybody=True))
        with reading(engine) as db:
            counted = causes_proposed(db) + causes_checked(db)
        for name, each in summaries.items():
            counted += causes_in(name.partition(".")[0].partition("_")[0], each)
        return counted

    @pytest.mark.parametrize(("what", "deed", "cause", "least"), DEFECTS)
    def test_are_found_by_their_cause(
        self, found: Counter[tuple[str, str]], what: str, deed: str, cause: str, least: int
    ) -> None:
        assert found[deed, cause] >= least, what


def causes_in(deed: str, run: RunSummary) -> Counter[tuple[str, str]]:
    return Counter(
        {
            (deed, cause): sum(each.get(cause, 0) for each in run.causes.values())
            for cause in {cause for each in run.causes.values() for cause in each}
        }
    )


def causes_proposed(db: Db) -> Counter[tuple[str, str]]:
    """Count why rows that wait differ from those they may mean."""
    levels = db.execute(sa.select(table_of(LinkProposal).c.levels)).scalars()
    return Counter(
        ("reconcile", cause)
        for each in map(json.loads, levels)
        if "birth" in each  # a line of a paper book tells none
        for cause in causes_of(levels_of(Found(0, 0, "review", 0, "", each)))
    )


def causes_checked(db: Db) -> Counter[tuple[str, str]]:
    rules = db.execute(sa.select(table_of(CheckFinding).c.rule)).scalars()
    return Counter(("check", rule) for rule in rules)


def counts(engine: sa.Engine) -> list[int]:
    with reading(engine) as db:
        return [
            db.execute(sa.select(sa.func.count()).select_from(table_of(each))).scalar_one()
            for each in (Person, *FACTS)
        ]


def rows_of(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
