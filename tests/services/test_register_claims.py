"""A claim is confirmed only by what says so; what is silent, late or partial denies nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from labour_book.domain.months import MonthRange
from labour_book.domain.partial_dates import PartialDate
from labour_book.registers.envelope import Status
from labour_book.registers.online_answers import (
    Body,
    ContractsAnswer,
    EnterpriseAnswer,
    InsuranceAnswer,
    PopulationAnswer,
    QualificationsAnswer,
)
from labour_book.services.register_claims import (
    Claim,
    EmployerNameClaim,
    IdentityClaim,
    JobClaim,
    MonthsClaim,
    QualificationClaim,
    Says,
    confirms,
)
from tests.conftest import NOW

FIRM = "0100109106"
ELSEWHERE = "0101248141"


@dataclass(frozen=True)
class Given:
    """An answer as a test gives it."""

    body: Body | None
    status: Status = Status.OK
    data_as_of: datetime | None = NOW


def event(number: int = 1, **other: Any) -> dict[str, Any]:
    return {
        "message_id": f"m-{number}",
        "contract_id": f"HD-{number}",
        "event": "SIGNED",
        "sequence": 1,
        "enterprise_code": FIRM,
        "position": "Thợ hàn",
        "contract_kind": "INDEFINITE",
        "first_day": "2021-03-15",
        "last_day": None,
        "effective_on": "2021-03-15",
    } | other


def contracts(*events: dict[str, Any]) -> ContractsAnswer:
    return ContractsAnswer.model_validate({"events": events})


def insured(first: str, last: str | None, **other: Any) -> dict[str, Any]:
    period = {"enterprise_code": FIRM, "unit_name": "Thép", "status": "contributed"}
    return period | {"first_month": first, "last_month": last} | other


def insurance(*periods: dict[str, Any]) -> InsuranceAnswer:
    return InsuranceAnswer.model_validate({"periods": periods, "reported_through": "2026-10"})


def day(text: str) -> PartialDate:
    return PartialDate.parse(text)


RUNNING = contracts(event())
ENDED = contracts(
    event(), event(event="ENDED", sequence=2, message_id="m-2", last_day="2024-06-30")
)
TWO_IN_A_ROW = contracts(
    event(contract_kind="FIXED_TERM", last_day="2023-03-14", event="ENDED"),
    event(2, first_day="2023-03-15"),
)
LAPSED = contracts(event(contract_kind="FIXED_TERM", last_day="2024-03-14"))


class TestJobByContracts:
    @pytest.mark.parametrize(
        ("answer", "claim", "says"),
        [
            (RUNNING, JobClaim(FIRM), "CONFIRMS"),
            (RUNNING, JobClaim(FIRM, first_day=day("2021-03-15")), "CONFIRMS"),
            (RUNNING, JobClaim(FIRM, first_day=day("2021-03")), "CONFIRMS"),
            (RUNNING, JobClaim(FIRM, first_day=day("2021-03-16")), "DENIES"),
            (RUNNING, JobClaim(FIRM, first_day=day("2021-05")), "DENIES"),
            (RUNNING, JobClaim(FIRM, first_day=day("2015-01-01")), "SAYS_NOTHING"),
            (RUNNING, JobClaim(FIRM, last_day=day("2024-06-30")), "SAYS_NOTHING"),
            (RUNNING, JobClaim(FIRM, is_running=True), "CONFIRMS"),
            (RUNNING, JobClaim(ELSEWHERE, first_day=day("2021-03-15")), "SAYS_NOTHING"),
            (ENDED, JobClaim(FIRM, last_day=day("2024-06-30")), "CONFIRMS"),
            (ENDED, JobClaim(FIRM, last_day=day("2024-07-31")), "DENIES"),
            (ENDED, JobClaim(FIRM, is_running=True), "DENIES"),
            (ENDED, JobClaim(FIRM, day("2021-03-15"), day("2024-07-01")), "DENIES"),
            (TWO_IN_A_ROW, JobClaim(FIRM, day("2021-03-15"), is_running=True), "CONFIRMS"),
            (LAPSED, JobClaim(FIRM, is_running=True), "SAYS_NOTHING"),
            (contracts(), JobClaim(FIRM), "SAYS_NOTHING"),
        ],
    )
    def test_says(self, answer: ContractsAnswer, claim: JobClaim, says: str) -> None:
        assert confirms(Given(answer), claim) is Says(says)


PAID = insurance(insured("2021-03", "2023-12"), insured("2024-02", None))


class TestMonths:
    @pytest.mark.parametrize(
        ("months", "employer", "says"),
        [
            ("2021-03/2023-12", FIRM, "CONFIRMS"),
            ("2024-02/2026-10", None, "CONFIRMS"),
            ("2023-12/2024-02", FIRM, "DENIES"),
            ("2022-01/2022-02", ELSEWHERE, "DENIES"),
            ("2026-10/2026-11", FIRM, "SAYS_NOTHING"),
        ],
    )
    def test_says(self, months: str, employer: str | None, says: str) -> None:
        claim = MonthsClaim(MonthRange.parse(months), employer)

        assert confirms(Given(PAID), claim) is Says(says)

    def test_in_arrears_are_not_paid(self) -> None:
        answer = Given(insurance(insured("2021-03", "2021-12", status="arrears")))

        assert confirms(answer, MonthsClaim(MonthRange.parse("2021-03"))) is Says.DENIES

    def test_that_are_not_reported_yet_do_not_count(self) -> None:
        answer = Given(insurance(insured("2026-01", "2027-12")))

        assert confirms(answer, MonthsClaim(MonthRange.parse("2026-12"))) is Says.SAYS_NOTHING


class TestJobByInsurance:
    @pytest.mark.parametrize(
        ("claim", "says"),
        [
            (JobClaim(FIRM), "CONFIRMS"),
            (JobClaim(FIRM, first_day=day("2021-03")), "CONFIRMS"),
            (JobClaim(FIRM, first_day=day("2021-03-15")), "SAYS_NOTHING"),
            (JobClaim(FIRM, first_day=day("2020-01")), "SAYS_NOTHING"),
            (JobClaim(FIRM, last_day=day("2023-12")), "CONFIRMS"),
            (JobClaim(FIRM, is_running=True), "CONFIRMS"),
            (JobClaim(ELSEWHERE), "SAYS_NOTHING"),
        ],
    )
    def test_says(self, claim: JobClaim, says: str) -> None:
        assert confirms(Given(PAID), claim) is Says(says)


HELD = QualificationsAnswer.model_validate(
    {
        "qualifications": [
            {
                "kind": "DIPLOMA",
                "level": "5",
                "field": "Hàn",
                "issuer": "Trường Cao đẳng Cơ điện Hà Nội",
                "issued_on": "2012-07-01",
                "number": "H 7241538",
            }
        ]
    }
)


class TestQualification:
    @pytest.mark.parametrize(
        ("claim", "says"),
        [
            (QualificationClaim("h7241538"), "CONFIRMS"),
            (QualificationClaim("H7241538", kind="DIPLOMA", level="5"), "CONFIRMS"),
            (QualificationClaim("H7241538", level="6"), "DENIES"),
            (QualificationClaim("H7241538", field="Hạn"), "DENIES"),
            (QualificationClaim("H7241538", issued_on=day("2012")), "CONFIRMS"),
            (QualificationClaim("H7241538", issued_on=day("2013")), "DENIES"),
            (QualificationClaim("H9999999"), "SAYS_NOTHING"),
        ],
    )
    def test_says(self, claim: QualificationClaim, says: str) -> None:
        assert confirms(Given(HELD), claim) is Says(says)


class TestIdentity:
    @pytest.mark.parametrize(
        ("result", "says"),
        [
            ("MATCHED", "CONFIRMS"),
            ("MISMATCH", "DENIES"),
            ("NOT_FOUND", "SAYS_NOTHING"),
            ("DECEASED", "SAYS_NOTHING"),
        ],
    )
    def test_says(self, result: str, says: str) -> None:
        body = PopulationAnswer.model_validate({"result": result})
        status = Status.MISMATCH if result == "MISMATCH" else Status.OK

        assert confirms(Given(body, status), IdentityClaim(full_name="An")) is Says(says)


class TestEmployerName:
    @pytest.mark.parametrize(
        ("code", "name", "says"),
        [
            (FIRM, "CÔNG TY THÉP HỒNG HÀ", "CONFIRMS"),
            (FIRM, "Xí nghiệp Thép", "CONFIRMS"),
            (FIRM, "Cong ty Thep Hong Ha", "DENIES"),
            (ELSEWHERE, "Công ty Thép Hồng Hà", "SAYS_NOTHING"),
        ],
    )
    def test_says(self, code: str, name: str, says: str) -> None:
        body = EnterpriseAnswer.model_validate(
            {
                "enterprise_code": FIRM,
                "name": "Công ty Thép Hồng Hà",
                "name_before": "Xí nghiệp Thép",
                "legal_form": "CTCP",
                "status": "ACTIVE",
                "registered_on": "2001-01-01",
            }
        )

        assert confirms(Given(body), EmployerNameClaim(code, name)) is Says(says)


ANY_CLAIM: list[Claim] = [
    JobClaim(FIRM, is_running=True),
    MonthsClaim(MonthRange.parse("2021-03")),
    QualificationClaim("H7241538"),
    IdentityClaim(),
    EmployerNameClaim(FIRM, "x"),
]


class TestNoWholeAnswer:
    @pytest.mark.parametrize("claim", ANY_CLAIM, ids=lambda each: type(each).__name__)
    def test_says_nothing_when_there_is_none(self, claim: Claim) -> None:
        for status in (Status.UNAVAILABLE, Status.FORBIDDEN, Status.INVALID, Status.NOT_FOUND):
            assert confirms(Given(None, status, None), claim) is Says.SAYS_NOTHING

    def test_denies_nothing_when_it_is_a_part(self) -> None:
        claim = MonthsClaim(MonthRange.parse("2023-12/2024-02"), FIRM)

        assert confirms(Given(PAID, Status.PARTIAL), claim) is Says.SAYS_NOTHING

    def test_confirms_what_is_in_the_part(self) -> None:
        claim = MonthsClaim(MonthRange.parse("2021-03/2023-12"), FIRM)

        assert confirms(Given(PAID, Status.PARTIAL), claim) is Says.CONFIRMS

    def test_says_nothing_of_what_another_register_knows(self) -> None:
        assert confirms(Given(HELD), JobClaim(FIRM)) is Says.SAYS_NOTHING
