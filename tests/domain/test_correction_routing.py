from dataclasses import replace

import pytest

from labour_book.domain.assurance import Assurance
from labour_book.domain.correction_fields import FIELDS, Ask, CaseKind, FieldChange
from labour_book.domain.correction_routing import (
    Matter,
    is_high_impact,
    is_silent,
    route_of,
    routes,
)
from labour_book.domain.corrections import Owner
from labour_book.domain.employers import EmployerStatus

JOB = Matter(
    CaseKind.EMPLOYMENT,
    Ask.CHANGE,
    (FieldChange("position", "Thợ", "Thợ hàn"),),
    Assurance.CONTRACT_MATCHED,
    "worker",
    "0100109106",
    "ACTIVE",
)
KINDS = [(kind, ask) for kind in CaseKind for ask in Ask]


def about(*fields: str) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(each, "a", "b") for each in fields)


def day(before: str, after: str) -> tuple[FieldChange, ...]:
    return (FieldChange("first_day", before, after),)


class TestRouteOf:
    @pytest.mark.parametrize(("kind", "ask"), KINDS)
    @pytest.mark.parametrize("assurance", [None, *Assurance])
    def test_knows_an_owner_for_everything(
        self, kind: CaseKind, ask: Ask, assurance: Assurance | None
    ) -> None:
        for field in FIELDS[kind]:
            for declared_by in ("worker", "representative", "employer", "official"):
                matter = replace(
                    JOB,
                    kind=kind,
                    ask=ask,
                    changes=about(field),
                    assurance=assurance,
                    declared_by=declared_by,
                )
                assert route_of(matter).owner in Owner

    def test_asks_the_employer_for_what_it_declares(self) -> None:
        assert route_of(JOB).owner is Owner.EMPLOYER

    def test_does_not_ask_an_employer_about_its_own_request(self) -> None:
        assert route_of(replace(JOB, declared_by="employer")).owner is Owner.COMMUNE

    def test_does_not_ask_an_employer_without_a_code(self) -> None:
        assert route_of(replace(JOB, employer_code=None)).owner is Owner.COMMUNE

    def test_lets_the_commune_decide_on_days(self) -> None:
        assert route_of(replace(JOB, changes=about("first_day"))).owner is Owner.COMMUNE

    def test_gives_several_fields_to_the_heaviest_owner(self) -> None:
        fields = about("position", "first_day")

        assert route_of(replace(JOB, changes=fields)).owner is Owner.COMMUNE

    def test_lets_the_insurance_decide_on_months_and_on_paid_employers(self) -> None:
        months = replace(JOB, kind=CaseKind.INSURANCE, changes=about("first_month", "status"))
        paid = replace(
            JOB, changes=about("enterprise_code"), assurance=Assurance.CONTRIBUTION_MATCHED
        )

        assert route_of(months).owner is Owner.INSURANCE
        assert route_of(paid).owner is Owner.INSURANCE

    def test_hands_identity_over(self) -> None:
        identity = replace(JOB, kind=CaseKind.IDENTITY, changes=about("full_name"))

        assert route_of(identity).owner is Owner.POPULATION

    @pytest.mark.parametrize(
        "status",
        [
            EmployerStatus.CLOSED,
            EmployerStatus.BANKRUPTCY,
            EmployerStatus.NOT_AT_ADDRESS,
            EmployerStatus.REVOKED_TAX,
        ],
    )
    def test_opens_the_way_of_other_evidence_when_the_employer_is_gone(
        self, status: EmployerStatus
    ) -> None:
        gone = replace(JOB, employer_status=status)

        assert is_silent(gone)
        assert (route_of(gone).owner, route_of(gone).alternative) == (Owner.PROVINCE, True)

    def test_leaves_months_with_the_insurance_even_then(self) -> None:
        gone = replace(JOB, kind=CaseKind.INSURANCE, employer_status="CLOSED")

        assert (route_of(gone).owner, route_of(gone).alternative) == (Owner.INSURANCE, True)

    def test_does_not_take_other_evidence_for_a_diploma(self) -> None:
        diploma = replace(JOB, kind=CaseKind.QUALIFICATION, employer_status="CLOSED")

        assert not route_of(diploma).alternative


class TestRoutes:
    def test_name_fields_owners_and_levels_that_exist(self) -> None:
        names = {each for fields in FIELDS.values() for each in fields}
        for row in routes():
            assert row["kind"] in set(CaseKind)
            assert row["ask"] in {"*", *Ask}
            assert row["field"] in {"*", *names}
            assert row["assurance"] in {"*", *(each.name for each in Assurance)}
            assert row["owner"] in set(Owner)


class TestIsHighImpact:
    @pytest.mark.parametrize(
        ("kind", "ask", "changes", "high"),
        [
            (CaseKind.INSURANCE, Ask.CHANGE, about("status"), True),
            (CaseKind.EMPLOYMENT, Ask.REMOVE, (), True),
            (CaseKind.EMPLOYMENT, Ask.ADD, about("employer"), True),
            (CaseKind.QUALIFICATION, Ask.ADD, about("number"), False),
            (CaseKind.EMPLOYMENT, Ask.CHANGE, about("position"), False),
            (CaseKind.EMPLOYMENT, Ask.CHANGE, day("2021-03-15", "2022-03-01"), False),
            (CaseKind.EMPLOYMENT, Ask.CHANGE, day("2021-03-15", "2022-04-01"), True),
            (CaseKind.EMPLOYMENT, Ask.CHANGE, day("2021-03-15", "2020-02-28"), True),
            (CaseKind.EMPLOYMENT, Ask.CHANGE, day("", "2020-02-28"), True),
        ],
    )
    def test_asks_for_two_officials(
        self,
        kind: CaseKind,
        ask: Ask,
        changes: tuple[FieldChange, ...],
        high: bool,  # noqa: FBT001 - a column of the table
    ) -> None:
        assert is_high_impact(kind, ask, changes) is high
