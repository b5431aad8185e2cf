"""One support from proposal to result, over real HTTP to the sandbox portal, and what follows."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from api.sandbox.registers_moods import Mood
from labour_book.domain.support import Decline, Step
from labour_book.errors import NotFound, Unavailable
from labour_book.queries.rows import table_of
from labour_book.services import proposing, support_desk, supporting
from labour_book.services.access import Caller, DeniedToRole, Role, deed
from labour_book.services.asking_registers import Register
from labour_book.services.installation import Installation
from labour_book.services.supporting import Overlapping, ProposalView, Stale
from labour_book.tables import Notice, Person, SupportProposal
from tests.services import checks
from tests.services.asking import Desk, opened_desk
from tests.services.losses import DAY, NOW, detect, loses_work
from tests.services.people import COMMUNE, add_people, add_units, person_id
from tests.support.databases import SqliteFiles

COLLECTOR = Caller("official", "c", "x", Role.COLLECTOR, unit_code="UB-00070")
STRANGER = Caller("official", "s", "x", Role.COLLECTOR, unit_code="UB-26734")
BENEFIT, VOLUNTARY = "unemployment-benefit", "voluntary-insurance-support"


@pytest.fixture
def desk(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Somebody who has lost work, known to the registers."""
    with (
        sqlite_files.database() as engine,
        opened_desk(engine, tmp_path_factory.mktemp("support")) as opened,
    ):
        loses_work(opened.inst, 1)
        detect(opened.inst)
        yield opened


@pytest.fixture
def office(sqlite_inst: Installation) -> Desk:
    """The same with no register connected."""
    add_units(sqlite_inst.engine)
    (person,) = add_people(sqlite_inst.engine, 1)
    loses_work(sqlite_inst, 1)
    detect(sqlite_inst)
    return Desk(sqlite_inst, person, httpx.Client(), "")


def worker(desk: Desk) -> Caller:
    return Caller("worker", "w", "x", Role.WORKER, person_id=desk.person)


def own(desk: Desk, policy: str) -> ProposalView:
    with deed(desk.inst.engine) as db:
        found = supporting.own_support(db, worker(desk), now=NOW)
    return next(each for each in found if each.programme.code == policy)


def started(desk: Desk, policy: str = BENEFIT, **how: Any) -> ProposalView:
    given = {"in_spite_of_overlap": False} | how
    proposal = own(desk, policy).id
    return supporting.start(desk.inst, worker(desk), proposal, now=NOW, **given)


def decided(desk: Desk, view: ProposalView, outcome: str) -> None:
    assert view.dossier is not None
    assert view.dossier.address is not None
    desk.http.post(view.dossier.address, data={"outcome": outcome}, follow_redirects=True)


def moved(desk: Desk, proposal: UUID, step: Step, **how: Any) -> ProposalView:
    with deed(desk.inst.engine) as db:
        return supporting.move(db, worker(desk), proposal, step, now=NOW, **how)


class TestWorker:
    def test_sees_what_until_when_and_what_is_missing(self, office: Desk) -> None:
        found = own(office, BENEFIT)
        with deed(office.inst.engine) as db:
            seen, told = supporting.see(
                db, office.inst, worker(office), found.id, now=NOW, language="vi"
            )

        assert str(found.due_on) == "2026-12-20"
        assert [(each.name, each.is_there) for each in found.needs] == [
            ("termination_proof", True),
            ("form_10", True),
        ]
        assert (found.state, seen.state, found.holds) == ("proposed", "seen", True)
        assert all(each.holds for each in told.conditions)

    def test_starts_with_one_tap_and_gets_the_result_back(self, desk: Desk) -> None:
        view = started(desk)
        shown = desk.http.get(str(view.dossier and view.dossier.address)).text
        decided(desk, view, "GRANTED")
        detect(desk.inst, NOW + DAY)

        assert (view.state, view.overlap) == ("handed-over", "none")
        assert all(each in shown for each in ("Thép Hồng Hà", "20/09/2026"))
        assert own(desk, BENEFIT).state == "granted"
        kinds = [row["kind"] for row in checks.rows(desk.inst, Notice)]
        assert kinds.count("support.ended") == 1

    def test_gets_what_follows_by_itself_and_undoes_it(self, desk: Desk) -> None:
        view = started(desk)
        for _ in range(2):
            decided(desk, view, "GRANTED")
        card = own(desk, "health-insurance-unemployed")

        undone = moved(desk, card.id, Step.UNDO)

        assert (card.state, card.level, card.steps) == ("done", 4, (Step.UNDO,))
        assert undone.state == "undone"
        with pytest.raises(Stale):
            moved(desk, card.id, Step.UNDO)
        assert moved(desk, card.id, Step.REOPEN).state == "seen"

    def test_reads_why_it_was_refused(self, desk: Desk) -> None:
        decided(desk, started(desk), "REFUSED")

        found = own(desk, BENEFIT)
        assert found.state == "refused"
        assert "Chưa đủ điều kiện" in str(found.reason)
        detect(desk.inst, NOW + DAY)
        assert own(desk, BENEFIT).state == "refused"

    def test_goes_on_after_the_portal_was_down(self, desk: Desk) -> None:
        desk.behave(Register.PORTAL, Mood.DOWN)
        with pytest.raises(Unavailable):
            started(desk)
        assert own(desk, BENEFIT).state == "started"
        desk.behave(Register.PORTAL, Mood.NORMAL)

        again = started(desk)

        assert again.state == "handed-over"
        with desk.inst.engine.connect() as connection:
            count = connection.execute(sa.text("SELECT count(*) FROM portal_dossier")).scalar()
        assert count == 1

    def test_is_warned_of_overlapping_support_and_decides(self, office: Desk) -> None:
        table = table_of(SupportProposal)
        with deed(office.inst.engine) as db:
            db.execute(sa.update(table).values(overlap="receives"))

        with pytest.raises(Overlapping):
            started(office, VOLUNTARY)
        assert own(office, VOLUNTARY).state == "proposed"
        with pytest.raises(Unavailable):  # no portal is connected: it is begun, and waits for one
            started(office, VOLUNTARY, in_spite_of_overlap=True)
        assert own(office, VOLUNTARY).state == "started"

    def test_declines_and_is_not_asked_again_for_the_same(self, office: Desk) -> None:
        proposal = own(office, BENEFIT).id
        moved(office, proposal, Step.DECLINE, reason=Decline.NOT_NEEDED)

        detect(office.inst, NOW + DAY)

        assert own(office, BENEFIT).state == "declined"
        assert moved(office, proposal, Step.REOPEN).state == "seen"

    def test_loses_it_with_the_last_day(self, office: Desk) -> None:
        with deed(office.inst.engine) as db:
            assert proposing.expire(db, checks.OPERATOR, now=NOW + 30 * DAY) == 0
            assert proposing.expire(db, checks.OPERATOR, now=NOW + 31 * DAY) == 1

        assert own(office, BENEFIT).state == "expired"

    def test_gets_at_nobody_elses(self, office: Desk) -> None:
        other = Caller("worker", "o", "x", Role.WORKER, person_id=person_id(9))
        proposal = own(office, BENEFIT).id

        with pytest.raises(NotFound), deed(office.inst.engine) as db:
            supporting.move(db, other, proposal, Step.DECLINE, now=NOW)


class TestCommune:
    def test_has_the_uninsured_then_the_losses_then_what_was_proposed(self, office: Desk) -> None:
        checks.change(office.inst, Person, 1, 1, residence_commune=COMMUNE, birth_year=1988)
        wanted = (support_desk.Wanted(each) for each in support_desk.Which)
        with deed(office.inst.engine) as db:
            lists = [support_desk.listed(db, COLLECTOR, each, now=NOW) for each in wanted]
            nobody = support_desk.listed(db, STRANGER, support_desk.Wanted(), now=NOW)

        assert [[each.person_id for each in rows] for rows in lists] == [
            *([person_id(1)], [person_id(1)]),
            [person_id(1)] * 2,
        ]
        assert nobody == []

    def test_prepares_the_dossier_for_who_sits_there(self, desk: Desk) -> None:
        proposal = own(desk, BENEFIT).id

        support_desk.prepare(desk.inst, COLLECTOR, proposal, now=NOW)

        assert own(desk, BENEFIT).state == "handed-over"
        told = [row["kind"] for row in checks.rows(desk.inst, Notice)]
        assert "support.prepared" in told

    def test_opens_and_moves_nobody_of_another_commune(self, office: Desk) -> None:
        proposal = own(office, BENEFIT).id

        with pytest.raises(NotFound), deed(office.inst.engine) as db:
            support_desk.opened(db, office.inst, STRANGER, office.person, now=NOW, language="vi")
        with pytest.raises(NotFound), deed(office.inst.engine) as db:
            support_desk.remind(db, STRANGER, proposal, now=NOW)
        auditor = Caller("official", "a", "x", Role.AUDITOR, unit_code="BNV")
        with pytest.raises(DeniedToRole), deed(office.inst.engine) as db:
            support_desk.listed(db, auditor, support_desk.Wanted(), now=NOW)

    def test_reminds_once_a_day(self, office: Desk) -> None:
        proposal = own(office, BENEFIT).id
        for _ in range(2):
            with deed(office.inst.engine) as db:
                support_desk.remind(db, COLLECTOR, proposal, now=NOW)

        told = [row["kind"] for row in checks.rows(office.inst, Notice)]
        assert told.count("support.reminded") == 1

    def test_notes_only_reminders_as_done(self, office: Desk) -> None:
        benefit = checks.rows(office.inst, SupportProposal, SupportProposal.policy == BENEFIT)[0]

        with pytest.raises(Stale), deed(office.inst.engine) as db:
            support_desk.mark_done(db, COLLECTOR, benefit["id"], "", now=NOW)
