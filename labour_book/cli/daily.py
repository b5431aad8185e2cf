"""What a timer runs once a day."""

from typing import Annotated

import typer

from labour_book.cli.edge import OUT, me, now, opened
from labour_book.services import daily as steps

SAID = {
    "duties": "nghĩa vụ xoá bắt đầu / duties to delete begun",
    "reminders": "lời nhắc quá hạn / overdue reminders",
    "cases-escalated": "đề nghị quá hạn chuyển cấp trên / overdue cases escalated",
    "cases-unanswered": "đề nghị không được bổ sung / cases nobody answered",
    "cases-closed": "đề nghị đã khép lại / settled cases closed",
    "cases-routed": "đề nghị được chuyển đi / cases routed",
    "coverage": "kỳ tỷ lệ bao phủ được chốt số / rounds of coverage counted",
    "data-requests": "lời nhắc yêu cầu dữ liệu quá hạn / reminders of late data requests",
    "gap-questions": "câu hỏi về tháng thiếu đã quá hạn / overdue questions about missing months",
    "received-files": "tệp đã nhận được xoá / received files removed",
    "yearly-check": "lời mời kiểm tra sổ / invitations to look through the book",
    "checks": "điểm cần xem sau kiểm tra dữ liệu / findings after checking the data",
    "union-figures": "doanh nghiệp trong danh sách của công đoàn / firms on the union's list",
    "job-losses": "trường hợp mất việc làm mới hoặc thay đổi / losses of work, new or changed",
    "support-expired": "đề xuất hỗ trợ đã quá hạn / proposals of support past their last day",
    "statistics": "tháng được thống kê / months counted",
    "attempts": "lượt thử cũ đã quên / old attempts forgotten",
    "live-codes": "mã động cũ đã quên / old live codes forgotten",
    "requests": "yêu cầu xuất trình cũ đã quên / old presentation requests forgotten",
    "grants": "lượt cấp cho ví cũ đã quên / old wallet grants forgotten",
    "trace-head": "đầu chuỗi nhật ký được công bố / heads of the trace stated in public",
    "reports-late": "lời nhắc báo cáo trễ hạn / reminders of late reports",
    "reports-archived": "báo cáo đã duyệt được lưu trữ / approved reports archived",
    "mails": "thư cũ, địa chỉ chưa xác nhận đã quên / old mails, unconfirmed addresses forgotten",
}


def add_to(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("daily")(daily)


def daily(
    most_batches: Annotated[
        int, typer.Option(min=1, help="batches of each step at most; the rest waits")
    ] = steps.MOST_BATCHES,
) -> None:
    """Begin lapsed duties to delete, remind who is late, forget what is over. Safe to run again."""
    with opened() as installation:
        for step in steps.daily(installation, by=me(), now=now(), most_batches=most_batches):
            left = "" if step.is_done else "  (còn nữa / more left)"
            OUT.print(f"{step.count:>9,}  {SAID[step.name]}{left}", soft_wrap=True)
