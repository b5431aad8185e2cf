"""Programs that others wrote for Node.js, installed from the lock file and run by the tests."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent / "clients"
BESIDE = Path(sys.executable).parent
"""Where ``node`` and ``npm`` stand: the package that brings them puts them beside Python."""
INSTALL_SECONDS = 240
RUN_SECONDS = 90
STOP_SECONDS = 10


@dataclass(frozen=True)
class Clients:
    """The installed packages, and the scripts of ours that call them."""

    folder: Path

    def run(self, script: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Run a script to its end: it reads one JSON text and prints one."""
        done = subprocess.run(
            self.command(script),
            input=json.dumps(given),
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment(),
            timeout=RUN_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{script} failed:\n{done.stderr}"
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    @contextmanager
    def running(self, script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Run a script as long as this lasts; it is ready once it prints its first line.

        That line was not read yet: it may say where the program listens.
        """
        process = subprocess.Popen(
            self.command(script, *arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=environment(),
        )
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=STOP_SECONDS)

    def command(self, script: str, *arguments: str) -> list[str]:
        return [str(BESIDE / "node"), str(self.folder / script), *arguments]


def installed() -> Clients:
    """Install the packages unless they are there already; processes wait for one another."""
    lock_file = FOLDER / "package-lock.json"
    stamp = FOLDER / "node_modules" / ".installed"
    wanted = sha256(lock_file.read_bytes()).hexdigest()
    with (FOLDER / ".install.lock").open("w") as waiting:
        fcntl.flock(waiting, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
            _install()
            stamp.write_text(wanted, encoding="ascii")
    return Clients(FOLDER)


def environment() -> dict[str, str]:
    return os.environ | {"PATH": f"{BESIDE}{os.pathsep}{os.environ.get('PATH', '')}"}


def _install() -> None:
    # No package needs its install script: what they build is optional.
    done = subprocess.run(
        [str(BESIDE / "npm"), "ci", "--ignore-scripts", "--no-progress", "--fetch-retries=1"],
        capture_output=True,
        text=True,
        cwd=FOLDER,
        env=environment(),
        timeout=INSTALL_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(
            "the independent clients could not be installed (is a package registry reachable? "
            f"npm uses its own configuration):\n{done.stderr}",
            pytrace=False,
        )
