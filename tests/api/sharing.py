"""Shares over HTTP: who takes part, and a form that is valid by default."""

from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient

from labour_book.services.access import Role
from tests.api.conftest import Office
from tests.services import people, shares

Headers = dict[str, str]
FORM: dict[str, Any] = {
    "preset": "GENERAL",
    "audience": "anyone",
    "purpose": "Ứng tuyển thợ hàn",
    "max_views": 3,
}
TO_EMPLOYER = FORM | {"audience": "enterprise", "enterprise_code": people.EMPLOYER_CODE}


@dataclass(frozen=True)
class Party:
    """A client, and those who call: headers that sign them in."""

    client: TestClient
    office: Office
    worker: Headers
    other: Headers
    employer: Headers
    rival: Headers
    official: Headers
    machine: Headers

    def share(self, by: Headers | None = None, **terms: Any) -> dict[str, Any]:
        answer = self.client.post("/me/shares", json=FORM | terms, headers=by or self.worker)
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()
        return created

    def to_employer(self) -> dict[str, Any]:
        return self.share(**TO_EMPLOYER)

    def open(self, code: str, by: Headers | None = None, **form: Any) -> Any:
        return self.client.post("/shares/open", json={"code": code} | form, headers=by or {})

    def post(self, path: str, by: Headers, form: Any = None) -> Any:
        return self.client.post(path, json=form, headers=by)

    def mine(self) -> list[dict[str, Any]]:
        answer = self.client.get("/me/shares", headers=self.worker)
        assert answer.status_code == 200, answer.text
        listed: list[dict[str, Any]] = answer.json()["shares"]
        return listed


def party(client: TestClient, office: Office) -> Party:
    """Let two workers have books, and everybody an account."""

    def make() -> dict[str, Headers]:
        for person in office.people[:2]:
            office.issue(person)
        shares.add_enterprise(office.inst.engine, shares.RIVAL_CODE, "ACTIVE")
        return {
            "worker": office.token("worker", Role.WORKER, person=office.people[0]),
            "other": office.token("worker", Role.WORKER, person=office.people[1]),
            "employer": office.token("employer", Role.EMPLOYER, enterprise=people.EMPLOYER_CODE),
            "rival": office.token("employer", Role.EMPLOYER, enterprise=shares.RIVAL_CODE),
            "official": office.token("official", Role.APPROVER, unit="BNV"),
            "machine": office.token("machine", Role.READER),
        }

    return Party(client, office, **office.begun("party", make))
