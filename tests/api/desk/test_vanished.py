"""A full file is declared on the page, and what it no longer names is decided there."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from labour_book.services.access import Role
from labour_book.services.collection import import_file
from tests.api.desk.conftest import HTML, Seat, Seating, words
from tests.api.desk.test_uploads import imported
from tests.services.collecting import PERIOD, PERSON, csv_file

SECOND = PERIOD | {"from_month": "2022-01", "to_month": "2022-12", "last_updated": "2023-01-15"}


@pytest.fixture
def admin(small_seat: Seating, tmp_path: Path) -> Seat:
    seat = small_seat(Role.ADMIN, "BNV")
    inst, now = seat.office.inst, seat.office.clock.now - timedelta(days=1)
    with inst.engine.begin() as connection:  # those were put there without an import
        connection.execute(sa.text("DELETE FROM insurance_fact"))
    for kind, rows in (("population", [PERSON]), ("insurance", [PERIOD, SECOND])):
        path = csv_file(tmp_path / f"{kind}.csv", rows)
        import_file(inst.engine, inst.vault, kind, path, by="tester", now=now)
    return seat


def declared(admin: Seat, folder: Path) -> str:
    """Send a full file that leaves out one period, let it be imported, and see its page."""
    assert 'name="full"' in admin.see("/uploads")
    token = admin.client.get("/session").json()["form_token"]
    answer = admin.client.post(
        "/desk/uploads",
        data={"csrf": token, "kind": "insurance", "full": "true"},
        files={"file": ("all.csv", csv_file(folder / "all.csv", [PERIOD]).read_bytes())},
        headers=HTML,
    )
    imported(admin, "BNV")
    return admin.see(answer.headers["location"].removeprefix("/desk"))


class TestVanished:
    def test_are_listed_after_a_full_file_was_sent_and_can_be_ended_and_taken_back(
        self, admin: Seat, small_seat: Seating, tmp_path: Path
    ) -> None:
        sent = words(declared(admin, tmp_path))
        assert "tệp đầy đủ" in sent
        approver = small_seat(Role.APPROVER, "BNV")
        (place,) = re.findall(
            r'href="/desk(/review/vanished/[^"?]+)', approver.see("/review/vanished")
        )
        shown = words(approver.see(place))
        assert "Nguyễn Văn Hòa" in shown
        assert "Công ty TNHH Sao Mai, 2022-01" in shown

        approver.send(f"{place}/decide", decision="end", reason="Cơ quan BHXH xác nhận đã bỏ")

        assert "Đã chấm dứt hiệu lực" in words(approver.see("/review/vanished?decided=true"))
        approver.send(f"{place}/decide", decision="keep", reason="Bỏ nhầm")
        assert "Giữ lại" in words(approver.see(place))

    def test_offer_no_end_to_a_collector(
        self, admin: Seat, small_seat: Seating, tmp_path: Path
    ) -> None:
        declared(admin, tmp_path)
        collector = small_seat(Role.COLLECTOR, "BNV")
        (place,) = re.findall(
            r'href="/desk(/review/vanished/[^"?]+)', collector.see("/review/vanished")
        )

        assert 'value="end"' not in collector.see(place)
        answer = collector.send(f"{place}/decide", decision="end", reason="Thử")
        assert answer.status_code == 403
