"""The frame of the desk: who gets in, what is on every page, and how a refusal reads."""

import re

import pytest
from fastapi.testclient import TestClient

from api.pages.desk.files import files
from api.pages.desk.frame import ENTRIES, entries_of
from labour_book.services.access import Caller, Role
from tests.api.conftest import Office
from tests.api.desk.conftest import HTML, Seating
from tests.api.login.visitor import visitor_of

OFFICIALS = (
    *(Role.COLLECTOR, Role.APPROVER, Role.INSPECTOR),
    *(Role.STATISTICIAN, Role.AUDITOR, Role.ADMIN),
)


class TestStart:
    def test_tells_whoever_is_not_signed_in_how_to(self, small_client: TestClient) -> None:
        answer = small_client.get("/desk", headers=HTML)

        assert answer.status_code == 200
        assert 'href="/sign-in/start?to=/desk"' in answer.text

    def test_tells_a_worker_that_this_is_for_officials(
        self, small_client: TestClient, small_office: Office
    ) -> None:
        visitor = visitor_of(small_client.app, small_client, small_office)  # type: ignore[arg-type]  # a FastAPI
        visitor.sign_in()

        assert "không phải với tư cách công chức" in small_client.get("/desk", headers=HTML).text

    @pytest.mark.parametrize("role", OFFICIALS)
    def test_offers_each_role_what_it_has_business_with(
        self, small_seat: Seating, role: Role
    ) -> None:
        text = small_seat(role).see("")

        for entry in ENTRIES:
            assert (f'href="{entry.path}"' in text) == (role in entry.roles)


class TestEntries:
    @pytest.mark.parametrize("role", OFFICIALS)
    def test_has_something_for_every_official(self, role: Role) -> None:
        assert entries_of(Caller("official", "x", "x", role, "BNV"))

    def test_gives_each_a_key_of_its_own(self) -> None:
        assert len({entry.key for entry in ENTRIES}) == len(ENTRIES)


class TestPage:
    def test_brings_its_own_script_and_style_and_nothing_else(self, small_seat: Seating) -> None:
        answer = small_seat().get("")

        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        loaded = re.findall(r'(?:src|href)="(/desk/files/[^"]+)"', answer.text)
        assert loaded == [files()[name].address for name in ("desk.css", "desk.js")]
        assert not re.search(r"<script(?! src=)|<style(?!>:root)|\son\w+=|style=", answer.text)

    def test_changes_language_without_losing_the_filter(self, small_seat: Seating) -> None:
        text = small_seat().see("?x=1&done=zz")

        assert 'href="?x=1&amp;lang=en"' in text
        assert 'class="done"' not in text


class TestFiles:
    @pytest.mark.parametrize("name", sorted(files()))
    def test_are_kept_under_an_address_of_their_content(
        self, small_client: TestClient, name: str
    ) -> None:
        answer = small_client.get(files()[name].address)

        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]

    def test_are_no_others(self, small_client: TestClient) -> None:
        assert small_client.get("/desk/files/frame.py").status_code == 404
