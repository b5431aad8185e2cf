"""The moods of a sandbox register: the ways in which real ones fail, switched on by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

SLOW_SECONDS = 10.0
LOOKS = 50
HUGE_CHUNKS, CHUNK = 64, b" " * 65536


class Mood(StrEnum):
    """How a sandbox register behaves until it is told otherwise."""

    NORMAL = "normal"
    SLOW = "slow"
    DOWN = "down"
    """503, always."""
    FLAKY = "flaky"
    """503, every second time."""
    CUT = "cut"
    """The connection ends in the middle of the answer."""
    WRONG_VERSION = "wrong-version"
    WRONG = "wrong"
    """Values of the wrong kind: a month that is none, a number for a word."""
    DUPLICATE = "duplicate"
    """What comes in a list comes twice."""
    OUT_OF_ORDER = "out-of-order"
    """What comes in a list comes backwards, and twice."""
    STALE = "stale"
    """An answer that has not held for months."""
    PARTIAL = "partial"
    """Only the first half of what there is, and said so."""
    WITHHOLDING = "withholding"
    """Every optional value is there but not for who asks."""
    CONTRADICTORY = "contradictory"
    """The answer contradicts itself."""
    GARBLED = "garbled"
    """A page of some proxy instead of an answer."""
    HUGE = "huge"
    FORGED = "forged"
    """Not signed by the register."""
    ANOTHER = "another"
    """The answer to somebody else's question."""
    CERTIFICATE_EXPIRED = "certificate-expired"
    """It is reached over TLS, and its certificate ran out yesterday."""
    HEALTH = "health"
    """It tells what nobody asked: a diagnosis, a hospital, what was paid for."""


@dataclass(slots=True)
class Moods:
    """The mood of each register. One process; whoever has the demonstration may set it."""

    _set: dict[str, Mood] = field(default_factory=dict)
    _asked: dict[str, int] = field(default_factory=dict)

    def of(self, name: str) -> Mood:
        return self._set.get(name, Mood.NORMAL)

    def put(self, name: str, mood: Mood) -> None:
        self._set[name] = mood

    def is_down_now(self, name: str) -> bool:
        """Say whether a register refuses this request as too busy."""
        self._asked[name] = self._asked.get(name, 0) + 1
        mood = self.of(name)
        return mood is Mood.DOWN or (mood is Mood.FLAKY and self._asked[name] % 2 == 1)


async def before(moods: Moods, name: str, request: Request) -> Response | None:
    """Return what comes instead of an answer, after a while if the register is slow."""
    if moods.is_down_now(name):
        return Response("busy", 503)
    match moods.of(name):
        case Mood.SLOW:
            for _ in range(LOOKS):
                await asyncio.sleep(SLOW_SECONDS / LOOKS)
                if await request.is_disconnected():  # nobody waits any more
                    break
        case Mood.CUT:
            return _Cut()
        case Mood.GARBLED:
            return Response("<html>Bad gateway</html>", media_type="text/html")
        case Mood.HUGE:
            return StreamingResponse(_endless(), media_type="application/json")
        case _:
            pass
    return None


def altered(mood: Mood, envelope: dict[str, Any]) -> dict[str, Any]:
    """Return an answer as a register in that mood would give it, before it is signed."""
    body: dict[str, Any] = envelope["body"]
    if mood in _BODIES:
        return envelope | {"body": _BODIES[mood](body)}
    if mood is Mood.PARTIAL and any(isinstance(each, list) and each for each in body.values()):
        half = _of_lists(body, lambda items: items[: len(items) // 2])
        return envelope | {"body": half, "status": "PARTIAL"}
    return envelope | _HEADS.get(mood, {})


def _of_lists(body: Mapping[str, Any], change: Callable[[list[Any]], list[Any]]) -> dict[str, Any]:
    return {
        name: change(value) if isinstance(value, list) else value for name, value in body.items()
    }


def _contradicting(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body in which two statements cannot both be so."""
    changed = dict(body)
    if "result" in body:
        changed["result"] = "NOT_FOUND" if body["result"] != "NOT_FOUND" else "MATCHED"
    for period in body.get("periods", ()):
        period |= {"first_month": "2020-12", "last_month": "2020-01"}
    for name, other in (("events", {"position": "Nói khác đi"}), ("months", {"status": "arrears"})):
        if body.get(name):
            changed[name] = [*body[name], body[name][0] | other]
    if "registered_on" in body:
        changed["registered_on"] = "2026-02-30"
    if "receives" in body:
        changed["as_of"] = "2026-02-30"
    if "reference" in body:
        changed["address"] = "javascript:void(0)"
    for held in body.get("qualifications", ()):
        held["issued_on"] = None
    return changed


def _wrong(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body whose every value is of the wrong kind."""
    return {name: 13 if isinstance(value, str | bool) else "13" for name, value in body.items()}


DIAGNOSIS = {
    "icd10": "J18.9",
    "diagnosis": "Viêm phổi",
    "facility": "Bệnh viện Mẫu",
    "benefit_type": "ốm đau",
}
"""What no message here has a field for (QD 3074/QD-BYT)."""


def _with_health(body: Mapping[str, Any]) -> dict[str, Any]:
    def told(each: Any) -> Any:  # noqa: ANN401 - a value as JSON
        return each | DIAGNOSIS if isinstance(each, dict) else each

    return _of_lists(body, lambda items: [told(each) for each in items]) | DIAGNOSIS


_OPTIONAL = frozenset({"last_month", "last_day", "deceased_on", "status_since", "si_number"})


def _withheld(body: Mapping[str, Any]) -> dict[str, Any]:
    def hide(values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: {"state": "WITHHELD", "source": "sandbox"} if name in _OPTIONAL else value
            for name, value in values.items()
        }

    return hide(
        _of_lists(body, lambda items: [hide(i) if isinstance(i, dict) else i for i in items])
    )


_HEADS: Mapping[Mood, dict[str, Any]] = {
    Mood.WRONG_VERSION: {"version": "2"},
    Mood.STALE: {
        "data_as_of": "2025-06-30T00:00:00+07:00",
        "valid_until": "2025-07-01T00:00:00+07:00",
    },
    Mood.ANOTHER: {"correlation_id": "00000000-0000-4000-8000-000000000000"},
}
_BODIES: Mapping[Mood, Callable[[dict[str, Any]], dict[str, Any]]] = {
    Mood.WRONG: _wrong,
    Mood.HEALTH: _with_health,
    Mood.DUPLICATE: lambda body: _of_lists(body, lambda items: items * 2),
    Mood.OUT_OF_ORDER: lambda body: _of_lists(body, lambda items: items[::-1] * 2),
    Mood.CONTRADICTORY: _contradicting,
    Mood.WITHHOLDING: _withheld,
}


class _Cut(Response):
    """An answer that ends before all of it has come; the server then drops the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's form
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"message_id":', "more_body": True})


async def _endless() -> AsyncIterator[bytes]:
    for _ in range(HUGE_CHUNKS):
        yield CHUNK
