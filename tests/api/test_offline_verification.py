"""The page's modules give the server's answers: shared vectors, attacks, trust lists, documents."""

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import signing
from labour_book.services import verifying
from signing import Reason, Use
from signing.encoding import b64url
from signing.keys import x5c
from tests.signing import authority, samples, test_attacks, test_pdf, test_trust_list
from tests.signing.refusals import BODY, HEAD

FOLDER = Path(__file__).parent / "offline"
NODE = Path(sys.executable).parent / "node"
ROOT = x5c([samples.root().certificate])[0]
QUESTIONS = ("integrity", "status", "issuer")
STATUS = {3: signing.REVOKED, 4: signing.SUPERSEDED, 5: signing.SUSPENDED}


def node(*words: str, given: Any = None) -> str:
    done = subprocess.run(
        [NODE, *words],
        input=None if given is None else json.dumps(given),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr
    return done.stdout


def ask(trust: str, now: datetime = samples.NOW, **given: Any) -> dict[str, Any]:
    """Ask the page's modules."""
    found: dict[str, Any] = json.loads(
        node(
            str(FOLDER / "ask.mjs"),
            given={"root": ROOT, "trust": trust, "now": int(now.timestamp())} | given,
        )
    )
    return found


@cache
def trust_list() -> str:
    statuses = signing.sign_status_list(
        signing.StatusList.of(1000, STATUS),
        signer=samples.key(Use.STATUS_LIST),
        uri=samples.STATUS_URI,
        issued_at=samples.NOW,
    )
    return test_trust_list.sign(status_lists={samples.STATUS_URI: statuses})


def verdicts(now: datetime = samples.NOW, **given: Sequence[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(trust_list(), now, **given)["verdicts"]
    return found


def ours(token: str, now: datetime) -> dict[str, Any]:
    """What the server's own package answers with the same trust list."""
    bundle = signing.trust_list_read(trust_list(), root=samples.root().certificate, now=now)
    verdict = signing.verify_credential(token, bundle, now)
    return answers_in(verdict) | {"step": verdict.step, "claims": verdict.claims}


def answers_in(verdict: Any) -> dict[str, Any]:
    return {
        name: {"state": getattr(verdict, name).state, "reason": getattr(verdict, name).reason}
        for name in QUESTIONS
    }


def attacks() -> list[str]:
    """Every credential of the tables of attacks."""
    a, payload, forge = test_attacks, samples.payload, samples.forge
    with_parts = [samples.disclosure(*parts) for parts, _ in a.DISCLOSED]
    raw = [b64url(each) for each, _ in a.DISCLOSED_BYTES]
    digests = signing.sd_jwt.digests_of([each.encode() for each in raw])
    return [
        *(token for token, _ in a.FORM if "\ud800" not in token),
        *(forge(payload(), head=samples.header(**changes)) for changes, _ in a.HEADER),
        *(forge(payload(), head=head) for head, _ in a.HEADER_BYTES),
        *(a.hs256(secret) for secret, _ in a.HMAC),
        *(forge(payload(), head=samples.header(x5c=chain)) for chain in a.CHAIN),
        *(f"{HEAD}.{BODY}.{b64url(signature)}~" for signature in a.SIGNATURES),
        *(forge(payload(**changes)) for changes, _ in a.CLAIMS),
        *(forge(body) for body, _ in a.CLAIM_BYTES),
        *(forge(payload(_sd=[digest], plain=1), encoded) for encoded, digest in with_parts),
        *(forge(payload(_sd=[digest]), each) for digest, each in zip(digests, raw, strict=True)),
    ]


def documents() -> list[str]:
    """Credentials that are genuine, and what standing they have."""
    whole = samples.issue()
    jwt, *disclosures = whole.removesuffix("~").split("~")
    stranger = samples.key(root_name="Foreign root")
    return [
        whole,
        signing.disclose(whole, lambda path: path[0] in {"worker", "book_no"}),
        f"{jwt}~",
        "~".join([jwt, *reversed(disclosures), ""]),
        "~".join([jwt, *disclosures, disclosures[0], ""]),
        *(samples.issue(status_index=index) for index in (3, 4, 5, 999, 5_000)),
        samples.issue(status_uri="https://book.example/status/77"),
        samples.issue(status_uri="https://elsewhere.example/status/1"),
        *(samples.forge(samples.payload(**changes)) for changes in STANDINGS),
        samples.forge(samples.payload(), head=samples.header(kid=stranger.kid), signer=stranger),
    ]


STANDINGS: list[dict[str, Any]] = [
    {"iss": "https://evil.example"},
    {"exp": 1_790_786_801},
    {"nbf": 4_000_000_000},
    {"status": ...},
    {"status": {}},
    {"status": {"status_list": {"idx": -1, "uri": samples.STATUS_URI}}},
    {"status": {"status_list": {"idx": "1", "uri": samples.STATUS_URI}}},
    {"status": {"status_list": {"idx": 1.5, "uri": samples.STATUS_URI}}},
    {"status": {"status_list": {"idx": True, "uri": samples.STATUS_URI}}},
    {"status": {"status_list": {"idx": 1, "uri": "file:///etc/passwd"}}},
]


class TestVectors:
    def test_have_the_expected_answers_in_node(self) -> None:
        said = node("--test", str(FOLDER / "golden.test.mjs"))

        assert "pass 102" in said
        assert "fail 0" in said


class TestCredential:
    @pytest.mark.parametrize("hours", [0, 30, 24 * 400])
    def test_is_answered_as_the_server_answers(self, hours: int) -> None:
        now = samples.NOW + timedelta(hours=hours)
        if hours > 24 * 7:
            assert ask(trust_list(), now)["refused"] == Reason.TRUST_LIST_EXPIRED
            return
        tokens = documents()

        found = verdicts(now, credentials=tokens)

        assert [each["headline"] for each in found[:2]] == ["good" if hours < 24 else "stale"] * 2
        for verdict, token in zip(found, tokens, strict=True):
            expected = ours(token, now)
            assert {name: verdict[name] for name in expected} == expected

    def test_is_refused_for_the_same_reason_in_every_attack(self) -> None:
        tokens = attacks()

        found = verdicts(credentials=tokens)

        assert len(tokens) > 100
        for verdict, token in zip(found, tokens, strict=True):
            expected = ours(token, samples.NOW)
            assert {name: verdict[name] for name in expected} == expected, token[:200]
            assert verdict["claims"] is None

    def test_of_another_type_is_no_book(self) -> None:
        (verdict,) = verdicts(credentials=[samples.forge(samples.payload(vct="https://x.example"))])

        assert verdict["integrity"] == {"state": "no", "reason": verifying.NOT_A_BOOK}
        assert verdict["claims"] is None


class TestTrustList:
    @pytest.mark.parametrize(
        ("token", "changes"),
        [
            (test_trust_list.forge(iat="x"), {}),
            (test_trust_list.forge(exp=...), {}),
            (test_trust_list.forge(root="AAAA"), {}),
            (test_trust_list.forge(keys=[{}]), {}),
            (test_trust_list.forge(keys="x"), {}),
            (test_trust_list.forge(iss="https://evil.example"), {}),
            (test_trust_list.forge(status_lists=None), {}),
            (test_trust_list.forge(status_lists={"https://book.example/status/1": "a.b.c"}), {}),
            (test_trust_list.forge(samples.key(Use.CREDENTIAL)), {}),
            (test_trust_list.forge(samples.key(Use.TRUST, root_name="Foreign root")), {}),
            (test_trust_list.forge(head={"typ": "JWT"}), {}),
            (test_trust_list.forge(head={"kid": "A" * 43}), {}),
            (test_trust_list.forge(head={"x5c": ...}), {}),
            (test_trust_list.sign()[:-8] + "AAAAAAAA", {}),
            (test_trust_list.sign(), {"now": samples.NOW + timedelta(days=8)}),
            (test_trust_list.sign(), {"now": samples.NOW - timedelta(minutes=2)}),
            (test_trust_list.sign(), {"newer_than": samples.NOW + timedelta(seconds=1)}),
        ],
    )
    def test_is_refused_for_the_same_reason(self, token: str, changes: dict[str, Any]) -> None:
        expected = test_trust_list.refusal(token, **changes)
        newer = changes.get("newer_than")

        found = ask(
            token,
            changes.get("now", samples.NOW),
            newer=0 if newer is None else int(newer.timestamp()),
        )

        assert found["refused"] == expected, found["message"]


class TestPdf:
    def test_is_answered_as_the_server_answers_wherever_it_is_altered(self) -> None:
        pdf = test_pdf.sealed()
        changes = [change(pdf) for change, _ in test_attacks.PDFS]
        flipped = [
            pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
            for at in range(7, len(pdf), len(pdf) // 40)  # before that it is no PDF
        ]
        given = [pdf, *changes, *flipped, b"%PDF-", pdf[:-1]]
        bundle = authority.trust()
        trust = test_trust_list.sign(bundle)

        found = ask(trust, files=[base64.b64encode(each).decode() for each in given])["verdicts"]

        for verdict, content in zip(found, given, strict=True):
            checked = verifying.verify_offline(content, bundle, now=samples.NOW)
            expected = (checked.genuine, checked.current, checked.issuer)
            for name, answer in zip(QUESTIONS, expected, strict=True):
                assert verdict[name] == {"state": answer.state, "reason": answer.reason}
