"""Data requests at the desk, without script."""

import re

from labour_book.services import data_requests
from labour_book.services.access import Role, deed
from labour_book.services.data_requests import DataRequestKind
from tests.api.conftest import Office
from tests.api.desk.conftest import Seating, words
from tests.services.shares import WORKER

COMMUNE = "UB-00070"


def asked(office: Office) -> str:
    with deed(office.inst.engine) as db:
        made = data_requests.ask(
            db, office.inst, WORKER, DataRequestKind.DELETE, "Xoá ảnh <b>", now=office.clock.now
        )
    return str(made.id)


class TestDataRequests:
    def test_are_acknowledged_and_answered(self, seat: Seating) -> None:
        desk = seat(Role.APPROVER, COMMUNE)
        request_id = asked(desk.office)

        text = desk.see("/data-requests")
        assert "Xoá ảnh &lt;b&gt;" in text
        assert "Còn 4 ngày" in words(text) or "24/11/2026" in words(text)
        given = desk.send(f"/data-requests/{request_id}/acknowledge", third_party="yes")
        assert given.status_code in {200, 303}
        later = words(desk.see("/data-requests"))
        assert "20/12/2026" in later
        assert "Có bên thứ ba" in later
        desk.send(f"/data-requests/{request_id}/answer", words="Đã xoá ảnh")

        assert "Không có yêu cầu nào đang chờ" in desk.see("/data-requests")

    def test_are_refused_with_a_reason(self, small_seat: Seating) -> None:
        desk = small_seat(Role.INSPECTOR, COMMUNE)
        request_id = asked(desk.office)

        assert desk.send(f"/data-requests/{request_id}/refuse", words=" ").status_code == 422
        desk.send(f"/data-requests/{request_id}/refuse", words="Luật buộc lưu giữ")

        again = desk.send(f"/data-requests/{request_id}/answer", words="Đã xoá")
        assert again.status_code == 409
        assert "Đồng nghiệp đã xử lý" in again.text

    def test_are_not_for_other_units_nor_collectors(self, small_seat: Seating) -> None:
        request_id = asked(small_seat(Role.APPROVER, COMMUNE).office)
        other = small_seat(Role.APPROVER, "UB-26734")

        assert request_id not in other.see("/data-requests")
        assert other.send(f"/data-requests/{request_id}/answer", words="x").status_code == 404
        collector = small_seat(Role.COLLECTOR, COMMUNE)
        assert collector.get("/data-requests").status_code == 403
        assert not re.search("data-requests", collector.see(""))
