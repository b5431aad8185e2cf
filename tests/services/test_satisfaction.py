"""How it was: once for each request that is over, changeable for a while, told of nobody."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from labour_book.database import insert_rows, reading, transaction
from labour_book.domain.data_requests import DataRequestKind
from labour_book.domain.months import Month
from labour_book.domain.satisfaction import CHANGEABLE, RequestKind, Scores
from labour_book.errors import Invalid
from labour_book.queries import satisfaction as stored
from labour_book.queries.rows import table_of
from labour_book.services import answering_requests, correcting, data_requests, satisfaction
from labour_book.services.callers import Caller, Role
from labour_book.services.installation import Installation
from labour_book.services.permission import DeniedToRole, NotFoundForCaller, deed
from labour_book.services.satisfaction import AnswerKept, Asked, Told
from labour_book.tables import CorrectionCase, Satisfaction
from tests.services import cases, people
from tests.services.cases import COMMUNE, OTHER_WORKER, WORKER

PROVINCE = cases.official("p", "SNV-01", Role.INSPECTOR)
MONTH = Month.parse("2026-11")


def answered_request(inst: Installation, now: datetime) -> UUID:
    with deed(inst.engine) as db:
        kind = DataRequestKind.ACCESS
        made = data_requests.ask(db, inst, WORKER, kind, "Ai giữ dữ liệu?", now=now)
        answering_requests.answer(db, inst, COMMUNE, made.id, "Đã gửi", now=now)
    return made.id


def said(
    inst: Installation,
    about: UUID,
    score: int,
    now: datetime,
    *,
    words: str = "",
    who: Caller = WORKER,
) -> Asked:
    with deed(inst.engine) as db:
        return satisfaction.say(db, inst, who, about, score=score, words=words, now=now)


def asked(inst: Installation, now: datetime, who: Caller = WORKER) -> list[Asked]:
    with deed(inst.engine) as db:
        return satisfaction.asked(db, inst, who, now=now)


def told(inst: Installation, now: datetime, who: Caller = PROVINCE) -> Told:
    with deed(inst.engine) as db:
        return satisfaction.told(db, inst, who, now=now)


def given(inst: Installation, scores: dict[int, int], unit: str, kind: str, now: datetime) -> None:
    """Let people have answered."""
    rows = [
        {
            "about_id": uuid4(),
            "kind": kind,
            "unit_code": unit,
            "commune_code": people.COMMUNE,
            "month": str(MONTH),
            "score": score,
            "words": None,
            "given_at": now,
            "changed_at": now,
        }
        for score, count in scores.items()
        for _ in range(count)
    ]
    with transaction(inst.engine) as db:
        insert_rows(db, table_of(Satisfaction), rows)


class TestSay:
    def test_is_asked_once_of_a_finished_request_and_changed_for_a_while(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine, 2)
        people.add_units(inst.engine)
        about = answered_request(inst, now)

        (before,) = asked(inst, now)
        first = said(inst, about, 2, now, words="Chậm")
        changed = said(inst, about, 5, now + timedelta(days=13))

        assert (before.kind, before.score, before.may_change) == ("data-request", None, True)
        assert (first.score, first.words, first.changeable_until) == (2, "Chậm", now + CHANGEABLE)
        assert (changed.score, changed.words) == (5, "")
        with reading(inst.engine) as db:
            (one,) = stored.satisfaction_by_unit(db, MONTH, MONTH)
        assert (one.unit_code, one.commune_code) == ("UB-00070", people.COMMUNE)
        assert one.scores == Scores((0, 0, 0, 0, 1))
        with pytest.raises(AnswerKept):
            said(inst, about, 1, now + CHANGEABLE)
        with pytest.raises(NotFoundForCaller):
            said(inst, about, 1, now, who=OTHER_WORKER)
        assert asked(inst, now, OTHER_WORKER) == []
        assert asked(inst, now + timedelta(days=91)) == []

    @pytest.mark.parametrize("score", [0, 6])
    def test_takes_nothing_outside_the_scale(
        self, sqlite_inst: Installation, now: datetime, score: int
    ) -> None:
        people.add_people(sqlite_inst.engine)
        people.add_units(sqlite_inst.engine)

        with pytest.raises(Invalid, match="1 to 5"):
            said(sqlite_inst, answered_request(sqlite_inst, now), score, now)

    def test_of_a_correction_is_the_rating_that_stands_at_the_case(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.decided(inst, cases.submitted(inst, now), now)
        case_id = case.line.case_id

        with deed(inst.engine) as db:
            correcting.rate(db, inst, WORKER, case_id, stars=2, words="Lâu", now=now)
        (rated,) = asked(inst, now)
        said(inst, case_id, 4, now + timedelta(days=1), words="Tốt")

        assert (rated.score, rated.words, rated.what) == (2, "Lâu", case.line.number)
        with reading(inst.engine) as db:
            rating = db.execute(sa.select(table_of(CorrectionCase).c.rating)).scalar_one()
            (one,) = stored.satisfaction_by_unit(db, MONTH, MONTH)
        assert (rating, one.kind, one.scores.counts) == (4, "correction", (0, 0, 0, 1, 0))


class TestTold:
    def test_leaves_out_what_is_about_too_few_and_what_would_betray_it(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        people.add_people(inst.engine)
        people.add_units(inst.engine)
        given(inst, {5: 6, 1: 4}, "UB-00070", "correction", now)
        given(inst, {3: 3}, "SNV-01", "data-request", now)
        given(inst, {1: 9}, "UB-26734", "correction", now)

        found = told(inst, now)

        assert found.scores == Scores((4, 0, 3, 0, 6))  # nothing of the other province
        assert found.scores.index == pytest.approx(46.2)
        assert [(each.code, each.answers) for each in found.kinds] == [
            (RequestKind.CORRECTION, None),  # 13 - 3 would tell of the three
            (RequestKind.DATA_REQUEST, None),
        ]
        assert {each.index for each in found.units} == {None}
        months = [(each.code, each.answers, each.index) for each in found.months]
        assert months == [("2026-11", 13, 46.2)]

    def test_tells_nothing_of_four_answers_nor_of_their_words(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        people.add_people(sqlite_inst.engine)
        people.add_units(sqlite_inst.engine)
        said(sqlite_inst, answered_request(sqlite_inst, now), 1, now, words="Tệ")

        found = told(sqlite_inst, now)

        assert (found.scores, list(found.words)) == (None, [])

    def test_is_not_for_administrators(self, sqlite_inst: Installation, now: datetime) -> None:
        with pytest.raises(DeniedToRole):
            told(sqlite_inst, now, cases.official("a", "BNV", Role.ADMIN))
