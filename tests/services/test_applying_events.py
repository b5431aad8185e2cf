"""Notifications of registers become facts, and the end is the same however they come."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from labour_book.database import Db, reading, transaction
from labour_book.domain.notices import NoticeKind
from labour_book.queries import register_events, register_lines
from labour_book.queries.people import PersonOnFile, people_by_ids
from labour_book.queries.rows import table_of
from labour_book.queries.shares import shares_of
from labour_book.services import event_inbox, sharing
from labour_book.services.callers import Caller, Role
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from labour_book.services.recording import Ledger, Statement
from labour_book.tables import Notice, Person
from labour_book.tables.distribution import BY_OTHER, BY_PERSON
from tests.services import event_process, shares
from tests.services.collecting import ENTERPRISE, EVENT, NOW, PERSON
from tests.services.events import (
    BEFORE,
    BRIGHT,
    BY,
    LAN,
    OF_LAN,
    RUNNING,
    cycle,
    notification,
    registers_at_first,
    sent,
    state,
)
from tests.support.prepared import prepared
from tests.support.processes import CONTEXT

FAULTY_MINUTE = 50
"""Of the hour in which the register knew the notification that fails."""
HOA_BEFORE = PERSON | {"full_name": "NGUYỄN VĂN HOÀ BÌNH"}
HOA = PERSON | {"full_name": "NGUYỄN VĂN HÒA AN"}
LAN_ANEW = LAN | {
    "personal_id": "001193000778",
    "old_ids": LAN["personal_id"],
    "birth_date": "1993-07-09",
}
CHI = PERSON | {
    "personal_id": "001195000779",
    "full_name": "LÊ THỊ CHI",
    "sex": "Nữ",
    "birth_date": "1995-02-03",
}
OF_CHI = {
    "si_number": "0119999999",
    "personal_id": CHI["personal_id"],
    "full_name": "Lê Thị Chi",
    "birth_date": CHI["birth_date"],
    "sex": "Nữ",
}

SUN_RENAMED = ENTERPRISE | {
    "name": "Công ty TNHH Sao Hôm",
    "name_before": ENTERPRISE["name"],
    "renamed_on": "2026-10-01",
}
SUN_SUSPENDED = SUN_RENAMED | {"status": "SUSPENDED", "status_date": "2026-10-15"}
SUN_GONE = ENTERPRISE | {
    "name": "Công ty TNHH Sao Khuê",
    "name_before": SUN_RENAMED["name"],
    "renamed_on": "2026-11-01",
    "status": "CLOSED",
    "status_date": "2026-11-05",
}
BRIGHT_AWAY = BRIGHT | {"status": "NOT_AT_ADDRESS", "status_date": "2026-11-10"}
TOLD_LATER = RUNNING | {"last_updated": "2026-11-19"}
LAN_ENDED = TOLD_LATER | OF_LAN | {"enterprise_code": "0100112437", "to_month": "2026-09"}
PROMOTED = {"message_id": "m-2", "sequence": 2, "event": "AMENDED", "position": "Tổ trưởng"}
LEFT = {
    "message_id": "m-3",
    "sequence": 3,
    "event": "ENDED",
    "last_day": "2026-10-31",
    "reason_clause": 3,
}
OF_CHI_CONTRACT = {
    "message_id": "m-9",
    "contract_id": "HDDT26-C",
    "personal_id": CHI["personal_id"],
}

STORY: list[dict[str, Any]] = [
    notification("population", "hoa-1", HOA_BEFORE, 1),
    notification("population", "hoa-2", HOA, 20),
    notification("population", "lan-1", LAN | {"residence_commune_code": "00008"}, 2),
    notification("population", "lan-2", LAN_ANEW, 15),
    notification("population", "chi", CHI, 30),
    notification("enterprises", "sun-1", SUN_RENAMED, 3),
    notification("enterprises", "sun-2", SUN_SUSPENDED, 9),
    notification("enterprises", "sun-3", SUN_GONE, 40),
    notification("enterprises", "bright-1", BRIGHT_AWAY, 5),
    notification("enterprises", "bright-2", BRIGHT, 50),
    notification("insurance", "hoa-late", TOLD_LATER | {"status": "arrears"}, 6),
    notification("insurance", "hoa-paid", TOLD_LATER, 18),
    notification("insurance", "hoa-ended", TOLD_LATER | {"to_month": "2026-10"}, 35),
    notification("insurance", "lan", LAN_ENDED, 7),
    notification("insurance", "chi", RUNNING | OF_CHI, 8),
    notification("contracts", "hoa-2", EVENT | PROMOTED, 10),
    notification("contracts", "hoa-3", EVENT | LEFT, 45),
    notification("contracts", "chi", EVENT | OF_CHI_CONTRACT, 12),
]
"""What befalls three people and two firms on one day."""


@pytest.fixture
def afresh(sqlite_inst: Installation, tmp_path: Path) -> Callable[[], Installation]:
    """Return what lays the state before the first notification, however often it is called."""
    return lambda: laid(sqlite_inst, tmp_path)


def laid(inst: Installation, tmp_path: Path) -> Installation:
    """Lay the state before the first notification, however often it is called."""
    prepared(
        "before notifications",
        inst.engine,
        tmp_path / "data",
        lambda: registers_at_first(inst, tmp_path),
    )
    return inst


class TestOrder:
    def test_reversed_or_three_times_gives_the_same_state_to_the_byte(
        self, inst: Installation, tmp_path: Path
    ) -> None:
        states = []
        for told in (STORY, STORY[::-1], STORY * 3):
            laid(inst, tmp_path)
            sent(inst, tmp_path, told)
            cycle(inst)
            states.append(state(inst, notices=True))

        assert states[0] == states[1] == states[2]
        assert '"held"' not in states[0]

    @settings(
        max_examples=5,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        order=st.permutations(STORY + STORY[::4]),
        cuts=st.lists(st.integers(1, len(STORY) + 4), max_size=4),
    )
    def test_any_order_in_any_cycles_gives_the_same_state(
        self,
        afresh: Callable[[], Installation],
        tmp_path: Path,
        order: list[dict[str, Any]],
        cuts: list[int],
    ) -> None:
        inst = afresh()
        sent(inst, tmp_path, STORY)
        cycle(inst)
        expected = state(inst)

        inst = afresh()
        for first, last in zip([0, *sorted(cuts)], [*sorted(cuts), len(order)], strict=True):
            sent(inst, tmp_path, order[first:last])
            cycle(inst, batch=3)

        assert state(inst) == expected


class TestWork:
    def test_reads_no_table_of_people_from_end_to_end(
        self, afresh: Callable[[], Installation], tmp_path: Path
    ) -> None:
        inst = afresh()
        sent(inst, tmp_path, STORY)
        inst.engine.dispose()
        said: list[str] = []
        sa.event.listen(
            inst.engine, "connect", lambda each, _: each.set_trace_callback(said.append)
        )

        cycle(inst)

        with sqlite3.connect(str(inst.engine.url.database)) as driver:
            plans = {
                step[3]: sql
                for sql in said
                if sql.split(maxsplit=1)[0] in {"SELECT", "UPDATE", "DELETE"}
                for step in driver.execute(f"EXPLAIN QUERY PLAN {sql}")
            }
        scanned = {step.removeprefix("SCAN ") for step in plans if step.startswith("SCAN ")}
        assert "register_event USING INDEX ix_register_event_waiting" in scanned  # it does look
        assert not scanned & {*BY_PERSON, *BY_OTHER}


class TestKill:
    def test_at_any_moment_is_made_good_by_running_again(
        self, afresh: Callable[[], Installation], tmp_path: Path
    ) -> None:
        inst = afresh()
        sent(inst, tmp_path, STORY)
        cycle(inst, batch=2)
        expected = state(inst, notices=True)

        inst = afresh()
        sent(inst, tmp_path, STORY)
        inst.engine.dispose()
        for transactions in (1, 3):
            ours, theirs = CONTEXT.Pipe()
            url = inst.engine.url.render_as_string(hide_password=False)
            given = (url, str(inst.data_dir), 2, theirs)
            process = CONTEXT.Process(target=event_process.work, args=given)
            process.start()
            for _ in range(transactions):
                assert ours.recv()
            process.kill()  # kill -9
            process.join()
        with reading(inst.engine) as db:
            counts = register_events.counts(db)
        cycle(inst, batch=2)

        assert {"waiting", "done"} <= {name for _, name, _ in counts}
        assert state(inst, notices=True) == expected

    def test_one_that_cannot_be_recorded_keeps_no_other_waiting(
        self,
        afresh: Callable[[], Installation],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        inst = afresh()
        sent(inst, tmp_path, STORY[:3])
        judge = Ledger.judge

        def faulty(ledger: Ledger, said: Statement, *given: Any) -> Any:
            if said.stated_at.minute == FAULTY_MINUTE:
                raise RuntimeError(HOA["full_name"])
            return judge(ledger, said, *given)

        monkeypatch.setattr(Ledger, "judge", faulty)
        first = cycle(inst)
        held = [each.split()[0] for each in held_in(inst)]
        monkeypatch.undo()
        for each in held_ids(inst):
            with deed(inst.engine) as db:
                event_inbox.try_again(db, BY, each, now=NOW)
        again = cycle(inst)

        assert dict(first.rows["population"]) == {"updated": 2, "held": 1}
        assert held == ["population-hoa-2"]
        assert HOA["full_name"] not in caplog.text
        assert dict(again.rows["population"]) == {"updated": 1}


class TestEffects:
    def test_a_new_name_gives_a_new_version_and_the_worker_hears_of_it(
        self, afresh: Callable[[], Installation], tmp_path: Path
    ) -> None:
        inst = afresh()
        sent(inst, tmp_path, STORY[1:2])

        done = cycle(inst)

        assert done.effects.issued == 1
        books = json.loads(state(inst))["books"]
        assert [HOA["full_name"].title() in each for each in books].count(True) == 1
        with reading(inst.engine) as db:
            (told,) = notices_of_kind(db, NoticeKind.BOOK_UPDATED)
        assert json.loads(told) == {"register": "population"}

    def test_a_firm_that_is_gone_puts_its_open_lines_before_the_province(
        self, afresh: Callable[[], Installation], tmp_path: Path
    ) -> None:
        inst = afresh()
        gone = ENTERPRISE | {"status": "CLOSED", "status_date": "2026-11-05"}
        sent(inst, tmp_path, [notification("enterprises", "gone", gone, 1)])

        done = cycle(inst)

        (alert,) = json.loads(state(inst))["LineAlert"]
        assert (done.effects.alerts, done.reached) == (1, 1)
        assert json.loads(alert)["cause"] == "FIRM_GONE"
        flags = [json.loads(each)["flags"] for each in json.loads(state(inst))["EmploymentFact"]]
        assert flags == ["EMPLOYER_GONE"]
        sent(inst, tmp_path, [notification("enterprises", "back", ENTERPRISE, 2)])
        cycle(inst)
        assert json.loads(state(inst))["LineAlert"] == []

    def test_contributions_that_stop_are_told_and_settled_alerts_stay_so(
        self, afresh: Callable[[], Installation], tmp_path: Path
    ) -> None:
        inst = afresh()
        ended = RUNNING | {"to_month": "2026-08", "last_updated": "2026-11-19"}
        sent(inst, tmp_path, [notification("insurance", "end", ended, 1)])
        cycle(inst)
        (alert,) = json.loads(state(inst))["LineAlert"]
        assert json.loads(alert)["cause"] == "CONTRIBUTIONS_STOPPED"
        with transaction(inst.engine) as db:
            (opened,) = register_lines.open_alerts(db, [each.id for each in everybody(db)])
            assert register_lines.close_alert(db, opened.id, at=NOW, by="official", reason="x")

        late = ended | {"position_text": "Tổ trưởng"}
        sent(inst, tmp_path, [notification("insurance", "again", late, 2)])
        done = cycle(inst)

        assert done.effects.alerts == 0

    def test_death_ends_shares_and_says_nothing_of_it(
        self, afresh: Callable[[], Installation], tmp_path: Path
    ) -> None:
        inst = afresh()
        with reading(inst.engine) as db:
            (hoa,) = [each for each in everybody(db) if each.full_name == PERSON["full_name"]]
        worker = Caller("worker", "hoa", "", Role.WORKER, person_id=hoa.id)
        with deed(inst.engine) as db:
            share = sharing.create_share(db, inst, worker, shares.TO_EMPLOYER, now=BEFORE)
        dead = PERSON | {"status": "DECEASED", "status_date": "2026-11-18"}
        sent(inst, tmp_path, [notification("population", "dead", dead, 1)])

        done = cycle(inst)
        again = cycle(inst)

        with reading(inst.engine) as db:
            (ended,) = shares_of(db, hoa.id)
        assert ended.id == share.share_id
        assert ended.terms.withdrawn_at == NOW
        assert (done.effects.closed, again.done) == (1, 0)


def held_in(inst: Installation) -> list[str]:
    with reading(inst.engine) as db:
        return [
            f"{each.message_id} {each.cause}" for each in register_events.not_done(db, ["held"], 9)
        ]


def held_ids(inst: Installation) -> list[UUID]:
    with reading(inst.engine) as db:
        return [each.id for each in register_events.not_done(db, ["held"], 9)]


def everybody(db: Db) -> list[PersonOnFile]:
    ids = db.execute(sa.select(table_of(Person).c.id).order_by(table_of(Person).c.id)).scalars()
    return list(people_by_ids(db, list(ids)).values())


def notices_of_kind(db: Db, kind: str) -> list[str]:
    table = table_of(Notice)
    query = sa.select(table.c.facts).where(table.c.kind == kind).order_by(table.c.id)
    return list(db.execute(query).scalars())
