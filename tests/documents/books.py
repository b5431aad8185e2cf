"""Books to print: as long as asked for, full of Vietnamese, and the same at every call."""

from datetime import UTC, date, datetime
from typing import Any

from labour_book.documents import Issuer, render_book_pdf
from labour_book.domain.assurance import Assurance, Source
from labour_book.domain.book import (
    EmploymentEntry,
    Gap,
    Identity,
    InsuranceTotals,
    LabourBook,
    QualificationLine,
    SourceRef,
)
from labour_book.domain.months import Month, MonthRange

ISSUED_ON = date(2026, 11, 5)
ADDRESS = "https://solaodong.example.vn/v/7QK2M9PX3HTRVW5D8A4C6E2N"
CODE = "7QK2-M9PX-3HTR-VW5D"
ISSUER = Issuer("Sở Nội vụ thành phố Hà Nội", "Hanoi Department of Home Affairs", "Hà Nội")
ATTACHMENTS = {
    "claims.json": b'{"book_no":"SLD-01-2026-0000412"}',
    "credential.sd-jwt": b"eyJ.x.y~",
}

_EMPLOYERS = (
    ("Công ty TNHH Một thành viên Da giày Đông Phương Sáng", "0101234567", "ACTIVE"),
    ("Công ty Cổ phần Thực phẩm đông lạnh Hải Vân Đông", "0301234562-001", "CLOSED"),
    ("Doanh nghiệp tư nhân Xây dựng Hoàng Liên", "5702345678", "SUSPENDED"),
    (
        "Chi nhánh Công ty TNHH Giao nhận vận tải Minh Trường Phú tại Đồng Tháp",
        "1403334445-002",
        None,
    ),
    ("Trường Mầm non Ước Mơ Xanh", None, None),
)
_POSITIONS = (
    "Công nhân may công nghiệp", "Thợ hàn bậc 4/7", "Kỹ thuật viên kiểm định chất lượng sản phẩm",
    "Nhân viên kế toán tổng hợp", "Lái xe nâng hàng",
)  # fmt: skip
_PATTERNS = (
    (Assurance.CONTRIBUTION_MATCHED, (Source.INSURANCE, Source.CONTRACT_PLATFORM)),
    (Assurance.SELF_DECLARED, (Source.FORM03,)),
    (Assurance.CONTRIBUTION_MATCHED, (Source.INSURANCE,)),
    (Assurance.ATTESTED, (Source.PAPER_BOOK,)),
    (Assurance.CONTRACT_MATCHED, (Source.CONTRACT_PLATFORM, Source.FORM03)),
)
_SPELL = 22


def months(first: Month, count: int) -> tuple[MonthRange, ...]:
    return (MonthRange(first, first.plus(count - 1)),) if count else ()


def entry(number: int, *, of: int = 8, **changes: Any) -> EmploymentEntry:
    employer, code, status = _EMPLOYERS[number % 5]
    assurance, sources = _PATTERNS[number % 5]
    start = Month.of(2026, 10).plus(-_SPELL * (of - number + 1) + 1)
    running = number == of
    paid, arrears = {0: (20, 0), 1: (0, 0), 2: (14, 4), 3: (0, 0), 4: (0, 0)}[number % 5]
    values: dict[str, Any] = {
        "number": number,
        "employer": employer,
        "enterprise_code": code,
        "employer_status": status,
        "position": _POSITIONS[number % 5],
        "occupation_code": "75",
        "contract_kind": ("INDEFINITE", "FIXED_TERM", None)[number % 3],
        "contract_id": f"HDDT21-FB7ABA{number:02d}RX" if number % 3 == 0 else None,
        "workplace": None,
        "first_day": (f"{start}-01", f"{start.year}", f"{start}")[number % 3],
        "last_day": None if running else f"{start.plus(19)}-28",
        "running": running,
        "months_paid": months(start, paid),
        "months_arrears": months(start.plus(paid), arrears),
        "months_unknown": months(start.plus(paid + arrears), 20 - paid - arrears),
        "months_credited": (),
        "assurance": assurance,
        "sources": tuple(SourceRef(source, date(2026, 10, 15)) for source in sources),
        "wage_base_vnd": 8_500_000,
        "end_reason_clause": 3,
        "fact_ids": (),
    }
    return EmploymentEntry(**values | changes)


def identity(**changes: Any) -> Identity:
    values: dict[str, Any] = {
        "full_name": "Nguyễn Thị Hường Ưu Ngọc",
        "birth_date": "1985-07",
        "sex": "F",
        "nationality": "VN",
        "personal_id": "001185123456",
        "residence": "Phường Hồng Hà, Thành phố Hà Nội",
        "life_status": "ALIVE",
        "match_state": "MATCHED",
    }
    return Identity(**values | changes)


def qualification(**changes: Any) -> QualificationLine:
    values: dict[str, Any] = {
        "kind": "DIPLOMA",
        "level": "5",
        "field": "Công nghệ kỹ thuật điện, điện tử",
        "issuer": "Trường Cao đẳng nghề Kỹ thuật Quảng Ngãi",
        "issued_on": "2006-06-30",
        "number": "C9545354",
        "assurance": Assurance.ATTESTED,
        "sources": (SourceRef(Source.QUALIFICATION_REGISTER, date(2026, 10, 15)),),
        "fact_ids": (),
    }
    return QualificationLine(**values | changes)


def book(entries: int = 8, **changes: Any) -> LabourBook:
    lines = tuple(entry(number, of=entries) for number in range(1, entries + 1))
    first = Month.of(2026, 10).plus(-_SPELL * entries + 1)
    gaps = tuple(
        Gap(first.plus(_SPELL * each + 20), first.plus(_SPELL * each + 21))
        for each in range(0, entries - 1, 3)
    )
    values: dict[str, Any] = {
        "book_no": "SLD-01-2026-0000412",
        "as_of": date(2026, 11, 4),
        "known_at": datetime(2026, 11, 4, 10, tzinfo=UTC),
        "identity": identity(),
        "employments": lines,
        "insurance": InsuranceTotals(
            by_fund={"SI": 151, "UI": 138, "HI": 151, "VOL": 0},
            arrears={"SI": 4, "UI": 4},
            arrears_months=4,
            credited_months=2,
            first_month=first,
            last_month=Month.of(2026, 10),
            as_of_month=Month.of(2026, 10),
        ),
        "gaps": gaps,
        "qualifications": (
            qualification(),
            qualification(
                kind="LANGUAGE",
                level="B1",
                field="Tiếng Hàn",
                issuer="Trung tâm Ngoại ngữ Hà Trung Tín",
                number="H2667692",
            ),
        ),
        "discrepancies": (),
        "registration_group": 1,
    }
    return LabourBook(**values | changes)


def printed(of: LabourBook, **changes: Any) -> bytes:
    values: dict[str, Any] = {
        "issuer": ISSUER,
        "version": 3,
        "issued_on": ISSUED_ON,
        "verify_url": ADDRESS,
        "lookup_code": CODE,
        "attachments": ATTACHMENTS,
    }
    return render_book_pdf(of, **values | changes)
