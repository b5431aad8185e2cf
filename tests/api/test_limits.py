from collections.abc import Iterator

from fastapi.testclient import TestClient

from api.limits import LARGEST_HEADERS, LONGEST_ADDRESS, SMALL_BODY
from tests.api.conftest import Office

MIB = 1024 * 1024


class Counted:
    """A body that comes in chunks and tells how much of it was asked for."""

    def __init__(self, chunks: int) -> None:
        self.chunks = chunks
        self.given = 0

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.chunks):
            self.given += 1
            yield bytes(MIB)


class TestBody:
    def test_of_100_mib_is_refused_by_its_length(self, small_client: TestClient) -> None:
        headers = {"Content-Type": "application/pdf", "Content-Length": str(100 * MIB)}

        answer = small_client.post("/verify", content=b"x", headers=headers)

        assert answer.status_code == 413
        assert answer.json()["type"] == "/problems/body-too-large"
        assert answer.json()["largest_bytes"] == 10 * MIB

    def test_in_chunks_is_refused_once_it_is_too_large(
        self, small_office: Office, small_client: TestClient
    ) -> None:
        before = small_office.traced()
        for media_type in (
            "application/pdf",
            "application/json",
            "multipart/form-data; boundary=x",
        ):
            answer = small_client.post(
                "/verify", content=iter(Counted(30)), headers={"Content-Type": media_type}
            )

            assert answer.status_code == 413, media_type
            assert answer.headers["content-type"] == "application/problem+json"
        assert small_office.traced() == before

    def test_is_refused_early_where_no_file_is_expected(self, small_client: TestClient) -> None:
        answer = small_client.post("/v", data={"code": "x" * SMALL_BODY})

        assert answer.status_code == 413

    def test_is_refused_although_nobody_would_read_it(self, small_client: TestClient) -> None:
        for path in ("/healthz", "/nowhere"):
            headers = {"Content-Length": str(SMALL_BODY + 1)}
            answer = small_client.request("GET", path, headers=headers)

            assert answer.status_code == 413

    def test_of_no_length_at_all_is_malformed(self, small_client: TestClient) -> None:
        for length in ("-1", "1e3", "0x10", "٣"):
            headers = {"Content-Length": length.encode(), "Content-Type": "application/pdf"}
            answer = small_client.post("/verify", content=b"x", headers=headers)

            assert answer.status_code == 400, length

    def test_just_within_the_limit_is_read(self, small_client: TestClient) -> None:
        headers = {"Content-Type": "application/pdf"}

        answer = small_client.post("/verify", content=bytes(10 * MIB), headers=headers)

        assert answer.status_code == 200


class TestRest:
    def test_of_an_address_is_limited(self, small_client: TestClient) -> None:
        answer = small_client.get("/v/" + "A" * LONGEST_ADDRESS)

        assert answer.status_code == 414
        assert answer.json()["type"] == "/problems/address-too-long"

    def test_of_the_headers_is_limited(self, small_client: TestClient) -> None:
        answer = small_client.get("/healthz", headers={"X-Long": "a" * LARGEST_HEADERS})

        assert answer.status_code == 431
        assert answer.json()["type"] == "/problems/headers-too-large"
