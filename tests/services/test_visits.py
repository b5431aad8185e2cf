import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

import signing
from labour_book.database import reading, transaction
from labour_book.domain.sharing import Audience
from labour_book.errors import Conflict, Invalid
from labour_book.queries.rows import table_of
from labour_book.services import keys, visits, withdrawing
from labour_book.services.access import deed
from labour_book.services.callers import ANYBODY, Caller, Role
from labour_book.services.disclosing import NoCurrentVersion
from labour_book.services.installation import Installation
from labour_book.services.issuing import revoke
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.status import status_list_token
from labour_book.services.visits import ShareEnded, ShareUnknown
from labour_book.tables import BookVersion, EmployerStatus, ShareView
from tests.services import people, shares
from tests.services.shares import EMPLOYER, OFFER, OTHER, RIVAL, RIVAL_CODE, TO_EMPLOYER, WORKER

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
OFFICIAL = Caller("official", "o1", "Cán bộ", Role.APPROVER, unit_code="BNV")


class TestOpenShare:
    def test_shows_what_was_chosen_and_nothing_else(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now)

        shown = shares.look(inst, created.code, now)

        assert sorted(shown.claims) == ["as_of", "employments", "insurance", "worker"]
        assert sorted(shown.claims["worker"]) == [
            "birth_date",
            "full_name",
            "population_check",
            "sex",
        ]
        assert sorted(shown.claims["insurance"]) == ["SI", "as_of_month"]
        assert shown.purpose == OFFER.purpose
        assert shown.views_left == 2

    def test_gives_a_copy_that_verifies_by_itself(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        shown = shares.look(inst, shares.share(inst, now).code, now)
        with reading(inst.engine) as db:
            bundle = keys.trust_bundle(db, inst, now)
            token = status_list_token(db, inst, 1, now=now)

        verdict = signing.verify_credential(
            shown.credential,
            bundle,
            now,
            status=lambda _: signing.read_status_list(token, bundle, now, uri=inst.status_uri(1)),
        )

        assert [
            str(each.state) for each in (verdict.integrity, verdict.status, verdict.issuer)
        ] == ["yes"] * 3
        assert verdict.claims is not None
        assert {**shown.claims}.items() <= verdict.claims.items()

    def test_reads_a_code_as_people_type_it(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        code = shares.share(sqlite_inst, now).code

        typed = "-".join(code[at : at + 4] for at in range(0, len(code), 4)).lower()

        assert shares.look(sqlite_inst, typed, now)

    def test_is_seen_by_the_worker_with_who_when_whence_what_and_why(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now)

        shares.look(inst, created.code, now)
        shares.look(inst, created.code, now + MINUTE, EMPLOYER, purpose="Phỏng vấn vòng 1")

        (own,) = shares.mine(inst, now)
        by_employer, by_anybody = own.seen
        assert (by_anybody.viewer_kind, by_anybody.viewer_name) == ("public", "")
        assert (by_anybody.at, by_anybody.place) == (now, "203.0.113.0/24")
        assert by_anybody.purpose == OFFER.purpose
        assert (by_employer.viewer_kind, by_employer.viewer) == ("employer", people.EMPLOYER_CODE)
        assert by_employer.viewer_name == "Công ty Cổ phần Thép Hồng Hà"
        assert (by_employer.number, by_employer.version) == (2, 1)
        assert by_employer.purpose == "Phỏng vấn vòng 1"
        assert own.selection.claims
        assert len(shares.notices(inst, "share.viewed")) == 2

    def test_leaves_one_trace_and_one_view_together(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now)

        shares.look(inst, created.code, now)

        (row,) = shares.traces(inst, "share.open")
        assert (row["actor_kind"], row["outcome"]) == ("public", "ok")
        assert (row["person_id"], row["purpose"]) == (people.person_id(), OFFER.purpose)
        detail = json.loads(row["detail"])
        assert detail == {
            "share": str(created.share_id),
            "view": 1,
            "version": 1,
            "from": "203.0.113.0/24",
            "means": "link",
        }

    def test_counts_nothing_when_it_cannot_be_traced(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)
        with transaction(sqlite_inst.engine) as db:
            db.execute(
                sa.text(
                    "CREATE TRIGGER no_trace BEFORE INSERT ON trace "
                    "BEGIN SELECT RAISE(ABORT, 'no'); END"
                )
            )

        with pytest.raises(sqlite3.IntegrityError):
            shares.look(sqlite_inst, created.code, now)

        assert shares.row_of(sqlite_inst, created.share_id)["views"] == 0
        assert _count_views(sqlite_inst) == 0

    def test_ends_when_used_up(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now, max_views=1)

        assert shares.look(inst, created.code, now).views_left == 0
        with pytest.raises(ShareEnded) as error:
            shares.look(inst, created.code, now)
        assert error.value.facts == {"state": "used_up"}

    def test_ends_at_its_instant(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now, until=now + DAY)

        assert shares.look(sqlite_inst, created.code, now + DAY - timedelta(microseconds=1))
        with pytest.raises(ShareEnded) as error:
            shares.look(sqlite_inst, created.code, now + DAY)
        assert error.value.facts == {"state": "expired"}

    def test_ends_at_once_when_withdrawn(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now)
        shares.look(inst, created.code, now)
        with deed(inst.engine) as db:
            withdrawing.withdraw_share(db, WORKER, created.share_id, now=now)

        with pytest.raises(ShareEnded) as error:
            shares.look(inst, created.code, now)

        assert error.value.facts == {"state": "withdrawn"}
        refused = shares.traces(inst, "share.open")[-1]
        assert (refused["outcome"], refused["person_id"]) == ("refused", people.person_id())
        assert json.loads(refused["detail"])["cause"] == "withdrawn"

    def test_shows_the_current_version(self, sqlite_inst: Installation, now: datetime) -> None:
        (person,) = shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now, preset="SKILLED")
        before = shares.look(sqlite_inst, created.code, now)
        people.add_diploma(sqlite_inst.engine, person, 1, at=now)
        shares.issue(sqlite_inst, person, now + MINUTE)

        after = shares.look(sqlite_inst, created.code, now + MINUTE)

        assert len(before.claims["qualifications"]) == 1
        assert len(after.claims["qualifications"]) == 2
        (own,) = shares.mine(sqlite_inst, now)
        assert [each.version for each in own.seen] == [2, 1]

    def test_shows_nothing_of_a_revoked_book(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)
        table = table_of(BookVersion)
        with deed(sqlite_inst.engine) as db:
            version = db.execute(sa.select(table.c.id)).scalar_one()
            revoke(db, version, "issued in error", by=shares.OPERATOR, now=now)

        with pytest.raises(NoCurrentVersion):
            shares.look(sqlite_inst, created.code, now)
        assert shares.row_of(sqlite_inst, created.share_id)["views"] == 0

    def test_asks_officials_what_for(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)

        with pytest.raises(Invalid):
            shares.look(sqlite_inst, created.code, now, OFFICIAL)
        assert shares.look(sqlite_inst, created.code, now, OFFICIAL, purpose="Hồ sơ 12")


class TestAddressees:
    def test_a_share_for_an_enterprise_opens_for_it_alone(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now, 2)
        shares.add_enterprise(inst.engine, RIVAL_CODE, "ACTIVE")
        created = shares.share(inst, now, TO_EMPLOYER)

        for caller in (ANYBODY, RIVAL, OTHER, WORKER):
            with pytest.raises(ShareUnknown):
                shares.look(inst, created.code, now, caller)
        assert shares.look(inst, created.code, now, EMPLOYER)
        assert visits.open_received(inst, created.share_id, shares.visit(EMPLOYER), now=now)
        with pytest.raises(ShareUnknown):
            visits.open_received(inst, created.share_id, shares.visit(RIVAL), now=now)

    def test_a_share_for_a_person_opens_for_that_person_alone(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now, 3)
        created = shares.share(
            inst, now, audience=Audience.PERSON, personal_id=people.personal_id(2)
        )
        third = Caller("worker", "w3", "", Role.WORKER, person_id=people.person_id(3))

        for caller in (ANYBODY, EMPLOYER, third):
            with pytest.raises(ShareUnknown):
                shares.look(inst, created.code, now, caller)
        assert shares.look(inst, created.code, now, OTHER)

    def test_a_share_for_anyone_is_in_nobodys_inbox(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)

        with pytest.raises(ShareUnknown):
            visits.open_received(sqlite_inst, created.share_id, shares.visit(EMPLOYER), now=now)

    def test_an_enterprise_that_has_gone_since_opens_nothing(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)
        named = shares.share(inst, now, TO_EMPLOYER)
        open_to_all = shares.share(inst, now)
        row = {
            "id": people.uid(11, 9),
            "employer_id": people.uid(9, 1),
            "status": "CLOSED",
            "since": now.date(),
            "recorded_at": now,
        }
        with transaction(inst.engine) as db:
            db.execute(sa.insert(table_of(EmployerStatus)), row)

        for code in (named.code, open_to_all.code):
            with pytest.raises(EnterpriseRefused) as error:
                shares.look(inst, code, now, EMPLOYER)
            assert error.value.facts == {"enterprise_status": "CLOSED"}
        refused = shares.traces(inst, "share.open")
        assert [json.loads(row["detail"])["cause"] for row in refused] == ["CLOSED"] * 2

    def test_the_personal_id_is_seen_by_a_named_enterprise_alone(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        chosen = {"preset": "CUSTOM", "claims": frozenset({"worker.personal_id"})}

        with pytest.raises(Invalid):
            shares.share(sqlite_inst, now, **chosen)
        created = shares.share(sqlite_inst, now, TO_EMPLOYER, **chosen)

        shown = shares.look(sqlite_inst, created.code, now, EMPLOYER)
        assert shown.claims == {"worker": {"personal_id": people.personal_id()}}


class TestPeek:
    def test_burns_no_view_and_leaves_no_trace(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now, max_views=1)

        for _ in range(3):
            cover = visits.peek(inst, created.code, shares.visit(), now=now)

        assert (cover.state, cover.audience, cover.is_one_time) == ("live", "anyone", True)
        assert shares.row_of(inst, created.share_id)["views"] == 0
        assert shares.traces(inst, "share.open") == []
        assert _count_views(inst) == 0

    def test_tells_the_holder_of_the_code_how_it_ended(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)

        cover = visits.peek(sqlite_inst, created.code, shares.visit(), now=now + 8 * DAY)

        assert cover.state == "expired"

    def test_says_nothing_of_the_person(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now, TO_EMPLOYER)

        told = repr(visits.peek(sqlite_inst, created.code, shares.visit(), now=now))

        assert people.EMPLOYER_CODE not in told
        assert OFFER.purpose not in told
        assert str(people.person_id()) not in told


class TestAtOnce:
    @pytest.mark.parametrize("most", [1, 7])
    def test_never_counts_more_views_than_allowed(
        self, inst: Installation, now: datetime, most: int
    ) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now, max_views=most)

        with ThreadPoolExecutor(20) as pool:
            outcomes = list(pool.map(lambda at: _outcome(inst, created.code, now, at), range(20)))

        assert outcomes.count("shown") == most
        assert set(outcomes) <= {"shown", "used_up"}
        assert shares.row_of(inst, created.share_id)["views"] == most
        assert _count_views(inst) == most
        assert len([r for r in shares.traces(inst, "share.open") if r["outcome"] == "ok"]) == most

    def test_counts_no_view_after_a_withdrawal_has_returned(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now, max_views=100)

        with ThreadPoolExecutor(9) as pool:
            looking = [
                pool.submit(_outcome, inst, created.code, now, number) for number in range(25)
            ]
            with deed(inst.engine) as db:
                withdrawing.withdraw_share(db, WORKER, created.share_id, now=now)
            at_withdrawal = shares.row_of(inst, created.share_id)["views"]
            outcomes = [each.result() for each in looking]

        assert shares.row_of(inst, created.share_id)["views"] == at_withdrawal
        assert outcomes.count("shown") == at_withdrawal == _count_views(inst)


class TestErrors:
    def test_are_anticipated(self) -> None:
        assert issubclass(EnterpriseRefused, Conflict)


def _outcome(inst: Installation, code: str, now: datetime, number: int) -> str:
    try:
        shares.look(inst, code, now, address=f"198.51.100.{number}")
    except ShareEnded as ended:
        return str(ended.facts["state"])
    return "shown"


def _count_views(inst: Installation) -> int:
    table = table_of(ShareView)
    with reading(inst.engine) as db:
        return db.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
