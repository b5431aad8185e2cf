from itertools import product
from typing import get_args
from uuid import UUID

import pytest

from labour_book.domain.people import PartialDate
from labour_book.queries.people import Naming, PersonOnFile
from labour_book.services.matching import (
    AGREEMENT,
    LEAST_CONFIDENCE,
    BirthSays,
    Candidate,
    Match,
    NameSays,
    Wanted,
    confidence,
    decide,
)


def person(
    number: int = 1, name: str = "NGUYỄN VĂN HÒA", birth: str = "1990-03-04"
) -> PersonOnFile:
    return PersonOnFile(
        UUID(int=number), name, PartialDate.parse(birth), "M", "ALIVE", None, "MATCHED"
    )


def wanted(
    *numbers: str,
    name: str | None = "Nguyễn Văn Hòa",
    birth: str | None = "1990-03-04",
    sex: str | None = "M",
) -> Wanted:
    return Wanted(numbers, name, None if birth is None else PartialDate.parse(birth), sex)


PIN, OTHER_PIN, CMND, SI = "001090123456", "001090654321", "012345678", "0111991390"


def by_number(whom: Wanted, **people: PersonOnFile) -> Match:
    named = {
        number: [Naming(kind, people[who])]
        for number, kind, who in (
            (PIN, "PIN", "pin"),
            (OTHER_PIN, "CANCELLED_PIN", "cancelled"),
            (CMND, "CMND9", "cmnd"),
            (SI, "BHXH10", "si"),
        )
        if who in people
    }
    return decide(whom, named=named, like=(), people_on_file=lambda: 3_000)


class TestAgreement:
    def test_is_decided_for_every_pair(self) -> None:
        pairs = set(product(get_args(NameSays), get_args(BirthSays)))

        assert set(AGREEMENT) == pairs

    def test_never_links_against_two_fields(self) -> None:
        for (name, birth), flags in AGREEMENT.items():
            if name != "agrees" and birth not in {"agrees", "partial", "unsaid"}:
                assert flags is None


class TestByNumber:
    @pytest.mark.parametrize(
        ("name", "birth", "cause", "flags"),
        [
            ("NGUYỄN VĂN HÒA", "1990-03-04", None, set()),
            ("Nguyễn Văn Hoà", "1990-03-04", None, {"NAME_TONE_MARKS"}),
            ("NGUYEN VAN HOA", "1990-03-04", None, {"NAME_TONE_MARKS"}),
            ("Nguyễn Hòa", "1990-03-04", None, {"NAME_NEAR", "NAME_SHORTENED"}),
            ("Nguyễn Văn Hòa", "1990", None, {"BIRTH_DATE_YEAR_ONLY"}),
            ("Nguyễn Văn Hò", "1990-03-04", None, {"NAME_NEAR"}),
            ("Nguyễn Văn Hòa", "1991-03-04", None, {"BIRTH_DIFFERS"}),
            ("Nguyễn Văn Hòa", "1990-04-03", None, {"BIRTH_DIFFERS", "BIRTH_DATE_SWAPPED"}),
            ("Trần Thị Mai", "1990-03-04", None, {"NAME_DIFFERS"}),
            ("Trần Thị Mai", "1990", "SOMEONE_ELSES_NUMBER", set()),
            ("Trần Thị Mai", "1975-01-02", "SOMEONE_ELSES_NUMBER", set()),
            ("Nguyễn Văn Hò", "1975-01-02", "SOMEONE_ELSES_NUMBER", set()),
            ("Trần Thị Mai", None, "SOMEONE_ELSES_NUMBER", set()),
            ("Nguyễn Văn Hòa", None, None, set()),
            (None, None, None, set()),
        ],
    )
    def test_needs_name_or_birth_date_to_agree(
        self, name: str | None, birth: str | None, cause: str | None, flags: set[str]
    ) -> None:
        match = by_number(wanted(PIN, name=name, birth=birth), pin=person())

        assert (match.cause.cause if match.cause else None) == cause
        assert {each.cause for each in match.flags} == flags
        assert (match.person is None) == (cause is not None)

    def test_flags_another_sex(self) -> None:
        match = by_number(wanted(PIN, sex="F"), pin=person())

        assert [each.cause for each in match.flags] == ["SEX_DIFFERS"]

    def test_is_nobodys_where_name_and_sex_are_others(self) -> None:
        match = by_number(wanted(PIN, name="Trần Thị Mai", sex="F"), pin=person())

        assert match.person is None

    @pytest.mark.parametrize(
        ("number", "who", "rule"),
        [
            (PIN, "pin", "PERSONAL_ID"),
            (OTHER_PIN, "cancelled", "CANCELLED_ID"),
            (CMND, "cmnd", "OLD_ID"),
            (SI, "si", "SI_NUMBER"),
        ],
    )
    def test_takes_every_kind_of_number(self, number: str, who: str, rule: str) -> None:
        match = by_number(wanted(number), **{who: person()})

        assert (match.person, match.matched_by) == (person(), rule)

    def test_sends_numbers_of_two_people_to_review(self) -> None:
        match = by_number(wanted(PIN, SI), pin=person(1), si=person(2))

        assert match.person is None
        assert match.cause is not None
        assert match.cause.cause == "IDENTIFIERS_OF_TWO_PEOPLE"

    def test_flags_an_unknown_personal_id_beside_a_known_number(self) -> None:
        match = by_number(wanted(OTHER_PIN, SI), si=person())

        assert [each.cause for each in match.flags] == ["OTHER_ID_STATED"]

    def test_tells_two_holders_of_one_number_apart_by_name(self) -> None:
        other = person(2, "TRẦN THỊ MAI", "1975-01-02")
        named = {CMND: [Naming("CMND9", person(1)), Naming("CMND9", other)]}

        match = decide(wanted(CMND), named=named, like=(), people_on_file=lambda: 10)
        unclear = decide(
            wanted(CMND, name=None, birth=None), named=named, like=(), people_on_file=lambda: 10
        )

        assert match.person == person(1)
        assert unclear.cause is not None
        assert unclear.cause.cause == "SEVERAL_CANDIDATES"


class TestByMistypedId:
    @pytest.mark.parametrize("stated", ["001090123457", "001090124356", "010090123456"])
    def test_links_one_wrong_or_swapped_digit(self, stated: str) -> None:
        match = decide(
            wanted(stated), named={}, like=[Candidate(person(), (PIN,))], people_on_file=lambda: 10
        )

        assert match.person == person()
        assert match.matched_by == "ID_TYPO"
        assert [each.cause for each in match.flags] == ["ID_TYPO"]

    @pytest.mark.parametrize("stated", ["001090123465"[:10] + "99", "101090123457"])
    def test_does_not_link_more_than_that(self, stated: str) -> None:
        match = decide(
            wanted(stated), named={}, like=[Candidate(person(), (PIN,))], people_on_file=lambda: 10
        )

        assert match.person is None
        assert match.cause is not None
        assert match.cause.cause == "PERSON_UNKNOWN"
        assert [each.cause for each in match.flags] == ["CANDIDATE_SIMILAR"]

    def test_does_not_link_on_a_partial_birth_date(self) -> None:
        like = [Candidate(person(birth="1990"), (PIN,))]

        match = decide(
            wanted("001090123457", birth="1990"), named={}, like=like, people_on_file=lambda: 10
        )

        assert match.person is None


class TestByName:
    def test_links_the_only_one(self) -> None:
        match = decide(
            wanted(SI), named={}, like=[Candidate(person(), (PIN,))], people_on_file=lambda: 3_000
        )

        assert match.person == person()
        assert match.matched_by == "NAME_BIRTH_SEX"
        assert match.flags[0].detail == {"percent": 99}

    def test_never_chooses_between_namesakes(self) -> None:
        like = [Candidate(person(1), (PIN,)), Candidate(person(2), (OTHER_PIN,))]

        match = decide(wanted(), named={}, like=like, people_on_file=lambda: 10)

        assert match.person is None
        assert match.cause is not None
        assert match.cause.cause == "SEVERAL_CANDIDATES"

    def test_counts_a_namesake_whose_birth_date_is_known_less_well(self) -> None:
        like = [Candidate(person(1), (PIN,)), Candidate(person(2, birth="1990"), (OTHER_PIN,))]

        match = decide(wanted(), named={}, like=like, people_on_file=lambda: 10)

        assert match.person is None

    @pytest.mark.parametrize(
        "whom",
        [
            wanted(sex="F"),
            wanted(sex=None),
            wanted(birth="1990"),
            wanted(birth=None),
            wanted(name="Nguyen Van Hoa"),
            wanted(name=None),
            wanted(OTHER_PIN),
        ],
        ids=["sex", "no sex", "year only", "no birth", "no tones", "no name", "other ID"],
    )
    def test_links_nobody_else(self, whom: Wanted) -> None:
        match = decide(
            whom, named={}, like=[Candidate(person(), (PIN,))], people_on_file=lambda: 10
        )

        assert match.person is None

    def test_stops_where_the_register_is_too_large(self) -> None:
        like = [Candidate(person(), (PIN,))]

        match = decide(wanted(), named={}, like=like, people_on_file=lambda: 53_000_000)

        assert match.cause is not None
        assert match.cause.cause == "NAME_NOT_ENOUGH"


class TestConfidence:
    def test_falls_with_the_size_of_the_register(self) -> None:
        sizes = (3_000, 1_000_000, 10_000_000, 53_000_000)

        assert [confidence(size) for size in sizes] == [99, 95, 69, 30]
        assert confidence(1_000_000) >= LEAST_CONFIDENCE
