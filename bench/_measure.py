"""Measure ours, a peer and a limit interleaved in one run, and print the ratios."""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Way:
    """One way of doing the work: its runs' rates, in units of work per second of CPU or wall."""

    name: str
    rates: tuple[float, ...]

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)


def quick() -> bool:
    """Tell whether the short run was asked for on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    return bool(parser.parse_args().quick)


def interleaved(
    ways: Mapping[str, Callable[[], int]],
    *,
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> list[Way]:
    """Run each way in turn, ``rounds`` times over; each returns how many units it did."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            started = clock()
            done = work()
            rates[name].append(done / max(clock() - started, 1e-9))
    return [Way(name, tuple(each)) for name, each in rates.items()]


def ratio_of(ours: Way, other: Way) -> float:
    """Return how much faster ours is: the median over the rounds, so that drift cancels out."""
    return statistics.median(a / b for a, b in zip(ours.rates, other.rates, strict=True))


def report(
    topic: str,
    ways: list[Way],
    *,
    unit: str,
    goal: str,
    packages: tuple[str, ...],
    sizes: Mapping[str, float] | None = None,
) -> None:
    """Print the table with each way's ratio to the first one (ours), and keep it as JSON.

    ``sizes`` are kept beside the rates: what else was counted, such as the bytes of a page.
    """
    ours = ways[0]
    print(f"\n{topic} ({unit} per second, median of {len(ours.rates)}) - goal: {goal}")
    for way in ways:
        ratio = ratio_of(ours, way)
        spread = f"{min(way.rates):,.1f} - {max(way.rates):,.1f}"
        print(f"  {way.name:<44}{way.rate:>12,.1f}   ours/this {ratio:>7.3f}   ({spread})")
    found = {
        "topic": topic,
        "unit": unit,
        "goal": goal,
        "packages": {name: version(name) for name in packages},
        "sizes": dict(sizes or {}),
        "ways": {
            way.name: {"median": way.rate, "all": way.rates, "ours_to_this": ratio_of(ours, way)}
            for way in ways
        },
    }
    keep(topic.lower().replace(" ", "-").replace("/", "-"), found)


def keep(name: str, found: Mapping[str, Any]) -> None:
    """Write what was found to ``results/NAME.json``, with when, where and by which command."""
    RESULTS.mkdir(exist_ok=True)
    content = json.dumps(dict(found) | {"run": run_facts()}, indent=1)
    (RESULTS / f"{name}.json").write_text(content + "\n", encoding="utf-8")


def run_facts() -> dict[str, Any]:
    """Return the date, the command and the machine of this run."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "command": " ".join(["python", f"bench/{Path(sys.argv[0]).name}", *sys.argv[1:]]),
        "python": platform.python_version(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load": round(os.getloadavg()[0], 1),
    }


def processor() -> str:
    """Return the name of the processor, as the system tells it."""
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in told if line.startswith("model name"))
    return next(names, platform.machine())
