"""Measure ours, a peer and a limit interleaved in one run, and print the ratios."""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

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


def report(topic: str, ways: list[Way], *, unit: str, goal: str, packages: tuple[str, ...]) -> None:
    """Print the table with each way's ratio to the first one (ours), and keep it as JSON."""
    ours = ways[0]
    print(f"\n{topic} ({unit} per second, median of {len(ours.rates)}) - goal: {goal}")
    for way in ways:
        ratio = ratio_of(ours, way)
        spread = f"{min(way.rates):,.1f} - {max(way.rates):,.1f}"
        print(f"  {way.name:<44}{way.rate:>12,.1f}   ours/this {ratio:>7.3f}   ({spread})")
    facts = {
        "topic": topic,
        "unit": unit,
        "goal": goal,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "packages": {name: version(name) for name in packages},
        "ways": {
            way.name: {"median": way.rate, "all": way.rates, "ours_to_this": ratio_of(ours, way)}
            for way in ways
        },
    }
    RESULTS.mkdir(exist_ok=True)
    name = topic.lower().replace(" ", "-").replace("/", "-")
    (RESULTS / f"{name}.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
