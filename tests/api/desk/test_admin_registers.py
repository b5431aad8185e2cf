"""The administrator's page about the connections to registers."""

from contextlib import ExitStack
from dataclasses import replace

import pytest

from api.pages import texts
from api.pages.desk.register_causes import CAUSE, cause_key
from labour_book.registers.online import Register
from labour_book.services.access import Role
from labour_book.services.asking_registers import ask_enterprise
from labour_book.services.connections import BreakerRules, connections
from tests.api.desk.conftest import Seat, Seating
from tests.services import shares
from tests.services.asking import APPROVER

NOBODY = "http://127.0.0.1:9"
"""Where nothing listens."""


def connected(seat: Seat, closing: ExitStack) -> None:
    """Connect the enterprise register, at an address where nobody is, and ask it twice."""
    known = connections(
        {Register.ENTERPRISES: f"{NOBODY}/register"},
        secret=b"s" * 32,
        own_org="Z00.LABOURBOOK",
        total_seconds=1,
        closing=closing,
        rules=BreakerRules(failures=2),
    )
    inst = replace(seat.office.inst, connections=known)
    seat.client.app.state.installation = inst  # type: ignore[attr-defined]  # a FastAPI
    for _ in range(2):
        ask_enterprise(inst, APPROVER, "0100109106", purpose="x", now=seat.office.clock.now)


class TestRegisters:
    def test_shows_how_each_stands_in_words(self, small_seat: Seating) -> None:
        admin = small_seat(Role.ADMIN)
        with ExitStack() as closing:
            connected(admin, closing)

            shown = admin.see("/admin/registers")

        assert shown.count("Chưa kết nối") == len(Register) - 1
        assert "Tạm ngừng hỏi" in shown
        assert "Không kết nối được tới máy chủ" in shown
        assert "NO_CONNECTION" not in shown
        assert "127.0.0.1" in shown
        (row,) = shares.traces(admin.office.inst, "register.oversee")
        assert row["outcome"] == "ok"

    @pytest.mark.parametrize("role", [Role.APPROVER, Role.COLLECTOR, Role.STATISTICIAN])
    def test_is_not_for_others(self, small_seat: Seating, role: Role) -> None:
        assert small_seat(role).get("/admin/registers").status_code == 403


class TestCauses:
    def test_have_words_of_their_own_for_every_status_of_http(self) -> None:
        assert cause_key("HTTP_503") == cause_key("HTTP_404") == f"{CAUSE}HTTP"

    def test_have_words_where_nobody_thought_of_one(self) -> None:
        assert cause_key("SOMETHING_ELSE") == f"{CAUSE}UNAVAILABLE"
        assert cause_key("SOMETHING_ELSE") in texts.catalogue()
