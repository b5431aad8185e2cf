"""Cases that are really there, so that who may and who may not are told apart by the case itself.

One lies with the commune of the worker, one with the worker's employer, and one is a draft that an
official of the commune has written down for the worker.
"""

from collections.abc import Mapping

from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.services import correcting
from labour_book.services.access import Caller, Role, deed
from labour_book.services.case_views import CaseFile
from labour_book.services.correcting import Request
from tests.api.conftest import Office
from tests.api.desk import cases

FIRST_DAY, POSITION = {"first_day": "2021-01-04"}, {"position": "Thợ hàn bậc 4"}


def known_cases(office: Office) -> Mapping[str, Mapping[str, str]]:
    """Return what stands in addresses of cases, by how those begin."""
    at_commune = cases.handed_in(office, claimed=FIRST_DAY, photos=1)
    at_employer = cases.handed_in(office, claimed=POSITION)
    (file,) = at_commune.evidence
    ours = {
        "case_id": _id(at_commune),
        "file_id": str(file.evidence_id),
        "evidence_id": str(file.evidence_id),
    }
    asked = {"case_id": _id(at_employer)}
    return {
        "/me/corrections/": ours,
        "/corrections/": ours,
        "/desk/cases/": ours,
        "/corrections/{case_id}/employer-answer": asked,
        "/employer/cases/": asked,
        "/desk/assisted/": {"case_id": _id(_written_down(office))},
    }


def _written_down(office: Office) -> CaseFile:
    clerk = Caller("official", "clerk", "Cán bộ", Role.COLLECTOR, unit_code="UB-00070")
    request = Request(CaseKind.EMPLOYMENT, Ask.CHANGE, version=1, line=1, claimed=FIRST_DAY)
    with deed(office.inst.engine) as db:
        return correcting.draft(
            db,
            office.inst,
            clerk,
            request,
            person_id=office.people[0],
            present=True,
            now=office.clock.now,
        )


def _id(case: CaseFile) -> str:
    return str(case.line.case_id)
