"""The sandbox registers at ``/sandbox/registers``: they answer over HTTP, about invented people.

In the demonstration they stand where the registers of the nation stand elsewhere, and fail as
those do when they are told to. They know nothing of the rest of this service: question and answer
are signed with the secret that both sides have.
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, FastAPI, Path, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from api.dependencies import Now
from api.pages import page
from api.problems import problems
from api.sandbox.registers_moods import Mood, Moods, altered, before
from api.sandbox.registers_samples import AS_OF, Samples, answer, read_samples
from labour_book.errors import Denied, Invalid, NotFound
from labour_book.services.asking_registers import Register
from labour_book.services.connections import SANDBOX_SECRET, secret_for
from signing import BlindIndex, SigningError, canonical_json, derive_key

PATH = "/sandbox/registers"
SEE_OTHER = 303
VERSION = "1"
HOLDS = timedelta(days=1)
_PARTS = ("message_id", "sender_org", "receiver_org", "service", "version", "purpose", "body")

router = APIRouter(prefix=PATH, include_in_schema=False)


@dataclass(slots=True)
class SandboxRegisters:
    """What all of them share in one process."""

    moods: Moods = field(default_factory=Moods)
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
                    self._samples = await reading
            return self._samples


class Chosen(BaseModel):
    """A mood, as JSON."""

    mood: Mood


def install(app: FastAPI) -> None:
    """Mount the registers."""
    app.state.sandbox_registers = SandboxRegisters()
    app.include_router(router)


async def _registers(request: Request) -> SandboxRegisters:
    registers: SandboxRegisters = request.app.state.sandbox_registers
    return registers


Registers = Annotated[SandboxRegisters, Depends(_registers)]
Name = Annotated[Register, Path(description="Which register.")]


@router.get("")
async def control(request: Request, registers: Registers) -> Response:
    """Show the registers and their moods, to be changed."""
    shown = [(str(each), registers.moods.of(each)) for each in Register]
    return page(request, "sandbox_registers.html", registers=shown, moods=list(Mood))


@router.post("/{name}/mood", responses=problems(Invalid, NotFound))
async def set_mood(request: Request, name: Name, registers: Registers) -> Response:
    """Set how a register behaves from now on: a form, or JSON."""
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form")
    given = dict(await request.form()) if is_form else await _json(request)
    try:
        chosen = Chosen.model_validate(given)
    except ValueError as error:
        raise Invalid("there is no such mood") from error
    registers.moods.put(name, chosen.mood)
    return RedirectResponse(PATH, SEE_OTHER) if is_form else Response(status_code=204)


@router.post("/{name}/v1/query", responses=problems(Denied, Invalid, NotFound))
async def query(request: Request, name: Name, registers: Registers, now: Now) -> Response:
    """Answer a signed question about one person or enterprise."""
    secret = _secret(request, name)
    asked = _checked(await _json(request), secret)
    samples = await registers.samples()
    instead = await before(registers.moods, name, request)
    if instead is not None:
        return instead
    mood = registers.moods.of(name)
    envelope = altered(mood, _answered(samples, name, asked, now))
    signer = BlindIndex(bytes(32)) if mood is Mood.FORGED else secret
    signed = envelope | {"signature": _signature(envelope, signer)}
    return Response(canonical_json(signed), media_type="application/json")


def _answered(samples: Samples, name: Register, asked: dict[str, Any], now: datetime) -> Any:  # noqa: ANN401 - an envelope as JSON
    try:
        status, body = answer(samples, name, asked["body"])
    except (KeyError, TypeError, ValueError, AttributeError, Invalid):
        status, body = "INVALID", {}
    return {
        "message_id": str(uuid4()),
        "correlation_id": asked["message_id"],
        "sender_org": asked["receiver_org"],
        "receiver_org": asked["sender_org"],
        "service": asked["service"],
        "version": VERSION,
        "purpose": asked["purpose"],
        "data_as_of": min(AS_OF, now).isoformat(timespec="seconds"),
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
    return secret_for(derive_key(lookup_key, SANDBOX_SECRET), name)


async def _json(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise Invalid("this is no JSON") from error
    if not isinstance(found, dict):
        raise Invalid("this is no JSON object")
    return found
