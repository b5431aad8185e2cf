from datetime import timedelta
from io import BytesIO

import httpx
import pytest
from PIL import Image

from labour_book.documents import qr_png
from tests.api import sharing
from tests.api.conftest import PURPOSE, Office, TestClient
from tests.api.sharing import Headers, Party

OCTETS = "application/octet-stream"


def _blank() -> bytes:
    with BytesIO() as file:
        Image.new("L", (40, 40), 255).save(file, "PNG")
        return file.getvalue()


BLANK = _blank()


@pytest.fixture
def party(client: TestClient, office: Office) -> Party:
    return sharing.party(client, office)


def accesses(party: Party, by: Headers) -> list[dict[str, object]]:
    answer = party.client.get("/me/accesses", headers=by)
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, object]] = answer.json()
    return listed


class TestAccesses:
    def test_tell_who_looked_when_and_what_for(self, party: Party) -> None:
        created = party.to_employer()
        party.office.clock.now += timedelta(minutes=1)
        party.open(created["code"], party.employer)
        party.client.get(
            f"/workers/{party.office.people[0]}/book",
            params={"purpose": PURPOSE},
            headers=party.official,
        )

        official, employer = accesses(party, party.worker)[:2]

        assert (official["who_kind"], official["deed"]) == ("official", "book.open")
        assert (official["purpose"], official["refused"]) == (PURPOSE, False)
        assert official["who_name"] == "BNV"
        assert (employer["who_kind"], employer["deed"]) == ("employer", "share.open")
        assert employer["who_name"] == "Công ty Cổ phần Thép Hồng Hà"

    def test_are_of_the_own_data_only_and_leave_no_trace(self, party: Party) -> None:
        party.share()
        before = accesses(party, party.worker)

        assert "share.create" in {each["deed"] for each in before}
        assert "share.create" not in {each["deed"] for each in accesses(party, party.other)}
        assert accesses(party, party.worker) == before

    def test_are_for_workers(self, party: Party) -> None:
        for by, status in (({}, 401), (party.employer, 403), (party.official, 403)):
            assert party.client.get("/me/accesses", headers=by).status_code == status


class TestBackground:
    def test_tells_the_sources_of_every_line(self, party: Party) -> None:
        told = party.client.get("/me/book/background", headers=party.worker).json()
        book = party.client.get("/me/book", headers=party.worker).json()["book"]

        assert [each["no"] for each in told["lines"]] == [
            each["no"] for each in book["employments"]
        ]
        assert {source["source"] for each in told["lines"] for source in each["sources"]}
        assert all(each["text_vi"] and each["text_en"] for each in told["doubts"])

    def test_is_for_the_worker_alone(self, party: Party) -> None:
        for by, status in (({}, 401), (party.employer, 403), (party.machine, 403)):
            assert party.client.get("/me/book/background", headers=by).status_code == status


class TestScanned:
    def read(self, party: Party, picture: bytes, by: Headers | None = None) -> httpx.Response:
        headers = (party.worker if by is None else by) | {"content-type": OCTETS}
        answer: httpx.Response = party.client.post("/me/scanned", content=picture, headers=headers)
        return answer

    @pytest.mark.parametrize(
        ("text", "kind"),
        [("VNL1:ABC", "signed"), ("https://so.example.vn/s/ABC", "link"), ("xin chào", "other")],
    )
    def test_tells_what_the_code_in_a_photo_is(self, party: Party, text: str, kind: str) -> None:
        answer = self.read(party, qr_png(text))

        assert answer.json() == {"kind": kind, "text": text}

    @pytest.mark.parametrize("sent", [b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", BLANK])
    def test_refuses_what_holds_none(self, party: Party, sent: bytes) -> None:
        assert self.read(party, sent).status_code == 422

    def test_is_for_workers(self, party: Party) -> None:
        for by, status in (({}, 401), (party.employer, 403), (party.official, 403)):
            assert self.read(party, qr_png("VNL1:ABC"), by).status_code == status
