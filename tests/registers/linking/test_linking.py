"""Whom rows with known defects are linked to, on an invented register."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from labour_book import data
from labour_book.domain.names import fold, names_agree, tone_key
from labour_book.domain.places import places
from labour_book.domain.reconciliation import causes_of
from labour_book.registers.linking import Engine, Found, levels_of, link, model, open_engine
from labour_book.registers.linking.comparing import FIELDS, LEVELS, level_of, sides
from labour_book.registers.linking.preparing import prepare
from tests.support.likenesses import CAUSES, SHARES, populate

PEOPLE, ROWS = 6_000, 6_000


class Linked:
    """What was found of each row, beside what it means."""

    def __init__(self, engine: Engine) -> None:
        self.truth: dict[int, tuple[int | None, str]] = {}
        populate(engine, people=PEOPLE, rows=ROWS)
        for row, other, defect in engine.rows("SELECT id, other, defect FROM truth"):
            self.truth[row] = other, defect
        self.found: dict[int, list[Found]] = {row: [] for row in self.truth}
        for each in link(engine, model(), places()):
            self.found[each.id].append(each)


@pytest.fixture(scope="module")
def linked() -> Linked:
    with open_engine(memory_mb=600) as engine:
        return Linked(engine)


class TestLink:
    def test_links_nobody_wrongly(self, linked: Linked) -> None:
        links = [each for some in linked.found.values() for each in some if each.decision == "link"]

        assert len(links) > 0.9 * ROWS
        assert [each for each in links if each.other != linked.truth[each.id][0]] == []

    def test_finds_nearly_everybody_in_links_and_review(self, linked: Linked) -> None:
        meant = {row: other for row, (other, _) in linked.truth.items() if other is not None}
        seen = [
            row
            for row, other in meant.items()
            if any(each.other == other for each in linked.found[row])
        ]

        assert len(seen) >= 0.99 * len(meant)

    def test_never_links_by_itself_without_a_number_that_agrees(self, linked: Linked) -> None:
        decided = {
            linked.truth[row][1]: each.decision
            for row, some in linked.found.items()
            for each in some
            if linked.truth[row][1] in {"no_number", "other_number", "somebody_elses"}
            and each.levels["number"] in {"unsaid", "other"}
        }

        assert set(decided.values()) == {"review"}

    def test_finds_every_defect_with_its_cause(self, linked: Linked) -> None:
        told: defaultdict[str, Counter[bool]] = defaultdict(Counter)
        for row, (other, defect) in linked.truth.items():
            for each in linked.found[row]:
                if each.other == other and defect in CAUSES:
                    told[defect][CAUSES[defect] in causes_of(levels_of(each))] += 1

        assert set(told) == set(CAUSES) & {defect for _, defect in linked.truth.values()}
        # Of a few people the register itself knows no more of the birth date than the row does.
        assert all(seen[True] >= 15 * seen[False] for seen in told.values()), dict(told)

    def test_finds_whose_number_it_is_that_a_row_states(self, linked: Linked) -> None:
        rows = [row for row, (_, defect) in linked.truth.items() if defect == "somebody_elses"]
        found = [
            row
            for row in rows
            if any(
                "TWO_PEOPLE_ONE_NUMBER" in causes_of(levels_of(each)) for each in linked.found[row]
            )
        ]

        assert len(found) >= 0.9 * len(rows) > 0

    def test_says_the_same_of_the_same_rows(self, linked: Linked) -> None:
        with open_engine(memory_mb=600, threads=1) as engine:
            again = Linked(engine)

        assert again.found == linked.found


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str, str]]:
    """Return names that mean one person, and at which level they stand."""
    levels = f"{level_of('name')} AS name"
    with open_engine(memory_mb=600) as engine:
        populate(engine, people=PEOPLE, rows=ROWS)
        engine.run("CREATE TABLE given AS SELECT id, full_name FROM stated_given")
        engine.run("CREATE TABLE known AS SELECT id, full_name FROM register_given")
        for table in ("stated", "register"):
            prepare(engine, table, places())
        found = engine.rows(f"""
            SELECT given.full_name, known.full_name, name
            FROM (SELECT id_l, id_r, {levels} FROM (SELECT {sides()} FROM truth
                JOIN stated AS l ON l.id = truth.id JOIN register AS r ON r.id = truth.other))
            JOIN given ON given.id = id_l JOIN known ON known.id = id_r
        """)
    return [(stated, known, level) for stated, known, level in found if stated is not None]


class TestLevels:
    def test_of_names_are_those_of_the_domain(self, pairs: list[tuple[str, str, str]]) -> None:
        seen = Counter(level for _, _, level in pairs)
        for stated, known, level in pairs:
            agreement = names_agree(stated, known)
            if level in {"same", "tone", "plain"}:
                assert agreement == level, (stated, known)
            else:
                assert agreement in {"near", "different"}, (stated, known, level)

        assert {"same", "tone", "plain", "order", "short", "near"} <= set(seen)

    def test_fold_as_the_domain_folds(self) -> None:
        names = ["Đỗ Thị Ánh", "ĐỖ  THỊ ÁNH", "Hoà Bình", "Hòa Bình", "Ðặng Ngọc Ẩn", "H'Hen Niê"]
        with open_engine(memory_mb=300) as engine:
            engine.load(
                "stated", [(at, *[None] * 3, name, *[None] * 4) for at, name in enumerate(names)]
            )
            prepare(engine, "stated", places())
            folded = [row[0] for row in engine.rows("SELECT folded FROM stated ORDER BY id")]

        assert folded == [fold(each) for each in names]
        assert tone_key(names[2]) == tone_key(names[3])

    def test_are_all_weighed_but_those_that_say_nothing(self) -> None:
        for field in FIELDS:
            assert {"unsaid", *model().weights[field]} == {level for level, _ in LEVELS[field]}

    def test_of_rules_are_levels_that_there_are(self) -> None:
        for rule in data.rows("linking_rules"):
            for field in ("number", "name", "birth", "sex"):
                known = {level for level, _ in LEVELS[field]} | {"*"}
                assert set(rule[field].split("|")) <= known, rule

    def test_of_linking_rules_agree_in_two_fields(self) -> None:
        silent = {"different", "year", "other", "unknown", "unsaid", "month", "year_known"}
        for rule in data.rows("linking_rules"):
            if rule["decision"] == "link":
                agree = [
                    not set(rule[field].split("|")) & {"*", *silent} for field in ("name", "birth")
                ]
                assert rule["number"] != "*"
                assert any(agree), rule


class TestPlaces:
    def test_of_before_the_reform_are_those_they_became(self) -> None:
        blank = [None] * 5
        rows = [(0, None, None, None, *blank[:3], "00097", None)]
        rows += [(1, None, None, None, *blank[:3], None, "00001")]
        with open_engine(memory_mb=300) as engine:
            engine.load("stated", rows)
            prepare(engine, "stated", places())
            found = engine.rows("SELECT commune, province FROM stated ORDER BY id")

        assert found[0] == ("00097", "01")
        assert found[1][1] == "01"


class TestEngine:
    def test_spills_nothing_to_a_disk(self) -> None:
        with open_engine() as engine:
            settings = engine.rows(
                "SELECT value FROM duckdb_settings() WHERE name = 'temp_directory'"
            )

        assert settings == [("",)]

    def test_makes_no_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        with open_engine(memory_mb=300) as engine:
            populate(engine, people=500, rows=100)
            list(link(engine, model(), places()))

        assert list(tmp_path.rglob("*")) == []


def test_shares_of_defects_leave_some_rows_in_order() -> None:
    assert 0 < sum(SHARES.values()) <= 10_000
