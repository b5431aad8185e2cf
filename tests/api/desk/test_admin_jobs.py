"""The administrator sees what runs, starts it, stops it, and lets it go on."""

import re
from collections.abc import Iterator

from api.pages.desk.admin_jobs import CAUSES
from api.pages.texts import catalogue
from labour_book.database import transaction
from labour_book.services import jobs
from labour_book.services.access import Role
from labour_book.services.doing_jobs import Held, do_next
from tests.api.desk.conftest import Seat, Seating


def worked(seat: Seat, *, steps: int) -> None:
    """Let a process do so many steps of a job and then be told to stop."""
    inst, done = seat.office.inst, 0

    def work(held: Held) -> Iterator[None]:
        nonlocal done
        for number in range(1, 9):
            with transaction(inst.engine) as db:
                held.advance(db, str(number), done=number, counts={})
            done = number
            yield

    do_next(
        inst,
        dict.fromkeys(jobs.KINDS, work),
        holder="test",
        clock=lambda: seat.office.clock.now,
        is_stopping=lambda: done >= steps,
    )


class TestJobs:
    def test_are_begun_watched_stopped_and_gone_on_with(self, small_seat: Seating) -> None:
        admin = small_seat(Role.ADMIN)
        assert "Chưa có việc nào" in admin.see("/admin/jobs")

        assert admin.send("/admin/jobs", kind="check").status_code == 303
        worked(admin, steps=3)
        text = admin.see("/admin/jobs?done=job_started")
        assert "Kiểm tra dữ liệu của tất cả mọi người" in text
        assert '<td class="nums">3</td>' in text
        found = re.search(r"/admin/jobs/([0-9a-f-]{36})/cancel", text)
        assert found is not None
        assert admin.send(f"/admin/jobs/{found[1]}/cancel").status_code == 422
        assert admin.send(f"/admin/jobs/{found[1]}/cancel", confirmed="yes").status_code == 303
        assert "Đã dừng" in admin.see("/admin/jobs")
        assert admin.send(f"/admin/jobs/{found[1]}/retry").status_code == 303
        assert "Đang chờ" in admin.see("/admin/jobs")

    def test_are_shown_to_auditors_who_steer_nothing(self, small_seat: Seating) -> None:
        auditor = small_seat(Role.AUDITOR)

        assert 'action="/desk/admin/jobs' not in auditor.see("/admin/jobs")
        assert auditor.send("/admin/jobs", kind="check").status_code == 403

    def test_have_words_for_every_kind_and_cause(self) -> None:
        words = catalogue()

        for kind in jobs.KINDS:
            assert f"desk.admin.jobs.kind.{kind}" in words
        for cause in (*CAUSES, "other"):
            assert f"desk.admin.jobs.cause.{cause}" in words
