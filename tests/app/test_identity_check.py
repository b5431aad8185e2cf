"""How the worker compares with the population register, without a window."""

from dataclasses import replace

import pytest

from app.answers import CauseTold, IdentityCheck, WayOut
from app.reading import read
from app.texts import Say, catalogue
from app.views.identity_check import TONES, identity_view
from labour_book import data
from labour_book.services.identity_checks import Result
from tests.app.reading import is_said, names, nowhere, texts
from tests.app.samples import NOW
from tests.app.views import lead

VI, EN = Say("vi"), Say("en")
SWAPPED = WayOut(
    CauseTold("BIRTH_DATE_SWAPPED", "Ngày và tháng đổi chỗ.", "Swapped.", "Mang thẻ.", "Go there."),
    "population",
)
MATCHED = IdentityCheck("MATCHED", (), NOW, NOW, is_answered=True)
MISMATCH = replace(MATCHED, state="MISMATCH", ways_out=(SWAPPED,))


class TestIdentityView:
    def test_says_that_it_matches_and_since_when(self) -> None:
        view = identity_view(VI, MATCHED, lead)

        assert is_said(view, "Khớp với dữ liệu dân cư", "không cần làm gì", "15:30, 20/11/2026")
        assert "identity-correct" not in names(view)

    def test_says_why_it_does_not_who_mends_it_and_how(self) -> None:
        view = identity_view(VI, MISMATCH, lead)

        assert is_said(view, "Ngày và tháng đổi chỗ.", "Mang thẻ.", "công an cấp xã")
        assert {"identity-cause-BIRTH_DATE_SWAPPED", "identity-correct"} <= names(view)
        assert nowhere(view, ["BIRTH_DATE_SWAPPED", "population", "MISMATCH"])
        assert is_said(identity_view(EN, MISMATCH, lead), "Swapped.", "Go there.")

    def test_says_that_the_register_was_silent_and_keeps_what_it_said_before(self) -> None:
        view = identity_view(VI, replace(MATCHED, is_answered=False), lead)

        assert is_said(view, "chưa có trả lời", "Khớp với dữ liệu dân cư")
        assert "identity-silent" in names(view)

    @pytest.mark.parametrize("say", [VI, EN])
    @pytest.mark.parametrize("state", sorted(TONES))
    def test_has_words_for_every_state(self, say: Say, state: str) -> None:
        never = replace(MATCHED, state=state, checked_at=None, tried_at=None)
        view = identity_view(say, never, lead)

        assert nowhere(view, [state])
        assert all("{" not in each for each in texts(view))

    def test_knows_every_state_and_owner_that_the_interface_may_tell(self) -> None:
        owners = {each["owner"] for each in data.match_causes().values()}

        assert set(TONES) == {*(str(each) for each in Result), "UNCHECKED"} - {"UNAVAILABLE"}
        assert {f"identity-check.owner.{each}" for each in owners} <= catalogue().keys()

    def test_reads_what_the_interface_gives(self) -> None:
        given = {
            "state": "NOT_FOUND",
            "ways_out": [
                {
                    "cause": "NUMBER_MISSING",
                    "owner": "commune",
                    "told": {
                        "cause": "NUMBER_MISSING",
                        "field": None,
                        "message_vi": "a",
                        "message_en": "b",
                        "what_to_do_vi": "c",
                        "what_to_do_en": "d",
                    },
                }
            ],
            "checked_at": None,
            "tried_at": None,
            "is_answered": True,
        }

        found = read(IdentityCheck, given)

        assert found.ways_out[0].told.message_en == "b"
        assert found.checked_at is None
