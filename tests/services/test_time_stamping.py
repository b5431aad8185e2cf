"""Seals and their time, with an authority of certomancer's behind real HTTP."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import tsp
from pyhanko.pdf_utils.reader import PdfFileReader

import signing
from labour_book.database import reading
from labour_book.errors import Unavailable
from labour_book.services import keys, printing, time_stamping, verifying
from labour_book.services.access import deed
from labour_book.services.installation import Authority, Installation
from labour_book.services.revocation import keys_withdrawn
from labour_book.services.verifying import Checked, Seal
from signing import State, Use
from tests.services import people, shares
from tests.services.shares import WORKER
from tests.signing.authority import authority
from tests.support.installations import ISSUER
from tests.support.stamping import Answer, answering

LATER = timedelta(seconds=2)
PATIENCE = 0.4
"""Seconds."""


@pytest.fixture
def issued(sqlite_inst: Installation, now: datetime) -> Installation:
    """An installation with one book that believes the authority, and asks none."""
    shares.issued(sqlite_inst, now)
    with reading(sqlite_inst.engine) as db:
        ring = keys.open_key_ring(
            db,
            sqlite_inst.key_dir,
            issuer=ISSUER,
            now=now,
            timestamp_roots=[authority().root.certificate],
        )
    return replace(sqlite_inst, key_ring=ring)


def asking(
    inst: Installation, url: str, *, patience: float = 5, folder: Path | None = None
) -> Installation:
    roots = (authority().root.certificate,)
    return replace(inst, authority=Authority(url, roots, patience, folder))


def printed(inst: Installation, now: datetime) -> bytes:
    with deed(inst.engine) as db:
        return printing.pdf_of(db, inst, WORKER, people.person_id(), purpose="", now=now)


def checked(inst: Installation, pdf: bytes, now: datetime) -> Checked:
    with deed(inst.engine) as db:
        return verifying.verify_document(db, inst, pdf, now=now)


def seal_of(inst: Installation, pdf: bytes, now: datetime) -> Seal:
    found = checked(inst, pdf, now)
    assert found.is_good
    assert found.seal is not None
    return found.seal


def reason_in(pdf: bytes) -> str:
    (seal,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return str(seal.sig_object["/Reason"])


def good(now: datetime) -> Callable[[bytes], Answer]:
    return lambda query: Answer(authority().answer(query, now + LATER))


def of_another_query(now: datetime) -> Callable[[bytes], Answer]:
    def answer(query: bytes) -> Answer:
        other = tsp.TimeStampReq.load(query)
        changed = tsp.TimeStampReq(
            {
                "version": other["version"],
                "message_imprint": other["message_imprint"],
                "nonce": other["nonce"].native + 1,
                "cert_req": True,
            }
        )
        return Answer(authority().answer(changed.dump(), now + LATER))

    return answer


class TestSealed:
    def test_states_its_time_itself_where_nobody_is_asked(
        self, issued: Installation, now: datetime
    ) -> None:
        pdf = printed(issued, now)

        seal = seal_of(issued, pdf, now)
        assert (seal.level, seal.timestamp.reason, seal.at) == ("B-B", "TIMESTAMP_MISSING", now)
        assert reason_in(pdf) == printing.SEAL_REASON + time_stamping.UNSTAMPED

    def test_has_its_time_confirmed(self, issued: Installation, now: datetime) -> None:
        with answering(good(now)) as url:
            pdf = printed(asking(issued, url), now)

        seal = seal_of(issued, pdf, now)
        assert (seal.level, seal.timestamp.state, seal.at) == ("B-T", State.YES, now + LATER)
        assert reason_in(pdf) == printing.SEAL_REASON

    def test_is_believed_offline_by_whoever_has_the_trust_list(
        self, issued: Installation, now: datetime
    ) -> None:
        with answering(good(now)) as url:
            pdf = printed(asking(issued, url), now)
        with reading(issued.engine) as db:
            token = verifying.trust_list(db, issued, now)
        bundle = signing.trust_list_read(token, root=issued.key_ring.anchor.root, now=now)

        offline = verifying.verify_offline(pdf, bundle, now=now)

        assert offline.seal is not None
        assert offline.seal.level == "B-T"

    def test_outlives_the_withdrawal_of_its_key(self, issued: Installation, now: datetime) -> None:
        with answering(good(now)) as url:
            stamped = printed(asking(issued, url), now)
        plain = printed(issued, now)
        later = now + timedelta(days=30)
        with deed(issued.engine) as db:
            kid = issued.key_ring.signer(Use.PDF).kid
            since = now + timedelta(days=1)
            keys.withdraw(db, kid, revoked_from=since, by=shares.OPERATOR, now=later)

        assert checked(issued, stamped, later).is_good
        assert checked(issued, plain, later).issuer.reason == "KEY_WITHDRAWN"

    def test_holds_what_later_checks_need(
        self, issued: Installation, now: datetime, tmp_path: Path
    ) -> None:
        folder = tmp_path / "validation"
        folder.mkdir()
        with reading(issued.engine) as db:
            (folder / "root.crl").write_bytes(keys_withdrawn(db, issued, days=31, now=now))
        given = {"number": 1, "issued_at": now, "next_at": now + timedelta(days=31)}
        listed = signing.revocation_list(authority().root, {}, **given)
        (folder / "authority.crl").write_bytes(listed)
        signing.write_certificates(folder / "authority.pem", [authority().certificate])

        with answering(good(now)) as url:
            pdf = printed(asking(issued, url, folder=folder), now)

        assert seal_of(issued, pdf, now).level == "B-LT"

    def test_needs_no_lists_to_have_its_time_confirmed(
        self, issued: Installation, now: datetime, tmp_path: Path
    ) -> None:
        with answering(good(now)) as url:
            pdf = printed(asking(issued, url, folder=tmp_path), now)

        assert seal_of(issued, pdf, now).level == "B-T"


WRONG: dict[str, Callable[[datetime], Callable[[bytes], Answer]]] = {
    "500": lambda _: lambda _: Answer(b"", status=500),
    "503 with a good answer": lambda now: lambda query: replace(good(now)(query), status=503),
    "redirect": lambda _: lambda _: Answer(b"", status=302, location="http://127.0.0.1:1/"),
    "media type": lambda now: lambda query: replace(good(now)(query), media_type="text/html"),
    "nonce": of_another_query,
    "another's stamp": lambda now: (
        lambda query: Answer(authority("Somebody else").answer(query, now + LATER))
    ),
    "no stamp": lambda _: lambda _: Answer(b"what?"),
    "nothing": lambda _: lambda _: Answer(b""),
    "too much": lambda now: (
        lambda query: Answer(good(now)(query).body + bytes(time_stamping.LARGEST_REPLY))
    ),
    "too late": lambda now: lambda query: replace(good(now)(query), pause=3 * PATIENCE),
    "drop by drop": lambda now: (
        lambda query: replace(good(now)(query), pause=PATIENCE / 3, pieces=20)
    ),
}


class TestWithoutTimeStamp:
    @pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
    def test_seals_all_the_same_and_says_so(
        self,
        issued: Installation,
        now: datetime,
        caplog: pytest.LogCaptureFixture,
        wrong: Callable[[datetime], Callable[[bytes], Answer]],
    ) -> None:
        with caplog.at_level(logging.WARNING), answering(wrong(now)) as url:
            pdf = printed(asking(issued, url, patience=PATIENCE), now)

        seal = seal_of(issued, pdf, now)
        assert (seal.level, seal.timestamp.reason) == ("B-B", "TIMESTAMP_MISSING")
        assert "không có dấu thời gian" in reason_in(pdf)
        assert "sealed without a time-stamp" in caplog.text

    def test_seals_when_nobody_is_there(self, issued: Installation, now: datetime) -> None:
        pdf = printed(asking(issued, "http://127.0.0.1:1/", patience=PATIENCE), now)

        assert seal_of(issued, pdf, now).level == "B-B"

    def test_leaves_an_authority_alone_that_failed_a_moment_ago(
        self, issued: Installation, now: datetime
    ) -> None:
        asked: list[bytes] = []

        def failing_once(query: bytes) -> Answer:
            asked.append(query)
            return Answer(b"", status=500) if len(asked) == 1 else good(now)(query)

        pause = timedelta(seconds=time_stamping.PAUSE_SECONDS)
        with answering(failing_once) as url:
            inst = asking(issued, url)
            printed(inst, now)
            soon = printed(inst, now + pause / 2)
            later = printed(inst, now + pause)

        assert len(asked) == 2
        assert seal_of(issued, soon, now + pause).level == "B-B"
        assert seal_of(issued, later, now + 2 * pause).level == "B-T"

    def test_seals_beside_lists_that_are_none(
        self, issued: Installation, now: datetime, tmp_path: Path
    ) -> None:
        (tmp_path / "broken.crl").write_bytes(b"what?")

        with answering(good(now)) as url:
            pdf = printed(asking(issued, url, folder=tmp_path), now)

        assert seal_of(issued, pdf, now).level == "B-B"

    def test_keeps_nobody_waiting_for_longer_than_set(self) -> None:
        slow = Answer(bytes(1000), pause=PATIENCE / 4, pieces=100)
        given = Authority("", (), PATIENCE)

        with answering(lambda _: slow) as url:
            started = time.monotonic()
            with pytest.raises(OSError, match="too slowly"):
                time_stamping.ask(replace(given, url=url), b"?")
            took = time.monotonic() - started

        assert took < 2 * PATIENCE + 1

    def test_is_not_sealed_without_a_key(self, issued: Installation, now: datetime) -> None:
        bare = replace(issued, key_ring=replace(issued.key_ring, signers={}))

        with pytest.raises(Unavailable):
            time_stamping.sealed(bare, b"", reason="x", now=now)
