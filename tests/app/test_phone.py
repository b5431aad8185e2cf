"""What `flet build` takes: laid out as it wants it, and in need of nothing that a phone lacks."""

import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PIL import Image

from api.login_app import APP_LINK
from app.entry import LINK_PATH

ROOT = Path(__file__).parents[2]
ONLY_THESE = """
import sys
OURS, THEIRS = {"app", "signing", "main"}, set(sys.argv[1].split(","))
class Bar:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in OURS | THEIRS | set(sys.stdlib_module_names) and not top.startswith("_"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Bar())
import app.phone, app.root, app.main, flet
flet.run = lambda *_, **told: print("begun", told["assets_dir"])
import main
"""
"""Imports what the app imports where nothing else is installed, and begins it."""


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("phone")
    subprocess.run(["make", "-s", "phone", f"PHONE={folder}"], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def project(laid_out: Path) -> dict[str, Any]:
    return tomllib.loads((laid_out / "pyproject.toml").read_text(encoding="utf-8"))


def needed(declared: list[str]) -> set[str]:
    """Return the distributions that these need, and whatever those need in turn."""
    found: set[str] = set()
    waiting = list(declared)
    while waiting:
        requirement = Requirement(waiting.pop())
        name = canonicalize_name(requirement.name)
        marker = requirement.marker
        if name not in found and (marker is None or marker.evaluate({"extra": ""})):
            found.add(name)
            waiting += requires(name) or []
    return found


class TestLayout:
    def test_has_the_entry_and_the_pictures_where_they_are_looked_for(
        self, laid_out: Path, project: dict[str, Any]
    ) -> None:
        flet = project["tool"]["flet"]
        start = laid_out / flet["app"]["path"]

        assert (start / f"{Path(flet['app']['module']).stem}.py").is_file()
        for name, side in {"icon.png": 512, "splash.png": 200}.items():
            with Image.open(start / "assets" / name) as picture:
                assert min(picture.size) >= side
        assert (start / "assets/assets/FontManifest.json").is_file()

    def test_says_who_it_is_what_it_may_and_which_links_lead_to_it(
        self, project: dict[str, Any]
    ) -> None:
        flet = project["tool"]["flet"]

        assert {"org", "product", "bundle_id", "company", "copyright"} <= flet.keys()
        back = urlsplit(APP_LINK)
        for system in ("android", "ios"):
            link = flet[system]["deep_linking"]
            assert link == {"scheme": back.scheme, "host": back.netloc}
        assert (flet["bundle_id"], LINK_PATH) == (back.scheme, back.path)
        assert flet["android"]["permission"] == {"android.permission.INTERNET": True}
        assert "NSPhotoLibraryUsageDescription" in flet["ios"]["info"]

    def test_has_the_version_of_the_whole(self, project: dict[str, Any]) -> None:
        whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

        assert project["project"]["version"] == whole["version"]
        assert set(project["project"]["dependencies"]) <= set(whole["dependencies"])


def test_begins_with_its_own_dependencies_alone(laid_out: Path, project: dict[str, Any]) -> None:
    installed = needed(project["project"]["dependencies"])
    theirs = {
        top
        for top, names in packages_distributions().items()
        if {canonicalize_name(each) for each in names} & installed
    }

    said = subprocess.run(
        [sys.executable, "-c", ONLY_THESE, ",".join(sorted(theirs))],
        capture_output=True,
        text=True,
        check=False,
        cwd=laid_out,
    )

    assert (said.stdout.strip(), said.stderr) == ("begun assets", "")
