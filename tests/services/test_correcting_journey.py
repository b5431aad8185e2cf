"""From a contested line to a new version: the smallest whole path, and what follows from it."""

from datetime import datetime

from labour_book.database import reading
from labour_book.domain.corrections import CaseState, Outcome, Owner
from labour_book.queries import versions
from labour_book.services.installation import Installation
from tests.services import cases, people


class TestJourney:
    def test_leads_from_a_contested_line_to_version_2(
        self, inst: Installation, now: datetime
    ) -> None:
        cases.ready(inst, now)

        case = cases.submitted(inst, now)

        assert case.line.state is CaseState.ROUTED
        assert cases.owner_of(case) == (Owner.COMMUNE, "UB-00070")

        done = cases.decided(inst, case, now)

        assert done.line.outcome is Outcome.APPROVED
        assert (done.decisions[0].version_before, done.decisions[0].version_after) == (1, 2)
        with reading(inst.engine) as db:
            found = versions.stored_version(db, people.person_id(), None)
        assert found is not None
        assert found.book is not None
        assert '"first_day":"2021-03-01"' in found.book.document
