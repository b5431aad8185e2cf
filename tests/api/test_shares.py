from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import zxingcpp
from fastapi.testclient import TestClient
from PIL import Image

from labour_book.domain.limits import Limit, SharingLimits
from labour_book.services.access import Role
from tests.api import sharing
from tests.api.conftest import Office, built
from tests.api.sharing import FORM, TO_EMPLOYER, Party
from tests.services import people

NOBODYS = "00000000-0000-4000-8000-000000000000"
"""An id that names nothing."""


@pytest.fixture
def party(client: TestClient, office: Office) -> Party:
    return sharing.party(client, office)


@pytest.fixture
def small_party(small_client: TestClient, small_office: Office) -> Party:
    return sharing.party(small_client, small_office)


class TestCreateShare:
    def test_gives_a_code_that_opens_it(self, party: Party) -> None:
        created = party.share()

        shown = party.open(created["code"])

        assert created["url"].endswith(f"/s/{created['code']}")
        assert shown.status_code == 200
        assert shown.json()["claims"]["worker"]["full_name"] == "Nguyễn Thị Số 1"
        assert "personal_id" not in shown.text
        assert (shown.json()["purpose"], shown.json()["views_left"]) == (FORM["purpose"], 2)
        verified = party.client.post("/verify", json={"credential": shown.json()["credential"]})
        assert verified.json()["good"] is True

    def test_is_seen_with_every_look(self, party: Party) -> None:
        created = party.to_employer()
        party.open(created["code"], party.employer)

        (share,) = party.mine()

        assert share["share_id"] == created["share_id"]
        assert (share["state"], share["views"], share["preset"]) == ("live", 1, "GENERAL")
        assert share["employments"] == {"rule": "latest", "count": 3}
        (look,) = share["seen"]
        assert look["enterprise_code"] == people.EMPLOYER_CODE
        assert (look["means"], look["purpose"]) == ("link", FORM["purpose"])
        (copy,) = share["copies"]
        assert (copy["enterprise_code"], copy["state"]) == (people.EMPLOYER_CODE, "held")

    def test_shows_chosen_claims_and_lines(self, party: Party) -> None:
        created = party.share(
            preset="CUSTOM", claims=["worker.full_name"], employments=[1], qualifications=[]
        )

        claims = party.open(created["code"]).json()["claims"]

        assert set(claims) == {"worker", "employments"}
        assert set(claims["worker"]) == {"full_name"}
        assert len(claims["employments"]) == 1

    @pytest.mark.parametrize(
        ("wrong", "fields"),
        [
            ({"preset": "EVERYTHING"}, "body.preset"),
            ({"preset": "CUSTOM"}, "body.claims"),
            ({"preset": "CUSTOM", "claims": ["employments.wage_base_vnd"]}, "body.claims"),
            (
                {"preset": "CUSTOM", "employments": [99]},
                "body.employments, body.qualifications",
            ),
            ({"claims": ["worker.full_name"]}, "body.preset"),
            ({"preset": "CUSTOM", "claims": ["worker.personal_id"]}, "body.claims"),
            ({"purpose": "1234"}, "body.purpose"),
            ({"until": "2026-11-19T00:00:00Z"}, "body.until"),
            ({"until": "2027-11-19T00:00:00Z"}, "body.until"),
            ({"max_views": 101}, "body.max_views"),
            ({"enterprise_code": people.EMPLOYER_CODE}, "body.audience"),
            ({"audience": "enterprise"}, "body.audience"),
            ({"audience": "enterprise", "enterprise_code": "123"}, "body.enterprise_code"),
            ({"audience": "person", "personal_id": "1"}, "body.personal_id"),
        ],
    )
    def test_says_which_field_cannot_be_so(
        self, small_party: Party, wrong: dict[str, Any], fields: str
    ) -> None:
        for path in ("/me/shares", *(["/me/shares/preview"] if "preset" in wrong else [])):
            answer = small_party.post(path, small_party.worker, FORM | wrong)

            assert answer.status_code == 422, answer.text
            assert answer.json()["field"] == fields
            assert answer.json()["cause"]
        assert small_party.mine() == []

    @pytest.mark.parametrize(
        ("wrong", "field", "cause"),
        [
            ({"purpose": None}, "body.purpose", "string_type"),
            ({"max_views": "3"}, "body.max_views", "int_type"),
            ({"max_views": True}, "body.max_views", "int_type"),
            ({"until": "2026-12-01T00:00:00"}, "body.until", "timezone_aware"),
            ({"audience": "everybody"}, "body.audience", "enum"),
            ({"employments": [0]}, "body.employments", "greater_than_equal"),
            ({"x001190000001": 1}, "body", "extra_forbidden"),
        ],
    )
    def test_takes_no_other_form_and_echoes_nothing(
        self, small_party: Party, wrong: dict[str, Any], field: str, cause: str
    ) -> None:
        answer = small_party.post("/me/shares", small_party.worker, FORM | wrong)

        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"field": field, "cause": cause}]
        assert "001190000001" not in answer.text

    def test_is_for_an_enterprise_that_is_there(self, small_party: Party) -> None:
        unknown = TO_EMPLOYER | {"enterprise_code": "0101248141"}

        answer = small_party.post("/me/shares", small_party.worker, unknown)

        assert answer.status_code == 409
        told = answer.json()
        assert told["type"] == "/problems/enterprise-refused"
        assert (told["status"], told["enterprise_status"]) == (409, "UNKNOWN")

    def test_needs_a_signed_book(self, small_party: Party) -> None:
        office = small_party.office
        newcomer = office.token("worker", Role.WORKER, person=office.people[2])

        answer = small_party.post("/me/shares", newcomer, FORM)

        assert answer.json()["type"] == "/problems/no-current-version"

    def test_is_previewed_without_being_shared(self, party: Party) -> None:
        before = len(party.office.traced())

        answer = party.post("/me/shares/preview", party.worker, TO_EMPLOYER)

        assert answer.json()["claims"]["worker"]["full_name"] == "Nguyễn Thị Số 1"
        assert party.mine() == []
        assert party.office.traced()[before:] == [("book.open", "ok", party.office.people[0])]


class TestOwnShare:
    def test_is_extended_within_bounds(self, party: Party) -> None:
        path = f"/me/shares/{party.share()['share_id']}/extension"
        later = {"until": "2026-12-20T00:00:00+07:00", "max_views": 9}

        assert party.post(path, party.worker, later).status_code == 204
        (share,) = party.mine()
        assert (share["expires_at"], share["max_views"]) == ("2026-12-19T17:00:00Z", 9)
        shorter = party.post(path, party.worker, {"until": "2026-12-01T00:00:00Z"})
        assert (shorter.status_code, shorter.json()["field"]) == (422, "body.until, body.max_views")

    def test_is_withdrawn_once_and_at_once(self, party: Party) -> None:
        created = party.to_employer()
        party.open(created["code"], party.employer)
        path = f"/me/shares/{created['share_id']}/withdrawal"

        withdrawn, again = (party.post(path, party.worker) for _ in range(2))

        assert withdrawn.json() == {"duties": 1}
        assert (again.status_code, again.json()["state"]) == (410, "withdrawn")
        assert again.json()["type"] == "/problems/share-over"
        opened = party.open(created["code"], party.employer)
        assert (opened.status_code, opened.json()["state"]) == (410, "withdrawn")
        (share,) = party.mine()
        assert share["copies"][0]["due_on"] is not None

    def test_asks_for_deletion_after_the_end_as_well(self, party: Party) -> None:
        created = party.to_employer()
        party.open(created["code"], party.employer)
        party.office.clock.now += timedelta(hours=7)
        path = f"/me/shares/{created['share_id']}"

        assert party.post(f"{path}/deletion-request", party.worker).json() == {"duties": 1}
        assert party.post(f"{path}/deletion-request", party.worker).json() == {"duties": 0}
        assert party.mine()[0]["state"] == "withdrawn"

    def test_is_frozen_with_all_others(self, party: Party) -> None:
        created = party.share()

        assert party.post("/me/shares/freeze", party.worker).json()["changed"] is True
        assert party.post("/me/shares/freeze", party.worker).json()["changed"] is False
        listed = party.client.get("/me/shares", headers=party.worker).json()
        assert listed["frozen_since"] == "2026-11-20T08:30:00Z"
        assert listed["shares"][0]["state"] == "paused"
        assert party.open(created["code"]).json()["state"] == "paused"
        refused = party.post("/me/shares", party.worker, FORM)
        assert refused.json()["type"] == "/problems/sharing-frozen"

        assert party.post("/me/shares/unfreeze", party.worker).json()["changed"] is True
        assert party.open(created["code"]).status_code == 200

    @pytest.mark.parametrize("form", ["svg", "png"])
    def test_has_a_qr_that_reads_as_its_address(
        self, small_party: Party, tmp_path: Path, form: str
    ) -> None:
        created = small_party.share()
        path = f"/me/shares/{created['share_id']}/qr.{form}"

        answer = small_party.client.get(path, headers=small_party.worker)

        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        if form == "png":
            (tmp_path / "qr.png").write_bytes(answer.content)
            (read,) = zxingcpp.read_barcodes(Image.open(tmp_path / "qr.png"))
            assert read.text == created["url"]
        else:
            assert answer.headers["content-type"] == "image/svg+xml"
            assert answer.text.startswith("<svg ")
        small_party.post(f"/me/shares/{created['share_id']}/withdrawal", small_party.worker)
        gone = small_party.client.get(path, headers=small_party.worker)
        assert gone.json()["type"] == "/problems/share-over"

    def test_has_live_codes_that_work_once_and_not_for_long(self, party: Party) -> None:
        path = f"/me/shares/{party.share()['share_id']}/live-code"
        first, second = (party.post(path, party.worker).json() for _ in range(2))

        assert first["seconds_left"] == 90
        assert first["qr_svg"].startswith("<svg ")
        assert party.client.post("/shares/open", json={"live_code": first["code"]}).is_success
        again = party.client.post("/shares/open", json={"live_code": first["code"]})
        assert (again.status_code, again.json()["type"]) == (410, "/problems/live-code-over")
        party.office.clock.now += timedelta(seconds=90)
        late = party.client.post("/shares/open", json={"live_code": second["code"]})
        assert late.status_code == 410

    @pytest.mark.parametrize(
        ("method", "ending", "form"),
        [
            ("post", "extension", {"until": "2026-12-01T00:00:00Z"}),
            ("post", "withdrawal", None),
            ("post", "deletion-request", None),
            ("post", "live-code", None),
            ("get", "qr.svg", None),
            ("get", "qr.png", None),
        ],
    )
    def test_of_somebody_else_is_like_one_that_is_not_there(
        self, party: Party, method: str, ending: str, form: Any
    ) -> None:
        share, nothing = party.share()["share_id"], str(uuid4())
        calls = [
            party.client.request(
                method, f"/me/shares/{each}/{ending}", json=form, headers=party.other
            )
            for each in (share, nothing)
        ]

        theirs, missing = calls
        assert theirs.status_code == missing.status_code == 404
        assert theirs.text.replace(share, nothing) == missing.text
        assert party.mine()[0]["state"] == "live"


class TestAccess:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("get", "/me/shares"),
            ("post", "/me/shares"),
            ("post", "/me/shares/preview"),
            ("post", "/me/shares/freeze"),
            ("post", "/me/shares/unfreeze"),
            ("post", f"/me/shares/{NOBODYS}/withdrawal"),
            ("post", f"/me/shares/{NOBODYS}/deletion-request"),
            ("post", f"/me/shares/{NOBODYS}/live-code"),
            ("get", f"/me/shares/{NOBODYS}/qr.svg"),
        ],
    )
    def test_is_the_workers_alone(self, small_party: Party, method: str, path: str) -> None:
        form = FORM if path in {"/me/shares", "/me/shares/preview"} and method == "post" else None

        def status(by: dict[str, str]) -> int:
            return small_party.client.request(method, path, json=form, headers=by).status_code

        assert status({}) == 401
        assert status({"Authorization": "Bearer lb_unknown"}) == 401
        for by in (small_party.employer, small_party.rival):
            assert status(by) == 403
        # Officials and machines state a purpose wherever they come near a person; here they cannot.
        for by in (small_party.official, small_party.machine):
            assert status(by) in {403, 422}


class TestOpenShare:
    def test_of_an_enterprise_opens_for_it_alone(self, party: Party) -> None:
        code = party.to_employer()["code"]

        for by in ({}, party.rival, party.other, party.worker):
            refused = party.open(code, by)
            unknown = party.open("7K2M-Q9XD-04TB", by)
            assert refused.status_code == 404
            assert refused.json() == unknown.json()
        assert party.open(code, party.employer).status_code == 200

    def test_of_a_person_opens_for_that_person_alone(self, party: Party) -> None:
        code = party.share(audience="person", personal_id=people.personal_id(2))["code"]

        assert party.open(code).status_code == 404
        assert party.open(code, party.employer).status_code == 404
        assert party.open(code, party.other).status_code == 200

    def test_asks_officials_and_machines_what_for(self, small_party: Party) -> None:
        code = small_party.share()["code"]

        for by in (small_party.official, small_party.machine):
            assert small_party.open(code, by).status_code == 422
            assert small_party.open(code, by, purpose="Thẩm định hồ sơ").status_code == 200

    def test_is_refused_with_a_token_that_is_none(self, small_party: Party) -> None:
        code = small_party.share()["code"]

        answer = small_party.open(code, {"Authorization": "Bearer lb_unknown"})

        assert answer.status_code == 401
        assert small_party.mine()[0]["views"] == 0

    def test_ends_when_used_up_however_often_it_is_sent(self, party: Party) -> None:
        code = party.share(max_views=1)["code"]

        answers = [party.open(code) for _ in range(3)]

        assert [each.status_code for each in answers] == [200, 410, 410]
        assert answers[1].json()["type"] == "/problems/share-ended"
        assert party.mine()[0]["views"] == 1

    @pytest.mark.parametrize(
        "form",
        [{}, {"code": "A", "live_code": "B"}, {"code": "x" * 129}, {"code": 7}, {"kode": "A"}],
    )
    def test_takes_one_code(self, small_party: Party, form: dict[str, Any]) -> None:
        assert small_party.client.post("/shares/open", json=form).status_code == 422

    def test_tells_the_worker_roughly_from_where(self, small_party: Party, tmp_path: Path) -> None:
        code = small_party.share()["code"]
        app = built(small_party.office, tmp_path)

        with TestClient(app, client=("203.0.113.77", 50_000)) as elsewhere:
            assert elsewhere.post("/shares/open", json={"code": code}).is_success

        (look,) = small_party.mine()[0]["seen"]
        assert look["place"] == "203.0.113.0/24"

    def test_says_how_long_to_wait_after_too_many_guesses(
        self, office: Office, tmp_path: Path
    ) -> None:
        limits = SharingLimits(misses=Limit("share.miss", 3, 60))
        strict = replace(office, inst=replace(office.inst, limits=limits))

        with TestClient(built(strict, tmp_path)) as client:
            party = sharing.party(client, strict)
            code = party.share()["code"]
            guesses = [party.open("7K2M-Q9XD-04TB") for _ in range(5)]
            blocked = party.open(code)
            party.office.clock.now += timedelta(seconds=61)
            later = party.open(code)

        assert [each.status_code for each in guesses] == [404, 404, 404, 429, 429]
        assert guesses[-1].headers["retry-after"] == "60"
        assert guesses[-1].json()["type"] == "/problems/too-many-attempts"
        assert guesses[-1].json()["title_vi"].startswith("Thử quá nhiều lần")
        assert blocked.status_code == 429
        assert later.status_code == 200


class TestPresets:
    def test_are_what_may_be_chosen(self, small_client: TestClient) -> None:
        offered = small_client.get("/shares/presets").json()

        assert "CUSTOM" not in [each["preset"] for each in offered]
        assert all(each["label_vi"] and each["shows_vi"] and each["claims"] for each in offered)
