"""A browser at the sign-in, before a provider that a test directs."""

from dataclasses import dataclass
from urllib.parse import quote

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.api.conftest import Office
from tests.services import people
from tests.support.id_provider import ISSUER, Stage, query_of

HTML = {"Accept": "text/html"}
SESSION, START = "__Host-lb-session", "__Host-lb-sign-in"


@dataclass
class Visitor:
    """A browser at the sign-in, with a provider that the test directs."""

    client: TestClient
    stage: Stage
    office: Office

    def start(self, to: str = "/") -> dict[str, str]:
        """Begin, and return what the provider is asked."""
        answer = self.client.get(f"/sign-in/start?to={quote(to, safe='')}")
        assert answer.status_code == 303, answer.text
        asked = query_of(answer.headers["location"])
        self.stage.nonce = asked["nonce"]
        return asked

    def back(self, **said: str) -> httpx.Response:
        said = {"code": "c0de", "iss": ISSUER} | said
        return self.client.get("/sign-in/callback", params=said, headers=HTML)

    def sign_in(self, to: str = "/") -> httpx.Response:
        return self.back(state=self.start(to)["state"])

    def is_signed_in(self) -> bool:
        return self.client.get("/session").status_code == 200


def visitor_of(app: FastAPI, client: TestClient, office: Office) -> Visitor:
    stage = Stage(lambda: office.clock.now)
    stage.person = {"pin": people.personal_id(1), "full_name": "Nguyễn Thị Số 1"}
    app.state.provider = stage.provider()
    return Visitor(client, stage, office)


def refused(answer: httpx.Response, code: str, status: int = 403) -> bool:
    told = f"<code>{code}</code>" in answer.text
    return (
        told
        and answer.status_code == status
        and SESSION not in answer.headers.get_list("set-cookie")
    )
