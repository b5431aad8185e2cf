"""What the product is made of: licences, the wheel to the byte, and what deploy/ says is so."""

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from api.figures import FIGURES

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
POSTGRESQL_OF_DEBIAN = {"bookworm": 15, "trixie": 17}
"""Versions of ``postgresql-client``: https://packages.debian.org/postgresql-client."""


def script(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, DEPLOY / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def built(into: Path) -> str:
    """Build the wheel and return its hash."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", into],
        cwd=ROOT,
        check=True,
        capture_output=True,
        env=os.environ | {"SOURCE_DATE_EPOCH": "1763769600"},
    )
    (wheel,) = into.glob("*.whl")
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


class TestLicences:
    def test_of_what_runs_with_the_product_bind_nobody(self) -> None:
        found = script("licences")

        assert {"fastapi", "cryptography", "psycopg", "opentelemetry-sdk"} <= found.running()
        assert "schemathesis" not in found.running()
        assert list(found.faults()) == []


class TestLockOfTheProduct:
    def test_holds_all_that_runs_with_its_hashes_and_nothing_of_tests(self) -> None:
        lock = script("lock_of")
        entries = lock.entries_of(lock.lock_of("product"))

        assert script("licences").running() <= set(entries)
        assert not {"pytest", "schemathesis", "pyspark", "playwright", "hatchling"} & set(entries)
        assert all("--hash=sha256:" in each for each in entries.values())
        assert "hatchling" in lock.entries_of(lock.lock_of("wheel"))


class TestWheel:
    def test_is_the_same_to_the_byte(self, tmp_path: Path) -> None:
        assert built(tmp_path / "one") == built(tmp_path / "two")


class TestDeploy:
    def test_image_copies_what_runs_and_nothing_else(self) -> None:
        text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
        copied = re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)

        assert {name for line in copied for name in line.split()[:-1]} == {
            *("requirements.lock", "pyproject.toml", "README.md", "deploy/lock_of.py"),
            *("api", "app", "labour_book", "migrations", "signing"),
        }
        assert "USER labour-book" in text
        assert "--require-hashes" in text

    def test_alerts_and_dashboard_ask_for_figures_that_there_are(self) -> None:
        alerts = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))
        board = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
        asked = [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
        asked += [each["expr"] for panel in board["panels"] for each in panel["targets"]]
        there = {
            name
            for metric in FIGURES.registry.collect()
            for name in (metric.name, f"{metric.name}_total")
        } | {"labour_book_request_seconds_bucket"}

        named = set(re.findall(r"\blabour_book_\w+", " ".join(asked)))
        assert named
        assert named <= there

    def test_compose_starts_each_part_with_a_command_there_is(self) -> None:
        parts = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]

        assert set(parts) == {
            *("init", "api-1", "api-2", "worker", "archive-owner", "database", "proxy")
        }
        assert parts["worker"]["command"] == ["worker"]
        assert all(parts[each]["read_only"] for each in ("init", "api-1", "api-2", "worker"))
        assert parts["proxy"]["environment"]["API"] == "api-1:8000 api-2:8000"
        assert "ports" not in parts["database"]

    def test_the_image_brings_programs_that_can_copy_the_database(self) -> None:
        parts = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
        server = int(parts["database"]["image"].rpartition(":")[2])
        text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
        suites = re.findall(r"^FROM \S+-slim-(\w+)", text, re.MULTILINE)

        assert {POSTGRESQL_OF_DEBIAN[suite] for suite in suites} == {server}

    def test_the_archive_is_the_servers_to_write(self) -> None:
        parts = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
        owner, database = parts["archive-owner"], parts["database"]

        assert owner["entrypoint"] == ["chown", "postgres:", "/archive"]
        assert set(owner["volumes"]) <= set(database["volumes"])
        assert database["depends_on"]["archive-owner"]["condition"] == (
            "service_completed_successfully"
        )
