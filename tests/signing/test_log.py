"""A chain of rows and its checkpoints: each way to tamper is found, and where."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import signing
from signing import GENESIS, ChainedRow, Checkpoint, Reason, chain_hash, verify_chain
from tests.signing import samples

ORIGIN = "book.example/trace"
LOG = samples.key(signing.Use.LOG)


def chain(count: int, previous: bytes = GENESIS, first: int = 1) -> list[ChainedRow]:
    rows = []
    for seq in range(first, first + count):
        content = {"seq": seq, "action": "book.open", "by": f"commune-{seq}"}
        previous = chain_hash(previous, content)
        rows.append(ChainedRow(seq, content, previous))
    return rows


def rechained(rows: list[ChainedRow], at: int) -> list[ChainedRow]:
    """Edit a row and hash all that follow, as somebody with the database would."""
    previous = rows[at - 2].hash if at > 1 else GENESIS
    edited = list(rows[: at - 1])
    for row in rows[at - 1 :]:
        content = dict(row.content) | ({"by": "nobody"} if row.seq == at else {})
        previous = chain_hash(previous, content)
        edited.append(ChainedRow(row.seq, content, previous))
    return edited


class TestChainHash:
    def test_depends_on_the_row_before(self) -> None:
        assert chain_hash(GENESIS, {"a": 1}) != chain_hash(b"\x01" * 32, {"a": 1})

    def test_does_not_depend_on_the_order_of_members(self) -> None:
        assert chain_hash(GENESIS, {"a": 1, "b": 2}) == chain_hash(GENESIS, {"b": 2, "a": 1})

    def test_is_written_down_for_other_implementations(self) -> None:
        expected = sha256(b"vn-labour-book/log/1\n" + bytes(32) + b'{"a":1}').digest()

        assert chain_hash(GENESIS, {"a": 1}) == expected

    @pytest.mark.parametrize(("previous", "row"), [(b"", {}), (GENESIS, {"a": 1.0})])
    def test_refuses_what_has_no_hash(self, previous: bytes, row: dict[str, Any]) -> None:
        with pytest.raises(signing.SigningError):
            chain_hash(previous, row)


class TestVerifyChain:
    def test_finds_nothing_in_an_honest_chain(self) -> None:
        rows = chain(10)

        assert verify_chain(rows) is None
        assert verify_chain(iter(rows)) is None
        assert verify_chain([]) is None
        assert verify_chain(rows[4:], previous=rows[3].hash, first=5) is None

    @pytest.mark.parametrize(
        ("tamper", "broken"),
        [
            (lambda r: [*r[:4], ChainedRow(5, {"seq": 5}, r[4].hash), *r[5:]], 5),
            (lambda r: [*r[:4], ChainedRow(5, r[4].content, bytes(32)), *r[5:]], 5),
            (lambda r: [*r[:4], *r[5:]], 5),
            (lambda r: r[1:], 1),
            (lambda r: [*r[:4], r[5], r[4], *r[6:]], 5),
            (lambda r: [*r[:5], r[4], *r[5:]], 6),
            (lambda r: [*r, ChainedRow(11, {}, bytes(32))], 11),
        ],
    )
    def test_names_the_first_broken_row(
        self, tamper: Callable[[list[ChainedRow]], list[ChainedRow]], broken: int
    ) -> None:
        assert verify_chain(tamper(chain(10))) == broken

    def test_misses_a_new_chain_and_a_cut_without_a_checkpoint(self) -> None:
        rows = chain(10)

        assert verify_chain(rechained(rows, 4)) is None
        assert verify_chain(rows[:7]) is None

    def test_finds_both_with_a_checkpoint(self) -> None:
        rows = chain(10)
        checkpoints = [Checkpoint(ORIGIN, size, rows[size - 1].hash) for size in (2, 8)]

        assert verify_chain(rows, checkpoints=checkpoints) is None
        assert verify_chain(rechained(rows, 4), checkpoints=checkpoints) == 8
        assert verify_chain(rechained(rows, 1), checkpoints=checkpoints) == 2
        assert verify_chain(rows[:7], checkpoints=checkpoints) == 8

    def test_leaves_earlier_checkpoints_to_who_checks_those_rows(self) -> None:
        rows = chain(10)
        early = [Checkpoint(ORIGIN, 2, rows[1].hash)]

        assert verify_chain(rows[4:], previous=rows[3].hash, first=5, checkpoints=early) is None


HEAD = Checkpoint(ORIGIN, 10, chain(10)[-1].hash)
NOTE = signing.sign_checkpoint(HEAD, signer=LOG)


def read(note: str, **changes: Any) -> Checkpoint:
    given = {"trust": samples.trust(), "now": samples.NOW, "origin": ORIGIN} | changes
    return signing.read_checkpoint(note, **given)


class TestCheckpoint:
    def test_is_read_as_it_was_signed(self) -> None:
        assert read(NOTE) == HEAD

    def test_keeps_the_day_for_which_it_was_stated(self) -> None:
        stated = replace(HEAD, day=date(2026, 11, 20))
        note = signing.sign_checkpoint(stated, signer=LOG)

        assert read(note) == stated
        assert note.split("\n")[3] == "2026-11-20"
        with pytest.raises(signing.VerificationError, match="SIGNATURE_WRONG"):
            read(note.replace("2026-11-20", "2026-11-21"))
        with pytest.raises(signing.VerificationError, match="CHECKPOINT_MALFORMED"):
            read(note.replace("2026-11-20", "20261120"))

    def test_has_the_form_of_a_signed_note(self) -> None:
        text, stamp = NOTE.split("\n\n")
        dash, name, encoded = stamp.rstrip("\n").split(" ")
        raw = b64decode(encoded, validate=True)
        public = LOG.public_key
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

        assert text.split("\n")[:2] == [ORIGIN, "10"]
        assert b64decode(text.split("\n")[2]) == HEAD.head
        assert (dash, name, raw[:4]) == ("\N{EM DASH}", ORIGIN, sha256(spki).digest()[:4])
        public.verify(raw[4:], f"{text}\n".encode(), ec.ECDSA(SHA256()))

    @pytest.mark.parametrize(
        ("note", "reason"),
        [
            ("", Reason.CHECKPOINT_MALFORMED),
            (NOTE.rstrip("\n"), Reason.CHECKPOINT_MALFORMED),
            (NOTE + NOTE, Reason.CHECKPOINT_MALFORMED),
            (NOTE.replace("\n\n", "\nextra\n\n"), Reason.CHECKPOINT_MALFORMED),
            (NOTE.replace("\n10\n", "\n010\n"), Reason.CHECKPOINT_MALFORMED),
            (NOTE.replace("\n10\n", "\n-1\n"), Reason.CHECKPOINT_MALFORMED),
            (NOTE.replace("\n10\n", "\n٣\n"), Reason.CHECKPOINT_MALFORMED),
            (NOTE.replace("\n10\n", "\n\n"), Reason.CHECKPOINT_MALFORMED),
            (NOTE.replace("=\n\n", "\n\n"), Reason.CHECKPOINT_MALFORMED),
            ("x" * 5000, Reason.CHECKPOINT_MALFORMED),
            (NOTE.replace("\n10\n", "\n11\n"), Reason.SIGNATURE_WRONG),
            (NOTE.replace(ORIGIN, "evil.example"), Reason.CHECKPOINT_ORIGIN),
            (NOTE.replace(f"{ORIGIN}\n", "evil.example\n"), Reason.CHECKPOINT_ORIGIN),
        ],
    )
    def test_is_refused_in_another_form(self, note: str, reason: Reason) -> None:
        with pytest.raises(signing.VerificationError) as refused:
            read(note)

        assert refused.value.reason is reason

    def test_is_refused_when_any_one_letter_changed(self) -> None:
        for at in range(len(NOTE)):
            with pytest.raises(signing.VerificationError):
                read(NOTE[:at] + chr(ord(NOTE[at]) ^ 1) + NOTE[at + 1 :])

    def test_is_refused_from_a_foreign_or_withdrawn_key(self) -> None:
        foreign = samples.key(signing.Use.LOG, root_name="Foreign root")
        withdrawn = samples.bundle(keys=[signing.trusted(LOG.chain, revoked_from=samples.NOW)])

        with pytest.raises(signing.VerificationError, match="KEY_UNKNOWN"):
            read(signing.sign_checkpoint(HEAD, signer=foreign))
        with pytest.raises(signing.VerificationError, match="KEY_WITHDRAWN"):
            read(NOTE, trust=withdrawn)

    def test_is_refused_of_another_log(self) -> None:
        with pytest.raises(signing.VerificationError, match="CHECKPOINT_ORIGIN"):
            read(NOTE, origin="book.example/versions")

    @pytest.mark.parametrize(
        ("checkpoint", "use"),
        [
            (HEAD, signing.Use.CREDENTIAL),
            (Checkpoint("two words", 1, GENESIS), signing.Use.LOG),
            (Checkpoint("a+b", 1, GENESIS), signing.Use.LOG),
            (Checkpoint("", 1, GENESIS), signing.Use.LOG),
            (Checkpoint(ORIGIN, -1, GENESIS), signing.Use.LOG),
            (Checkpoint(ORIGIN, 1, b""), signing.Use.LOG),
        ],
    )
    def test_is_not_signed_when_it_makes_no_sense(
        self, checkpoint: Checkpoint, use: signing.Use
    ) -> None:
        with pytest.raises(signing.SigningError):
            signing.sign_checkpoint(checkpoint, signer=samples.key(use))
