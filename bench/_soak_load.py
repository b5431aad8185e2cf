"""Load on the soaked site: as much as it takes, then a share of that by an open schedule.

The machine may give less than it did while the peak was measured, because others work on it or its
host takes time away ("steal"). Both are read from the system every few seconds, and the schedule
asks for the same share of what there is; on a calm machine that is the measured peak's.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from _soak_deeds import PER_DEED, act
from _soak_site import tree_of
from _soak_traffic import Caller, Traffic

CALLERS = 32
STEPS = (4, 8, 16, 32)
"""How many call at once while the peak is sought."""
SHARE = 0.7
MOST_BEHIND_SECONDS = 3.0
"""What is further behind its time is left out, and counted."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Times:
    """CPU seconds since some beginning: of the machine, of others, taken by its host."""

    at: float
    busy: float
    stolen: float
    ours: float

    @classmethod
    def now(cls) -> "Times":
        line = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0]
        user, nice, system, _idle, _wait, irq, soft, stolen, *_ = map(int, line.split()[1:])
        busy = user + nice + system + irq + soft
        ours = sum(_used(each) for each in tree_of(os.getpid()))
        return cls(time.monotonic(), busy / TICKS, stolen / TICKS, ours / TICKS)

    def cores_since(self, before: "Times") -> float:
        """Return how many cores there were for us: all, but for others' work and the stolen."""
        seconds = max(self.at - before.at, 1e-3)
        others = max((self.busy - before.busy) - (self.ours - before.ours), 0.0)
        cores = os.cpu_count() or 1
        return max(cores - (others + self.stolen - before.stolen) / seconds, cores / 10)


def _used(process_id: int) -> int:
    """Return the clock ticks that a process and its ended children have used."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except OSError:  # it has ended meanwhile: its parent has its time now
        return 0
    return sum(map(int, stat.rpartition(")")[2].split()[11:15]))


@dataclass(frozen=True, slots=True)
class Peak:
    """The most that was answered, and how much of the machine there was for it."""

    rate: float
    callers: int
    cores: float
    steps: tuple[tuple[int, float, float], ...]
    """Callers at once, answers a second, cores."""


def peak_of(traffic: Traffic, seconds: float) -> Peak:
    """Let more and more call without a pause; return the step with most answers per core."""
    steps = []
    for count in STEPS:
        before, first = Times.now(), len(traffic.answers)
        _together(count, partial(_flat_out, until=time.monotonic() + seconds), traffic)
        after = Times.now()
        good = sum(each.outcome == "ok" for each in traffic.answers[first:])
        steps.append((count, good / (after.at - before.at), after.cores_since(before)))
    count, rate, cores = max(steps, key=lambda each: each[1] / each[2])
    return Peak(rate, count, cores, tuple(steps))


def _flat_out(caller: Caller, until: float) -> None:
    while time.monotonic() < until:
        act(caller)


def _together(count: int, work: Callable[[Caller], None], traffic: Traffic) -> None:
    callers = [Caller(traffic, seed) for seed in range(count)]
    threads = [threading.Thread(target=work, args=(each,), daemon=True) for each in callers]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for caller in callers:
        caller.close()


@dataclass
class Schedule:
    """When the next deed is due. It does not wait for answers."""

    peak: Peak
    over: threading.Event
    share: float = SHARE
    due: float = field(default_factory=time.monotonic)
    left_out: int = 0
    rates: list[tuple[float, float]] = field(default_factory=list)
    """When, and requests a second asked for."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._rate = self.share * self.peak.rate

    def next(self) -> float | None:
        """Return when the next deed is due, None once it is over."""
        with self.lock:
            step = PER_DEED / self._rate
            behind = time.monotonic() - self.due - MOST_BEHIND_SECONDS
            if behind > 0:
                missed = int(behind / step)
                self.left_out += missed
                self.due += missed * step
            self.due += step
            return None if self.over.is_set() else self.due

    def fit(self, cores: float) -> None:
        """Ask for the same share of what the machine gives now."""
        with self.lock:
            self._rate = self.share * self.peak.rate * min(cores / self.peak.cores, 1.0)
            self.rates.append((time.monotonic(), self._rate))


def follow(schedule: Schedule, traffic: Traffic) -> None:
    """Do what the schedule says until it is over."""

    def work(caller: Caller) -> None:
        while (due := schedule.next()) is not None:
            time.sleep(max(due - time.monotonic(), 0))
            act(caller, due)

    _together(CALLERS, work, traffic)


def share_of(values: Iterable[float], part: float) -> float:
    """Return the value that so large a part of all stays below."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)] if ordered else 0.0
