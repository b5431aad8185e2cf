"""What is chosen before a share is made: claims, lines, the recipient, the last day."""

from datetime import UTC, date, datetime, timedelta

import flet as ft
import pytest

from app.answers import OfflineCode, Wallet
from app.parts.basic import Tapped
from app.texts import Say
from app.views.draft import CLAIMS, CUSTOM, Draft, choose_view
from app.views.offline_code import DAYS, offline_code_view
from app.views.own_data import PARTS, own_data_view
from app.views.terms import Terms, picked_day, wrong_with
from app.views.wallets import wallets_view
from labour_book.domain.sharing import SHAREABLE
from tests.app.reading import controls, is_said, names
from tests.app.samples import NOW, OWN

VI = Say("vi")


async def nothing() -> None:
    """Do nothing."""


class TestDraft:
    def test_asks_for_a_preset_and_nothing_else(self) -> None:
        body = Draft("GENERAL").share("anyone", "x", NOW, 1).body()

        assert (body["preset"], body["claims"], body["employments"]) == ("GENERAL", (), ())

    def test_asks_for_what_was_ticked(self) -> None:
        draft = Draft(CUSTOM).turned("claims", "worker.sex").turned("employments", 2)
        draft = draft.turned("claims", "worker.full_name").turned("qualifications", 1)
        body = draft.share("anyone", "x", NOW, 1).body()

        assert body["claims"] == ("worker.population_check", "worker.sex")
        assert (body["employments"], body["qualifications"]) == ((2,), (1,))
        assert draft.turned("employments", 2).employments == frozenset()

    def test_offers_only_what_can_be_shared(self) -> None:
        assert set(CLAIMS) < SHAREABLE

    def test_shows_every_line_with_whether_it_is_chosen(self) -> None:
        draft = Draft(CUSTOM).turned("employments", 2)
        deeds: dict[str, Tapped] = {"what": nothing, "preview": nothing}
        view = choose_view(VI, OWN, draft, lambda *_: nothing, deeds)
        ticked = {
            str(each.label)
            for each in controls(view)
            if isinstance(each, ft.Checkbox) and each.value
        }

        assert {"choose-employments-1", "choose-qualifications-1"} <= names(view)
        assert len(ticked) == 3
        assert any("CÔNG TY CỔ PHẦN MẪU" in each for each in ticked)


class TestTerms:
    def test_take_the_day_that_was_picked_in_viet_nam(self) -> None:
        """The picker tells 28 November in Viet Nam as 17:00 the day before, in UTC."""
        assert picked_day(datetime(2026, 11, 27, 17, tzinfo=UTC)) == date(2026, 11, 28)

    def test_last_to_the_end_of_an_own_day(self) -> None:
        until = Terms(days="own", own_day=date(2026, 11, 28)).until(NOW)

        assert until.astimezone(UTC) == datetime(2026, 11, 28, 16, 59, tzinfo=UTC)
        assert Terms(days="30").until(NOW) == NOW + timedelta(days=30)

    @pytest.mark.parametrize(
        ("number", "is_wrong"),
        [("", True), ("001096000001", False), ("00109600000", True), ("00109600000x", True)],
    )
    def test_need_the_number_of_a_named_person(self, number: str, *, is_wrong: bool) -> None:
        found = wrong_with(VI, "person", {"purpose": "x", "personal_id": number})
        assert bool(found.personal_id) is is_wrong


class TestOfflineCode:
    def test_says_what_it_shows_and_what_did_not_fit(self) -> None:
        code = OfflineCode("VNL1:A", "<svg/>", NOW, 2, 1)
        view = offline_code_view(VI, code, "3", dict.fromkeys(DAYS, nothing))

        assert is_said(view, "15:30, 20/11/2026", "2 việc làm gần nhất", "1 việc làm không vừa")
        assert is_said(view, "Ai chụp được là giữ được")


class TestWallets:
    def test_offer_to_revoke_only_what_is_still_held(self) -> None:
        held = Wallet("1", "Ví Mẫu", 1, 3, NOW, None)
        gone = Wallet("2", None, 1, 3, NOW, NOW)
        give_up: dict[str, Tapped] = {"1": nothing, "2": nothing}

        assert "wallet-give-up" in names(wallets_view(VI, (held,), give_up, busy=False))
        over = wallets_view(VI, (gone,), give_up, busy=False)
        assert "wallet-give-up" not in names(over)
        assert is_said(over, "Ví không nêu tên", "Đã thu hồi")


class TestOwnData:
    def test_names_every_part_of_the_file(self) -> None:
        view = own_data_view(VI, nothing, nothing, busy=False)
        assert is_said(view, *(VI(f"own-data.{each}") for each in PARTS))
