"""Which person on file a row means. A ladder of rules; none of them guesses.

Every automatic rule needs agreement in two independent fields, except where a register states
nothing but the number. What does not agree well enough goes to an official.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from labour_book.domain.findings import Finding
from labour_book.domain.people import (
    PartialDate,
    births_agree,
    digits_apart,
    identifier_kind,
    names_agree,
    tone_key,
)
from labour_book.domain.reconciliation import Levels, birth_level, causes_of, name_level
from labour_book.queries.people import Naming, PersonOnFile

NameSays = Literal["agrees", "near", "different", "unsaid"]
BirthSays = Literal["agrees", "partial", "differs", "unsaid"]

AGREEMENT: Mapping[tuple[NameSays, BirthSays], tuple[str, ...] | None] = {
    ("agrees", "agrees"): (),
    ("agrees", "partial"): (),
    ("agrees", "differs"): ("BIRTH_DIFFERS",),
    ("agrees", "unsaid"): (),
    ("near", "agrees"): ("NAME_NEAR",),
    ("near", "partial"): ("NAME_NEAR",),
    ("near", "differs"): None,
    ("near", "unsaid"): ("NAME_NEAR",),
    ("different", "agrees"): ("NAME_DIFFERS",),
    ("different", "partial"): None,
    ("different", "differs"): None,
    ("different", "unsaid"): None,
    ("unsaid", "agrees"): (),
    ("unsaid", "partial"): (),
    ("unsaid", "differs"): None,
    ("unsaid", "unsaid"): (),
}
"""What a number that is on file is worth beside name and birth date: the flags of the link, or
None where the row must be somebody else's."""

MATCHED_BY = {
    "PIN": "PERSONAL_ID",
    "CANCELLED_PIN": "CANCELLED_ID",
    "CMND9": "OLD_ID",
    "BHXH10": "SI_NUMBER",
    "JOINED_BHXH10": "SI_NUMBER",
    "PASSPORT": "PASSPORT",
    "TAX": "TAX_CODE",
}

FORMER_NUMBERS = {"CANCELLED_ID": "CANCELLED_NUMBER", "OLD_ID": "OLD_NUMBER"}
MERELY_WRITTEN = frozenset(
    {"NAME_TONE_MARKS", "NAME_WORD_ORDER", "NAME_SHORTENED", *FORMER_NUMBERS.values()}
    | {"BIRTH_DATE_SWAPPED", "BIRTH_DATE_YEAR_ONLY", "BIRTH_DATE_PARTIAL"}
)
"""How a row writes otherwise what it means: said on the receipt for whoever sent it, beside the
flags of ``AGREEMENT``, and no doubt by itself about whom it means."""

FALSE_PAIRS_PER_MILLION = 0.043
"""People on a register of a million that share name and birth date with a row that means none of
them (measured on a synthetic register); grows in proportion to the register."""

LEAST_CONFIDENCE = 95
"""Percent. A link by name, birth date and sex that is less sure goes to review."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a row names, as it states it; numbers in the order in which they are believed."""

    numbers: tuple[str, ...]
    full_name: str | None
    birth_date: PartialDate | None
    sex: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with the same folded name and perhaps the same birth date."""

    person: PersonOnFile
    personal_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The person a row means, by which rule, and what to flag; or why nobody can be said."""

    person: PersonOnFile | None
    matched_by: str | None = None
    flags: tuple[Finding, ...] = ()
    cause: Finding | None = None


def decide(
    wanted: Wanted,
    *,
    named: Mapping[str, Sequence[Naming]],
    like: Sequence[Candidate],
    people_on_file: Callable[[], int],
) -> Match:
    """Say which person a row means, if any.

    ``named`` has who is named by each number that is on file; ``like`` has the people with the
    same folded name whose birth date is the same or known less well. ``people_on_file`` says about
    how many there are; it is asked only of a row that names nobody by a number.
    """
    known = [number for number in wanted.numbers if number in named]
    if known:
        return _by_numbers(wanted, known, named)
    personal_ids = [each for each in wanted.numbers if identifier_kind(each) == "PIN"]
    if personal_ids:
        return _by_mistyped_id(wanted, personal_ids, like)
    return _by_name(wanted, like, confidence(people_on_file()))


def confidence(people_on_file: int) -> int:
    """Return how sure a sole match by name, birth date and sex is, in percent, rounded down."""
    false_pairs = FALSE_PAIRS_PER_MILLION * people_on_file / 1_000_000
    return min(int(100 / (1 + false_pairs)), 99)


def name_says(wanted: str | None, person: PersonOnFile) -> NameSays:
    """Compare names; tone marks placed elsewhere or left out are but another spelling."""
    if wanted is None:
        return "unsaid"
    agreement = names_agree(wanted, person.full_name)
    if agreement in {"near", "different"}:
        return "near" if agreement == "near" else "different"
    return "agrees"


def birth_says(wanted: PartialDate | None, person: PersonOnFile) -> BirthSays:
    """Compare birth dates; one that knows less does not contradict."""
    if wanted is None or person.birth_date is None:
        return "unsaid"
    agreement = births_agree(wanted, person.birth_date)
    if agreement == "same":
        return "agrees"
    return "partial" if agreement == "partial" else "differs"


def agreement_with(wanted: Wanted, person: PersonOnFile) -> tuple[Finding, ...] | None:
    """Return the flags of linking to a person whose number the row states; None to refuse it."""
    says = name_says(wanted.full_name, person), birth_says(wanted.birth_date, person)
    causes = AGREEMENT[says]
    if causes is None:
        return None
    if wanted.sex is not None and person.sex is not None and wanted.sex != person.sex:
        if "NAME_DIFFERS" in causes:
            return None  # a new or a married name; with another sex as well it is somebody else
        causes = (*causes, "SEX_DIFFERS")
    return tuple(Finding(cause) for cause in (*causes, *_written_otherwise(wanted, person)))


def _written_otherwise(wanted: Wanted, person: PersonOnFile) -> tuple[str, ...]:
    birth = person.birth_date
    found = Levels(
        name=name_level(wanted.full_name, person.full_name),
        birth="unsaid" if birth is None else birth_level(wanted.birth_date, birth),
    )
    return tuple(cause for cause in causes_of(found) if cause in MERELY_WRITTEN)


def _by_numbers(
    wanted: Wanted, known: Sequence[str], named: Mapping[str, Sequence[Naming]]
) -> Match:
    meant = {naming.person.id: naming.person for naming in named[known[0]]}
    for number in known[1:]:
        also = {naming.person.id for naming in named[number]}
        meant = {each: person for each, person in meant.items() if each in also}
    if not meant:
        return Match(None, cause=Finding("IDENTIFIERS_OF_TWO_PEOPLE"))
    fitting = [
        (person, flags)
        for person in meant.values()
        if (flags := agreement_with(wanted, person)) is not None
        and (len(meant) == 1 or _is_certain(wanted, person))
    ]
    if len(fitting) == 1:
        person, flags = fitting[0]
        unknown = [each for each in wanted.numbers if each not in named]
        if any(identifier_kind(each) == "PIN" for each in unknown):
            flags = (*flags, Finding("OTHER_ID_STATED"))
        rule = _rule_of(known, named, person)
        former = FORMER_NUMBERS.get(rule)
        return Match(person, rule, flags if former is None else (*flags, Finding(former)))
    shared = len(meant) > 1
    return Match(None, cause=Finding("SEVERAL_CANDIDATES" if shared else "SOMEONE_ELSES_NUMBER"))


def _is_certain(wanted: Wanted, person: PersonOnFile) -> bool:
    """Say whether name and birth date tell apart the people that share one number."""
    return name_says(wanted.full_name, person) == "agrees" and birth_says(
        wanted.birth_date, person
    ) in {"agrees", "partial", "unsaid"}


def _rule_of(
    known: Sequence[str], named: Mapping[str, Sequence[Naming]], person: PersonOnFile
) -> str:
    kinds = [each.kind for number in known for each in named[number] if each.person.id == person.id]
    return MATCHED_BY[kinds[0]]


def _by_mistyped_id(
    wanted: Wanted, personal_ids: Sequence[str], like: Sequence[Candidate]
) -> Match:
    fitting = [
        each
        for each in like
        if births_agree_fully(wanted, each.person)
        and any(digits_apart(stated, true) for stated in personal_ids for true in each.personal_ids)
    ]
    if len(fitting) == 1:
        person = fitting[0].person
        flags = (Finding("ID_TYPO"), *(agreement_with(wanted, person) or ()))
        return Match(person, "ID_TYPO", flags)
    return _nobody(like, several=len(fitting) > 1)


def _by_name(wanted: Wanted, like: Sequence[Candidate], percent: int) -> Match:
    """Match somebody without any number that is on file.

    Whoever has the same name and a birth date known only to the year may be meant as well.
    """
    fitting = [
        each.person
        for each in like
        if wanted.full_name is not None
        and tone_key(wanted.full_name) == tone_key(each.person.full_name)
        and birth_says(wanted.birth_date, each.person) in {"agrees", "partial"}
        and each.person.sex in {wanted.sex, None}
    ]
    if len(fitting) != 1 or not births_agree_fully(wanted, fitting[0]) or wanted.sex is None:
        return _nobody(like, several=len(fitting) > 1)
    if percent < LEAST_CONFIDENCE:
        return Match(None, cause=Finding("NAME_NOT_ENOUGH", None, {"percent": percent}))
    stated = Finding("MATCHED_BY_NAME", None, {"percent": percent})
    return Match(fitting[0], "NAME_BIRTH_SEX", (stated,))


def births_agree_fully(wanted: Wanted, person: PersonOnFile) -> bool:
    """Say whether both birth dates are whole and the same."""
    return (
        wanted.birth_date is not None
        and wanted.birth_date.is_whole
        and wanted.birth_date == person.birth_date
    )


def _nobody(like: Sequence[Candidate], *, several: bool) -> Match:
    flags = (Finding("CANDIDATE_SIMILAR"),) if like and not several else ()
    cause = "SEVERAL_CANDIDATES" if several else "PERSON_UNKNOWN"
    return Match(None, flags=flags, cause=Finding(cause))
