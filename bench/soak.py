"""Mixed traffic for half an hour, with one API process killed every minute.

    python bench/soak.py [--minutes 30] [--quick]

Two servers of two processes each stand behind the reverse proxy that ``deploy/`` has (Caddy must
be installed), with a worker beside them and PostgreSQL below, whose commits wait for the disk. The
peak is measured first; 70 % of it is then asked for by a schedule that does not wait for answers
(``_soak_load.py``). Every minute ``kill -9`` ends one process that answers; the server starts
another one. One process is spared: its memory is looked at from beginning to end. At last the
servers are told to stop and started again, one after the other, without a kill: not a single
request may fail then.

It fails (exit 1) if anything went wrong but connections that a kill had cut, if memory grew, or if
anything that was acknowledged is not there once (``_soak_proof.py``).
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from signal import SIGKILL, SIGTERM, signal
from typing import Any

from _measure import RESULTS, keep
from _soak_deeds import act
from _soak_load import SHARE, Peak, Schedule, Times, follow, peak_of, share_of
from _soak_memory import Memory
from _soak_proof import Proof, proofs
from _soak_site import Callers, Site, opened_site, wait_for
from _soak_traffic import Answer, Caller, Traffic

from labour_book.documents.charts import svg_of

SAMPLE_SECONDS = 5
KILL_SECONDS = 60
CUT_SECONDS = 6
"""For so long after a kill cut connections are its own: the proxy holds some that wait."""
WARM_UP, STEP = 10, 15
"""Seconds, of the peak's measurement."""
SEEN_SECONDS = 8
"""For so long is waited until the proxy has seen that a server is back."""


@dataclass
class Soak:
    """What happened."""

    peak: Peak
    began: float
    kills: list[float] = field(default_factory=list)
    left_out: int = 0
    answers: list[Answer] = field(default_factory=list)
    stopped: list[Answer] = field(default_factory=list)
    """Answers while servers were told to stop, one after the other."""
    rates: list[tuple[float, float]] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    logged: list[str] = field(default_factory=list)
    ended_early: list[str] = field(default_factory=list)
    """Why what was to be done to the servers was not done to its end."""
    proofs: list[Proof] = field(default_factory=list)

    def wrong(self) -> Counter[str]:
        """Return what went wrong, and how often: all but what a kill has cut."""
        found = Counter(
            f"{each.deed}: {each.outcome}"
            for each in self.answers
            if each.outcome != "ok" and not self._is_of_a_kill(each)
        )
        found.update(
            f"{each.deed}: {each.outcome} while a server stopped"
            for each in self.stopped
            if each.outcome != "ok"
        )
        found.update(f"log: {line}" for line in self.logged)
        found.update(f"ended early: {reason}" for reason in self.ended_early)
        return found

    def _is_of_a_kill(self, answer: Answer) -> bool:
        ended = answer.at + answer.seconds
        return answer.outcome == "cut" and any(
            killed <= ended and answer.at <= killed + CUT_SECONDS for killed in self.kills
        )


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--minutes", type=float, default=30)
    arguments.add_argument("--quick", action="store_true")
    chosen = arguments.parse_args()
    if shutil.which("caddy") is None and chosen.quick:
        print("soak: not run, it needs Caddy (apt-get install caddy)")
        return
    minutes = 1.0 if chosen.quick else chosen.minutes
    signal(SIGTERM, lambda *_: sys.exit(2))  # and with it end what it has started
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = int(300 + minutes * 120)
        with opened_site(folder, askers=people, hired=2 * people) as (site, callers):
            traffic = Traffic(site.port, callers, _credentials(site, callers))
            soak = soaked(site, traffic, minutes, STEP / 3 if chosen.quick else STEP)
            for each in (*site.servers, site.worker, site.proxy):
                each.stop()
            ours = (*site.servers, site.worker)  # the proxy's own errors are answers, and counted
            soak.logged = [line for each in ours for line in errors_in(each.log)]
            soak.proofs = proofs(site, traffic.ledger, minutes=minutes)
    told(soak)
    keep_and_draw(soak, minutes)
    good = not soak.wrong() and soak.memory.is_flat() and all(each.is_good for each in soak.proofs)
    sys.exit(0 if good else 1)


def _credentials(site: Site, callers: Callers) -> list[str]:
    """Return some credentials, as their holders keep them."""
    empty = Traffic(site.port, callers, [])
    caller = Caller(empty, 0)
    some = [
        caller.ask("credential", "GET", "/me/credential", headers=each.headers)
        for each in callers.readers[:50]
    ]
    caller.close()
    return [each.decode() for each in some]


def soaked(site: Site, traffic: Traffic, minutes: float, step: float) -> Soak:
    """Find the peak in steps of some seconds, keep a share of it up, stop servers at the end."""
    warm = Caller(traffic, -1)
    until = time.monotonic() + WARM_UP
    while time.monotonic() < until:
        act(warm)
    warm.close()
    soak = Soak(peak_of(traffic, step), time.monotonic())
    print(f"peak {soak.peak.rate:,.0f} a second, {soak.peak.callers} at once", flush=True)
    soak.answers = _loaded(
        site, traffic, soak, partial(_kill, site, soak, minutes * 60), memory=soak.memory
    )
    print("told to stop, one after the other", flush=True)
    soak.stopped = _loaded(site, traffic, soak, partial(_restart, site), memory=None)
    return soak


def _loaded(
    site: Site, traffic: Traffic, soak: Soak, what: Callable[[], None], *, memory: Memory | None
) -> list[Answer]:
    """Keep the load up while something is done to the servers; return the answers."""
    over = threading.Event()
    schedule = Schedule(soak.peak, over)
    first = len(traffic.answers)
    beside = [
        threading.Thread(target=_watch, args=(site, soak, memory, schedule, over), daemon=True),
        threading.Thread(target=_until_done, args=(soak, what, over), daemon=True),
    ]
    for each in beside:
        each.start()
    follow(schedule, traffic)
    for each in beside:
        each.join()
    soak.left_out += schedule.left_out
    soak.rates += schedule.rates
    return traffic.answers[first:]


def _until_done(soak: Soak, what: Callable[[], None], over: threading.Event) -> None:
    try:
        what()
    except Exception as error:  # noqa: BLE001 - the soak is wrong then, and says so at its end
        soak.ended_early.append(repr(error))
    finally:
        over.set()


def _watch(
    site: Site, soak: Soak, memory: Memory | None, schedule: Schedule, over: threading.Event
) -> None:
    """Look at memory and at what the machine gives, every few seconds."""
    before = Times.now()
    while not over.wait(SAMPLE_SECONDS):
        after = Times.now()
        schedule.fit(after.cores_since(before))
        before = after
        if memory is not None:
            memory.sample(site, time.monotonic() - soak.began)


def _kill(site: Site, soak: Soak, seconds: float) -> None:
    """End one process that answers every minute, another one each time; the first is spared."""
    for number in range(int(seconds / KILL_SECONDS)):
        time.sleep(KILL_SECONDS)
        _, *others = site.api_processes()
        soak.kills.append(time.monotonic())
        os.kill(others[number % len(others)], SIGKILL)
    time.sleep(KILL_SECONDS / 2)


def _restart(site: Site) -> None:
    """Tell one server after the other to stop, and start it again."""
    for server, port in zip(site.servers, site.ports, strict=True):
        time.sleep(SEEN_SECONDS)
        server.stop()
        server.start()
        wait_for(port)
    time.sleep(SEEN_SECONDS)


def errors_in(log: Path) -> list[str]:
    """Return what a program told as an error, without its details."""
    text = log.read_text(encoding="utf-8", errors="replace")
    grave = ('"level": "error"', '"level": "critical"')
    told = [line[:400] for line in text.splitlines() if any(each in line for each in grave)]
    return told + [each[:2_000] for each in text.split("Traceback (most recent call last):")[1:]]


def told(soak: Soak) -> None:
    """Print what was found."""
    asked = sum(rate for _, rate in soak.rates) / max(len(soak.rates), 1)
    seconds = max((each.at + each.seconds for each in soak.answers), default=0) - soak.began
    good = sum(each.outcome == "ok" for each in soak.answers)
    print(
        f"\n{good:,} answers in {seconds / 60:.1f} min, {good / max(seconds, 1):,.0f} a second;"
        f" asked for {asked:,.0f} = {asked / soak.peak.rate:.0%} of the peak of"
        f" {soak.peak.rate:,.0f}; left out {soak.left_out:,}; {len(soak.kills)} kills"
    )
    print(f"  {'':24}{'answers':>10}{'p50 ms':>9}{'p95':>9}{'p99':>9}{'most':>9}{'cut':>6}")
    for name, of in by_deed(soak).items():
        parts = "".join(f"{of[each]:>9,.0f}" for each in ("p50_ms", "p95_ms", "p99_ms", "most_ms"))
        print(f"  {name:24}{of['answers']:>10,.0f}{parts}{of['cut']:>6,.0f}")
    soak.memory.told()
    for each in soak.proofs:
        print(f"  {'good' if each.is_good else 'WRONG':6}{each.what}: {each.detail}")
    for what, count in soak.wrong().most_common(20):
        print(f"  WRONG {count:,} x {what}")


def by_deed(soak: Soak) -> dict[str, dict[str, float]]:
    found = {}
    for name in sorted({each.deed for each in soak.answers}):
        of = [each for each in soak.answers if each.deed == name]
        good = [each.seconds * 1000 for each in of if each.outcome == "ok"]
        found[name] = {
            "answers": len(good),
            "p50_ms": share_of(good, 0.5),
            "p95_ms": share_of(good, 0.95),
            "p99_ms": share_of(good, 0.99),
            "most_ms": max(good, default=0),
            "cut": sum(each.outcome == "cut" for each in of),
        }
    return found


def keep_and_draw(soak: Soak, minutes: float) -> None:
    """Keep the figures, and draw them over time."""
    keep(
        "soak",
        {
            "minutes": minutes,
            "share_of_peak": SHARE,
            "peak": {
                "rate": soak.peak.rate,
                "callers": soak.peak.callers,
                "steps": soak.peak.steps,
            },
            "kills": [round(each - soak.began) for each in soak.kills],
            "left_out": soak.left_out,
            "deeds": by_deed(soak),
            "wrong": dict(soak.wrong()),
            "memory": soak.memory.facts(),
            "proofs": [[each.what, each.is_good, each.detail] for each in soak.proofs],
        },
    )
    title = "Requests, latency and memory over the soak; each dip is a kill"
    (RESULTS / "soak.svg").write_text(svg_of(_spec(soak), title), encoding="utf-8")


def _spec(soak: Soak) -> dict[str, Any]:
    points = soak.memory.points()
    for minute, of in _by_time(soak).items():
        good = [each.seconds * 1000 for each in of if each.outcome == "ok"]
        values = {"answers/s": len(good) / 10, "p95 ms": share_of(good, 0.95)}
        values["cut"] = sum(each.outcome == "cut" for each in of)
        points += [
            {"minute": minute, "value": value, "what": what, "of": what}
            for what, value in values.items()
        ]
    own = {"x": {"field": "minute", "type": "quantitative"}}
    own["y"] = {"field": "value", "type": "quantitative", "title": None}
    own["color"] = {"field": "of", "type": "nominal", "title": None}
    return {
        "data": {"values": points},
        "facet": {"row": {"field": "what", "type": "nominal", "title": None}},
        "spec": {"mark": {"type": "line"}, "width": 640, "height": 110, "encoding": own},
        "resolve": {"scale": {"y": "independent"}},
    }


def _by_time(soak: Soak) -> dict[float, list[Answer]]:
    """Return the answers of every ten seconds, by the minute."""
    found: dict[float, list[Answer]] = {}
    for each in (*soak.answers, *soak.stopped):
        found.setdefault(int((each.at - soak.began) / 10) / 6, []).append(each)
    return dict(sorted(found.items()))


if __name__ == "__main__":
    main()
