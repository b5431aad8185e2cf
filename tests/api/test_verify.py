import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.routes import verify
from tests.api.conftest import Office
from tests.services.people import add_diploma

CREDENTIAL = {"Content-Type": "application/dc+sd-jwt"}
PDF = {"Content-Type": "application/pdf"}


@pytest.fixture
def credential(client: TestClient, worker: dict[str, str]) -> str:
    return client.get("/me/credential", headers=worker).text


def reasons(answer: Any) -> tuple[str, str, str]:
    body = answer.json()
    return body["genuine"]["reason"], body["current"]["reason"], body["issuer"]["reason"]


def answers(answer: Any) -> tuple[str, str, str]:
    body = answer.json()
    return body["genuine"]["answer"], body["current"]["answer"], body["issuer"]["answer"]


class TestVerify:
    def test_takes_a_credential_in_each_form(self, client: TestClient, credential: str) -> None:
        raw = credential.encode()
        told = [
            client.post("/verify", json={"credential": credential}),
            client.post("/verify", content=raw, headers=CREDENTIAL),
            client.post(
                "/verify", content=raw, headers={"Content-Type": "Application/DC+SD-JWT; x=y"}
            ),
            client.post(
                "/verify", content=raw, headers={"Content-Type": "application/octet-stream"}
            ),
            client.post("/verify", files={"file": ("book.sd-jwt", raw)}),
        ]

        assert [each.status_code for each in told] == [200] * 5
        assert all(answers(each) == ("yes", "yes", "yes") for each in told)
        assert told[0].json()["claims"]["worker"]["full_name"] == "Nguyễn Thị Số 1"

    def test_says_the_same_of_one_that_is_too_long_to_be_checked_among_others(
        self, client: TestClient, credential: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        among_others = client.post("/verify", json={"credential": credential}).json()
        monkeypatch.setattr(verify, "LARGEST_TOGETHER", len(credential) - 1)
        monkeypatch.delattr(verify, "verified_together")

        alone = client.post("/verify", json={"credential": credential}).json()

        assert alone == among_others

    def test_says_in_both_languages_what_it_found_and_what_to_do(
        self, office: Office, client: TestClient, credential: str
    ) -> None:
        add_diploma(office.inst.engine, office.people[0], 1, at=office.clock.now)
        office.issue(office.people[0])

        answer = client.post("/verify", json={"credential": credential})

        current = answer.json()["current"]
        assert reasons(answer) == ("OK", "SUPERSEDED", "OK")
        assert answer.json()["good"] is False
        assert answer.json()["newest_version"] == 2
        assert current["text_vi"] == "Đã có bản mới hơn"
        assert current["text_en"] == "A newer version exists"
        assert current["next_vi"]
        assert current["next_en"]

    def test_refuses_one_changed_character(self, client: TestClient, credential: str) -> None:
        at = credential.index("~") + 20
        changed = credential[:at] + ("A" if credential[at] != "A" else "B") + credential[at + 1 :]

        answer = client.post("/verify", json={"credential": changed})

        assert answer.status_code == 200
        assert answers(answer)[0] == "no"
        assert answer.json()["claims"] is None

    def test_refuses_one_changed_byte_of_a_pdf(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        pdf = bytearray(client.get("/me/book.pdf", headers=worker).content)
        pdf[len(pdf) // 2] ^= 1

        answer = client.post("/verify", content=bytes(pdf), headers=PDF)

        assert answer.status_code == 200
        assert answers(answer)[0] == "no"

    def test_says_revoked(self, office: Office, client: TestClient, credential: str) -> None:
        office.revoke_all()

        assert reasons(client.post("/verify", json={"credential": credential}))[1] == "REVOKED"

    def test_says_expired(self, office: Office, client: TestClient, credential: str) -> None:
        office.clock.now += timedelta(days=400)

        assert reasons(client.post("/verify", json={"credential": credential}))[1] == "EXPIRED"

    def test_leaves_one_trace_row_about_the_holder(
        self, office: Office, client: TestClient, credential: str
    ) -> None:
        before = len(office.traced())

        client.post("/verify", json={"credential": credential})

        assert office.traced()[before:] == [("book.verify", "ok", office.people[0])]

    @pytest.mark.parametrize(
        "content",
        [
            b"x",
            b"a.b.c~",
            b"%PDF-1.7 nothing",
            "sổ".encode(),
            b"\x00" * 50,
            b"\xff\xfe",
            b"~" * 5000,
        ],
    )
    def test_answers_whatever_it_is_given(
        self, small_office: Office, small_client: TestClient, content: bytes
    ) -> None:
        before = small_office.traced()

        answer = small_client.post("/verify", content=content, headers=CREDENTIAL)

        assert answer.status_code == 200
        assert answer.json()["good"] is False
        assert small_office.traced() == before


class TestWhatCannotBeRead:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{}",
            b"[]",
            b"null",
            b"NaN",
            b'{"credential": NaN}',
            b'{"credential": Infinity}',
            b'{"credential": 1}',
            b'{"credential": ""}',
            b'{"credential": ["x"]}',
            b'{"credential": "\\ud800"}',
            b'{"credential": "\xff"}',
            b'{"credential": "x"',
            b"[" * 15_000,
            json.dumps({"credential": None}).encode(),
        ],
        ids=repr,
    )
    def test_is_invalid_and_not_echoed(self, small_client: TestClient, body: bytes) -> None:
        answer = small_client.post(
            "/verify", content=body, headers={"Content-Type": "application/json"}
        )

        assert answer.status_code == 422, answer.text
        assert answer.json()["type"] == "/problems/invalid"
        assert set(answer.json()) == {"type", "title", "title_vi", "status", "detail", "instance"}

    def test_is_a_form_without_a_file(self, small_client: TestClient) -> None:
        answer = small_client.post("/verify", files={"other": ("x", b"x")})

        assert answer.status_code == 422

    def test_is_a_broken_form(self, small_client: TestClient) -> None:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}

        answer = small_client.post("/verify", content=b"--y\r\nno form", headers=headers)

        assert answer.status_code in {400, 422}
        assert answer.headers["content-type"] == "application/problem+json"

    def test_is_a_form_without_a_boundary(self, small_client: TestClient) -> None:
        headers = {"Content-Type": "multipart/form-data"}

        answer = small_client.post("/verify", content=b"x", headers=headers)

        assert answer.status_code == 400
        assert answer.json()["type"] == "/problems/malformed-request"

    def test_is_many_files_at_once(self, small_client: TestClient) -> None:
        files = [("file", (f"{number}", b"x")) for number in range(3)]

        assert small_client.post("/verify", files=files).status_code == 400

    @pytest.mark.parametrize("media_type", ["text/html", "application/xml", "image/png", ""])
    def test_is_another_media_type(self, small_client: TestClient, media_type: str) -> None:
        answer = small_client.post("/verify", content=b"x", headers={"Content-Type": media_type})

        assert answer.status_code == 415
        assert answer.json()["type"] == "/problems/unsupported-media-type"
