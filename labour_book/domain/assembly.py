"""Assembles a labour book from the facts about one person. Pure: the same facts, the same book."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from labour_book.domain import contradictions
from labour_book.domain.assurance import assurance_of, highest
from labour_book.domain.entries import Setting, entry_of
from labour_book.domain.evidence import (
    Evidence,
    covered,
    is_stale,
    of_employment,
    of_insurance,
    reported_through,
    vietnam_day,
)
from labour_book.domain.facts import (
    EmployerRecord,
    EmploymentFact,
    IdentityFact,
    InsuranceFact,
    QualificationFact,
)
from labour_book.domain.lines import (
    Discrepancy,
    Gap,
    Identity,
    LabourBook,
    QualificationLine,
    SourceRef,
)
from labour_book.domain.months import Month, MonthSet, ordinal_set, ranges_of
from labour_book.domain.names import display_name
from labour_book.domain.places import Places
from labour_book.domain.spells import Spell, spells_of
from labour_book.domain.totals import is_insured, totals_of

IN_INSURANCE, EMPLOYED_OUTSIDE, UNEMPLOYED = 1, 2, 3


def assemble(
    *,
    book_no: str,
    identity: IdentityFact,
    personal_id: str | None,
    match_state: str,
    employments: Sequence[EmploymentFact],
    insurance: Sequence[InsuranceFact],
    qualifications: Sequence[QualificationFact],
    employers: Mapping[str, EmployerRecord],
    as_of: date,
    known_at: datetime,
    places: Places | None,
    insurance_as_of: Month | None = None,
    economic_activity: str | None = None,
) -> LabourBook:
    """Return the book as of a day, made of the facts that were known at an instant.

    ``employers`` is keyed by employer id or enterprise code. ``insurance_as_of`` is the last month
    the register's latest extract reports; without it the facts tell. ``economic_activity`` is the
    person's latest statement: EMPLOYED, UNEMPLOYED or INACTIVE. Facts that begin after the day
    are not in the book yet; every other one is in exactly one line or, if voluntary insurance,
    in the totals.
    """
    reported = reported_through(insurance, as_of, insurance_as_of)
    setting = Setting(as_of, reported, employers, places)
    months = [covered(fact, reported) for fact in insurance]
    spells = spells_of(_evidence(employments, insurance, months, as_of, reported), employers)
    spells.sort(key=_by_age)
    entries = tuple(
        entry_of(number, spell, setting) for number, spell in enumerate(spells, start=1)
    )
    found = [
        *contradictions.of_identity(identity, personal_id),
        *_flags_outside_entries(insurance, qualifications),
        *contradictions.of_overlaps(entries, spells),
        *contradictions.of_person(spells, identity),
    ]
    for entry, spell in zip(entries, spells, strict=True):
        found += contradictions.of_entry(entry, spell, setting)
    return LabourBook(
        book_no=book_no,
        as_of=as_of,
        known_at=known_at,
        identity=_identity(identity, personal_id, match_state, as_of, places),
        employments=entries,
        insurance=totals_of(insurance, months, reported),
        gaps=_gaps(spells, reported),
        qualifications=_qualifications(qualifications, as_of),
        discrepancies=contradictions.in_order(found),
        registration_group=_registration_group(
            identity,
            insured=is_insured(insurance, as_of, reported),
            working=any(spell.running for spell in spells),
            economic_activity=economic_activity,
        ),
    )


def _evidence(
    employments: Sequence[EmploymentFact],
    insurance: Sequence[InsuranceFact],
    months: Sequence[MonthSet],
    as_of: date,
    reported: int,
) -> list[Evidence]:
    this_month = Month.of_day(as_of).ordinal
    jobs = [of_employment(fact, as_of) for fact in employments]
    ranges = [
        of_insurance(fact, known, this_month, stale=is_stale(fact, reported))
        for fact, known in zip(insurance, months, strict=True)
    ]
    return [each for each in jobs + ranges if each is not None]


def _by_age(spell: Spell) -> tuple[int, int, str, str]:
    return (
        spell.first,
        spell.last,
        spell.employer_key,
        min([each.fact.fact_id for each in spell.evidence]),
    )


def _flags_outside_entries(
    insurance: Iterable[InsuranceFact], qualifications: Iterable[QualificationFact]
) -> Iterator[Discrepancy]:
    for fact in insurance:
        if fact.flags and "VOL" in fact.funds:
            yield from (Discrepancy(flag, "insurance", None, {}) for flag in fact.flags)
    for line in filter(lambda each: each.flags, qualifications):
        yield from (Discrepancy(flag, "qualifications", None, {}) for flag in line.flags)


def _identity(
    fact: IdentityFact,
    personal_id: str | None,
    match_state: str,
    as_of: date,
    places: Places | None,
) -> Identity:
    commune = fact.residence_commune
    return Identity(
        full_name=display_name(fact.full_name),
        birth_date=None if fact.birth_date is None else str(fact.birth_date),
        sex=fact.sex,
        nationality="VN",
        personal_id=personal_id,
        residence=places.commune_name(commune, as_of) if places and commune else None,
        life_status=fact.life_status,
        match_state=match_state,
    )


def _gaps(spells: Sequence[Spell], reported: int) -> tuple[Gap, ...]:
    """Return the months since the first entry, up to the last reported one, without an entry."""
    if not spells:
        return ()
    worked = 0
    for spell in spells:
        worked |= ordinal_set(spell.first, spell.last)
    free = ordinal_set(spells[0].first, reported) & ~worked
    return tuple(Gap(each.first, each.last) for each in ranges_of(free))


def _qualifications(
    facts: Iterable[QualificationFact], as_of: date
) -> tuple[QualificationLine, ...]:
    """Return each diploma or certificate once, oldest first."""
    by_document: dict[tuple[str, ...], list[QualificationFact]] = {}
    for fact in facts:
        if fact.issued_on.first_possible <= as_of:
            document = (
                str(fact.issued_on),
                fact.kind,
                fact.number,
                fact.level,
                fact.field,
                fact.issuer,
            )
            by_document.setdefault(document, []).append(fact)
    return tuple([_qualification(by_document[document]) for document in sorted(by_document)])


def _qualification(same: Sequence[QualificationFact]) -> QualificationLine:
    fact = same[0]
    stated = sorted({(each.source, vietnam_day(each.stated_at)) for each in same})
    return QualificationLine(
        kind=fact.kind,
        level=fact.level,
        field=fact.field,
        issuer=fact.issuer,
        issued_on=str(fact.issued_on),
        number=fact.number,
        assurance=highest([assurance_of(each.source) for each in same]),
        sources=tuple([SourceRef(source, day) for source, day in stated]),
        fact_ids=tuple(sorted([each.fact_id for each in same])),
    )


def _registration_group(
    identity: IdentityFact, *, insured: bool, working: bool, economic_activity: str | None
) -> int | None:
    """Return the group of ND 318/2025, art. 3; None where nothing says the person is in one.

    Officials and armed forces register elsewhere; nothing in the facts tells them apart yet.
    """
    if identity.life_status != "ALIVE":
        return None
    if insured:
        return IN_INSURANCE
    if working or economic_activity == "EMPLOYED":
        return EMPLOYED_OUTSIDE
    return UNEMPLOYED if economic_activity == "UNEMPLOYED" else None
