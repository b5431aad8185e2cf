from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

import signing
from labour_book.database import reading
from labour_book.errors import Invalid, NotFound, Unavailable
from labour_book.queries.rows import table_of
from labour_book.services import keys, numbering, verifying
from labour_book.services.access import deed
from labour_book.services.installation import Installation
from labour_book.services.issuing import revoke
from labour_book.services.key_folder import ROOT_FILE
from labour_book.tables import BookVersion
from signing import Use
from tests.services import people
from tests.services.test_verifying import (
    DAY,
    GOOD,
    OPERATOR,
    answers,
    issue,
    issued,
    token_of,
)

VERSION = table_of(BookVersion)


def bundle_of(inst: Installation, now: datetime) -> signing.TrustBundle:
    """Return what an offline verifier has after it fetched the trust list."""
    with reading(inst.engine) as db:
        token = verifying.trust_list(db, inst, now)
    return verifying.read_trust_list(token, inst.key_dir / ROOT_FILE, now=now)


class TestVerifyOffline:
    def test_with_a_fresh_bundle_is_good(self, inst: Installation, now: datetime) -> None:
        issued(inst, now)
        bundle = bundle_of(inst, now)
        token = token_of(inst, now)

        checked = verifying.verify_offline(token.encode(), bundle, now=now + timedelta(hours=20))

        assert answers(checked) == GOOD
        assert (checked.status_as_of, checked.newest_version) == (now, None)

    def test_says_superseded_also_offline(self, inst: Installation, now: datetime) -> None:
        issued(inst, now)
        token = token_of(inst, now)
        people.add_diploma(inst.engine, people.person_id(), 1, at=now + DAY)
        issue(inst, people.person_id(), now + DAY)
        bundle = bundle_of(inst, now + DAY)

        checked = verifying.verify_offline(token.encode(), bundle, now=now + DAY)

        assert answers(checked) == ("yes OK", "no SUPERSEDED", "yes OK")

    @pytest.mark.parametrize(
        ("age", "answer"),
        [
            (timedelta(hours=23), "yes OK"),
            (timedelta(hours=25), "unknown STATUS_LIST_EXPIRED"),
        ],
    )
    def test_says_when_its_status_is_too_old(
        self, sqlite_inst: Installation, now: datetime, age: timedelta, answer: str
    ) -> None:
        issued(sqlite_inst, now)
        bundle, token = bundle_of(sqlite_inst, now), token_of(sqlite_inst, now)

        checked = verifying.verify_offline(token.encode(), bundle, now=now + age)

        assert answers(checked) == ("yes OK", answer, "yes OK")

    def test_without_status_could_not_check(self, sqlite_inst: Installation, now: datetime) -> None:
        issued(sqlite_inst, now)
        bundle = replace(bundle_of(sqlite_inst, now), status={})

        checked = verifying.verify_offline(token_of(sqlite_inst, now).encode(), bundle, now=now)

        assert answers(checked) == ("yes OK", "unknown STATUS_UNAVAILABLE", "yes OK")
        assert not checked.is_good


class TestReadTrustList:
    def test_refuses_another_root_an_altered_or_an_old_list(
        self, sqlite_inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        inst = sqlite_inst
        with reading(inst.engine) as db:
            token = verifying.trust_list(db, inst, now)
        root = inst.key_dir / ROOT_FILE
        other = tmp_path / "other.pem"
        period = {"not_before": now, "not_after": now + DAY}
        signing.write_root(other, signing.new_root(common_name="other", **period))

        for text, file, at, reason in (
            (token, other, now, "CERTIFICATE_REFUSED"),
            (token[:-9] + "AAAAAAAAA", root, now, "BASE64_NOT_CANONICAL"),
            (token, root, now + 8 * DAY, "TRUST_LIST_EXPIRED"),
            ("x", root, now, "TOKEN_MALFORMED"),
        ):
            with pytest.raises(Invalid) as refused:
                verifying.read_trust_list(text, file, now=at)
            assert refused.value.facts["reason"] in (reason, "SIGNATURE_WRONG")

        with pytest.raises(Invalid, match="root"):
            verifying.read_trust_list(token, tmp_path / "nothing.pem", now=now)

    def test_has_every_list_and_key(self, inst: Installation, now: datetime) -> None:
        issued(inst, now)
        with deed(inst.engine) as db:
            keys.rotate(db, inst, Use.PDF, by=OPERATOR, now=now)

        bundle = bundle_of(inst, now)

        assert list(bundle.status) == ["https://so.example.vn/status/1"]
        assert len(bundle.keys) == len(Use) + 1


class TestStatusListToken:
    def test_follows_the_versions(self, inst: Installation, now: datetime) -> None:
        first = issued(inst, now)
        index = _index_of(inst, first.version_id)
        with reading(inst.engine) as db:
            before = verifying.status_list_token(db, inst, 1, now)
        with deed(inst.engine) as db:
            revoke(db, first.version_id, "issued in error", by=OPERATOR, now=now)
        with reading(inst.engine) as db:
            after = verifying.status_list_token(db, inst, 1, now)
            bundle = keys.trust_bundle(db, inst, now)

        read = [signing.read_status_list(each, bundle, now) for each in (before, after)]
        assert [each.list.get(index) for each in read] == [signing.VALID, signing.REVOKED]
        assert read[0].list.size == numbering.LIST_CAPACITY

    def test_is_handed_out_again_while_fresh(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = replace(sqlite_inst, status_cache_seconds=5)
        issued(inst, now)

        with reading(inst.engine) as db:
            tokens = [
                verifying.status_list_token(db, inst, 1, now + timedelta(seconds=seconds))
                for seconds in (0, 4, 5)
            ]

        assert tokens[0] == tokens[1] != tokens[2]

    def test_of_no_list_is_not_found(self, inst: Installation, now: datetime) -> None:
        with reading(inst.engine) as db, pytest.raises(NotFound):
            verifying.status_list_token(db, inst, 1, now)

    def test_without_a_key_is_unavailable(self, sqlite_inst: Installation, now: datetime) -> None:
        issued(sqlite_inst, now)
        keyless = replace(sqlite_inst, key_ring=replace(sqlite_inst.key_ring, signers={}))

        with reading(keyless.engine) as db, pytest.raises(Unavailable):
            verifying.status_list_token(db, keyless, 1, now)


def _index_of(inst: Installation, version_id: UUID) -> int:
    with reading(inst.engine) as db:
        query = sa.select(VERSION.c.status_index).where(VERSION.c.id == version_id)
        return int(db.execute(query).scalar_one())
