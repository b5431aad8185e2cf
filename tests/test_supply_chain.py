"""What the product is made of: licences, the wheel to the byte, and what deploy/ says is so."""

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

from api.figures import FIGURES

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def licences() -> object:
    spec = importlib.util.spec_from_file_location("licences", DEPLOY / "licences.py")
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
        found = licences()

        assert {"fastapi", "cryptography", "psycopg", "opentelemetry-sdk"} <= found.running()  # type: ignore[attr-defined]  # loaded from its file
        assert "schemathesis" not in found.running()  # type: ignore[attr-defined]  # the same
        assert list(found.faults()) == []  # type: ignore[attr-defined]  # the same


class TestWheel:
    def test_is_the_same_to_the_byte(self, tmp_path: Path) -> None:
        assert built(tmp_path / "one") == built(tmp_path / "two")


class TestDeploy:
    def test_image_copies_what_runs_and_nothing_else(self) -> None:
        text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
        copied = re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)

        assert {name for line in copied for name in line.split()[:-1]} == {
            *("requirements.lock", "pyproject.toml", "README.md"),
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

        assert set(parts) == {"init", "api", "worker", "database", "proxy"}
        assert parts["worker"]["command"] == ["worker"]
        assert all(parts[each]["read_only"] for each in ("init", "api", "worker"))
        assert "ports" not in parts["database"]
