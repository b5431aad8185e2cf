"""The table of figures is made from what was measured, and says which goals are missed."""

import json
import runpy
from pathlib import Path

BENCH = Path(__file__).parents[1] / "bench"
TABLE = runpy.run_path(str(BENCH / "_table.py"))
ROWS = TABLE["rows_of"](BENCH / "figures.csv")


class TestPage:
    def test_is_made_from_the_figures_that_are_kept(self) -> None:
        written = (BENCH / "README.md").read_text(encoding="utf-8")

        assert written == TABLE["page"](TABLE["kept"]()), "run: python bench/_table.py"

    def test_has_every_figure_once_with_its_date_and_command(self) -> None:
        kept = TABLE["kept"]()

        assert len({row["path"] for row in ROWS}) == len(ROWS)
        assert set(kept) <= {row["path"] for row in ROWS} | {"growth"}
        assert all(each["run"]["date"] and each["run"]["command"] for each in kept.values())

    def test_names_benches_that_are_there(self) -> None:
        commands = {each["run"]["command"].split()[1] for each in TABLE["kept"]().values()}

        assert [each for each in commands if not (BENCH.parent / each).exists()] == []


ROW = {"path": "x", "ours": "ours", "other": "raw", "compared": "ratio", "goal": ">= 0.5"}


class TestFigure:
    def test_tells_a_missed_goal_from_a_met_one(self) -> None:
        for ratio, is_met in ((0.49, False), (0.5, True)):
            ways = {"ours": {"median": 1}, "raw": {"median": 1, "ours_to_this": ratio}}

            found = TABLE["figure"](ROW, {"ways": ways, "run": {}})

            assert TABLE["is_met"](ROW, found) is is_met

    def test_keeps_what_was_not_measured_again(self, tmp_path: Path) -> None:
        result = {"ways": {"verify page": {"median": 7}}, "run": {}}
        (tmp_path / "other.json").write_text(json.dumps(result), encoding="utf-8")

        assert TABLE["measured_in"](tmp_path) == {}
