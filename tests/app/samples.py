"""Answers as the interface gives them, for views that are looked at without a window."""

from datetime import UTC, date, datetime
from typing import Any

from app.answers import (
    Access,
    Book,
    CaseDecision,
    CaseEvidence,
    CaseFile,
    CaseLine,
    CaseOwner,
    CaseStep,
    Confirmation,
    Employment,
    FieldChange,
    Gap,
    Identity,
    Insurance,
    Look,
    Mandate,
    Notice,
    OwnBook,
    Qualification,
    Share,
    Worker,
)

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
IDENTITY = Identity("worker", "Nguyễn Thị Mẫu", 2)
SEWING = Employment(
    no=1,
    employer="CÔNG TY TNHH MAY MẪU",
    position="Thợ may",
    assurance="CONTRIBUTION_MATCHED",
    first_day="2019-03-01",
    last_day="2021-02",
    months_paid=24,
    months_arrears=0,
    months_unknown=0,
    paid=("2019-03/2021-02",),
)
OFFICE = Employment(
    no=2,
    employer="CÔNG TY CỔ PHẦN MẪU",
    position="Nhân viên văn phòng",
    assurance="CONTRACT_MATCHED",
    enterprise_code="0100109106",
    contract_kind="INDEFINITE",
    first_day="2023-09-01",
    months_paid=29,
    months_arrears=9,
    months_unknown=0,
    paid=("2023-09/2026-01",),
    arrears=("2026-02/2026-10",),
    wage_base_vnd=6_226_800,
)
DIPLOMA = Qualification(
    "DIPLOMA",
    "Cao đẳng",
    "May thời trang",
    "TRƯỜNG CAO ĐẲNG MẪU",
    "2018-06-30",
    "A 12345",
    "ATTESTED",
)
BOOK = Book(
    worker=Worker("Nguyễn Thị Mẫu", birth_date="1996-05-02", sex="F", population_check="MATCHED"),
    employments=(SEWING, OFFICE),
    insurance=Insurance(SI=53, UI=53, HI=53, VOL=0, arrears_months=9, as_of_month="2026-10"),
    gaps=(Gap("2021-03", "2023-08"),),
    qualifications=(DIPLOMA,),
    book_no="SLD-7K2M-Q9XD-04TB",
    version=1,
)
OWN = OwnBook(1, "current", NOW, date(2027, 11, 20), BOOK)
SHARE = Share(
    share_id="5f0d8c4e-1111-4222-8333-444455556666",
    state="live",
    possible=("ask-deletion", "extend", "withdraw"),
    preset="SKILLED",
    audience="anyone",
    enterprise_name=None,
    purpose="Ứng tuyển",
    created_at=NOW,
    expires_at=datetime(2026, 11, 27, 8, 30, tzinfo=UTC),
    max_views=10,
    views=1,
    code="EA1ZV1XMXP2V4FQB",
    url="https://so.example.vn/s/EA1ZV1XMXP2V4FQB",
    seen=(Look(1, NOW, "public", "", "203.0.113.0/24", "link", "Ứng tuyển"),),
    copies=(),
)
VIEWED = Notice("1", "share.viewed", NOW, None)


def access(number: int, who_kind: str, **more: Any) -> Access:
    told = {"who_name": "", "deed": "book.open", "purpose": "", "refused": False} | more
    return Access(number=number, at=NOW, who_kind=who_kind, **told)


def notice(kind: str, **more: Any) -> Notice:
    return Notice(**({"id": "1", "kind": kind, "created_at": NOW, "read_at": None} | more))


KEY = "d5a1e4b2c7f80936d5a1e4b2c7f80936"
CONFIRMED = Confirmation("employment", 1, KEY, NOW)
UNCONFIRMED = Confirmation("employment", 2, KEY[::-1], None)
CASE_LINE = CaseLine(
    case_id="0d3f2c1e-1111-4222-8333-444455556666",
    number="YC-7K2M9XD0",
    kind="employment",
    ask="change",
    fields=("first_day",),
    state="routed",
    turn="owner",
    outcome=None,
    owner=CaseOwner("commune", "C00001", "UBND phường Mẫu"),
    submitted_at=NOW,
    due_on=date(2026, 12, 4),
    is_overdue=False,
    is_appeal=False,
    employer_name="CÔNG TY CỔ PHẦN MẪU",
    state_since=NOW,
)
DECISION = CaseDecision(
    at=NOW,
    outcome="refused",
    is_automatic=False,
    is_appeal=False,
    unit_name="UBND phường Mẫu",
    reason_vi="Giấy tờ chưa chứng minh được",
    reason_en="The papers do not prove it",
    words="Hợp đồng không có chữ ký",
    article="Nghị định 318/2025/NĐ-CP, điều 6",
    version_after=None,
)
CASE = CaseFile(
    line=CASE_LINE,
    changes=(FieldChange("first_day", "2023-09-01", "2023-08-01"),),
    words="Tôi bắt đầu từ tháng 8",
    employer_answer="",
    employer_words="",
    steps=(
        CaseStep(1, NOW, "begin", "draft", "worker", "", "", "", None),
        CaseStep(2, NOW, "submit", "submitted", "worker", "", "", "", date(2026, 12, 4)),
    ),
    evidence=(CaseEvidence("e1", 1, "CONTRACT", "image/jpeg", 204_800, 1, "YC-7K2M9XD0-1.jpg"),),
    decisions=(),
    possible=("attach", "withdraw"),
    hand_over=None,
    appeal_until=None,
    rating=None,
)
MANDATE = Mandate(
    "m1", "Nguyễn Văn Bình", ("view",), date(2026, 11, 1), date(2027, 2, 1), NOW, None, "running"
)
