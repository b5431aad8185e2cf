"""One copy for each recipient: alike in what it says, and in nothing else."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec

import signing
from labour_book.database import reading, transaction
from labour_book.errors import Conflict, Unavailable
from labour_book.queries import versions
from labour_book.queries.rows import table_of
from labour_book.services import access, copying, issuing, keys, sharing, verifying, withdrawing
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from labour_book.services.status import status_list_token
from labour_book.tables import BookVersion, CredentialCopy
from signing import Use
from signing.encoding import b64url_decode
from tests.services import people, shares
from tests.services.shares import EMPLOYER, OFFER, OPERATOR, TO_EMPLOYER, WORKER
from tests.support.installations import opened

DAY = timedelta(days=1)
COPY = table_of(CredentialCopy)


def current(inst: Installation) -> versions.SignedVersion:
    with reading(inst.engine) as db:
        version = versions.signed_version(db, people.person_id(1), None)
    assert version is not None
    return version


def copies(inst: Installation, now: datetime, count: int = 1, **given: Any) -> list[copying.Copy]:
    with deed(inst.engine) as db:
        version = given.get("version", current(inst))
        holders = given.get("holders", [None] * count)
        return copying.copies_for(db, inst, version, holders, now=now)


def wallet() -> dict[str, str]:
    return dict(signing.public_jwk(ec.generate_private_key(ec.SECP256R1()).public_key()))


def payload_of(credential: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(b64url_decode(credential.split(".")[1], step=0))
    return payload


def parts_of(credential: str) -> set[str]:
    """Return what could tell two copies to be one: signature, digests, salts, status entry."""
    jwt, *disclosures = credential.rstrip("~").split("~")
    payload = payload_of(credential)
    salts = {json.loads(b64url_decode(each, step=0))[0] for each in disclosures}
    return {
        jwt.split(".")[2],
        str(payload["status"]["status_list"]["idx"]),
        *payload["_sd"],
        *salts,
        *disclosures,
    }


def status_of(inst: Installation, credential: str, now: datetime) -> int:
    """Return what the signed status list says of a credential."""
    entry = payload_of(credential)["status"]["status_list"]
    with reading(inst.engine) as db:
        token = status_list_token(db, inst, int(entry["uri"].rsplit("/", 1)[1]), now)
        trust = keys.trust_bundle(db, inst, now)
    return signing.read_status_list(token, trust, now).list.get(entry["idx"])


def answer(inst: Installation, credential: str, now: datetime) -> str:
    with deed(inst.engine) as db:
        checked = verifying.verify_document(db, inst, credential.encode(), now=now)
    return f"{checked.current.state} {checked.current.reason}"


class TestCopiesFor:
    def test_say_the_same_and_have_nothing_else_in_common(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)

        made = [each.credential for each in copies(inst, now, 5)]
        with deed(inst.engine) as db:
            own = access.open_credential(db, inst, WORKER, people.person_id(1), purpose="", now=now)

        records = [verifying.record_in(signing.read_disclosed(each)) for each in (own, *made)]
        assert all(each == records[0] for each in records)
        parts = [parts_of(each) for each in (own, *made)]
        assert sum(map(len, parts)) == len(set.union(*parts))

    def test_are_bound_to_the_keys_in_their_order(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        holders = [wallet(), wallet(), None]

        made = copies(inst, now, holders=holders)

        bound = [payload_of(each.credential).get("cnf") for each in made]
        assert bound == [{"jwk": holders[0]}, {"jwk": holders[1]}, None]

    def test_verify_online_and_by_the_status_list(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)

        (copy,) = copies(inst, now)

        assert answer(inst, copy.credential, now) == "yes OK"
        assert status_of(inst, copy.credential, now) == signing.VALID

    def test_are_superseded_with_their_version(self, inst: Installation, now: datetime) -> None:
        (person,) = shares.issued(inst, now)
        (copy,) = copies(inst, now)
        people.add_diploma(inst.engine, person, 1, at=now)
        later = now + DAY

        shares.issue(inst, person, later)

        assert answer(inst, copy.credential, later) == "no SUPERSEDED"
        assert status_of(inst, copy.credential, later) == signing.SUPERSEDED

    def test_are_revoked_with_their_version(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        (copy,) = copies(inst, now)

        with deed(inst.engine) as db:
            issuing.revoke(db, current(inst).id, "Cấp nhầm", by=OPERATOR, now=now)

        assert answer(inst, copy.credential, now) == "no REVOKED"
        assert status_of(inst, copy.credential, now) == signing.REVOKED

    def test_can_be_revoked_alone(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        lost, other = copies(inst, now, 2)

        with deed(inst.engine) as db:
            revoked = copying.revoke_copies(db, [lost.id], now=now)
            again = copying.revoke_copies(db, [lost.id], now=now + DAY)

        assert (revoked, again) == (1, 0)
        assert answer(inst, lost.credential, now) == "no COPY_TAKEN_BACK"
        assert answer(inst, other.credential, now) == "yes OK"
        assert status_of(inst, lost.credential, now) == signing.REVOKED
        assert status_of(inst, other.credential, now) == signing.VALID

    def test_are_not_made_of_what_is_not_current(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        (person,) = shares.issued(inst, now)
        old = current(inst)
        people.add_diploma(inst.engine, person, 1, at=now)
        shares.issue(inst, person, now + DAY)
        with reading(inst.engine) as db:
            superseded = versions.signed_version(db, person, old.version)

        for version, at in (
            (None, now),
            (superseded, now + DAY),
            (current(inst), now + timedelta(days=inst.book_life_days + 1)),
        ):
            with pytest.raises(copying.NoCurrentVersion):
                copies(inst, at, version=version)

    def test_are_not_made_of_a_row_that_was_altered(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        version = table_of(BookVersion)
        with transaction(sqlite_inst.engine) as db:
            db.execute(sa.update(version).values(record_hash=bytes(32)))

        with pytest.raises(Conflict):
            copies(sqlite_inst, now)

    def test_are_not_signed_with_a_withdrawn_key(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        _withdraw_key(sqlite_inst, now)

        with pytest.raises(Unavailable):
            copies(sqlite_inst, now)

    def test_leave_nothing_behind_when_a_key_is_refused(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(signing.SigningError):
            copies(sqlite_inst, now, holders=[wallet(), {"kty": "RSA"}])

        assert _rows(sqlite_inst) == []

    def test_keep_nothing_of_a_wallets_copy_but_its_entry(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)

        copies(sqlite_inst, now, 2)

        assert [(row["credential"], row["share_id"]) for row in _rows(sqlite_inst)] == [
            (None, None),
            (None, None),
        ]


class TestSharedCopy:
    def test_stays_the_same_for_everyone_who_opens_one_share(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now)

        seen = [shares.look(inst, created.code, now + each * DAY) for each in range(3)]

        assert len({each.credential for each in seen}) == 1
        assert len(_rows(inst)) == 1

    def test_of_two_shares_cannot_be_matched(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        codes = [shares.share(inst, now).code, shares.share(inst, now).code]

        one, two = (shares.look(inst, code, now) for code in codes)

        assert one.claims == two.claims
        assert parts_of(one.credential) & parts_of(two.credential) == set()

    def test_has_nothing_of_the_workers_own_copy(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        shown = shares.look(inst, shares.share(inst, now).code, now)

        with deed(inst.engine) as db:
            own = access.open_credential(db, inst, WORKER, people.person_id(1), purpose="", now=now)

        assert parts_of(own) & parts_of(shown.credential) == set()

    def test_is_sealed_where_it_is_kept(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        shown = shares.look(inst, shares.share(inst, now).code, now)

        (row,) = _rows(inst)

        signature = shown.credential.split("~")[0].rsplit(".", 1)[1]
        assert signature.encode() not in row["credential"]

    def test_follows_the_book_to_its_next_version(self, inst: Installation, now: datetime) -> None:
        (person,) = shares.issued(inst, now)
        created = shares.share(inst, now)
        old = shares.look(inst, created.code, now).credential
        people.add_diploma(inst.engine, person, 1, at=now)
        later = now + DAY
        shares.issue(inst, person, later)

        new = shares.look(inst, created.code, later).credential

        assert (answer(inst, old, later), answer(inst, new, later)) == ("no SUPERSEDED", "yes OK")

    def test_is_revoked_when_its_share_is_withdrawn_and_no_other(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)
        ended, other = shares.share(inst, now), shares.share(inst, now)
        gone, still = (shares.look(inst, each.code, now).credential for each in (ended, other))

        with deed(inst.engine) as db:
            withdrawing.withdraw_share(db, WORKER, ended.share_id, now=now)

        later = now + DAY
        said = answer(inst, gone, later), answer(inst, still, later)
        assert said == ("no COPY_TAKEN_BACK", "yes OK")
        assert status_of(inst, gone, later) == signing.REVOKED
        assert status_of(inst, still, later) == signing.VALID

    def test_outlives_the_share_that_has_only_lapsed(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now, TO_EMPLOYER)
        shown = shares.look(inst, created.code, now, EMPLOYER)

        later = created.expires_at + DAY

        assert answer(inst, shown.credential, later) == "yes OK"

    def test_is_made_anew_when_its_key_is_withdrawn(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        shares.issued(inst, now)
        created = shares.share(inst, now)
        old = shares.look(inst, created.code, now).credential
        _withdraw_key(inst, now)
        with pytest.raises(Unavailable):
            shares.look(inst, created.code, now)

        with deed(inst.engine) as db:
            keys.rotate(db, inst, Use.CREDENTIAL, by=OPERATOR, now=now)
        renewed = opened(inst.engine, inst.data_dir, now)
        new = shares.look(renewed, created.code, now).credential

        assert answer(renewed, new, now) == "yes OK"
        assert parts_of(old) & parts_of(new) == set()

    def test_of_an_altered_row_is_refused(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)
        shares.look(sqlite_inst, created.code, now)
        with transaction(sqlite_inst.engine) as db:
            db.execute(sa.update(COPY).values(credential=b"x" * 80))

        with pytest.raises(Conflict):
            shares.look(sqlite_inst, created.code, now)

    def test_is_not_made_for_a_preview(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)

        with deed(sqlite_inst.engine) as db:
            sharing.preview(db, sqlite_inst, WORKER, OFFER, now=now)

        assert _rows(sqlite_inst) == []

    def test_is_one_however_many_open_at_once(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now, max_views=6)

        outcomes = shares.in_processes(
            inst, now, means="link", codes=[[created.code] * 3, [created.code] * 3]
        )

        assert len(outcomes) == 6
        assert len(_rows(inst)) == 1


def _rows(inst: Installation) -> list[sa.RowMapping]:
    with reading(inst.engine) as db:
        return list(db.execute(sa.select(COPY).order_by(COPY.c.id)).mappings())


def _withdraw_key(inst: Installation, now: datetime) -> None:
    with deed(inst.engine) as db:
        kid = inst.key_ring.signer(Use.CREDENTIAL).kid
        keys.withdraw(db, kid, revoked_from=now - DAY, by=OPERATOR, now=now)
