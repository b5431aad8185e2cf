"""Facts that are valid by default."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from labour_book.domain.assurance import Source
from labour_book.domain.book import LabourBook, assemble
from labour_book.domain.facts import (
    EmployerRecord,
    EmploymentFact,
    IdentityFact,
    InsuranceFact,
    QualificationFact,
)
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.domain.places import places

_T = TypeVar("_T")

AS_OF = date(2026, 11, 20)
KNOWN_AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
STATED_AT = datetime(2026, 11, 8, 5, 0, tzinfo=UTC)
ACME, OTHER, THIRD = "0100109106", "0300588569", "0101248141"


def insured(fact_id: str, first: str, last: str | None = None, **changes: object) -> InsuranceFact:
    values: dict[str, object] = {
        "fact_id": fact_id,
        "source_ref": "insurance.csv",
        "stated_at": STATED_AT,
        "employer_code": ACME,
        "employer_name": "Công ty TNHH May An Bình",
        "employer_id": None,
        "first_month": Month.parse(first),
        "last_month": None if last is None else Month.parse(last),
        "position": "Công nhân may",
        "wage_base_vnd": 6_000_000,
        "funds": frozenset({"SI", "UI", "HI"}),
        "status": "contributed",
    }
    return InsuranceFact(**values | changes)  # type: ignore[arg-type]  # built by name


def job(fact_id: str, first: str, last: str | None = None, **changes: object) -> EmploymentFact:
    values: dict[str, object] = {
        "fact_id": fact_id,
        "source": Source.CONTRACT_PLATFORM,
        "source_ref": "contracts.jsonl",
        "stated_at": STATED_AT,
        "employer_code": ACME,
        "employer_name": "",
        "employer_id": None,
        "position": "Tổ trưởng may",
        "occupation_code": "75",
        "contract_kind": "INDEFINITE",
        "contract_id": f"HD-{fact_id}",
        "first_day": PartialDate.parse(first),
        "last_day": None if last is None else PartialDate.parse(last),
        "running": last is None,
        "workplace_commune": "00097",
    }
    return EmploymentFact(**values | changes)  # type: ignore[arg-type]  # built by name


def remembered(
    fact_id: str, first: str, last: str | None = None, **changes: object
) -> EmploymentFact:
    return job(
        fact_id,
        first,
        last,
        **{
            "source": Source.FORM03,
            "occupation_code": None,
            "contract_kind": None,
            "contract_id": None,
            "workplace_commune": None,
            "employer_code": None,
            "employer_name": "Cty May An Bình",
        }
        | changes,
    )


def qualification(fact_id: str, **changes: object) -> QualificationFact:
    values: dict[str, object] = {
        "fact_id": fact_id,
        "source": Source.QUALIFICATION_REGISTER,
        "source_ref": "qualifications.csv",
        "stated_at": STATED_AT,
        "kind": "DIPLOMA",
        "level": "6",
        "field": "Kế toán",
        "issuer": "Trường Đại học Quang Huy",
        "issued_on": PartialDate(2012, 6, 30),
        "number": "A1234567",
    }
    return QualificationFact(**values | changes)  # type: ignore[arg-type]  # built by name


def identity(**changes: object) -> IdentityFact:
    values: dict[str, object] = {
        "full_name": "NGUYỄN THỊ HOÀ",
        "birth_date": PartialDate(1990, 5, 3),
        "sex": "F",
        "ethnic_code": "01",
        "residence_commune": "00097",
        "life_status": "ALIVE",
        "life_status_on": None,
        "source": Source.POPULATION,
        "stated_at": STATED_AT,
    }
    return IdentityFact(**values | changes)  # type: ignore[arg-type]  # built by name


def employer(code: str = ACME, **changes: object) -> EmployerRecord:
    values: dict[str, object] = {
        "employer_id": code,
        "code": code,
        "names": (("Công ty TNHH May An Bình", None, None),),
        "statuses": (("ACTIVE", None),),
    }
    return EmployerRecord(**values | changes)  # type: ignore[arg-type]  # built by name


def book(
    *facts: EmploymentFact | InsuranceFact | QualificationFact,
    employers: Mapping[str, EmployerRecord] | None = None,
    person: IdentityFact | None = None,
    as_of: date = AS_OF,
    insurance_as_of: Month | None = None,
    economic_activity: str | None = None,
) -> LabourBook:
    return assemble(
        book_no="VN-0001",
        identity=person or identity(),
        personal_id="001190123456",
        match_state="MATCHED",
        employments=_only(facts, EmploymentFact),
        insurance=_only(facts, InsuranceFact),
        qualifications=_only(facts, QualificationFact),
        employers=employers or {},
        as_of=as_of,
        known_at=KNOWN_AT,
        places=places(),
        insurance_as_of=insurance_as_of,
        economic_activity=economic_activity,
    )


def _only(facts: Sequence[object], kind: type[_T]) -> list[_T]:
    return [fact for fact in facts if isinstance(fact, kind)]
