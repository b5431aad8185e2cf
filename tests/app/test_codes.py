"""Values that are chosen from a list by their name."""

import asyncio
from dataclasses import replace
from datetime import date

import httpx
import pytest

from app import guide
from app.answers import FieldChange
from app.asking import codes
from app.asking.codes import Coded
from app.client import Client, Problem
from app.doors import TokenDoor
from app.guide import Draft
from app.texts import Say
from app.views.case import case_view
from app.views.correction import coded
from app.views.pick_code import Search, chosen_view, found_view, says_now
from tests.app.reading import is_said, names, nowhere
from tests.app.samples import CASE
from tests.app.views import nothing

VI = Say("vi")
SAIGON = Coded("26740", "Phường Sài Gòn, Thành phố Hồ Chí Minh", "Phường Bến Nghé, Quận 1")
PLACES = {"26740": {"code": "26740", "name": SAIGON.name, "formerly": ""}}
TODAY = date(2026, 11, 20)


def answering(request: httpx.Request) -> httpx.Response:
    found = PLACES.get(request.url.params["q"])
    return httpx.Response(200, json={"places": [found] if found else [], "in_force": {}})


def client() -> Client:
    http = httpx.AsyncClient(transport=httpx.MockTransport(answering), base_url="http://so")
    return Client(TokenDoor(http, "token"))


class TestNames:
    def test_are_found_for_codes_that_are_known(self) -> None:
        held = [(codes.WORKPLACE, "26740"), (codes.WORKPLACE, "99999"), (codes.WORKPLACE, "")]
        found = asyncio.run(codes.names(client(), held))

        assert found == {(codes.WORKPLACE, "26740"): SAIGON.name}


class TestFound:
    def test_is_a_button_each_with_what_it_was_called_before(self) -> None:
        view = found_view(VI, codes.WORKPLACE, Search("ben", (SAIGON,)), lambda _: nothing)

        assert is_said(view, SAIGON.name, "Trước 01/07/2025: Phường Bến Nghé")
        assert names(view) == {"pick-workplace-26740"}

    def test_says_what_to_do_where_nothing_is_found(self) -> None:
        view = found_view(VI, codes.OCCUPATION, Search("x", ()), lambda _: nothing)

        assert is_said(view, "Không thấy tên nào như vậy", "xem cả danh sách")

    def test_says_that_it_could_not_be_looked_for(self) -> None:
        search = Search("x", None, Problem("unreachable", {}))

        assert is_said(found_view(VI, codes.WORKPLACE, search, lambda _: nothing), "Không kết nối")

    def test_is_nothing_before_anything_was_typed(self) -> None:
        assert found_view(VI, codes.WORKPLACE, Search(), lambda _: nothing) == []


class TestChosen:
    def test_is_shown_by_its_name_alone(self) -> None:
        view = chosen_view(VI, codes.WORKPLACE, SAIGON.name, nothing)

        assert is_said(view, SAIGON.name)
        assert nowhere(view, [SAIGON.code])
        assert "pick-other-workplace" in names(view)


class TestSaysNow:
    def test_tells_an_occupation_by_its_name(self) -> None:
        known = {(codes.OCCUPATION, "83"): "Lái xe"}

        assert is_said(says_now(VI, codes.OCCUPATION, "83", known), "Lái xe")
        assert is_said(says_now(VI, codes.WORKPLACE, "", None), "chưa ghi")
        assert says_now(VI, codes.WORKPLACE, None, None) == []


class TestMistakes:
    def test_ask_to_choose_what_was_only_typed(self) -> None:
        draft = Draft("employment", 1, 1, "workplace", {})

        assert guide.mistakes(draft, {}, TODAY) == {"workplace": "correct.wrong.choose"}

    def test_let_a_missing_job_say_nothing_of_it(self) -> None:
        values = {"employer": "May Mẫu", "position": "Thợ may", "first_day": "2021"}
        draft = Draft("missing-job", None, 1, "missing", values)

        assert guide.mistakes(draft, {}, TODAY) == {}

    def test_send_the_code_and_not_its_name(self) -> None:
        values = {"workplace": "26740", guide.NAME_OF["workplace"]: SAIGON.name}
        draft = Draft("employment", 1, 1, "workplace", values)

        assert draft.body({})["claimed"] == {"workplace": "26740"}


class TestCase:
    CASE = replace(CASE, changes=(FieldChange("workplace", "", "26740"),))

    def test_tells_places_by_their_names(self) -> None:
        view = case_view(VI, self.CASE, {(codes.WORKPLACE, "26740"): SAIGON.name})

        assert coded(self.CASE) == ((codes.WORKPLACE, "26740"),)
        assert is_said(view, f"Đề nghị: {SAIGON.name}")

    @pytest.mark.parametrize(("known", "said"), [(None, "Đang tải"), ({}, "Mã 26740")])
    def test_says_that_a_name_is_loaded_or_not_known(
        self, known: dict[tuple[str, str], str] | None, said: str
    ) -> None:
        assert is_said(case_view(VI, self.CASE, known), said)
