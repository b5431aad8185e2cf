"""Which stretch of work a declaration is about, and what it corrects there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.filings import Declared, FilingKind, Job, Said, job_of, standing
from labour_book.domain.findings import Finding
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import NotFound
from labour_book.queries import workforce
from labour_book.queries.filings import StoredFiling
from labour_book.services.filers import Filer, FilingRefused, NewFiling


@dataclass(frozen=True, slots=True)
class Fitted:
    """A declaration in its place among those about the same stretch of work."""

    kind: FilingKind
    said: Said
    before: tuple[Declared, ...]
    """The declarations about that work so far."""
    job_id: UUID | None
    """None for the first of them."""
    corrects: UUID | None


def fitted(
    db: Db, filer: Filer, new: NewFiling, person_id: UUID, about: Sequence[StoredFiling]
) -> Fitted:
    """Return a declaration in its place among all that the enterprise declared of a person.

    Raises:
        FilingRefused: it contradicts them, or the person does not work there.
        NotFound: what it corrects is not there.
    """
    if new.corrects is not None:
        return _correcting(new, about)
    jobs = _jobs(about)
    match new.kind:
        case FilingKind.HIRE:
            return _hire(new, about, jobs)
        case FilingKind.CANCEL:
            raise NotFound("say which declaration is to be cancelled")
        case FilingKind.CHANGE:
            job_id = next((each for each, job in jobs.items() if _covers(job, new.said)), None)
        case FilingKind.END:
            job_id = next((each for each, job in jobs.items() if job.runs), None)
            if job_id is None:
                restated = _restated_end(new, about, jobs)
                if restated is not None:
                    return restated
    if job_id is None:
        return _of_reported_work(db, filer, new, person_id)
    said = replace(
        new.said,
        first_day=jobs[job_id].first_day,
        position_before=_position_before(about, job_id),
    )
    return Fitted(new.kind, said, _declared(about, job_id), job_id, None)


def already(about: Sequence[StoredFiling], job_id: UUID | None) -> FilingRefused:
    """Return that the record says so already, and since when."""
    newest = max((each for each in about if each.job_id == job_id), key=lambda each: each.id)
    day = vietnam_day(newest.filed_at).isoformat()
    return FilingRefused(Finding("FILING_ALREADY", None, {"day": day}))


def first_filed(about: Sequence[StoredFiling], corrects: UUID | None) -> StoredFiling | None:
    """Return the first declaration of those that each correct the one before."""
    by_id = {each.id: each for each in about}
    found = None
    while corrects is not None:
        found = by_id[corrects]
        corrects = found.corrects_id
    return found


def _correcting(new: NewFiling, about: Sequence[StoredFiling]) -> Fitted:
    old = next((each for each in about if each.id == new.corrects), None)
    if old is None or new.kind not in {old.kind, FilingKind.CANCEL}:
        raise NotFound("there is no such declaration of yours to correct")
    if old.set_aside_by is not None or old.kind is FilingKind.CANCEL:
        raise FilingRefused(Finding("FILING_SET_ASIDE"))
    before = _declared(about, old.job_id)
    if new.kind is FilingKind.CANCEL:
        rest = [each for each in standing(before) if each.id != old.id]
        if old.kind is FilingKind.HIRE and rest:
            raise FilingRefused(Finding("FILING_STILL_NEEDED"))
        return Fitted(FilingKind.CANCEL, Said(), before, old.job_id, old.id)
    return Fitted(old.kind, _placed_as(old.said, new), before, old.job_id, old.id)


def _placed_as(old: Said, new: NewFiling) -> Said:
    """Return what is said anew of a change or an end, with since when as it was said before."""
    if new.kind is FilingKind.HIRE:
        return new.said
    return replace(new.said, first_day=old.first_day, position_before=old.position_before)


def _hire(new: NewFiling, about: Sequence[StoredFiling], jobs: Mapping[UUID, Job]) -> Fitted:
    first = new.said.first_day
    same = next((each for each, job in jobs.items() if job.first_day == first), None)
    hire = None if same is None else _standing_of(about, same, FilingKind.HIRE)
    if new.restates and hire is not None:
        return Fitted(FilingKind.HIRE, new.said, _declared(about, same), same, hire.id)
    for job in jobs.values():
        if job.ended_on is None:
            detail = {"first": str(job.first_day)}
            raise FilingRefused(Finding("FILING_JOB_RUNNING", "first_day", detail))
        if first is not None and first.first_possible <= job.ended_on:
            detail = {"first": str(first), "last": job.ended_on.isoformat()}
            raise FilingRefused(Finding("FILING_BEFORE_END", "first_day", detail))
    return Fitted(FilingKind.HIRE, new.said, (), None, None)


def _restated_end(
    new: NewFiling, about: Sequence[StoredFiling], jobs: Mapping[UUID, Job]
) -> Fitted | None:
    """Return the last end said again; by itself that is refused, in a workbook it may correct."""
    if not jobs:
        return None
    job_id, job = max(jobs.items(), key=lambda each: each[1].first_day.first_possible)
    end = _standing_of(about, job_id, FilingKind.END)
    if end is None:
        return None
    if not new.restates:
        if new.said.last_day == job.ended_on:
            raise already(about, job_id)
        return None
    return Fitted(
        FilingKind.END, _placed_as(end.said, new), _declared(about, job_id), job_id, end.id
    )


def _of_reported_work(db: Db, filer: Filer, new: NewFiling, person_id: UUID) -> Fitted:
    """Return a declaration about work that the registers report and nobody filed as a hire."""
    found = workforce.reported_work(db, filer.code, person_id)
    if found is None:
        raise FilingRefused(Finding("FILING_NO_JOB"))
    said = replace(
        new.said, first_day=PartialDate.parse(found.since), position_before=found.position
    )
    return Fitted(new.kind, said, (), None, None)


def _covers(job: Job, said: Said) -> bool:
    """Say whether a change is about this work: it runs, or had not ended by that day."""
    if job.ended_on is None or said.changed_on is None:
        return job.runs
    return job.first_day.first_possible <= said.changed_on <= job.ended_on


def _jobs(about: Sequence[StoredFiling]) -> dict[UUID, Job]:
    """Return the stretches of work that the declarations tell, without those taken back."""
    found = {each.job_id: job_of(_declared(about, each.job_id)) for each in about}
    return {job_id: job for job_id, job in found.items() if job is not None}


def _declared(about: Sequence[StoredFiling], job_id: UUID | None) -> tuple[Declared, ...]:
    return tuple(each.declared for each in about if each.job_id == job_id)


def _standing_of(
    about: Sequence[StoredFiling], job_id: UUID | None, kind: FilingKind
) -> Declared | None:
    counted = standing(_declared(about, job_id))
    return next((each for each in counted if each.kind is kind), None)


def _position_before(about: Sequence[StoredFiling], job_id: UUID) -> str | None:
    of_job = (each.said.position_before for each in about if each.job_id == job_id)
    return next((each for each in of_job if each is not None), None)
