"""Rules of this house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("signing", "labour_book", "api", "app", "migrations")
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
BENCHES = sorted((ROOT / "bench").rglob("*.py"))
EDGE = ("labour_book/cli", "api/dependencies.py", "api/main.py", "app/phone.py")
"""Where a request or command begins: only here the clock is read."""
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}
STATEMENTS = {"select", "insert", "update", "delete", "text"}
LONGEST_FILE = 400


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def _attribute(call: ast.Call) -> tuple[str, str]:
    function = call.func
    if not isinstance(function, ast.Attribute):
        return "", function.id if isinstance(function, ast.Name) else ""
    owner = function.value
    return (owner.id if isinstance(owner, ast.Name) else ""), function.attr


def _imported_from(path: Path, packages: set[str]) -> set[str]:
    return {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in packages
        for alias in node.names
    }


@pytest.mark.parametrize("path", SOURCES, ids=_name)
class TestSource:
    def test_reads_the_clock_only_at_the_edge(self, path: Path) -> None:
        if _name(path).startswith(EDGE):
            return

        assert [call.lineno for call in _calls(path) if _attribute(call) in CLOCKS] == []

    def test_commits_only_in_the_database_layer(self, path: Path) -> None:
        if _name(path) in {"labour_book/database.py", "migrations/env.py"}:
            return

        assert [c.lineno for c in _calls(path) if _attribute(c)[1] in {"commit", "rollback"}] == []

    def test_writes_sql_only_in_queries(self, path: Path) -> None:
        if _name(path).startswith(
            ("labour_book/queries", "labour_book/database.py", "labour_book/tables", "migrations")
        ):
            return
        imported = _imported_from(path, {"sqlalchemy", "sqlmodel"})
        sql = {(owner, deed) for owner in ("sa", "sqlalchemy", "sqlmodel") for deed in STATEMENTS}
        sql |= {("", deed) for deed in STATEMENTS & imported}

        assert [call.lineno for call in _calls(path) if _attribute(call) in sql] == []

    def test_orders_every_query_of_many_rows(self, path: Path) -> None:
        if not _name(path).startswith("labour_book/queries"):
            return
        unordered = [
            function.name
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(function, ast.FunctionDef) and _selects_many_without_order(function)
        ]

        assert unordered == []

    def test_is_short_enough_to_read(self, path: Path) -> None:
        if "migrations/versions" in _name(path):
            return

        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def _selects_many_without_order(function: ast.FunctionDef) -> bool:
    text = ast.unparse(function)
    if function.returns is not None and re.search(
        r"\b(CTE|ScalarSelect)\b", ast.unparse(function.returns)
    ):
        return False  # a part of a query: whoever selects from it puts that in order
    selects = re.search(r"\b(sa\.)?select\(", text) is not None
    one_row = re.search(
        r"pg_advisory|scalar_one|\.one\(|one_or_none|\.scalar\(|exists\(|limit\(1\)|as_scalar|mappings\(\)\.first",
        text,
    )
    return selects and "order_by" not in text and one_row is None


@pytest.mark.parametrize("path", [*SOURCES, *TESTS, *BENCHES], ids=_name)
class TestEveryFile:
    def test_gives_rule_and_reason_beside_each_ignore(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        ignores = [line for line in lines if re.search(r"#\s*(noqa|type:\s*ignore)", line)]

        reasoned = r"#\s*(noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\])\s+(-|#)\s*\S+"
        assert [line for line in ignores if not re.search(reasoned, line)] == []

    def test_names_no_machine_and_leaves_nothing_undone(self, path: Path) -> None:
        if path == Path(__file__):
            return
        text = path.read_text(encoding="utf-8")

        assert re.findall(r"/(?:root|home|work)/|\bTODO\b|\bFIXME\b|\bXXX\b", text) == []


class TestLockFile:
    def test_pins_every_package_by_hash_and_names_no_host(self) -> None:
        text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
        packages = re.findall(r"^[A-Za-z0-9._-]+==[^\n]+", text, re.MULTILINE)

        assert len(packages) > 50
        assert all(package.endswith("\\") for package in packages)
        assert "://" not in text
