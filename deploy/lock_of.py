"""The part of the lock file that is needed for one purpose, with its hashes.

    python deploy/lock_of.py product    # what runs: no test, no check, no benchmark
    python deploy/lock_of.py wheel      # what builds the wheel

Reads nothing but the lock file and ``pyproject.toml``, so that it works before anything is
installed. Why each package is in the lock stands there, line by line (``# via``).
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = ("hsm", "tracing")
HIMSELF = "labour-book"


def main() -> None:
    sys.stdout.write(lock_of(sys.argv[1]))


def lock_of(purpose: str) -> str:
    """Return the entries of the lock that a purpose needs, in the lock's order."""
    entries = entries_of((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    wanted = first_of(purpose)
    while True:
        more = {name for name, text in entries.items() if wanted & reasons(text)} - wanted
        if not more:
            return "".join(text for name, text in entries.items() if name in wanted)
        wanted |= more


def first_of(purpose: str) -> set[str]:
    """Return the packages that are asked for by name."""
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if purpose == "wheel":
        return {name_of(line) for line in about["build-system"]["requires"]} | {"editables"}
    assert purpose == "product", purpose
    project = about["project"]
    optional = (project["optional-dependencies"][each] for each in EXTRAS)
    return {name_of(line) for lines in (project["dependencies"], *optional) for line in lines}


def name_of(line: str) -> str:
    (name,) = re.findall(r"^[A-Za-z0-9._-]+", line)
    return re.sub(r"[-_.]+", "-", name).lower()


def entries_of(lock: str) -> dict[str, str]:
    """Return the lock's entries, each with the lines below it, by name."""
    parts = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)
    return {name_of(part): part for part in parts if part.strip() and not part.startswith("#")}


def reasons(entry: str) -> set[str]:
    """Return the packages that an entry is there for; being asked for by name is none."""
    told = entry.partition("# via")[2].replace("#", " ").split()
    return {re.sub(r"[-_.]+", "-", each).lower() for each in told} - {HIMSELF}


if __name__ == "__main__":
    main()
