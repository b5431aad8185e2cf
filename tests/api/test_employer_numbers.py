"""A share names nobody in a list, so its number says which data are to be deleted."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.api.conftest import Office
from tests.api.test_employer_pages import Desk, desk_of


@pytest.fixture
def desk(small_client: TestClient, small_office: Office) -> Desk:
    app = small_client.app
    assert isinstance(app, FastAPI)
    return desk_of(app, small_client, small_office)


class TestNumberOfAShare:
    def test_stands_where_it_is_read_and_where_it_is_to_be_deleted(self, desk: Desk) -> None:
        share_id = desk.shared()
        number = f"<code>{share_id}</code>"

        assert number in desk.send(f"/shares/{share_id}").text
        desk.send(f"/shares/{share_id}/not-hired")

        assert number in desk.see()
        assert number in desk.see(f"/shares/{share_id}")
        assert f">{share_id}</code>" in desk.see("/duties")


class TestStateOfAShare:
    def test_that_is_to_be_deleted_is_not_said_to_open(self, desk: Desk) -> None:
        share_id = desk.seen()
        assert "Mở xem được" in desk.see(f"/shares/{share_id}")

        desk.send(f"/shares/{share_id}/not-hired")

        told = desk.see(f"/shares/{share_id}")
        assert "Mở xem được" not in told
        assert "Doanh nghiệp không mở được nữa" in told
