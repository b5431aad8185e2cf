"""Deeds of wallets where HTTP makes no difference: what is kept, and what is forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import reading
from labour_book.domain.wallets import OFFER_LIFE, REQUEST_LIFE, RESULT_LIFE, USES_KEPT
from labour_book.queries import wallets
from labour_book.queries.rows import table_of
from labour_book.services import presenting, wallet_issuing, wallet_offers
from labour_book.services.access import Caller, Role, deed, open_account
from labour_book.services.installation import Installation
from labour_book.services.wallet_offers import Way
from labour_book.services.wallet_secrets import new_nonce, use_nonce
from labour_book.tables import PresentationRequest, WalletOffer, WalletUse
from tests.services import people, shares

MINUTE = timedelta(minutes=1)


def account(
    inst: Installation, now: datetime, kind: str, role: Role, person: UUID | None
) -> Caller:
    with deed(inst.engine) as db:
        opened = open_account(
            db, shares.OPERATOR, kind=kind, name="x", role=role, person_id=person, now=now
        )
    return Caller(kind, str(opened), "x", role, person_id=person)


def worker(inst: Installation, now: datetime) -> Caller:
    shares.issued(inst, now)
    return account(inst, now, "worker", Role.WORKER, people.person_id(1))


def rows(inst: Installation, model: type) -> int:
    with reading(inst.engine) as db:
        count = sa.select(sa.func.count()).select_from(table_of(model))
        return int(db.execute(count).scalar_one())


class TestNonce:
    def test_is_used_once(self, inst: Installation, now: datetime) -> None:
        nonce = new_nonce(inst, now)

        with deed(inst.engine) as db:
            uses = [use_nonce(db, inst, nonce, now) for _ in range(3)]

        assert uses == [True, False, False]

    def test_says_nothing_and_is_kept_nowhere_before(
        self, inst: Installation, now: datetime
    ) -> None:
        nonces = {new_nonce(inst, now) for _ in range(50)}

        assert len(nonces) == 50
        assert rows(inst, WalletUse) == 0


class TestForgetting:
    def test_deletes_offers_and_uses_only_when_they_say_nothing_any_more(
        self, inst: Installation, now: datetime
    ) -> None:
        caller = worker(inst, now)
        with deed(inst.engine) as db:
            wallet_offers.make_offer(db, inst, caller, Way.PRE_AUTHORIZED, now=now)
            use_nonce(db, inst, new_nonce(inst, now), now)

        with deed(inst.engine) as db:
            early = wallet_issuing.forget_old_grants(db, now + OFFER_LIFE + MINUTE)
            late = wallet_issuing.forget_old_grants(db, now + OFFER_LIFE + USES_KEPT + MINUTE)

        assert (early, late) == (0, 2)
        assert rows(inst, WalletOffer) == rows(inst, WalletUse) == 0

    def test_deletes_presentations_when_their_result_is_over(
        self, inst: Installation, now: datetime
    ) -> None:
        machine = account(inst, now, "machine", Role.READER, None)
        with deed(inst.engine) as db:
            presenting.ask(db, inst, machine, preset="GENERAL", purpose="Tuyển dụng", now=now)

        with deed(inst.engine) as db:
            early = presenting.forget_old_requests(db, now + REQUEST_LIFE + MINUTE)
            late = presenting.forget_old_requests(db, now + REQUEST_LIFE + RESULT_LIFE + MINUTE)

        assert (early, late) == (0, 1)
        assert rows(inst, PresentationRequest) == 0


class TestTries:
    def test_are_counted_before_they_are_looked_at(self, inst: Installation, now: datetime) -> None:
        caller = worker(inst, now)
        with deed(inst.engine) as db:
            wallet_offers.make_offer(db, inst, caller, Way.PRE_AUTHORIZED, now=now)
            code_hash = db.execute(sa.select(table_of(WalletOffer).c.code_hash)).scalar_one()

        with deed(inst.engine) as db:
            found = [
                wallets.count_try(db, code_hash, Way.PRE_AUTHORIZED, tries=2, now=now)
                for _ in range(4)
            ]

        assert [each is not None for each in found] == [True, True, False, False]
