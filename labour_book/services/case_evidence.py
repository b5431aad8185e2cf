"""The files of a case as they are told: which side each is of, and who may see which.

What an enterprise sends when it contests a claim may name other workers too: the officials who
decide see it, and nobody of the asking side.
"""

from collections.abc import Iterable, Sequence

from labour_book.queries.correction_files import StoredFile
from labour_book.queries.corrections import StoredCase, StoredStep
from labour_book.services.callers import Caller
from labour_book.services.case_access import asking_kind
from labour_book.services.case_views import EvidenceTold

_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
_SEE_ALL = frozenset({"official", "system"})


def contesting(case: StoredCase, steps: Iterable[StoredStep]) -> frozenset[str]:
    """Return the accounts that have acted in a case for the enterprise that is asked about it."""
    if case.declared_kind == "employer":
        return frozenset()
    return frozenset(each.by for each in steps if each.by_kind == "employer")


def is_contesting(caller: Caller, case: StoredCase) -> bool:
    """Say whether somebody acts for the enterprise that is asked, not for who asks."""
    return caller.kind == "employer" and case.declared_kind != asking_kind(caller)


def evidence_for(
    reader: Caller, case: StoredCase, steps: Iterable[StoredStep], files: Sequence[StoredFile]
) -> list[EvidenceTold]:
    """Tell the files of a case that a reader may see, in the order in which they came."""
    theirs = contesting(case, steps)
    told = [evidence_of(case, each, is_employers=each.attached_by in theirs) for each in files]
    if reader.kind in _SEE_ALL:
        return told
    wanted = is_contesting(reader, case)
    return [each for each in told if each.from_employer is wanted]


def evidence_of(case: StoredCase, file: StoredFile, *, is_employers: bool) -> EvidenceTold:
    """Tell a file without its content, under the neutral name it is handed out with."""
    return EvidenceTold(
        evidence_id=file.id,
        file_number=file.file_number,
        evidence_class=file.evidence_class,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        pages=file.pages,
        attached_at=file.attached_at,
        name=f"{case.number}-{file.file_number}.{_SUFFIXES[file.media_type]}",
        has_preview=file.has_preview,
        from_employer=is_employers,
    )
