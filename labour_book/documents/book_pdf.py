"""The labour book on paper: what stands where, and in which words."""

from collections.abc import Iterator, Mapping
from datetime import date

from labour_book.documents import wording
from labour_book.documents.paper import Enclosure, Issuer, Sheet, print_pdf
from labour_book.documents.qr import qr_png
from labour_book.domain.assurance import Assurance
from labour_book.domain.book import (
    Discrepancy,
    EmploymentEntry,
    Gap,
    Identity,
    InsuranceTotals,
    LabourBook,
    QualificationLine,
)
from labour_book.domain.findings import message
from labour_book.domain.months import Month
from labour_book.domain.people import (
    PartialDate,
    show_date,
    show_duration,
    show_month,
    show_personal_id,
    show_place_and_date,
    show_unknown_end,
    show_unknown_start,
)

Values = dict[str, object]
TITLE = "Sổ lao động điện tử"


def render_book_pdf(
    book: LabourBook,
    *,
    issuer: Issuer,
    version: int,
    issued_on: date,
    verify_url: str,
    lookup_code: str,
    attachments: Mapping[str, bytes],
    whole_personal_id: bool = False,
) -> bytes:
    """Return the book as PDF/A-3b on A4, not yet sealed; the same input gives the same bytes.

    The personal ID is masked unless the worker chose otherwise. Reasons for leaving and pay are
    never printed. ``attachments`` go into the file by name: ``.json`` as the data the pages were
    made from, anything else as an alternative form of the document.

    Raises:
        Invalid: ``verify_url`` does not fit into a QR code.
    """
    sheet = Sheet(
        name="book",
        title=f"{TITLE} {book.book_no}",
        author=issuer.name_vi,
        issued_on=issued_on,
        pictures={"qr": qr_png(verify_url)},
        enclosures={name: enclosure(name, content) for name, content in attachments.items()},
        values=_pages(book, whole_personal_id=whole_personal_id)
        | {
            "issuer": issuer,
            "version": version,
            "place_and_date": show_place_and_date(issuer.place, issued_on),
            "foot": _foot(book, version, issued_on, verify_url, lookup_code),
        },
    )
    return print_pdf(sheet)


def enclosure(name: str, content: bytes) -> Enclosure:
    """Return an attached file with its relationship to the pages, told by the end of its name."""
    if name.endswith(".json"):
        return Enclosure(content, "Dữ liệu của sổ (JSON)", "Data", "application/json")
    if name.endswith((".sd-jwt", ".jwt", ".txt")):
        media_type = "application/dc+sd-jwt"
        return Enclosure(content, "Chứng thư điện tử (SD-JWT VC)", "Alternative", media_type)
    return Enclosure(content, name, "Supplement")


def _pages(book: LabourBook, *, whole_personal_id: bool) -> Values:
    """Return what the pages show of the book itself."""
    return {
        "book_no": book.book_no,
        "as_of": show_date(book.as_of),
        "holder": _holder(book.identity, whole_personal_id=whole_personal_id),
        "totals": _totals(book.insurance),
        "rows": list(_rows(book)),
        "levels": _levels(book),
        "qualifications": [_qualification(line) for line in book.qualifications],
        "open_points": [_open_point(each) for each in book.discrepancies],
    }


def _foot(
    book: LabourBook, version: int, issued_on: date, verify_url: str, lookup_code: str
) -> Values:
    return {
        "what": "Quét mã hoặc mở địa chỉ để kiểm tra sổ này",
        "what_en": "Scan, or open the address, to verify",
        "address": verify_url,
        "code": lookup_code,
        "facts": [
            ("Sổ số", "Book no.", book.book_no),
            ("Phiên bản", "Version", version),
            ("Cấp ngày", "Issued", show_date(issued_on)),
        ],
    }


def _holder(identity: Identity, *, whole_personal_id: bool) -> Values:
    number = identity.personal_id if whole_personal_id else identity.masked()
    sex = identity.sex or ""
    return {
        "name": identity.full_name,
        "residence": identity.residence or wording.UNKNOWN,
        "remark": _lines(
            wording.LIFE_REMARKS.get(identity.life_status, ""),
            wording.POPULATION_REMARKS.get(identity.match_state, ""),
        ),
        "facts": [
            ("Số định danh", "Personal ID", _grouped(number)),
            ("Ngày sinh", "Date of birth", wording.shown(identity.birth_date)),
            ("Giới tính", "Sex", wording.SEXES.get(sex, wording.UNKNOWN)),
            (
                "Quốc tịch",
                "Nationality",
                wording.NATIONALITIES.get(identity.nationality, identity.nationality),
            ),
        ],
    }


def _grouped(number: str | None) -> str:
    if number is None:
        return wording.UNKNOWN
    return number if number.startswith("*") else show_personal_id(number)


def _totals(totals: InsuranceTotals) -> Values:
    funds = []
    for fund, (vi, en) in wording.FUNDS.items():
        owed = totals.arrears.get(fund, 0)
        funds.append(
            {
                "vi": vi,
                "en": en,
                "paid": show_duration(totals.by_fund.get(fund, 0)),
                "note": f"nợ đóng {owed} tháng" if owed else "",
            }
        )
    return {"funds": funds, "note": _totals_note(totals)}


def _totals_note(totals: InsuranceTotals) -> str:
    parts = []
    if totals.first_month and totals.last_month:
        parts.append(f"Từ {show_month(totals.first_month)} đến {show_month(totals.last_month)}.")
    if totals.credited_months:
        parts.append(f"{totals.credited_months} tháng chỉ tính thời gian.")
    parts.append(f"BHXH báo cáo đến {show_month(totals.as_of_month)}; mỗi tháng tính một lần.")
    return " ".join(parts)


def _rows(book: LabourBook) -> Iterator[Values]:
    """Yield entries and, between them by time, the months without one; oldest first."""
    waiting = sorted(book.gaps, key=lambda gap: gap.first)
    for entry in book.employments:
        start = _start(entry)
        while waiting and waiting[0].first.first_day < start:
            yield _gap(waiting.pop(0))
        yield _entry(entry)
    for gap in waiting:
        yield _gap(gap)


def _start(entry: EmploymentEntry) -> date:
    if entry.first_day is not None:
        return PartialDate.parse(entry.first_day).first_possible
    return date.min if entry.known_since is None else entry.known_since.first_day


def _gap(gap: Gap) -> Values:
    months = gap.last - gap.first + 1
    return {
        "gap": f"{_months(gap.first, gap.last)}: không có dữ liệu ({show_duration(months)})",
    }


def _months(first: Month, last: Month) -> str:
    return show_month(first) if first == last else f"{show_month(first)} – {show_month(last)}"


def _entry(entry: EmploymentEntry) -> Values:
    counts = {
        "paid": wording.months_of(entry.months_paid),
        "arrears": wording.months_of(entry.months_arrears),
        "unknown": wording.months_of(entry.months_unknown),
    }
    credited = wording.months_of(entry.months_credited)
    return {
        "gap": None,
        "number": entry.number,
        "employer": entry.employer,
        "employer_notes": _employer_notes(entry),
        "position": entry.position,
        "contract_notes": _contract_notes(entry),
        "period": _period(entry, sum(counts.values())),
        "insurance": _lines(
            wording.month_bar(**counts),
            wording.months_in_words(**counts, credited=credited),
            _level(entry.assurance),
        ),
    }


def _period(entry: EmploymentEntry, months: int) -> str:
    if entry.known_since is not None:
        return show_unknown_start(entry.known_since)
    first = wording.shown(entry.first_day)
    length = show_duration(months) if months else ""
    if entry.known_until is not None:
        return _lines(f"từ {first},", show_unknown_end(entry.known_until), length)
    last = "nay" if entry.running else wording.shown(entry.last_day)
    return _lines(first, f"–\N{NO-BREAK SPACE}{last}", length)


def _employer_notes(entry: EmploymentEntry) -> str:
    status = wording.employer_status(entry.employer_status)
    return _lines(
        f"MST {entry.enterprise_code}, {status}" if entry.enterprise_code else "không có mã số",
        f"Nguồn: {wording.sources_in_words(entry.sources)}",
    )


def _contract_notes(entry: EmploymentEntry) -> str:
    kind = entry.contract_kind or ""
    return _lines(
        wording.CONTRACTS.get(kind, kind),
        entry.contract_id or "",
        entry.workplace or "",
    )


def _level(assurance: Assurance) -> str:
    level = wording.LEVELS[assurance]
    return f"{level.sign} {level.vi}"


def _lines(*parts: str) -> str:
    """Return the parts that there are, each on a line of its own."""
    return "\n".join(part for part in parts if part)


def _levels(book: LabourBook) -> list[wording.Level]:
    used = {entry.assurance for entry in book.employments}
    used |= {line.assurance for line in book.qualifications}
    return [wording.LEVELS[level] for level in sorted(used)]


def _qualification(line: QualificationLine) -> Values:
    return {
        "what": wording.qualification(line.kind, line.level),
        "field": line.field,
        "issuer": line.issuer,
        "number": line.number,
        "issued_on": wording.shown(line.issued_on),
        "assurance": _lines(_level(line.assurance), wording.sources_in_words(line.sources)),
    }


def _open_point(point: Discrepancy) -> str:
    text = message(point.cause, wording.detail(point.detail))
    return text if point.entry_number is None else f"Dòng {point.entry_number}: {text}"
