"""The memory of every process of the soaked site over time, and whether it stays flat."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, median
from typing import Any

from _soak_site import Site, tree_of

MIB = 1024 * 1024
PAGE = os.sysconf("SC_PAGE_SIZE")
MOST_GROWTH = 0.05
"""By so much of its size a process may still grow in the second half of its samples."""
FEWEST = 12
"""Samples, a minute's: of less nothing is said."""


@dataclass
class Memory:
    """MiB by what it belongs to: minutes since the beginning, and how much."""

    samples: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def sample(self, site: Site, seconds: float) -> None:
        """Look at the spared API process, those around it, and all of PostgreSQL."""
        spared, *others = site.api_processes() or [0]
        found = {
            "API, never killed": resident(spared),
            "API, all that answer": sum(map(resident, (spared, *others))),
            "server, the parent": resident(site.servers[0].process_id),
            "worker": resident(site.worker.process_id),
            "proxy": resident(site.proxy.process_id),
            "PostgreSQL, without shared": sum(map(private, tree_of(site.database))),
        }
        for name, size in found.items():
            self.samples.setdefault(name, []).append((seconds / 60, size / MIB))

    def facts(self) -> dict[str, dict[str, float]]:
        """Return of each: MiB in the middle and at the end, the slope, growth of the second half.

        The slope is that of the second half, in MiB a minute.
        """
        found = {}
        for name, samples in self.samples.items():
            late = samples[len(samples) // 2 :]
            if len(late) < FEWEST:
                continue
            minutes, sizes = zip(*late, strict=True)
            third = max(len(sizes) // 3, 1)
            first, last = median(sizes[:third]), median(sizes[-third:])
            slope = linear_regression(minutes, sizes).slope
            found[name] = {
                "middle_mib": round(first, 1),
                "end_mib": round(last, 1),
                "slope_mib_a_minute": round(slope, 3),
                "growth": round(last / max(first, 1e-9) - 1, 4),
            }
        return found

    def is_flat(self) -> bool:
        """Tell whether nothing that lives from beginning to end has grown."""
        return all(
            each["growth"] <= MOST_GROWTH
            for name, each in self.facts().items()
            if name != "API, all that answer"  # it falls with every kill
        )

    def told(self) -> None:
        print(
            f"  {'memory, second half':28}{'middle MiB':>12}{'end':>9}{'MiB/min':>9}{'growth':>9}"
        )
        for name, of in self.facts().items():
            print(
                f"  {name:28}{of['middle_mib']:>12,.1f}{of['end_mib']:>9,.1f}"
                f"{of['slope_mib_a_minute']:>9,.3f}{of['growth']:>9.1%}"
            )

    def points(self) -> list[dict[str, Any]]:
        """Return the samples as they are drawn."""
        return [
            {"minute": minute, "value": size, "what": "MiB", "of": name}
            for name, samples in self.samples.items()
            for minute, size in samples
        ]


def resident(process_id: int) -> int:
    """Return the bytes of a process in memory; 0 if it has ended."""
    return _pages(process_id)[0] * PAGE


def private(process_id: int) -> int:
    """Return the bytes that a process shares with no other."""
    all_of_it, shared = _pages(process_id)
    return max(all_of_it - shared, 0) * PAGE


def _pages(process_id: int) -> tuple[int, int]:
    try:
        told = Path(f"/proc/{process_id}/statm").read_text(encoding="ascii").split()
    except OSError:  # it has ended meanwhile
        return 0, 0
    return int(told[1]), int(told[2])
