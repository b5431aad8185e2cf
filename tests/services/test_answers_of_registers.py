"""Social protection, VssID and the service portal, over real HTTP from end to end."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.sandbox.registers_moods import Mood
from labour_book.errors import Conflict, Invalid, NotFound, Unavailable
from labour_book.registers.envelope import Notification, Status, signed
from labour_book.services import portal_dossiers, social_support, vssid_view
from labour_book.services.access import Caller, DeniedToRole, Role, deed
from labour_book.services.asking_registers import Register
from labour_book.services.connections import sandbox_secret, secret_for
from labour_book.services.portal_dossiers import OwnDossier
from tests.conftest import NOW
from tests.services.asking import APPROVER, PURPOSE, Desk, opened_desk
from tests.services.people import uid
from tests.support.databases import SqliteFiles
from tests.support.installations import LOOKUP_KEY

DIPLOMA = {
    "kind": "DIPLOMA",
    "level": "4",
    "field": "Điện dân dụng",
    "issuer": "Trường Trung cấp nghề Mẫu",
    "issued_on": "2019-08-13",
    "number": "C9545354",
}


@pytest.fixture(scope="module")
def desk(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with (
        sqlite_files.database() as engine,
        opened_desk(engine, tmp_path_factory.mktemp("desk")) as opened,
    ):
        yield opened


@pytest.fixture(autouse=True)
def _calm(desk: Desk) -> Iterator[None]:
    yield
    for each in (Register.SOCIAL, Register.VSSID, Register.PORTAL):
        desk.behave(each, Mood.NORMAL)
        desk.inst.connections.move(each, None)


def worker(desk: Desk) -> Caller:
    return Caller("worker", "w", "x", Role.WORKER, person_id=desk.person)


class TestSocialSupport:
    def ask(self, desk: Desk, policy: str = "JOB-LOSS") -> social_support.SupportAnswer:
        return social_support.support_of(
            desk.inst, APPROVER, desk.person, policy, purpose=PURPOSE, now=NOW
        )

    def test_is_no_for_who_gets_none(self, desk: Desk) -> None:
        answer = self.ask(desk)

        assert (answer.receives, answer.would_be_twice, answer.cause) == (False, False, None)
        assert str(answer.as_of) == "2026-11-19"

    def test_is_unknown_where_nobody_answers(self, desk: Desk) -> None:
        desk.behave(Register.SOCIAL, Mood.DOWN)

        answer = self.ask(desk)

        assert (answer.receives, answer.would_be_twice, answer.cause) == (None, False, "HTTP_503")

    def test_is_asked_for_a_policy_alone(self, desk: Desk) -> None:
        with pytest.raises(Invalid):
            self.ask(desk, "trợ cấp")

    def test_is_traced_without_the_answer(self, desk: Desk) -> None:
        self.ask(desk)

        detail = json.loads(desk.traced()[-1].detail)
        assert (detail["service"], detail["status"]) == ("social.receives", "OK")
        assert "receives" not in detail


class TestVssid:
    def test_differs_where_one_of_the_two_misses_a_month(self, desk: Desk) -> None:
        view = vssid_view.view(desk.inst, worker(desk), now=NOW)

        assert (str(view.through), view.cause) == ("2026-09", None)
        assert view.is_whole
        assert view.data_as_of is not None
        assert view.data_as_of < NOW
        ours = {each.month for each in view.months if each.ours != "none"}
        theirs = {each.month for each in view.months if each.theirs != "none"}
        assert max(ours) == max(theirs) == view.through
        assert {each.unit for each in view.months if each.ours == "contributed"} == {"0100109106"}
        assert all(not each.same for each in view.months)  # the file and VssID name two employers

    def test_says_why_there_is_none(self, desk: Desk) -> None:
        desk.behave(Register.VSSID, Mood.STALE)

        view = vssid_view.view(desk.inst, worker(desk), now=NOW)

        assert (view.through, view.months, view.cause) == (None, (), "STALE")

    def test_takes_what_a_partial_answer_lacks_for_no_difference(self, desk: Desk) -> None:
        desk.behave(Register.VSSID, Mood.PARTIAL)

        view = vssid_view.view(desk.inst, worker(desk), now=NOW)

        assert view.months
        assert not view.is_whole
        assert all(each.theirs != "none" for each in view.months)

    def test_is_the_workers_own(self, desk: Desk) -> None:
        auditor = Caller("official", "c", "x", Role.AUDITOR, unit_code="BNV")

        with pytest.raises(DeniedToRole):
            vssid_view.view(desk.inst, auditor, now=NOW)


class TestExpiredCertificate:
    def test_is_found_in_a_real_handshake(self, desk: Desk) -> None:
        """The page moves a register behind a door of this process whose certificate has run out."""
        desk.http.post("/sandbox/registers/social/mood", json={"mood": "certificate-expired"})

        answer = TestSocialSupport().ask(desk)

        assert (answer.receives, answer.cause) == (None, "CERTIFICATE_EXPIRED")

    def test_is_over_with_the_next_mood(self, desk: Desk) -> None:
        for mood in ("certificate-expired", "normal"):
            desk.http.post("/sandbox/registers/social/mood", json={"mood": mood})

        assert TestSocialSupport().ask(desk).receives is False


class TestPortal:
    def begin(self, desk: Desk, **other: str) -> OwnDossier:
        said = DIPLOMA | other
        return portal_dossiers.begin(
            desk.inst, worker(desk), "qualification.recognise", said, now=NOW
        )

    def decide(self, desk: Desk, dossier: OwnDossier, outcome: str) -> httpx.Response:
        assert dossier.address is not None
        return desk.http.post(dossier.address, data={"outcome": outcome}, follow_redirects=True)

    def state(self, desk: Desk, dossier: OwnDossier) -> str:
        with deed(desk.inst.engine) as db:
            mine = portal_dossiers.own_dossiers(db, worker(desk), now=NOW)
        return next(each.state for each in mine if each.code == dossier.code)

    def held(self, desk: Desk, number: str) -> int:
        return count(desk, f"SELECT count(*) FROM qualification_fact WHERE number = '{number}'")

    def test_takes_a_dossier_filled_in_and_its_result_updates_the_book(self, desk: Desk) -> None:
        dossier = self.begin(desk, number="P-1")
        assert dossier.address is not None
        shown = desk.http.get(dossier.address).text

        page = self.decide(desk, dossier, "GRANTED")

        assert all(each in shown for each in ("Trần Xuân Bình", "Điện dân dụng", "P-1"))
        assert "001088885967" not in shown
        assert page.status_code == 200
        assert self.state(desk, dossier) == "granted"
        assert self.held(desk, "P-1") == 1
        assert "P-1" in newest_document(desk)

    def test_takes_the_same_result_any_number_of_times(self, desk: Desk) -> None:
        dossier = self.begin(desk, number="P-2")

        answers = [self.decide(desk, dossier, "GRANTED").status_code for _ in range(3)]

        assert answers == [200] * 3
        assert self.held(desk, "P-2") == 1

    def test_tells_its_person_once_that_there_is_a_result_and_nothing_of_it(
        self, desk: Desk
    ) -> None:
        dossier = self.begin(desk, number="P-6")

        for _ in range(2):
            self.decide(desk, dossier, "REFUSED")

        with desk.inst.engine.connect() as connection:
            rows = connection.execute(
                sa.text("SELECT recipient, facts FROM notice WHERE kind = 'dossier.ended'")
            ).all()
        (facts,) = [facts for to, facts in rows if to == str(desk.person) and dossier.code in facts]
        assert json.loads(facts) == {"dossier": dossier.code, "state": "refused"}

    def test_of_an_application_for_a_benefit_puts_nothing_into_the_book(self, desk: Desk) -> None:
        said = {"employer": "CÔNG TY MẪU", "last_day": "2026-09-30", "receive_at": "Hà Nội"}
        before = count(desk, "SELECT count(*) FROM qualification_fact")
        dossier = portal_dossiers.begin(
            desk.inst, worker(desk), "unemployment-benefit.apply", said, now=NOW
        )

        page = self.decide(desk, dossier, "GRANTED")

        assert "CÔNG TY MẪU" in page.text
        assert self.state(desk, dossier) == "granted"
        assert count(desk, "SELECT count(*) FROM qualification_fact") == before

    def test_asks_for_the_fields_of_its_procedure(self, desk: Desk) -> None:
        with pytest.raises(Invalid) as caught:
            portal_dossiers.begin(
                desk.inst, worker(desk), "unemployment-benefit.apply", DIPLOMA, now=NOW
            )

        assert caught.value.facts == {"cause": "DOSSIER_FIELDS"}

    def test_leaves_the_book_alone_when_it_is_refused(self, desk: Desk) -> None:
        dossier = self.begin(desk, number="P-3")

        self.decide(desk, dossier, "REFUSED")

        assert self.state(desk, dossier) == "refused"
        assert self.held(desk, "P-3") == 0

    def test_can_be_handed_over_again_when_the_portal_was_down(self, desk: Desk) -> None:
        desk.behave(Register.PORTAL, Mood.DOWN)
        with pytest.raises(Unavailable) as caught:
            self.begin(desk, number="P-4")
        desk.behave(Register.PORTAL, Mood.NORMAL)
        with deed(desk.inst.engine) as db:
            mine = portal_dossiers.own_dossiers(db, worker(desk), now=NOW)
        (left,) = [each for each in mine if each.state == "begun"]

        again = portal_dossiers.hand_over_again(desk.inst, worker(desk), left.code, now=NOW)

        assert caught.value.facts == {"cause": "HTTP_503"}
        assert left.address is None
        assert again.state == "handed-over"
        assert again.address is not None

    def test_is_nobody_elses(self, desk: Desk) -> None:
        with pytest.raises(NotFound):
            portal_dossiers.hand_over_again(desk.inst, worker(desk), "SLD-0", now=NOW)

    @pytest.mark.parametrize(
        ("change", "problem", "cause"),
        [
            ({}, NotFound, None),  # nobody has begun it
            ({"service": "portal.other"}, Unavailable, "ANOTHER_MESSAGE"),
            ({"sender_org": "Z00.OTHER"}, Unavailable, "ANOTHER_MESSAGE"),
            ({"valid_until": "2026-11-01T00:00:00+07:00"}, Unavailable, "STALE"),
            ({"data_as_of": "2027-11-01T00:00:00+07:00"}, Unavailable, "FROM_THE_FUTURE"),
            ({"version": "2"}, Unavailable, "WRONG_VERSION"),
            ({"signature": "0" * 64}, Unavailable, "NOT_SIGNED"),
            ({"body": {"dossier": "SLD-0"}}, Unavailable, "SCHEMA"),
        ],
    )
    def test_believes_no_other_result(
        self,
        desk: Desk,
        change: dict[str, Any],
        problem: type[Exception],
        cause: str | None,
    ) -> None:
        content = result(**change)

        with pytest.raises(problem) as caught:
            portal_dossiers.take_result(desk.inst, content, now=NOW)

        assert getattr(caught.value, "facts", {}).get("cause") == cause

    def test_keeps_to_the_first_of_two_results(self, desk: Desk) -> None:
        dossier = self.begin(desk, number="P-5")
        self.decide(desk, dossier, "REFUSED")
        assert dossier.address is not None
        reference = dossier.address.rpartition("/")[2]
        other = {"dossier": dossier.code, "reference": reference, "outcome": "GRANTED"}

        with pytest.raises(Conflict):
            portal_dossiers.take_result(
                desk.inst,
                result(body=other | {"decided_on": "2026-11-20", "qualification": DIPLOMA}),
                now=NOW,
            )

        assert self.held(desk, DIPLOMA["number"]) == 0


def result(**change: Any) -> bytes:
    message = Notification(
        message_id=uid(77, 1),
        correlation_id=uid(77, 1),
        sender_org="Z00.PORTAL",
        receiver_org="Z00.LABOURBOOK",
        service="portal.result",
        purpose="Trả kết quả",
        legal_basis="ND 224/2026/ND-CP",
        data_as_of=NOW,
        valid_until=NOW + timedelta(days=1),
        status=Status.OK,
        body={
            "dossier": "SLD-0",
            "reference": "DVC-0",
            "outcome": "REFUSED",
            "decided_on": "2026-11-20",
        },
    )
    secret = secret_for(sandbox_secret(LOOKUP_KEY), Register.PORTAL)
    envelope = json.loads(message.written(secret))
    envelope.pop("signature")
    given = envelope | change
    forged = given.pop("signature", None)
    content = signed(given, secret)
    return content if forged is None else json.dumps(given | {"signature": forged}).encode()


def count(desk: Desk, query: str) -> int:
    with desk.inst.engine.connect() as connection:
        return int(connection.execute(sa.text(query)).scalar_one())


def newest_document(desk: Desk) -> str:
    with desk.inst.engine.connect() as connection:
        query = sa.text("SELECT document FROM book_version ORDER BY version DESC LIMIT 1")
        return str(connection.execute(query).scalar_one())
