"""How a request is made of a route, and what its answer means for whoever asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext
from pydantic import BaseModel

from api import login_session
from tests.api.test_routes import asks_for, dependants
from tests.api.walk.examples import NOT_THERE, example
from tests.api.walk.visitors import Visitor, World

PURPOSE = "Đối chiếu hồ sơ"


@dataclass(frozen=True)
class Sent:
    """What a row of the table sends along: the rest is made up from the route itself."""

    json: Any = None
    form: Mapping[str, Any] | None = None
    query: Mapping[str, str] | None = None
    content: str | None = None
    file: str | None = None

    @classmethod
    def read(cls, cell: str) -> "Sent":
        return cls(**json.loads(cell)) if cell else cls()


def knock(world: World, method: str, route: RouteContext, who: str, sent: Sent) -> str:
    """Return ``x`` or ``-``: whether the route let them in, whatever it then said.

    Whoever is refused hears 401, 403, or 404 with a refusal in the trace; a page leads them to
    the sign-in. Any other answer, also that there is no such thing, is for those who may ask.
    """
    visitor = world.visitors[who]
    refusals = _refusals(world)
    answer = _answer(world, method, route, visitor, sent)
    assert answer.status_code in range(500) or answer.status_code == 503, (
        method,
        route.path,
        who,
        answer.text[:2000],
    )
    meaning = _meaning(answer, is_traced=_refusals(world) > refusals)
    if method != "GET" and meaning == "x":
        world.restore()
    return meaning


def _meaning(answer: httpx.Response, *, is_traced: bool) -> str:
    if answer.status_code in {401, 403} or (answer.status_code == 404 and is_traced):
        return "-"
    if answer.status_code in {415, 422}:
        return "v"
    leads = answer.headers.get("location", "")
    return "-" if leads.startswith("/sign-in?") else "x"


def is_page(route: RouteContext) -> bool:
    return asks_for(route, login_session.browser)


def _answer(
    world: World, method: str, route: RouteContext, visitor: Visitor, sent: Sent
) -> httpx.Response:
    query = {"purpose": PURPOSE} if "purpose" in _names(route, "query_params") else {}
    asked: dict[str, Any] = {"params": query | dict(sent.query or {})}
    headers, own = visitor.bearer, {}
    if is_page(route):
        headers, own = visitor.browser()
    if method not in {"GET", "DELETE"}:
        asked |= _body(route, sent, own)
    headers = headers | _headers(route)
    if sent.content is not None:
        headers |= {"Content-Type": sent.content}
    return world.client.request(method, world.address(route.path), headers=headers, **asked)


def _body(route: RouteContext, sent: Sent, own: Mapping[str, str]) -> dict[str, Any]:
    if sent.content is not None:
        return {"content": b"%PDF-1.7"}
    if sent.json is not None:
        return {"json": sent.json}
    for model in _models(route):
        schema = model.model_json_schema()
        return {"json": example(schema, schema.get("$defs", {}))}
    made_up = {
        each.alias: _made_up(each.field_info.annotation)
        for dependant in dependants(route.dependant)
        for each in dependant.body_params
        if each.field_info.is_required()
    }
    form = made_up | dict(own) | dict(sent.form or {})
    if sent.file is None:
        return {"data": form}
    return {"data": form, "files": {sent.file: ("x.pdf", b"%PDF-1.7", "application/pdf")}}


def _models(route: RouteContext) -> list[type[BaseModel]]:
    kinds = [
        each.field_info.annotation
        for dependant in dependants(route.dependant)
        for each in dependant.body_params
    ]
    return [each for each in kinds if isinstance(each, type) and issubclass(each, BaseModel)]


def _headers(route: RouteContext) -> dict[str, str]:
    return {
        each.alias: NOT_THERE
        for dependant in dependants(route.dependant)
        for each in dependant.header_params
        if each.field_info.is_required()
    }


def _made_up(kind: object) -> str:
    if kind is UUID:
        return NOT_THERE
    return "1" if kind is int else "x"


def _names(route: RouteContext, kind: str) -> set[str]:
    found: set[str] = set()
    each: Dependant
    for each in dependants(route.dependant):
        found |= {param.alias for param in getattr(each, kind)}
    return found


def _refusals(world: World) -> int:
    with world.office.inst.engine.connect() as connection:
        query = sa.text("SELECT count(*) FROM trace WHERE outcome = 'refused'")
        return int(connection.execute(query).scalar_one())
