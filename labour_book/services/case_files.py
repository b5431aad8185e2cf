"""The files of a case: taken in by what they are, kept sealed, handed out as attachments only."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from labour_book import data
from labour_book.database import Db
from labour_book.documents.evidence_files import FileRefused, taken
from labour_book.domain.corrections import Step
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import correction_files, corrections
from labour_book.queries.correction_files import StoredFile
from labour_book.queries.corrections import StoredCase
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import askers_case, owners_case, seen_case, trace_case
from labour_book.services.case_evidence import evidence_for, is_contesting
from labour_book.services.case_moves import Said, take_step
from labour_book.services.case_views import EvidenceTold
from labour_book.services.installation import Installation
from labour_book.services.recording import new_id
from signing import SigningError

__all__ = ["FileRefused", "OpenedFile", "attach", "detach", "open_file", "open_preview"]

MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file as it is handed out: always as an attachment, under a neutral name."""

    name: str
    """Such as ``YC-7K2M9XD0-1.jpg``."""
    media_type: str
    content: bytes


class FilesFull(Conflict):
    """The case has as many files as it may have, or this very one already."""

    slug = "files-full"
    title = "The request has this file, or ten files, already"
    title_vi = "Đề nghị đã có tệp này hoặc đã đủ mười tệp"


def attach(
    db: Db,
    inst: Installation,
    caller: Caller,
    case_id: UUID,
    content: bytes,
    *,
    evidence_class: str,
    now: datetime,
) -> EvidenceTold:
    """Add a photo or PDF to a case of the caller, up to 10 MB and 10 files of either side.

    An enterprise that is asked about a claim adds to it what speaks against it, before it answers.

    What it is, the content says and not its name. Photos are turned upright, lose what the camera
    wrote about itself and its place, and are stored anew; PDFs are stored as they are, never run.

    Raises:
        FileRefused: neither a photo nor a PDF; too large; locked, or with something in it that
            runs; too small, too dark or too blurred to read. ``str(error)`` and its ``cause`` say
            which, and what to do.
        Invalid: there is no such class of evidence.
        NotFoundForCaller, CaseMoved.
        FilesFull: the case has ten files already, or this very file.
    """
    case = _own_case(db, caller, case_id, now)
    if evidence_class not in data.evidence_classes():
        raise Invalid("choose what kind of paper it is", cause="EVIDENCE_CLASS")
    if len(_shown_to(db, caller, case)) >= MOST_FILES:
        raise FilesFull(most=MOST_FILES)
    file = taken(content)
    moved = take_step(db, inst, case, Step.ATTACH, caller, said=Said(), now=now)
    file_id = new_id(now)
    seal = inst.vault.sealer.seal
    row = {
        "id": file_id,
        "case_id": case.id,
        "file_number": correction_files.last_number(db, case.id) + 1,
        "evidence_class": evidence_class,
        "media_type": file.media_type,
        "size": len(file.content),
        "sha256": sha256(content).hexdigest(),
        "pages": file.pages,
        "content": seal(file.content, bound_to=_content_place(file_id)),
        "preview": None
        if file.preview is None
        else seal(file.preview, bound_to=_preview_place(file_id)),
        "attached_at": now,
        "attached_by": caller.id,
    }
    if not correction_files.add_file(db, row):
        raise FilesFull(most=MOST_FILES)
    trace_case(db, caller, Action.CASE_ATTACH, moved, now=now)
    return _told(db, caller, moved, file_id)


def detach(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, evidence_id: UUID, *, now: datetime
) -> None:
    """Take back a file while it is the asking side's turn; its content is forgotten.

    Raises:
        NotFound: there is no such file; also one that was handed in before.
        NotFoundForCaller, CaseMoved.
    """
    case = askers_case(db, caller, Action.CASE_ATTACH, case_id, now=now)
    file = _stored(db, case, evidence_id)
    if case.submitted_at is not None and file.attached_at < case.state_since:
        raise NotFound("what was handed in stays with the request")
    moved = take_step(db, inst, case, Step.DETACH, caller, now=now)
    correction_files.remove_file(db, file.id, now)
    trace_case(db, caller, Action.CASE_ATTACH, moved, now=now)


def open_file(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, evidence_id: UUID, *, now: datetime
) -> OpenedFile:
    """Return a file to the asking side or to the owner's officials; traced.

    An enterprise that is asked about a claim sees what it has sent itself, and nothing of others;
    the asking side sees nothing of that.

    Raises:
        NotFound: no such file.
        NotFoundForCaller: the case is not the caller's.
        Conflict: what is stored was altered.
    """
    file = _readable(db, caller, case_id, evidence_id, now)
    sealed = correction_files.content_of(db, file.evidence_id)
    content = _opened(inst, _content_place(file.evidence_id), sealed)
    return OpenedFile(file.name, file.media_type, content)


def open_preview(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, evidence_id: UUID, *, now: datetime
) -> OpenedFile:
    """Return a small JPEG of a photo for the case page, made when the photo came; traced.

    Raises:
        NotFound: no such file, or no preview of it (a PDF).
        NotFoundForCaller: the case is not the caller's.
        Conflict: what is stored was altered.
    """
    file = _readable(db, caller, case_id, evidence_id, now)
    if not file.has_preview:
        raise NotFound("there is no preview of a PDF")
    sealed = correction_files.preview_of(db, file.evidence_id)
    content = _opened(inst, _preview_place(file.evidence_id), sealed)
    return OpenedFile(f"{file.name.rpartition('.')[0]}-preview.jpg", "image/jpeg", content)


def _own_case(db: Db, caller: Caller, case_id: UUID, now: datetime) -> StoredCase:
    """Return a case to which the caller may add files: as who asks, or as who is asked."""
    stored = corrections.case_by_id(db, case_id)
    if stored is not None and is_contesting(caller, stored):
        return owners_case(db, caller, Action.CASE_EMPLOYER_ANSWER, case_id, now=now)
    return askers_case(db, caller, Action.CASE_ATTACH, case_id, now=now)


def _readable(
    db: Db, caller: Caller, case_id: UUID, evidence_id: UUID, now: datetime
) -> EvidenceTold:
    stored = corrections.case_by_id(db, case_id)
    own_desk = caller.kind == "official" and not _is_declarants(caller, stored)
    if own_desk or (stored is not None and is_contesting(caller, stored)):
        case = seen_case(db, caller, Action.CASE_FILE, stored, now=now)
    else:
        case = askers_case(db, caller, Action.CASE_FILE, case_id, now=now)
    file = _told(db, caller, case, evidence_id)
    trace_case(db, caller, Action.CASE_FILE, case, now=now)
    return file


def _told(db: Db, caller: Caller, case: StoredCase, evidence_id: UUID) -> EvidenceTold:
    for each in _shown_to(db, caller, case):
        if each.evidence_id == evidence_id:
            return each
    raise NotFound("the request has no such file")


def _shown_to(db: Db, caller: Caller, case: StoredCase) -> list[EvidenceTold]:
    files, steps = correction_files.files_of(db, case.id), corrections.steps_of(db, case.id)
    return evidence_for(caller, case, steps, files)


def _is_declarants(caller: Caller, case: StoredCase | None) -> bool:
    return case is not None and case.assisted and case.declared_by == caller.unit_code


def _stored(db: Db, case: StoredCase, evidence_id: UUID) -> StoredFile:
    file = correction_files.file_of(db, case.id, evidence_id)
    if file is None:
        raise NotFound("the request has no such file")
    return file


def _opened(inst: Installation, place: bytes, sealed: bytes | None) -> bytes:
    try:
        return inst.vault.sealer.open(sealed or b"", bound_to=place)
    except SigningError as error:
        raise Conflict("the stored file was altered") from error


def _content_place(file_id: UUID) -> bytes:
    return b"correction_file.content:" + file_id.bytes


def _preview_place(file_id: UUID) -> bytes:
    return b"correction_file.preview:" + file_id.bytes
