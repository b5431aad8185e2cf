"""Mutual TLS with a real server on loopback: who is believed, and who is not admitted."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from labour_book.errors import Invalid, Unavailable
from labour_book.registers.client import Tls
from labour_book.registers.envelope import Enquiry, Status, signed
from labour_book.registers.online import Answer, Register
from labour_book.services.connections import Connections, connections, secret_for
from tests.conftest import NOW
from tests.support import tls

SECRET = b"s" * 32
FIRM = {
    "enterprise_code": "0100109106",
    "name": "Công ty Mẫu",
    "legal_form": "CTCP",
    "status": "ACTIVE",
    "registered_on": "2010-01-04",
}


@dataclass(frozen=True)
class Side:
    """The certificates of both sides."""

    folder: Path
    authority: tls.Authority
    stranger: tls.Authority
    ours: Path


@pytest.fixture(scope="module")
def side(tmp_path_factory: pytest.TempPathFactory) -> Side:
    folder = tmp_path_factory.mktemp("tls")
    known, stranger = tls.authority(folder, "root"), tls.authority(folder, "stranger")
    return Side(folder, known, stranger, tls.certified(known, folder, "ours"))


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def answered(content: bytes) -> bytes:
    asked: dict[str, Any] = json.loads(content)
    envelope = {
        "message_id": str(uuid4()),
        "correlation_id": asked["message_id"],
        "sender_org": asked["receiver_org"],
        "receiver_org": asked["sender_org"],
        "service": asked["service"],
        "version": "1",
        "data_as_of": NOW.isoformat(),
        "valid_until": NOW.isoformat(),
        "status": "OK",
        "body": FIRM,
    }
    return signed(envelope, secret_for(SECRET, Register.ENTERPRISES))


def ask(address: str, shown: Tls, closing: ExitStack) -> Answer:
    connected: Connections = connections(
        {Register.ENTERPRISES: address},
        secret=SECRET,
        own_org="Z00.LABOURBOOK",
        total_seconds=20,
        closing=closing,
        tls=shown,
    )
    question = Enquiry(
        message_id=uuid4(),
        correlation_id=uuid4(),
        sender_org="Z00.LABOURBOOK",
        receiver_org="Z00.ENTERPRISES",
        service="enterprises.by-code",
        purpose="Đối chiếu",
        legal_basis="ND 01/2021/ND-CP, art. 36",
        requested_at=NOW,
        body={"enterprise_code": "0100109106"},
    )
    return connected.answer(Register.ENTERPRISES, question)


def cause_of(address: str, shown: Tls, closing: ExitStack) -> object:
    with pytest.raises(Unavailable) as caught:
        ask(address, shown, closing)
    return caught.value.facts["cause"]


class TestMutualTls:
    def test_lets_both_sides_talk(self, side: Side, closing: ExitStack) -> None:
        own = tls.certified(side.authority, side.folder, "register")
        address = closing.enter_context(tls.answering(own, side.authority, answered))

        answer = ask(address, Tls(side.authority.path, side.ours, side.ours), closing)

        assert answer.status is Status.OK

    def test_does_not_believe_whom_it_does_not_know(self, side: Side, closing: ExitStack) -> None:
        own = tls.certified(side.stranger, side.folder, "impostor")
        address = closing.enter_context(tls.answering(own, side.authority, answered))

        shown = Tls(side.authority.path, side.ours, side.ours)

        assert cause_of(address, shown, closing) == "CERTIFICATE"

    def test_does_not_believe_what_has_expired(self, side: Side, closing: ExitStack) -> None:
        own = tls.certified(side.authority, side.folder, "old", ends=tls.NOW - tls.DAY)
        address = closing.enter_context(tls.answering(own, side.authority, answered))

        shown = Tls(side.authority.path, side.ours, side.ours)

        assert cause_of(address, shown, closing) == "CERTIFICATE_EXPIRED"

    def test_needs_a_certificate_of_ours(self, side: Side, closing: ExitStack) -> None:
        own = tls.certified(side.authority, side.folder, "strict")
        address = closing.enter_context(tls.answering(own, side.authority, answered))

        assert cause_of(address, Tls(side.authority.path), closing) == "NOT_ADMITTED"

    def test_needs_one_that_they_know(self, side: Side, closing: ExitStack) -> None:
        own = tls.certified(side.authority, side.folder, "choosy")
        other = tls.certified(side.stranger, side.folder, "unknown")
        address = closing.enter_context(tls.answering(own, side.authority, answered))

        shown = Tls(side.authority.path, other, other)

        assert cause_of(address, shown, closing) == "NOT_ADMITTED"


class TestFiles:
    @pytest.mark.parametrize("missing", ["roots", "certificate"])
    def test_that_cannot_be_read_are_refused_at_the_start(
        self, side: Side, closing: ExitStack, missing: str
    ) -> None:
        gone = side.folder / "gone.pem"
        shown = Tls(gone) if missing == "roots" else Tls(side.authority.path, gone, gone)

        with pytest.raises(Invalid, match="cannot be read"):
            ask("https://127.0.0.1:9", shown, closing)
