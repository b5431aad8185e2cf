"""The table of OWASP ASVS 5.0, levels 1 and 2: complete, and naming what is there."""

import csv
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROWS = list(csv.DictReader((ROOT / "deploy" / "asvs.csv").read_text(encoding="utf-8").splitlines()))
STATES = {"met", "partly", "not", "none"}
LEVELS_1_AND_2 = (
    "1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4"
    " 3.4.1-6 3.5.1-5 3.7.1-2 4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3"
    " 6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5"
    " 7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4"
    " 10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1"
    " 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3"
    " 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4"
    " 17.3.1-2"
)


def spread(text: str) -> list[str]:
    """Return every requirement of a list such as ``1.1.1-2 1.2.5``."""
    found = []
    for part in text.split():
        section, first, last = re.fullmatch(r"(\d+\.\d+)\.(\d+)(?:-(\d+))?", part).groups()  # type: ignore[union-attr]  # another form fails here
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


class TestAsvs:
    def test_answers_every_requirement_once(self) -> None:
        answered = [each for row in ROWS for each in spread(row["requirements"])]

        assert sorted(answered) == sorted(spread(LEVELS_1_AND_2))
        assert len(answered) == 253

    def test_names_what_is_there(self) -> None:
        named = [path for row in ROWS for path in (row["where"] + " " + row["tests"]).split()]

        assert [path for path in named if not (ROOT / path).exists()] == []
        assert all(row["state"] in STATES for row in ROWS)

    def test_says_why_where_it_does_not_say_where(self) -> None:
        for row in ROWS:
            assert row["why"] or row["state"] == "met", row
            assert row["where"] or row["state"] in {"not", "none"}, row


GOALS = "R1 R2 R3 R4 R5 R6 R7 R8 R9 R10 R12 I1 I2 I3 I4 I5 I6 I7 Z1 Z2 Z3 Z4 Z5 D1 L1 B1 K1 K2"
"""What is promised under faults and attacks, by the ids that the column ``id`` uses."""


class TestFaultsAndAttacks:
    def test_name_a_test_for_each_goal(self) -> None:
        text = (ROOT / "deploy" / "faults.csv").read_text(encoding="utf-8")
        named = {each for row in csv.DictReader(text.splitlines()) for each in row["id"].split()}

        assert named == set(GOALS.split())

    def test_name_tests_that_are_there(self) -> None:
        text = (ROOT / "deploy" / "faults.csv").read_text(encoding="utf-8")
        rows = list(csv.DictReader(text.splitlines()))

        assert {row["kind"] for row in rows} == {"fault", "attack"}
        assert all(row["tests"] for row in rows)
        assert [
            each for row in rows for each in row["tests"].split() if not (ROOT / each).exists()
        ] == []
