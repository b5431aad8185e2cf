"""The administrator's pages, as a browser walks through them."""

import json
import re
from dataclasses import dataclass, replace

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from labour_book.services.access import Role
from labour_book.services.key_folder import write_leaf
from labour_book.services.signing_in import Begun
from signing import Use
from tests.api.conftest import Office
from tests.services import acting as a
from tests.support.id_provider import new_key, public

FROM_OURS = {"Accept": "text/html", "Origin": "null", "Sec-Fetch-Site": "same-origin"}
ADMIN_ID = "000000000090"


@dataclass
class Desk:
    """An official at the desk."""

    client: TestClient
    office: Office
    begun: Begun

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path, headers=FROM_OURS)

    def post(self, path: str, **form: object) -> httpx.Response:
        page = self.get("/desk").text
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found is not None
        return self.client.post(path, data={"csrf": found[1]} | form, headers=FROM_OURS)


def seated(client: TestClient, office: Office, role: Role, unit: str) -> Desk:
    now = office.clock.now
    a.official(office.inst, now, role, unit, e_id=ADMIN_ID)
    who = a.Identity(a.PROVIDER, "admin", 2, ADMIN_ID)
    begun = a.begun(office.inst, who, now, "/desk")
    client.cookies.set("__Host-lb-session", begun.secret)
    return Desk(client, office, begun)


@pytest.fixture
def admin(small_client: TestClient, small_office: Office) -> Desk:
    return seated(small_client, small_office, Role.ADMIN, "BNV")


@pytest.fixture
def province(small_client: TestClient, small_office: Office) -> Desk:
    return seated(small_client, small_office, Role.ADMIN, "SNV-01")


TOPICS = ("units", "accounts", "mandates", "machines", "lists", "keys", "mail", "settings")


class TestPages:
    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_open_for_the_administrator(self, admin: Desk, language: str) -> None:
        for topic in ("", *(f"/{each}" for each in TOPICS)):
            answer = admin.get(f"/desk/admin{topic}?lang={language}")
            assert answer.status_code == 200, (topic, answer.text)
            assert f'<html lang="{language}"' in answer.text

    @pytest.mark.parametrize(
        "role",
        [Role.COLLECTOR, Role.APPROVER, Role.INSPECTOR, Role.STATISTICIAN, Role.AUDITOR],
    )
    def test_open_for_no_other_official(
        self, small_client: TestClient, small_office: Office, role: Role
    ) -> None:
        desk = seated(small_client, small_office, role, "BNV")
        seen = {"mandates", "machines"} if role is Role.AUDITOR else set()

        for topic in ("", *(f"/{each}" for each in TOPICS)):
            status = desk.get(f"/desk/admin{topic}").status_code
            assert status == (200 if topic.lstrip("/") in seen else 403), topic

    def test_of_a_province_leave_out_what_is_the_countrys(self, province: Desk) -> None:
        statuses = {topic: province.get(f"/desk/admin/{topic}").status_code for topic in TOPICS}

        assert statuses == {
            "units": 200,
            "accounts": 200,
            "mandates": 403,
            "machines": 403,
            "lists": 200,
            "keys": 403,
            "mail": 200,
            "settings": 403,
        }


class TestAccounts:
    def opened(self, desk: Desk, **other: str) -> httpx.Response:
        form = {"name": "Lê Văn Minh", "role": "approver", "unit": "ub-00070"} | other
        return desk.post("/desk/admin/accounts", **form)

    def test_open_an_account_for_whoever_has_the_number(self, admin: Desk) -> None:
        answer = self.opened(admin, number=a.STRANGER_ID)

        assert answer.status_code == 303
        page = admin.get(answer.headers["location"])
        assert "Đã mở tài khoản" in page.text
        assert a.STRANGER_ID not in page.text + answer.headers["location"]
        begun = a.begun(admin.office.inst, a.STRANGER, admin.office.clock.now, "/desk")
        assert begun.caller.unit_code == "UB-00070"

    def test_of_another_unit_are_refused(self, province: Desk) -> None:
        answer = self.opened(province, unit="UB-26734")

        assert answer.status_code == 403
        assert "desk-nav" in answer.text

    def test_without_a_name_or_role_are_refused(self, admin: Desk) -> None:
        assert self.opened(admin, name=" ").status_code == 422
        assert self.opened(admin, role="worker").status_code == 422
        assert self.opened(admin, number="123").status_code == 422

    def test_invitation_is_shown_once_and_good(self, admin: Desk) -> None:
        address = self.opened(admin).headers["location"].partition("?")[0]

        answer = admin.post(f"{address}/invitation")

        found = re.search(r"/sign-in/invitation\?code=([\w-]+)", answer.text)
        assert found is not None
        assert answer.headers["cache-control"] == "no-store"
        assert found[1] not in admin.get(address).text
        invited = admin.client.get(f"/sign-in/invitation?code={found[1]}")
        assert found[1] in invited.text

    def test_seat_holder_and_end(self, admin: Desk) -> None:
        address = self.opened(admin, number=a.STRANGER_ID).headers["location"].partition("?")[0]
        begun = a.begun(admin.office.inst, a.STRANGER, admin.office.clock.now, "/desk")

        seat = admin.post(f"{address}/seat", role="inspector", unit="SNV-01")
        assert seat.headers["location"].endswith("?done=seat_changed")
        again = a.begun(admin.office.inst, a.STRANGER, admin.office.clock.now, "/desk")
        assert (again.caller.role, again.caller.id) == (Role.INSPECTOR, begun.caller.id)
        holder = re.search(r"/holders/([\w-]+)/end", admin.get(address).text)
        assert holder is not None
        assert admin.post(f"{address}/holders/{holder[1]}/end").status_code == 303
        mapped = admin.post(f"{address}/holders", number=a.STRANGER_ID, last_day="2026-12-31")
        assert mapped.headers["location"].endswith("?done=holder_added")

    def test_close_takes_a_confirmation(self, admin: Desk) -> None:
        address = self.opened(admin).headers["location"].partition("?")[0]

        assert admin.post(f"{address}/close").status_code == 422
        assert admin.post(f"{address}/close", confirmed="yes").status_code == 303
        assert "Đã đóng" in admin.get(address).text

    def test_form_of_another_session_is_refused(self, admin: Desk) -> None:
        form = {"csrf": "x", "name": "N", "role": "approver", "unit": "BNV"}

        answer = admin.client.post("/desk/admin/accounts", data=form, headers=FROM_OURS)

        assert answer.status_code == 403


class TestUnits:
    def test_begin_and_end_with_days(self, admin: Desk) -> None:
        opened = admin.post(
            "/desk/admin/units",
            code="C99001",
            name="Ủy ban xã Mới",
            kind="commune",
            parent="SNV-01",
            place="99001",
            first_day="2026-12-01",
        )
        assert opened.headers["location"] == "/desk/admin/units?under=SNV-01&done=unit_opened"
        assert "Ủy ban xã Mới" in admin.get("/desk/admin/units?under=SNV-01").text

        end = {"code": "C99001", "last_day": "2027-01-31"}
        assert admin.post("/desk/admin/units/end", **end).status_code == 422
        ended = admin.post("/desk/admin/units/end", **end, confirmed="yes")

        assert ended.status_code == 303
        assert "31/01/2027" in admin.get("/desk/admin/units?under=C99001").text

    @pytest.mark.parametrize(
        ("other", "status"),
        [
            ({"code": "UB-00070"}, 409),
            ({"code": "xã 1"}, 422),
            ({"kind": "ministry"}, 422),
            ({"parent": "NOWHERE"}, 403),
            ({"parent": "UB-00070", "kind": "commune"}, 422),
            ({"first_day": "1999-01-01"}, 422),
            ({"first_day": "soon"}, 422),
            ({"place": ""}, 422),
            ({"place": "26734"}, 422),  # of another province
            ({"kind": "employment", "place": ""}, 422),  # that would be the whole country
            ({"kind": "employment", "place": "79"}, 422),
        ],
        ids=str,
    )
    def test_do_not_begin_where_they_do_not_fit(
        self, province: Desk, other: dict[str, str], status: int
    ) -> None:
        form = {"code": "C99001", "name": "X", "kind": "commune", "parent": "SNV-01"}
        form |= {"place": "99001"} | other

        assert province.post("/desk/admin/units", **form).status_code == status

    def test_do_not_end_with_officials_or_units_in_them(self, admin: Desk) -> None:
        a.official(admin.office.inst, admin.office.clock.now, unit="UB-00070")
        for code in ("UB-00070", "SNV-01"):
            form = {"code": code, "last_day": "2026-12-31", "confirmed": "yes"}
            assert admin.post("/desk/admin/units/end", **form).status_code == 409


class TestMachines:
    def test_are_registered_changed_and_ended(self, admin: Desk) -> None:
        keys = json.dumps({"keys": [public(new_key("m1"))]})
        form = {
            "client_id": "bhxh.vn",
            "organisation": "Bảo hiểm xã hội Việt Nam",
            "purpose": "Giải quyết chế độ",
            "scope": ["book.open", "book.verify"],
            "last_day": "2027-11-20",
            "jwks": keys,
        }
        assert admin.post("/desk/admin/machines", **form).status_code == 303
        page = admin.get("/desk/admin/machines").text
        assert "Xem sổ; Kiểm tra sổ" in page
        assert admin.post("/desk/admin/machines", **form).status_code == 409

        other = json.dumps({"keys": [public(new_key("m2"))]})
        assert admin.post("/desk/admin/machines/bhxh.vn/keys", jwks=other).status_code == 303
        assert admin.post("/desk/admin/machines/bhxh.vn/close").status_code == 422
        assert admin.post("/desk/admin/machines/bhxh.vn/close", confirmed="yes").status_code == 303
        assert admin.post("/desk/admin/machines/nobody/keys", jwks=other).status_code == 404


class TestKeys:
    def test_rotate_takes_a_confirmation_and_counts_at_once(self, admin: Desk) -> None:
        before = admin.client.get("/jwks").json()["keys"]
        assert admin.post("/desk/admin/keys/rotate", use="QR").status_code == 422

        answer = admin.post("/desk/admin/keys/rotate", use="QR", confirmed="yes")

        assert answer.headers["location"].endswith("?done=key_rotated")
        assert len(admin.client.get("/jwks").json()["keys"]) == len(before) + 1

    def test_rotate_takes_what_was_certified_elsewhere_where_the_root_is_not(
        self, admin: Desk, small_office: Office
    ) -> None:
        inst, now = small_office.inst, small_office.clock.now
        root = inst.key_ring.root
        assert root is not None
        app = admin.client.app
        assert isinstance(app, FastAPI)
        app.state.installation = replace(inst, key_ring=replace(inst.key_ring, root=None))
        assert "Khóa gốc không ở máy này" in admin.get("/desk/admin/keys").text
        refused = admin.post("/desk/admin/keys/rotate", use="QR", confirmed="yes")
        key = write_leaf(inst.key_dir, root, Use.QR, inst.issuer, now.replace(microsecond=0))

        answer = admin.post("/desk/admin/keys/rotate", use="QR", confirmed="yes")

        assert (refused.status_code, answer.status_code) == (503, 303)
        assert key.kid in {each["kid"] for each in admin.client.get("/jwks").json()["keys"]}

    def test_withdraw_takes_a_confirmation(self, admin: Desk) -> None:
        kid = admin.client.get("/jwks").json()["keys"][0]["kid"]
        form = {"kid": kid, "since": "2026-11-20T08:00"}
        assert admin.post("/desk/admin/keys/withdraw", **form).status_code == 422

        answer = admin.post("/desk/admin/keys/withdraw", **form, confirmed="yes")

        assert answer.status_code == 303
        assert "Thu hồi từ" in admin.get("/desk/admin/keys").text
        for wrong in ({"kid": "none"}, {"since": "yesterday"}):
            again = admin.post("/desk/admin/keys/withdraw", **(form | wrong), confirmed="yes")
            assert again.status_code in {404, 422}


class TestMandates:
    def test_are_listed_and_revoked(self, admin: Desk) -> None:
        office = admin.office
        owner = a.begun(office.inst, a.WORKER, office.clock.now).caller
        a.given(office.inst, owner, a.STRANGER_ID, a.wish(office.clock.now), office.clock.now)

        page = admin.get("/desk/admin/mandates").text
        found = re.search(r"/desk/admin/mandates/([\w-]+)/revoke", page)
        assert found is not None
        assert "Xem và in sổ" in page
        assert "Nguyễn Thị Số 1" not in page
        address = f"/desk/admin/mandates/{found[1]}/revoke"
        assert admin.post(address).status_code == 422
        assert admin.post(address, confirmed="yes").status_code == 303
        assert "Đã thu hồi" in admin.get("/desk/admin/mandates").text


class TestLists:
    def test_show_their_validity_and_rows(self, admin: Desk) -> None:
        assert "01/07/2025" in admin.get("/desk/admin/lists").text
        assert "Hà Nội" in admin.get("/desk/admin/lists/provinces_34").text
        assert admin.get("/desk/admin/lists/wards_2026-07-25?page=17").status_code == 200
        assert admin.get("/desk/admin/lists/..%2Forigin").status_code == 404
        assert admin.get("/desk/admin/lists/causes").status_code == 404


class TestSettings:
    def test_show_no_secret(self, admin: Desk) -> None:
        page = admin.get("/desk/admin/settings").text

        assert "LABOUR_BOOK_SEAL_KEY" in page
        assert "LABOUR_BOOK_PUBLIC_URL" in page
        assert "https://so.example.vn" in page
        assert "**********" not in page


class TestTrace:
    def test_tells_each_deed_of_an_administrator(self, admin: Desk) -> None:
        TestAccounts().opened(admin, number=a.STRANGER_ID)

        with admin.office.inst.engine.connect() as connection:
            rows = connection.execute(
                sa.text("SELECT action FROM trace WHERE actor = :actor ORDER BY seq"),
                {"actor": admin.begun.caller.id},
            ).scalars()
            deeds = list(rows)
        assert deeds == ["session.begin", "account.open", "account.map"]
