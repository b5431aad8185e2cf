"""The words on paper for codes and levels: Vietnamese first, English second."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labour_book import data
from labour_book.domain.assurance import Assurance, Source
from labour_book.domain.lines import SourceRef
from labour_book.domain.months import MonthRange
from labour_book.domain.people import PartialDate, show_date

UNKNOWN = "không rõ"
BAR_CELLS = 20
_WIRE_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_PAID, _ARREARS, _UNKNOWN, _END = "█", "▒", "░", "▏"


@dataclass(frozen=True, slots=True)
class Level:
    """An assurance level on paper: told apart by its sign without colour, and by words."""

    sign: str
    vi: str
    en: str


LEVELS: Mapping[Assurance, Level] = {
    Assurance.SELF_DECLARED: Level("○", "tự khai, chưa xác thực", "self-declared, not verified"),
    Assurance.ATTESTED: Level("◔", "có hồ sơ đối chiếu", "attested from records"),
    Assurance.EMPLOYER_DECLARED: Level("◑", "đơn vị khai báo", "declared by the employer"),
    Assurance.CONTRACT_MATCHED: Level("◕", "khớp hợp đồng điện tử", "matches an e-contract"),
    Assurance.CONTRIBUTION_MATCHED: Level("●", "khớp đóng bảo hiểm", "matches paid insurance"),
    Assurance.DECIDED: Level("◉", "theo quyết định", "by official decision"),
}
SOURCES: Mapping[Source, str] = {
    Source.POPULATION: "CSDLQG về dân cư",
    Source.INSURANCE: "BHXH",
    Source.CONTRACT_PLATFORM: "HĐLĐ điện tử",
    Source.FORM03: "phiếu mẫu 03",
    Source.PAPER_BOOK: "sổ lao động giấy",
    Source.ENTERPRISE_REGISTER: "đăng ký doanh nghiệp",
    Source.QUALIFICATION_REGISTER: "CSDL văn bằng",
    Source.WORKER: "người lao động",
    Source.EMPLOYER: "người sử dụng lao động",
    Source.DECISION: "quyết định",
}
CONTRACTS: Mapping[str, str] = {
    "INDEFINITE": "không xác định thời hạn",
    "FIXED_TERM": "xác định thời hạn",
}
FUNDS: Mapping[str, tuple[str, str]] = {
    "SI": ("BHXH bắt buộc", "Compulsory SI"),
    "UI": ("BH thất nghiệp", "Unemployment"),
    "HI": ("BH y tế", "Health"),
    "VOL": ("BHXH tự nguyện", "Voluntary SI"),
}
SEXES: Mapping[str, str] = {"M": "Nam", "F": "Nữ"}
NATIONALITIES: Mapping[str, str] = {"VN": "Việt Nam"}
LIFE_REMARKS: Mapping[str, str] = {
    "DECEASED": "Người lao động đã chết theo CSDLQG về dân cư.",
    "MISSING": "Người lao động được ghi nhận mất tích trong CSDLQG về dân cư.",
}

_NOT_CHECKED = "Chưa đối chiếu được với CSDL quốc gia về dân cư"
POPULATION_REMARKS: Mapping[str, str] = {
    "NOT_FOUND": f"{_NOT_CHECKED}: không tìm thấy. Not found in the population register.",
    "MISMATCH": f"{_NOT_CHECKED}: thông tin không khớp. "
    "Does not agree with the population register.",
    "UNCHECKED": f"{_NOT_CHECKED}. Not checked against the population register.",
}
"""By what came of looking the person up; nothing is said of who was found."""


def shown(partial: str | None) -> str:
    """Return a wire date as ``dd/mm/yyyy``, or less where less is known."""
    return UNKNOWN if partial is None else show_date(PartialDate.parse(partial))


def detail(values: Mapping[str, str | int]) -> dict[str, str | int]:
    """Return the values a finding is told with as people write them: sources, dates, months."""
    return {name: _as_people_write(value) for name, value in values.items()}


def _as_people_write(value: str | int) -> str | int:
    if isinstance(value, str) and value in Source.__members__:
        return SOURCES[Source[value]]
    return shown(value) if isinstance(value, str) and _WIRE_DATE.fullmatch(value) else value


def months_of(ranges: Iterable[MonthRange]) -> int:
    """Count the months of ranges that share none."""
    return sum(len(each) for each in ranges)


def month_bar(*, paid: int, arrears: int, unknown: int) -> str:
    """Return twenty cells in proportion; whatever there is has at least one. Empty for nothing."""
    counts = {_PAID: paid, _ARREARS: arrears, _UNKNOWN: unknown}
    total = sum(counts.values())
    if not total:
        return ""
    cells = {cell: max(1, count * BAR_CELLS // total) for cell, count in counts.items() if count}
    cells[max(cells, key=cells.__getitem__)] += BAR_CELLS - sum(cells.values())
    return "".join(cell * width for cell, width in cells.items()) + _END


def months_in_words(*, paid: int, arrears: int, unknown: int, credited: int) -> str:
    """Return ``96 tháng đã đóng, 3 tháng nợ đóng``; a break can only fall after a comma."""
    parts = [
        f"{count} tháng {word}".replace(" ", "\N{NO-BREAK SPACE}")
        for count, word in ((paid, "đã đóng"), (arrears, "nợ"), (unknown, "chưa rõ"))
        if count
    ]
    if credited:
        parts.append(f"trong đó {credited} tháng chỉ tính thời gian")
    return ", ".join(parts) or "chưa đến kỳ báo cáo"


def sources_in_words(sources: Iterable[SourceRef]) -> str:
    """Return each source with the month it last spoke: ``BHXH (11/2026), sổ (09/2026)``."""
    newest: dict[Source, SourceRef] = {}
    for ref in sources:
        if ref.source not in newest or newest[ref.source].stated_on < ref.stated_on:
            newest[ref.source] = ref
    return ", ".join(f"{SOURCES[ref.source]} ({ref.stated_on:%m/%Y})" for ref in newest.values())


def employer_status(code: str | None) -> str:
    """Return the legal status of an employer now, as the enterprise register words it."""
    row = data.enterprise_statuses().get(code or "")
    return "không rõ tình trạng" if row is None else row["label_vi"].lower()


def qualification(kind: str, level: str) -> str:
    """Return what a diploma or certificate is called."""
    match kind:
        case "DIPLOMA":
            return _framework_name(level) or f"Văn bằng bậc {level}"
        case "VOCATIONAL_CERTIFICATE":
            return _framework_name(level) or f"Chứng chỉ nghề bậc {level}"
        case "NATIONAL_SKILL_CERTIFICATE":
            return f"Chứng chỉ kỹ năng nghề quốc gia bậc {level}"
        case "LANGUAGE":
            return f"Chứng chỉ ngoại ngữ {level}"
        case _:
            return f"{kind} {level}"


def _framework_name(level: str) -> str | None:
    """Return the name of a level of the national qualifications framework."""
    row = data.by("nqf_8_levels", "level").get(level)
    return None if row is None else row["name_vi"]
