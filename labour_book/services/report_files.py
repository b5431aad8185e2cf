"""The files of an approved report: a sealed PDF and a workbook, kept as they were made.

Both are made from the stored report alone. Making them again gives the same bytes; only the seal,
which comes after, is made once.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

from labour_book.database import Db, reading
from labour_book.documents import ReportPaper, render_report_pdf, report_xlsx
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.reports import DONE, TRANSITIONS, ReportState, ReportStep
from labour_book.errors import NotFound
from labour_book.queries import reports
from labour_book.queries.reports import ReportOnFile
from labour_book.services import time_stamping
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.coverage_rounds import is_whole
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from labour_book.services.reporting import opened

__all__ = [
    "MEDIA_TYPES",
    "Form",
    "archive",
    "archive_approved",
    "counts_are_whole",
    "is_reproduced",
    "number_of",
    "paper_of",
    "take",
]

Form = Literal["pdf", "xlsx"]
MEDIA_TYPES: dict[Form, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SEAL_REASON = "Báo cáo theo NQ 125/NQ-CP"
PURPOSE = "NQ 125/NQ-CP"
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """A file to hand out."""

    name: str
    content: bytes
    media_type: str


def archive(inst: Installation, by: Caller, report_id: UUID, *, now: datetime) -> bool:
    """Make, seal and keep the files of an approved report; tell whether this call did.

    The files are made between two transactions, as that takes seconds.

    Raises:
        Unavailable: there is no key to seal with; the report stays approved, and is archived later.
    """
    with reading(inst.engine) as db:
        found = reports.report_by_id(db, report_id)
        if found is None or found.state != ReportState.APPROVED:
            return False
        paper = _paper(inst, found)
    made = _made(paper)
    kept: dict[Form, bytes] = made | {
        "pdf": time_stamping.sealed(inst, made["pdf"], reason=SEAL_REASON, now=now)
    }
    rows = [
        {
            "report_id": report_id,
            "form": form,
            "content": content,
            "sha256": sha256(content).hexdigest(),
            "made_sha256": sha256(made[form]).hexdigest(),
        }
        for form, content in kept.items()
    ]
    states, state = TRANSITIONS[ReportStep.ARCHIVE]
    values = {"state": str(state), "archived_at": now}
    with deed(inst.engine) as db:
        if not reports.step(db, report_id, found.revision, states, values):
            return False  # another process was quicker, and made the same
        reports.add_files(db, rows)
        detail: dict[str, str | int] = {"report": str(report_id), "step": "archive"}
        trace(db, by, Action.REPORT_DECIDE, at=now, purpose=PURPOSE, detail=detail)
    return True


def archive_approved(inst: Installation, by: Caller, *, now: datetime) -> int:
    """Archive reports that were approved and left so by a crash or a missing key; return how many.

    Raises:
        Unavailable: there is no key to seal with.
    """
    with reading(inst.engine) as db:
        left = reports.approved(db, limit=AT_ONCE)
    return sum(archive(inst, by, each, now=now) for each in left)


def take(db: Db, caller: Caller, report_id: UUID, form: Form, *, now: datetime) -> Taken:
    """Return an archived file as it was kept; this is traced.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``reporting.opened``.
        NotFound: the report has no such file (yet).
    """
    found = opened(db, caller, report_id, now=now, action=Action.REPORT_TAKE).report
    kept = reports.file_of(db, report_id, form)
    if kept is None:
        raise NotFound("the report is not archived yet")
    name = f"{number_of(found).replace('/', '-')}-{found.as_of}.{form}"
    return Taken(name, kept.content, MEDIA_TYPES[form])


def paper_of(
    db: Db, inst: Installation, caller: Caller, report_id: UUID, *, now: datetime
) -> ReportPaper:
    """Return what is printed of a report, to be printed after the transaction; it is traced.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``reporting.opened``.
    """
    return _paper(inst, opened(db, caller, report_id, now=now).report)


def is_reproduced(inst: Installation, report_id: UUID) -> dict[Form, bool]:
    """Make the files of an archived report again; return by form whether every byte is the same.

    They are on the same release of the libraries that lay out and draw.

    Raises:
        NotFound: there is no such report, or it is not archived.
    """
    with reading(inst.engine) as db:
        found = reports.report_by_id(db, report_id)
        kept = {form: reports.file_of(db, report_id, form) for form in MEDIA_TYPES}
    if found is None or found.state != ReportState.ARCHIVED:
        raise NotFound("there is no such archived report")
    made = _made(_paper(inst, found))
    return {
        form: (file := kept[form]) is not None
        and sha256(content).hexdigest() == file.made_sha256
        and file.content.startswith(content)  # the seal is added behind what it covers
        for form, content in made.items()
    }


def counts_are_whole(db: Db, report_id: UUID) -> bool:
    """Say whether the counts that a report was made of still add up to their hash.

    Raises:
        NotFound: there is no such report.
    """
    found = reports.report_by_id(db, report_id)
    if found is None:
        raise NotFound("there is no such archived report")
    return is_whole(db, found.round_id)


def _made(paper: ReportPaper) -> dict[Form, bytes]:
    return {"pdf": render_report_pdf(paper), "xlsx": report_xlsx(paper)}


def number_of(report: ReportOnFile) -> str:
    """Return the number of a report as it is printed; without its serial before it is approved."""
    serial = "" if report.serial is None else f"{report.serial:02d}"
    return f"{serial}/BC-{report.unit_code}"


def _paper(inst: Installation, found: ReportOnFile) -> ReportPaper:
    """Return everything that is printed of a report."""
    done = found.state in DONE and found.decided_at is not None
    issued_at = found.decided_at if done and found.decided_at is not None else found.drafted_at
    return ReportPaper(
        body=json.loads(found.body),
        data=found.body.encode(),
        body_sha256=found.body_sha256,
        number=number_of(found),
        issued_on=vietnam_day(issued_at),
        approver=found.approver if done else None,
        address=f"{inst.public_url}/desk/statistics/reports/{found.id}",
    )
