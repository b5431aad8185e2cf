"""The licences of everything that runs with the product, as a table: what, which version, licence.

    .venv/bin/python deploy/licences.py

What only tests and checks use is left out. Exits with 1 where a licence would bind the product
(GPL, AGPL) or none is stated.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).parents[1] / "pyproject.toml"

BINDING = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|Affero|GNU General Public)", re.IGNORECASE)
KNOWN = {
    "certomancer": "MIT",
}
"""Where a package states its licence only in a file: read there by hand."""


def running(extras: tuple[str, ...] = ("hsm", "tracing")) -> set[str]:
    """Return every package that is installed with the product, by its name in small letters."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    first = [*project["dependencies"], *(line for each in extras for line in optional[each])]
    found: set[str] = set()
    waiting: list[tuple[list[str], tuple[str, ...]]] = [(first, ())]
    while waiting:
        lines, chosen = waiting.pop()
        for line in lines:
            needed = Requirement(line)
            environments = [{"extra": extra} for extra in chosen or ("",)] + [{"extra": ""}]
            if needed.marker and not any(map(needed.marker.evaluate, environments)):
                continue
            key = re.sub(r"[-_.]+", "-", needed.name).lower()
            if key not in found and _is_installed(key):
                found.add(key)
                waiting.append((_of(key).requires or [], tuple(needed.extras)))
    return found


def licence_of(name: str) -> str:
    """Return what a package says its licence is; nothing if it does not say."""
    about = _of(name).metadata
    classified = [
        each.rpartition("::")[2].strip()
        for each in about.get_all("Classifier") or ()
        if each.startswith("License ::")
    ]
    stated = about.get("License-Expression") or "; ".join(classified) or about.get("License") or ""
    return KNOWN.get(name, " ".join(stated.split())[:120])


def faults() -> Iterator[str]:
    """Yield each package whose licence binds the product, or is not known."""
    for name in sorted(running()):
        licence = licence_of(name)
        choices = re.split(r"\bOR\b|;", licence)
        if not licence or all(BINDING.search(each) for each in choices):
            yield f"{name}: {licence or 'no licence stated'}"


def _of(name: str) -> Distribution:
    return distribution(name)


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def main() -> int:
    """Print the table; tell of what binds."""
    for name in sorted(running()):
        sys.stdout.write(f"{name:40} {_of(name).version:16} {licence_of(name)}\n")
    found = list(faults())
    for each in found:
        sys.stderr.write(f"{each}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
