import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.domain.share_states import ShareState
from labour_book.domain.sharing import Audience
from labour_book.errors import Conflict, Invalid
from labour_book.queries.rows import table_of
from labour_book.services import numbering, sharing, withdrawing
from labour_book.services.access import DeniedToRole, NotFoundForCaller, deed
from labour_book.services.callers import ANYBODY, Caller, Role
from labour_book.services.disclosing import NoCurrentVersion
from labour_book.services.installation import Installation
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.sharing import ShareOver, SharingFrozen
from labour_book.services.visits import ShareEnded
from labour_book.tables import METADATA, Share
from tests.services import people, shares
from tests.services.shares import EMPLOYER, OFFER, OTHER, RIVAL_CODE, TO_EMPLOYER, WORKER

DAY = timedelta(days=1)
OFFICIAL = Caller("official", "o1", "", Role.APPROVER, unit_code="BNV")
MACHINE = Caller("machine", "m1", "", Role.READER)


class TestCreateShare:
    def test_lasts_seven_days_unless_said_otherwise(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)

        created = shares.share(inst, now)

        assert created.expires_at == now + 7 * DAY
        (own,) = shares.mine(inst, now)
        assert (own.state, own.views, own.max_views) == (ShareState.LIVE, 0, 3)
        assert (own.purpose, own.preset) == (OFFER.purpose, "GENERAL")

    @pytest.mark.parametrize("days", [0, -1, 90.01, 400])
    def test_lasts_no_longer_than_ninety_days(
        self, sqlite_inst: Installation, now: datetime, days: float
    ) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(Invalid):
            shares.share(sqlite_inst, now, until=now + timedelta(days=days))
        assert shares.share(sqlite_inst, now, until=now + 90 * DAY)

    @pytest.mark.parametrize("views", [0, -1, 101])
    def test_is_opened_some_times(
        self, sqlite_inst: Installation, now: datetime, views: int
    ) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(Invalid):
            shares.share(sqlite_inst, now, max_views=views)

    @pytest.mark.parametrize("purpose", ["", "   ", "1234", "...", "abc", "a\nbcd", "x" * 201])
    def test_needs_a_purpose_in_words(
        self, sqlite_inst: Installation, now: datetime, purpose: str
    ) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(Invalid):
            shares.share(sqlite_inst, now, purpose=purpose)

    def test_stores_the_code_only_by_its_hash(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now)
        code = created.code.encode()

        with reading(inst.engine) as db:
            for table in METADATA.sorted_tables:
                stored = db.execute(sa.select(table).order_by(*table.primary_key)).all()
                assert code not in repr(stored).encode()
        assert shares.row_of(inst, created.share_id)["code_hash"] == numbering.lookup_hash(
            created.code
        )

    def test_has_codes_that_say_nothing_of_one_another(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        codes = [shares.share(sqlite_inst, now).code for _ in range(20)]

        assert len(set(codes)) == 20
        assert all(len(code) * 5 >= 128 for code in codes)
        assert len({code[:4] for code in codes}) > 15
        (own, *_) = shares.mine(sqlite_inst, now)
        assert own.code in codes
        assert str(own.id) not in own.url
        assert str(people.person_id()) not in own.url

    def test_differs_from_the_printed_code_of_the_same_id(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)

        assert created.code != numbering.lookup_code(sqlite_inst.lookup_key, created.share_id)

    def test_is_traced_and_told_to_a_named_enterprise(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)

        created = shares.share(inst, now, TO_EMPLOYER)

        (row,) = shares.traces(inst, "share.create")
        assert (row["actor"], row["person_id"]) == ("w1", people.person_id())
        assert json.loads(row["detail"])["share"] == str(created.share_id)
        (notice,) = shares.notices(inst, "share.received")
        assert (notice["recipient_kind"], notice["recipient"]) == (
            "employer",
            people.EMPLOYER_CODE,
        )
        assert json.loads(notice["facts"]) == {"share": str(created.share_id)}

    @pytest.mark.parametrize(
        ("status", "refused"),
        [
            ("ACTIVE", False),
            ("SUSPENDED", False),
            (None, False),
            ("NOT_AT_ADDRESS", True),
            ("REVOKED_TAX", True),
            ("CLOSED", True),
        ],
    )
    def test_goes_to_no_enterprise_that_is_gone(
        self,
        sqlite_inst: Installation,
        now: datetime,
        status: str | None,
        refused: bool,  # noqa: FBT001 - a column of the table above
    ) -> None:
        shares.issued(sqlite_inst, now)
        shares.add_enterprise(sqlite_inst.engine, RIVAL_CODE, status)
        offer = replace(TO_EMPLOYER, enterprise_code=RIVAL_CODE)

        if not refused:
            assert shares.share(sqlite_inst, now, offer)
            return
        with pytest.raises(EnterpriseRefused) as error:
            shares.share(sqlite_inst, now, offer)
        assert error.value.facts == {"enterprise_status": status}

    def test_goes_to_no_enterprise_that_nobody_knows(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(EnterpriseRefused):
            shares.share(sqlite_inst, now, TO_EMPLOYER, enterprise_code=RIVAL_CODE)
        with pytest.raises(Invalid):
            shares.share(sqlite_inst, now, TO_EMPLOYER, enterprise_code="0300588560")

    @pytest.mark.parametrize(
        "addressed",
        [
            {"audience": Audience.ENTERPRISE},
            {"audience": Audience.PERSON},
            {"audience": Audience.ANYONE, "personal_id": people.personal_id(2)},
            {"audience": Audience.ANYONE, "enterprise_code": people.EMPLOYER_CODE},
            {"audience": Audience.PERSON, "personal_id": "12"},
            {
                "audience": Audience.PERSON,
                "personal_id": people.personal_id(2),
                "enterprise_code": people.EMPLOYER_CODE,
            },
        ],
    )
    def test_is_for_exactly_one_addressee(
        self, sqlite_inst: Installation, now: datetime, addressed: dict[str, object]
    ) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(Invalid):
            shares.share(sqlite_inst, now, **addressed)

    def test_does_not_tell_whether_a_person_is_on_file(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now, 2)

        for number in (2, 404):
            assert shares.share(
                sqlite_inst, now, audience=Audience.PERSON, personal_id=people.personal_id(number)
            )

    @pytest.mark.parametrize("caller", [EMPLOYER, OFFICIAL, MACHINE, ANYBODY, shares.OPERATOR])
    def test_is_for_workers(self, sqlite_inst: Installation, now: datetime, caller: Caller) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(DeniedToRole):
            shares.share(sqlite_inst, now, caller=caller)

    def test_needs_a_signed_book(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine)

        with pytest.raises(NoCurrentVersion):
            shares.share(sqlite_inst, now)

    def test_takes_no_preset_with_changes(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(Invalid):
            shares.share(sqlite_inst, now, claims=frozenset({"worker.residence"}))
        with pytest.raises(Invalid):
            shares.share(sqlite_inst, now, preset="EVERYTHING")

    def test_keeps_no_value_of_the_book(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(
            sqlite_inst,
            now,
            preset="CUSTOM",
            claims=frozenset({"worker.full_name", "insurance.SI"}),
            employments=(1,),
        )

        stored = repr(dict(shares.row_of(sqlite_inst, created.share_id)))
        assert "Hồng Hà" not in stored
        assert "Nguyễn" not in stored
        assert people.EMPLOYER_CODE not in stored


class TestPreview:
    def test_is_what_the_recipient_sees(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)

        with deed(sqlite_inst.engine) as db:
            seen = sharing.preview(db, sqlite_inst, WORKER, OFFER, now=now)

        assert shares.mine(sqlite_inst, now) == []
        created = shares.share(sqlite_inst, now)
        assert shares.look(sqlite_inst, created.code, now).claims == seen


class TestExtendShare:
    def test_lets_it_last_longer(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now, max_views=1)
        shares.look(inst, created.code, now)

        with deed(inst.engine) as db:
            sharing.extend_share(
                db, inst, WORKER, created.share_id, until=now + 20 * DAY, max_views=2, now=now
            )

        assert shares.look(inst, created.code, now + 19 * DAY).views_left == 0

    def test_reaches_ninety_days_from_now_and_no_further(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)

        with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
            sharing.extend_share(
                db, sqlite_inst, WORKER, created.share_id, until=now + 91 * DAY, now=now
            )
        with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
            sharing.extend_share(
                db, sqlite_inst, WORKER, created.share_id, until=now + DAY, now=now
            )

    @pytest.mark.parametrize("ended", ["expired", "withdrawn", "paused"])
    def test_revives_nothing(self, sqlite_inst: Installation, now: datetime, ended: str) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)
        later = now + 8 * DAY if ended == "expired" else now
        with deed(sqlite_inst.engine) as db:
            if ended == "withdrawn":
                withdrawing.withdraw_share(db, WORKER, created.share_id, now=now)
            if ended == "paused":
                sharing.freeze(db, WORKER, now=now)

        with pytest.raises(ShareOver) as error, deed(sqlite_inst.engine) as db:
            sharing.extend_share(
                db, sqlite_inst, WORKER, created.share_id, until=later + 9 * DAY, now=later
            )
        assert error.value.facts == {"state": ended}

    def test_is_for_its_owner(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now, 2)
        created = shares.share(sqlite_inst, now)

        for share_id in (created.share_id, people.uid(99, 1)):
            with pytest.raises(NotFoundForCaller), deed(sqlite_inst.engine) as db:
                sharing.extend_share(db, sqlite_inst, OTHER, share_id, until=now + 9 * DAY, now=now)


class TestFreeze:
    def test_stops_every_share_at_once_until_thawed(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)
        codes = [shares.share(inst, now).code for _ in range(2)]
        with deed(inst.engine) as db:
            assert sharing.freeze(db, WORKER, now=now)

        for code in codes:
            with pytest.raises(ShareEnded) as error:
                shares.look(inst, code, now)
            assert error.value.facts == {"state": "paused"}
        with pytest.raises(SharingFrozen):
            shares.share(inst, now)

        with deed(inst.engine) as db:
            assert sharing.unfreeze(db, WORKER, now=now)
        assert shares.look(inst, codes[0], now).views_left == 2

    def test_leaves_others_alone(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now, 2)
        created = shares.share(sqlite_inst, now, caller=OTHER)
        with deed(sqlite_inst.engine) as db:
            sharing.freeze(db, WORKER, now=now)

        assert shares.look(sqlite_inst, created.code, now)

    def test_twice_changes_nothing(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        for expected in (True, False):
            with deed(inst.engine) as db:
                assert sharing.freeze(db, WORKER, now=now) is expected

        outcomes = [row["outcome"] for row in shares.traces(inst, "share.freeze")]
        assert outcomes == ["ok", "unchanged"]


class TestShareRow:
    def test_never_holds_more_views_than_allowed(self, engine: sa.Engine, now: datetime) -> None:
        people.add_people(engine)
        table = table_of(Share)
        row = {
            "id": people.uid(70, 1),
            "person_id": people.person_id(),
            "preset": "GENERAL",
            "selection": "{}",
            "audience": "anyone",
            "purpose": "thử việc",
            "created_at": now,
            "expires_at": now,
            "max_views": 1,
            "views": 2,
            "code_hash": bytes(32),
        }

        with pytest.raises(sa.exc.IntegrityError), transaction(engine) as db:
            db.execute(sa.insert(table), row)

    def test_is_no_conflict_of_kinds(self) -> None:
        assert issubclass(SharingFrozen, Conflict)
