"""Registered machines get a short-lived token for what they may ask."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from joserfc.jwk import KeySet
from pydantic import BaseModel, Field

from api import machine_statement
from api.dependencies import Inst, Now
from api.problems import problems
from labour_book.errors import Invalid, Unavailable
from labour_book.services import access, machines
from labour_book.services.machines import NotThatMachine

router = APIRouter(tags=["machines"])

TOKEN_PATH = "/machine/token"  # noqa: S105 - a path
Short = Annotated[str, Form(max_length=100)]
Long = Annotated[
    str,
    Form(
        max_length=8000,
        description="A JWT signed with a registered key: `iss` and `sub` are the client id, `aud` "
        "this address, `exp` at most five minutes ahead, `jti` used once.",
    ),
]


async def _statement(
    grant_type: Short, client_assertion_type: Short, client_assertion: Long
) -> str:
    if (grant_type, client_assertion_type) != ("client_credentials", machine_statement.TYPE):
        raise Invalid("the grant is client_credentials, the proof a signed statement")
    return client_assertion


Shown = Annotated[str, Depends(_statement)]


class MachineToken(BaseModel):
    """A bearer token; each query made with it states its own purpose."""

    access_token: str
    token_type: str = Field(default="Bearer", examples=["Bearer"])
    expires_in: int = Field(description="Seconds.", examples=[600])
    scope: str = Field(examples=["book.open book.verify"])


@router.post(TOKEN_PATH, responses=problems(NotThatMachine, Invalid, Unavailable))
def machine_token(
    request: Request, response: Response, inst: Inst, now: Now, shown: Shown
) -> MachineToken:
    """Give a token to a machine that proves itself by a registered key (private_key_jwt)."""
    audience = str(request.app.state.public_url) + TOKEN_PATH
    client_id = machine_statement.client_named(shown)
    with access.deed(inst.engine) as db:
        keys = KeySet.import_key_set(machines.keys_of(db, client_id, now=now))
        said = machine_statement.verified(shown, keys, audience=audience, now=now)
        made = machines.token_for(db, said.client_id, said.jti, expires_at=said.expires_at, now=now)
    response.headers["Cache-Control"] = "no-store"
    return MachineToken(access_token=made.token, expires_in=made.seconds, scope=made.scope)
