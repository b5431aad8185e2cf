"""What a decision does to the lines of a book."""

from dataclasses import replace
from datetime import datetime

from labour_book.database import reading
from labour_book.domain.corrections import Owner
from labour_book.queries import versions
from labour_book.services.installation import Installation
from labour_book.tables import InsuranceFact, QualificationFact
from tests.services import cases, people
from tests.services.cases import COLLEAGUE, COMMUNE, FIRST_DAY, INSURANCE


def document(inst: Installation, person: int = 1) -> str:
    with reading(inst.engine) as db:
        found = versions.stored_version(db, people.person_id(person), None)
    assert found is not None
    assert found.book is not None
    return found.book.document


class TestEffects:
    def test_cut_the_decided_months_out_of_the_range(
        self, inst: Installation, now: datetime
    ) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.MONTHS)
        cases.proposed(inst, case, now)

        cases.confirmed(inst, case, now)

        assert cases.insured(inst) == [
            ("2021-03", "2021-12", "contributed", "DECISION"),
            ("2022-01", "2022-03", "arrears", "DECISION"),
            ("2022-04", None, "contributed", "DECISION"),
        ]
        assert '"arrears":["2022-01/2022-03"]' in document(inst).replace("..", "/")

    def test_leave_nothing_of_months_that_never_were(
        self, inst: Installation, now: datetime
    ) -> None:
        cases.ready(inst, now)
        never = {"first_month": "2021-03", "last_month": "2021-05", "status": "none"}
        case = cases.submitted(inst, now, replace(cases.MONTHS, claimed=never))
        cases.proposed(inst, case, now)

        cases.confirmed(inst, case, now)

        assert cases.insured(inst) == [("2021-06", None, "contributed", "DECISION")]

    def test_remove_a_job_with_all_that_was_reported_for_it(
        self, inst: Installation, now: datetime
    ) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.NEVER_THERE)
        assert cases.owner_of(case) == (Owner.INSURANCE, "BHXH01")
        cases.proposed(inst, case, now)

        done = cases.confirmed(inst, case, now)

        assert cases.live(inst) == cases.live(inst, InsuranceFact) == []
        assert '"employments":[]' in document(inst)
        assert done.decisions[0].version_after == 2

    def test_add_a_missing_job(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.MISSING)
        cases.proposed(inst, case, now, caller=COMMUNE)

        cases.confirmed(inst, case, now, caller=COLLEAGUE)

        assert "Nhà máy Dệt 8/3" in document(inst)
        assert [each["source"] for each in cases.live(inst)] == ["DECISION", "CONTRACT_PLATFORM"]

    def test_end_a_job_that_was_said_to_run(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        with inst.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM insurance_fact")
        ended = replace(FIRST_DAY, version=None, claimed={"last_day": "2023-06-30"})
        case = cases.submitted(inst, now, ended)

        cases.decided(inst, case, now)

        (job,) = cases.live(inst)
        assert (job["last_day"], job["running"]) == ("2023-06-30", False)

    def test_move_a_job_and_its_months_to_the_right_employer(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        right = {"enterprise_code": "0300588569", "employer": "Công ty TNHH Khác"}
        case = cases.submitted(inst, now, replace(FIRST_DAY, claimed=right))
        cases.decided(inst, case, now, caller=INSURANCE)

        assert [each["employer_code"] for each in cases.live(inst)] == ["0300588569"]
        assert [each["employer_code"] for each in cases.live(inst, InsuranceFact)] == ["0300588569"]
        assert "Thép Hồng Hà" not in document(inst)

    def test_change_a_diploma(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.DIPLOMA)
        assert cases.owner_of(case)[0] is Owner.PROVINCE

        cases.decided(inst, case, now, caller=cases.PROVINCE)

        (diploma,) = cases.live_of(inst, QualificationFact)
        assert (diploma["field"], diploma["level"]) == ("Hàn công nghệ cao", "4")

    def test_keep_the_reason_for_leaving_to_the_worker(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        with inst.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE employment_fact SET end_reason_clause = 3, running = 0,"
                " last_day = '2026-10-31'"
            )
            connection.exec_driver_sql("UPDATE insurance_fact SET last_month = '2026-10'")
        case = cases.submitted(inst, now, replace(FIRST_DAY, version=None))

        done = cases.decided(inst, case, now)

        assert cases.live(inst)[0]["end_reason_clause"] == 3
        assert "reason" not in document(inst)
        assert "clause" not in repr(done)
