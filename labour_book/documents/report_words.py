"""The words and numbers of reports on coverage, in Vietnamese as official documents are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from labour_book.domain.people import show_date

TITLES: Mapping[str, str] = {
    "quarterly": "Kết quả thực hiện Nghị quyết số 125/NQ-CP, {period}",
    "yearly": "Tình hình thực hiện Nghị quyết số 125/NQ-CP, {period}",
    "summary": "Tổng hợp tiến độ thực hiện Nghị quyết số 125/NQ-CP, {period}",
    "asked": "Độ bao phủ bảo hiểm xã hội theo Nghị quyết số 125/NQ-CP, {period}",
}
RECIPIENTS: Mapping[str, str] = {
    "quarterly": "Bộ Nội vụ; Bộ Tài chính; Lưu: VT, hệ thống.",
    "yearly": "Bộ Nội vụ; Lưu: VT, hệ thống.",
    "summary": "Chính phủ; Thủ tướng Chính phủ; Lưu: VT, hệ thống.",
    "asked": "Cơ quan yêu cầu; Lưu: VT, hệ thống.",
}
"""To whom the act has each report sent."""
MEASURES: Mapping[str, str] = {
    "labour_force": "lực lượng lao động trong độ tuổi",
    "past_age": "số người sau độ tuổi nghỉ hưu",
    "beneficiaries": "số người hưởng lương hưu, trợ cấp hằng tháng",
}
PROVENANCE: Mapping[str, str] = {
    "seen": "đã đối chiếu văn bản",
    "secondary": "theo nguồn thứ cấp",
    "unverified": "chưa kiểm chứng",
    "assigned": "được giao",
}
NONE = "–"
HIDDEN = "dưới ngưỡng"
_MINUS = "−"
_HUNDRED = 100
_QUARTERS = {3: "quý I", 6: "quý II", 9: "quý III", 12: "quý IV"}


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """Everything that the files of a report are made from."""

    body: Mapping[str, Any] = field(repr=False)
    """What the report tells."""
    data: bytes = field(repr=False)
    """The same as it is stored, canonical JSON: its hash is that of the report."""
    body_sha256: str
    number: str
    issued_on: date
    approver: str | None
    """None for a draft."""
    address: str
    """Where the report lies."""

    @property
    def title(self) -> str:
        return TITLES[self.body["kind"]].format(period=self.period)

    @property
    def period(self) -> str:
        """Return the span that the numbers are of, as its readers call it."""
        day = day_of(self.body["as_of"])
        if self.body["kind"] == "quarterly":
            return f"{_QUARTERS[day.month]} năm {day.year}"
        return f"số liệu đến {show_date(day)}"

    @property
    def is_draft(self) -> bool:
        return self.approver is None


def day_of(text: str) -> date:
    return date.fromisoformat(text)


def day(text: str | None) -> str:
    """Return ``dd/mm/yyyy``."""
    return NONE if text is None else show_date(day_of(text))


def count(number: int | None) -> str:
    """Return ``1.234.567``."""
    return NONE if number is None else f"{number:,}".replace(",", ".")


def share(hundredths: int | None) -> str:
    """Return ``41,37 %`` of a share in hundredths of a per cent."""
    if hundredths is None:
        return NONE
    return f"{hundredths // _HUNDRED},{hundredths % _HUNDRED:02d} %"


def points(hundredths: int | None) -> str:
    """Return ``+1,20`` or ``−1,20`` percentage points."""
    if hundredths is None:
        return NONE
    sign = _MINUS if hundredths < 0 else "+"
    whole, rest = divmod(abs(hundredths), _HUNDRED)
    return f"{sign}{whole},{rest:02d}"


def standing(ahead: int | None) -> str:
    """Return how a place stands to its target line, in a sign and words: no colour is needed."""
    if ahead is None:
        return NONE
    return f"● vượt {points(ahead)[1:]}" if ahead >= 0 else f"○ thiếu {points(ahead)[1:]}"


def sign_of(share_now: int, line: int | None) -> str:
    """Return the sign before a share: on the target line or above it, or below."""
    if line is None:
        return ""
    return "● " if share_now >= line else "○ "


def projected(found: Mapping[str, Any] | None, *, by: str | None) -> str:
    """Return where the trend leads to, with its method; or that it is too short to say."""
    if by is None:
        return "không còn mốc chỉ tiêu"
    if found is None:
        return "chưa đủ số liệu các quý (cần ít nhất 4 quý) để dự phóng"
    return (
        f"{share(found['share'])} vào {day(found['by'])} nếu giữ xu hướng"
        f" (đường thẳng bình phương tối thiểu qua {found['points']} quý,"
        f" {day(found['first'])} – {day(found['last'])}; không phải dự báo)"
    )


def next_goal(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the target that comes next after the day of an indicator."""
    coming = [each for each in entry["goals"] if each["by"] >= entry["as_of"]]
    return min(coming, key=lambda each: str(each["by"]), default=None)


def figure(found: Mapping[str, Any] | None) -> str:
    """Return where a supplied figure comes from."""
    if found is None:
        return NONE
    return (
        f"{found['source']}, số liệu ngày {day(found['day'])}, công bố {day(found['published_on'])}"
    )
