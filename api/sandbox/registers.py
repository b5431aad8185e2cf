"""The sandbox registers at ``/sandbox/registers``: they answer over HTTP, about invented people.

In the demonstration they stand where the registers of the nation stand elsewhere, and fail as
those do when they are told to. They know nothing of the rest of this service: question and answer
are signed with the secret that both sides have.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Annotated, Any
from uuid import uuid4

import httpx
from fastapi import APIRouter, Depends, FastAPI, Path, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from api.dependencies import Inst, Now
from api.pages import page
from api.problems import problems
from api.sandbox import portal
from api.sandbox.expired_front import ExpiredFront, opened
from api.sandbox.registers_changes import CHANGES, OF_REGISTER, Change, Feed, Made
from api.sandbox.registers_moods import Mood, Moods, altered, before
from api.sandbox.registers_samples import AS_OF, Samples, answer, read_samples
from labour_book.errors import Conflict, Denied, Invalid, NotFound
from labour_book.services.asking_registers import Register
from labour_book.services.connections import sandbox_secret, secret_for
from labour_book.services.installation import Installation
from signing import BlindIndex, SigningError, canonical_json

PATH = "/sandbox/registers"
SEE_OTHER = 303
VERSION = "1"
HOLDS = timedelta(days=1)
KEPT_ANSWERS = 1000
"""A question that comes again under its id gets the answer that it got, for so many questions."""
_PARTS = ("message_id", "sender_org", "receiver_org", "service", "version", "purpose", "body")
_ECHOED = ("service", "version", "purpose", "legal_basis", "requested_at")

router = APIRouter(prefix=PATH, include_in_schema=False)


@dataclass(slots=True)
class SandboxRegisters:
    """What all of them share in one process."""

    portal: portal.Portal
    moods: Moods = field(default_factory=Moods)
    feed: Feed = field(default_factory=Feed)
    front: ExpiredFront | None = None
    """Open while a register is behind it."""
    _answers: OrderedDict[str, tuple[dict[str, Any], dict[str, Any]]] = field(
        default_factory=OrderedDict
    )
    _samples: Samples | None = None
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def samples(self) -> Samples:
        """Return what they know.

        Read in a thread of its own: those that everybody shares may all be waiting for an answer.
        """
        async with self._reading:
            if self._samples is None:
                with ThreadPoolExecutor(1) as own:
                    reading = asyncio.get_running_loop().run_in_executor(own, read_samples)
                    self._samples = (await reading).copy()
            return self._samples

    def once(self, asked: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a question: the one that it got, if it was asked before.

        Raises:
            Conflict: something else was asked under the same id.
        """
        before = self._answers.setdefault(asked["message_id"], (asked, made))
        if before[0] != asked:
            raise Conflict("something else was asked under this id")
        while len(self._answers) > KEPT_ANSWERS:
            self._answers.popitem(last=False)
        return before[1]

    async def put(self, name: Register, mood: Mood, inst: Installation, now: datetime) -> None:
        """Set a mood; the one with the expired certificate moves the register behind another door.

        That is for the service itself, which asks from the same process.
        """
        self.moods.put(name, mood)
        if mood is not Mood.CERTIFICATE_EXPIRED:
            inst.connections.move(name, None)
            self._close_front()
            return
        if self.front is None:
            self.front = await opened(now)
        usual = inst.connections.clients.get(name)
        if usual is not None:
            http = httpx.Client(trust_env=False, verify=self.front.trusting)
            inst.connections.move(name, replace(usual, address=self.front.address, http=http))

    def _close_front(self) -> None:
        behind = Mood.CERTIFICATE_EXPIRED
        if self.front is not None and all(self.moods.of(each) is not behind for each in Register):
            self.front.close()
            self.front = None


class Chosen(BaseModel):
    """A mood, as JSON."""

    mood: Mood


class Wanted(BaseModel):
    """A change that shall happen, as JSON."""

    change: Change


@dataclass(frozen=True, slots=True)
class Shown:
    """A register as the page shows it."""

    name: str
    mood: Mood
    changes: Sequence[Change]
    """What can be made to happen there."""
    made: Sequence[Made]


def install(app: FastAPI) -> None:
    """Mount the registers."""
    app.state.sandbox_registers = SandboxRegisters(portal.install(app))
    app.include_router(router)


async def _registers(request: Request) -> SandboxRegisters:
    registers: SandboxRegisters = request.app.state.sandbox_registers
    return registers


Registers = Annotated[SandboxRegisters, Depends(_registers)]
Name = Annotated[Register, Path(description="Which register.")]


@router.get("")
async def control(request: Request, registers: Registers) -> Response:
    """Show the registers and their moods, to be changed."""
    feed = registers.feed
    shown = [
        Shown(str(each), registers.moods.of(each), OF_REGISTER.get(each, ()), feed.made(each))
        for each in Register
    ]
    return page(request, "sandbox_registers.html", registers=shown, moods=list(Mood))


@router.post("/{name}/mood", responses=problems(Invalid, NotFound))
async def set_mood(
    request: Request, name: Name, registers: Registers, *, inst: Inst, now: Now
) -> Response:
    """Set how a register behaves from now on: a form, or JSON."""
    try:
        chosen = Chosen.model_validate(await _given(request))
    except ValueError as error:
        raise Invalid("there is no such mood") from error
    await registers.put(name, chosen.mood, inst, now)
    return _back(request)


@router.post("/{name}/changes", responses=problems(Invalid, NotFound, Conflict))
async def make_change(request: Request, name: Name, registers: Registers, now: Now) -> Response:
    """Let something change in a register, which tells it when it is asked: a form, or JSON."""
    try:
        wanted = Wanted.model_validate(await _given(request))
    except ValueError as error:
        raise Invalid("there is no such change") from error
    if wanted.change not in OF_REGISTER.get(name, ()):
        raise Invalid("this register knows nothing of that")
    if not registers.feed.make(await registers.samples(), name, wanted.change, now):
        raise Conflict("it has happened to everybody already")
    return _back(request)


@router.post("/{name}/v1/query", responses=problems(Denied, Invalid, NotFound, Conflict))
async def query(request: Request, name: Name, registers: Registers, now: Now) -> Response:
    """Answer a signed question about one person or enterprise."""
    secret = _secret(request, name)
    asked = _checked(await _json(request), secret)
    samples = await registers.samples()
    instead = await before(registers.moods, name, request)
    if instead is not None:
        return instead
    mood = registers.moods.of(name)
    base = str(request.app.state.public_url)
    made = _answered(registers, samples, name, asked, base=base, now=now)
    envelope = altered(mood, deepcopy(registers.once(asked, made)))
    signer = BlindIndex(bytes(32)) if mood is Mood.FORGED else secret
    if asked["service"] == name + CHANGES:
        _sign_each(envelope["body"], signer)
    signed = envelope | {"signature": _signature(envelope, signer)}
    return Response(canonical_json(signed), media_type="application/json")


def _answered(
    registers: SandboxRegisters,
    samples: Samples,
    name: Register,
    asked: dict[str, Any],
    *,
    base: str,
    now: datetime,
) -> dict[str, Any]:
    try:
        if asked["service"] == name + CHANGES and name in OF_REGISTER:
            status, body = registers.feed.after(name, asked["body"])
        elif name is Register.PORTAL:
            status, body = registers.portal.take(asked["body"], base)
        else:
            status, body = answer(samples, name, asked["body"])
    except (KeyError, TypeError, ValueError, AttributeError, Invalid):
        status, body = "INVALID", {}
    as_of = registers.feed.as_of(name) or min(AS_OF, now)
    return {each: asked[each] for each in _ECHOED if each in asked} | {
        "message_id": str(uuid4()),
        "correlation_id": asked["message_id"],
        "sender_org": asked["receiver_org"],
        "receiver_org": asked["sender_org"],
        "data_as_of": as_of.isoformat(timespec="seconds"),
        "valid_until": (now + HOLDS).isoformat(timespec="seconds"),
        "status": status,
        "body": body,
    }


def _checked(asked: dict[str, Any], secret: BlindIndex) -> dict[str, Any]:
    """Refuse whoever is not the one customer, and what is asked without saying what for."""
    given = asked.pop("signature", None)
    try:
        wanted = _signature(asked, secret)
    except SigningError as error:
        raise Invalid("this is no message") from error
    if not isinstance(given, str) or not compare_digest(wanted.encode(), given.encode()):
        raise Denied("the message is not signed by whom it says")
    if not all(asked.get(part) for part in _PARTS) or asked["version"] != VERSION:
        raise Invalid("the message is not complete, or of another version")
    return asked


def _signature(envelope: dict[str, Any], secret: BlindIndex) -> str:
    return secret.of(canonical_json(envelope).decode()).hex()


def _secret(request: Request, name: Register) -> BlindIndex:
    lookup_key: bytes = request.app.state.installation.lookup_key
    return secret_for(sandbox_secret(lookup_key), name)


def _sign_each(body: dict[str, Any], signer: BlindIndex) -> None:
    """Sign what is told of changes: each is a message of its own."""
    events = body.get("events")
    for event in events if isinstance(events, list) else ():
        event.pop("signature", None)
        event["signature"] = _signature(event, signer)


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/x-www-form")


async def _given(request: Request) -> dict[str, Any]:
    return dict(await request.form()) if _is_form(request) else await _json(request)


def _back(request: Request) -> Response:
    """Return to the page whoever sent its form."""
    return RedirectResponse(PATH, SEE_OTHER) if _is_form(request) else Response(status_code=204)


async def _json(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise Invalid("this is no JSON") from error
    if not isinstance(found, dict):
        raise Invalid("this is no JSON object")
    return found
