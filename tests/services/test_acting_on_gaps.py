"""Missing months: asked about once, answered by the employer, complained of, bridged."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.domain.gap_advice import Way
from labour_book.errors import Invalid, NotFound
from labour_book.services import acting_on_gaps, answering_gaps, entitlements
from labour_book.services.acting_on_gaps import NoWay
from labour_book.services.answering_gaps import Answer, GapAnswered, Question, Said
from labour_book.services.callers import Caller, Role, operator
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from labour_book.services.missing_months import Missing, ToldBefore
from labour_book.services.permission import DeniedToRole, NotFoundForCaller, deed
from labour_book.services.verifying import verify_document
from tests.conftest import NOW
from tests.services import cases, people
from tests.services.asking import Desk, opened_desk
from tests.services.cases import EMPLOYER, OTHER_WORKER, WORKER
from tests.support.databases import SqliteFiles

RIVAL = replace(EMPLOYER, id="e2", enterprise_code="0309532909")
CLOCK = operator("clock")
UNPAID_SINCE_2026 = "UPDATE insurance_fact SET last_month = '2025-12'"


@pytest.fixture
def unpaid(inst: Installation) -> Installation:
    return _unpaid(inst)


@pytest.fixture
def small(sqlite_inst: Installation) -> Installation:
    return _unpaid(sqlite_inst)


def _unpaid(inst: Installation) -> Installation:
    """Two workers whose employer paid nothing since January 2026."""
    people.add_people(inst.engine, 2)
    cases.add_units(inst.engine)
    with inst.engine.begin() as connection:
        connection.execute(sa.text(UNPAID_SINCE_2026))
    return inst


def gap(inst: Installation, now: datetime, who: Caller = WORKER) -> Missing:
    with deed(inst.engine) as db:
        (found,) = entitlements.rights(db, inst, who, now=now).gaps
    return found


def ask(inst: Installation, now: datetime, words: str = "Vì sao?", who: Caller = WORKER) -> None:
    with deed(inst.engine) as db:
        acting_on_gaps.ask_employer(db, inst, who, 1, words, now=now)


def questions(inst: Installation, now: datetime, who: Caller = EMPLOYER) -> list[Question]:
    with deed(inst.engine) as db:
        return answering_gaps.questions(db, inst, who, now=now)


def answered(inst: Installation, now: datetime, said: Said, who: Caller = EMPLOYER) -> None:
    answering_gaps.answer(inst, who, questions(inst, now)[0].id, said, now=now)


class TestGap:
    def test_says_how_much_until_when_and_what_the_bridge_costs(
        self, small: Installation, now: datetime
    ) -> None:
        found = gap(small, now)

        assert [str(each) for each in found.gap.unseen] == ["2026-01/2026-09"]
        assert found.gap.wage_base_vnd == 7_654_321
        # By hand: the newest missing month ends on 30/09/2026.
        assert {each.name: each.last_day for each in found.limits} == {
            "complaint": date(2027, 3, 29),
            "mediation": date(2027, 3, 30),
            "court": date(2027, 9, 30),
        }
        assert {each.provenance for each in found.limits} == {"unverified"}
        assert found.bridge is not None
        assert (str(found.bridge.first), str(found.bridge.last)) == ("2026-12", "2027-08")
        # 22 % of 1,500,000; of it 20 % and 50 %.
        shares = {each.group: (each.support, each.own) for each in found.bridge.shares}
        assert found.bridge.contribution == 330_000
        assert shares["OTHER"] == (66_000, 264_000)
        assert shares["POOR_OR_ISLAND"] == (165_000, 165_000)


class TestAskEmployer:
    def test_reaches_the_enterprise_once_with_a_day_and_comes_back(
        self, unpaid: Installation, now: datetime
    ) -> None:
        ask(unpaid, now)

        (question,) = questions(unpaid, now)
        assert (question.words, question.due_on) == ("Vì sao?", date(2026, 11, 27))
        assert ("0100109106", "gap.asked") in cases.told(unpaid, "employer")
        with pytest.raises(ToldBefore):
            ask(unpaid, now)
        assert gap(unpaid, now).left[Way.ASK_EMPLOYER] == ()
        assert questions(unpaid, now, RIVAL) == []
        later = Said(Answer.PAYS_LATER, pay_by=date(2026, 12, 31))
        with pytest.raises(NotFoundForCaller):
            answering_gaps.answer(unpaid, RIVAL, question.id, later, now=now)
        answered(unpaid, now, later)
        (step,) = gap(unpaid, now).steps
        assert (step.answer, step.pay_by, step.is_late) == ("pays-later", date(2026, 12, 31), False)
        with pytest.raises(GapAnswered):
            answered(unpaid, now, Said(Answer.DISPUTES, "Đã đóng đủ"))

    def test_asked_again_is_only_about_what_is_new(
        self, small: Installation, now: datetime
    ) -> None:
        ask(small, now)
        with small.engine.begin() as connection:
            connection.execute(sa.text("UPDATE insurance_fact SET last_month = '2025-10'"))
        ask(small, now)

        months = [[str(each) for each in step.months] for step in gap(small, now).steps]

        assert months == [["2026-01/2026-09"], ["2025-11/2025-12"]]

    @pytest.mark.parametrize(
        "said",
        [
            Said(Answer.DISPUTES),
            Said(Answer.PAYS_LATER),
            Said(Answer.PAYS_LATER, pay_by=date(2026, 11, 20)),
            Said(Answer.AGREES),
        ],
    )
    def test_takes_no_answer_that_says_nothing(
        self, small: Installation, now: datetime, said: Said
    ) -> None:
        ask(small, now)

        with pytest.raises(Invalid):
            answered(small, now, said)

        assert questions(small, now)[0].answer is None

    def test_that_is_agreed_to_hands_in_the_correction(
        self, small: Installation, now: datetime
    ) -> None:
        ask(small, now)

        answered(small, now, Said(Answer.AGREES, "Khai sót", status="arrears"))

        (step,) = gap(small, now).steps
        (case,) = cases.cases(small.engine)
        assert step.cases == (case["number"],)
        assert (case["kind"], case["owner_kind"], case["state"]) == (
            *("insurance", "insurance"),
            "routed",
        )
        assert case["declared_kind"] == "employer"

    def test_tells_both_sides_once_that_the_time_is_over(
        self, small: Installation, now: datetime
    ) -> None:
        ask(small, now)
        over = now + timedelta(days=8)

        counts = []
        for at in (now, over, over):
            with deed(small.engine) as db:
                counts.append(answering_gaps.remind(db, CLOCK, now=at))

        assert counts == [0, 1, 0]
        assert gap(small, over).steps[0].is_late
        assert ("0100109106", "gap.overdue") in cases.told(small, "employer")
        assert (str(people.person_id(1)), "gap.overdue") in cases.told(small, "worker")
        with pytest.raises(DeniedToRole), deed(small.engine) as db:
            answering_gaps.remind(db, WORKER, now=over)

    def test_asks_nobody_who_is_gone_and_about_nothing_that_is_not_missing(
        self, small: Installation, now: datetime
    ) -> None:
        cases.close_employer(small.engine)

        with pytest.raises(NoWay):
            ask(small, now)
        with pytest.raises(NotFound), deed(small.engine) as db:
            acting_on_gaps.ask_employer(db, small, WORKER, 7, "", now=now)


@pytest.fixture(scope="module")
def desk(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The registers are served, and the worker's signed book lacks the months of 2026."""
    with (
        sqlite_files.database() as engine,
        opened_desk(engine, tmp_path_factory.mktemp("desk")) as opened,
    ):
        with engine.begin() as connection:
            connection.execute(sa.text(UNPAID_SINCE_2026))
        with deed(engine) as db:
            issue_book(db, opened.inst, opened.person, by=CLOCK, now=NOW)
        yield opened


def own(desk: Desk) -> Caller:
    return Caller("worker", "w", "x", Role.WORKER, person_id=desk.person)


class TestDossiers:
    def test_a_complaint_takes_the_signed_months_along_and_its_result_comes_back(
        self, desk: Desk
    ) -> None:
        dossier = acting_on_gaps.complain(desk.inst, own(desk), 1, "Đề nghị thu đủ", now=NOW)

        assert (dossier.procedure, dossier.state) == ("contribution.complain", "handed-over")
        assert dossier.address is not None
        page = desk.http.get(dossier.address)
        assert "01/2026 – 09/2026" in page.text
        evidence = page.text.partition('lang="zxx">')[2].partition("</textarea>")[0]
        with reading(desk.inst.engine) as db:
            checked = verify_document(db, desk.inst, evidence.encode(), now=NOW)
        assert checked.claims is not None
        assert [each["employer"] for each in checked.claims["employments"]] == [
            "Công ty Cổ phần Thép Hồng Hà"
        ]
        assert set(checked.claims["worker"]) <= {"full_name", "birth_date", "personal_id"}
        assert "insurance" not in checked.claims
        desk.http.post(dossier.address, data={"outcome": "GRANTED"})
        with deed(desk.inst.engine) as db:
            (found,) = entitlements.rights(db, desk.inst, own(desk), now=NOW).gaps
        (step,) = found.steps
        assert (step.way, step.dossier, step.dossier_state) == ("complain", dossier.code, "granted")
        with pytest.raises(ToldBefore):
            acting_on_gaps.complain(desk.inst, own(desk), 1, "Lần nữa", now=NOW)

    def test_a_bridge_registers_for_as_many_months_as_are_missing(self, desk: Desk) -> None:
        with pytest.raises(Invalid):
            acting_on_gaps.bridge(desk.inst, own(desk), 1, "RICH", now=NOW)

        dossier = acting_on_gaps.bridge(desk.inst, own(desk), 1, "NEAR_POOR", now=NOW)

        assert dossier.address is not None
        text = desk.http.get(dossier.address).text
        assert all(each in text for each in ("2026-12", ">9<", "1500000", "NEAR_POOR"))

    def test_nothing_is_begun_without_a_request_or_for_somebody_else(self, desk: Desk) -> None:
        with pytest.raises(Invalid):
            acting_on_gaps.complain(desk.inst, own(desk), 1, " ", now=NOW)
        with pytest.raises(DeniedToRole):
            acting_on_gaps.complain(desk.inst, EMPLOYER, 1, "x", now=NOW)
        with pytest.raises(NotFoundForCaller):
            acting_on_gaps.bridge(desk.inst, OTHER_WORKER, 1, "OTHER", now=NOW)
