"""The sandbox portal at ``/sandbox/portal``: takes dossiers over, and sends back their results.

It stands where the National Public Service Portal stands elsewhere. What it decides is up to who
opens the page of a dossier; the result goes back as a signed message, as often as one likes.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import httpx
from fastapi import APIRouter, FastAPI, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import Inst, Now
from api.pages import page
from api.problems import problems
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.personal_ids import mask
from labour_book.errors import NotFound, Unavailable
from labour_book.services.asking_registers import Register, Status
from labour_book.services.connections import sandbox_secret, secret_for
from labour_book.services.installation import Installation
from labour_book.services.portal_dossiers import (
    LEGAL_BASIS,
    RECOGNISE,
    RESULT,
    RESULTS_PATH,
    Notification,
)

PATH = "/sandbox/portal"
SEE_OTHER = 303
HOLDS = timedelta(days=30)
SECONDS = 10.0
MOST = 500
"""Dossiers that are kept; the oldest go."""

router = APIRouter(prefix=PATH, include_in_schema=False)

Outcome = Literal["GRANTED", "REFUSED"]


@dataclass(slots=True)
class Dossier:
    """A dossier that was handed over, and what was decided of it."""

    reference: str
    said: dict[str, Any]
    """The question's body."""
    outcome: Outcome | None = None
    message_id: UUID = field(default_factory=uuid4)
    """Of the result, however often it is sent."""


@dataclass(slots=True)
class Portal:
    """What the portal has taken over. One process."""

    dossiers: dict[str, Dossier] = field(default_factory=dict)

    def take(self, said: dict[str, Any], base: str) -> tuple[str, dict[str, Any]]:
        """Take a dossier over; the same one again is the same.

        Raises:
            KeyError: something of it is missing.
        """
        needed = {name: said[name] for name in ("dossier", "personal_id", "full_name", "said")}
        needed |= {name: said[name] for name in ("procedure", "return_to")}
        needed["evidence"] = said.get("evidence") or ""
        known = [each for each in self.dossiers.values() if each.said["dossier"] == said["dossier"]]
        dossier = known[0] if known else Dossier("DVC-" + token_hex(8).upper(), needed)
        self.dossiers[dossier.reference] = dossier
        while len(self.dossiers) > MOST:
            del self.dossiers[next(iter(self.dossiers))]
        address = f"{base}{PATH}/{dossier.reference}"
        return "OK", {
            "dossier": said["dossier"],
            "reference": dossier.reference,
            "address": address,
        }


def install(app: FastAPI) -> Portal:
    """Mount the portal."""
    app.state.sandbox_portal = Portal()
    app.include_router(router)
    return app.state.sandbox_portal  # type: ignore[no-any-return]  # a state holds anything


Reference = Annotated[str, Path(description="What the portal calls it.")]


def _dossier(request: Request, reference: str) -> Dossier:
    portal: Portal = request.app.state.sandbox_portal
    found = portal.dossiers.get(reference)
    if found is None:
        raise NotFound("there is no such dossier")
    return found


@router.get("/{reference}", responses=problems(NotFound))
async def dossier(request: Request, reference: Reference) -> Response:
    """Show what was filled in, and let it be decided."""
    handed = _dossier(request, reference)
    number = mask(handed.said["personal_id"])
    return page(request, "sandbox_portal.html", dossier=handed, number=number)


@router.post("/{reference}", responses=problems(NotFound, Unavailable))
async def decide(
    request: Request,
    reference: Reference,
    outcome: Annotated[Outcome, Form()],
    *,
    inst: Inst,
    now: Now,
) -> Response:
    """Decide a dossier, once, and send the result, each time."""
    handed = _dossier(request, reference)
    handed.outcome = handed.outcome or outcome
    content = _result(handed, inst, now)
    address = str(request.app.state.public_url) + RESULTS_PATH
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as http:
            answer = await http.post(address, content=content)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise Unavailable("the result was not taken; send it again") from error
    return RedirectResponse(f"{PATH}/{handed.reference}", SEE_OTHER)


def _result(handed: Dossier, inst: Installation, now: datetime) -> bytes:
    said = handed.said["said"]
    body: dict[str, Any] = {
        "dossier": handed.said["dossier"],
        "reference": handed.reference,
        "procedure": handed.said["procedure"],
        "outcome": handed.outcome,
        "decided_on": vietnam_day(now).isoformat(),
    }
    if handed.outcome == "GRANTED" and handed.said["procedure"] == RECOGNISE:
        body["qualification"] = said
    if handed.outcome == "REFUSED":
        body["reason"] = "Chưa đủ điều kiện theo hồ sơ đã nộp (cổng thử nghiệm)"
    message = Notification(
        message_id=handed.message_id,
        correlation_id=handed.message_id,
        sender_org="Z00.PORTAL",
        receiver_org=inst.connections.own_org,
        service=RESULT,
        purpose="Trả kết quả thủ tục hành chính",
        legal_basis=LEGAL_BASIS,
        data_as_of=now,
        valid_until=now + HOLDS,
        status=Status.OK,
        body=body,
    )
    return message.written(secret_for(sandbox_secret(inst.lookup_key), Register.PORTAL))
