"""The attacks that must be refused, one on each line, each with its reason code.

Those on offline QR codes are lines of `vectors/compact.json`; those on lists, files and parsers
stand with the tests of what they attack.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import signing
from signing import Reason, State
from signing.encoding import b64url, b64url_decode
from signing.keys import ORDER
from signing.verification import MAX_TOKEN
from tests.signing import authority, samples, test_pdf
from tests.signing import golden_compact as golden
from tests.signing.refusals import (
    BODY,
    BOUND,
    HEAD,
    JWT,
    PRESENTED,
    SIGNATURE,
    TOKEN,
    WALLET,
    assert_integrity_refused,
    bind,
    verify_presented,
)

CERTIFICATE = samples.trust().keys[samples.key().kid].x5c[0]
FOREIGN = signing.keys.x5c(samples.key(root_name="Foreign root").chain)[0]
ROOT = signing.keys.x5c([samples.root().certificate])[0]
STRANGER = ec.generate_private_key(ec.SECP256R1())
TWIN = SIGNATURE[:-1] + chr(ord(SIGNATURE[-1]) + 1)  # 64 bytes leave four unused bits
LATER = samples.NOW + timedelta(days=1)


def hs256(secret: bytes) -> str:
    """Return a token under HMAC with something that everybody knows."""
    head = samples.header(alg="HS256")
    parts = ".".join(b64url(json.dumps(each).encode()) for each in (head, samples.payload()))
    signature = hmac.digest(secret, parts.encode(), "sha256")
    return samples.forge(samples.payload(), head=head, signature=signature)


PEM = samples.key().public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
JWK = json.dumps(signing.public_jwk(samples.key().public_key)).encode()

FORM = [
    ("", Reason.TOKEN_MALFORMED),
    ("~", Reason.TOKEN_MALFORMED),
    (JWT, Reason.TOKEN_MALFORMED),
    ("a.b~", Reason.TOKEN_MALFORMED),
    (f"{JWT}.x~", Reason.TOKEN_MALFORMED),
    (f"{JWT}~~", Reason.TOKEN_MALFORMED),
    (f"{JWT}~ế~", Reason.TOKEN_MALFORMED),
    (f"{JWT}ế~", Reason.TOKEN_MALFORMED),
    (f"\ud800{TOKEN}", Reason.TOKEN_MALFORMED),
    (f"{HEAD}.{BODY}.{SIGNATURE}=~", Reason.BASE64_NOT_CANONICAL),
    (f"{HEAD}.{BODY}.{SIGNATURE}+~", Reason.BASE64_NOT_CANONICAL),
    (f"{HEAD}.{BODY}.\n{SIGNATURE}~", Reason.BASE64_NOT_CANONICAL),
    (f"{TOKEN}{JWT}", Reason.KEY_BINDING_REFUSED),
    (TOKEN + "A" * MAX_TOKEN, Reason.TOO_LARGE),
    (f"{'A' * 20_000}.{BODY}.{SIGNATURE}~", Reason.TOO_LARGE),
    (f"{HEAD}.{BODY}.{TWIN}~", Reason.BASE64_NOT_CANONICAL),
    (f"{JWT}~{'AAAA~' * 20_000}", Reason.DISCLOSURES_TOO_MANY),
    (
        samples.forge(samples.payload(), head=samples.header(kid="A" * 100_000)),
        Reason.TOO_LARGE,
    ),
]

HEADER = [
    ({"alg": "none"}, Reason.ALG_REFUSED),
    ({"alg": "None"}, Reason.ALG_REFUSED),
    ({"alg": "NONE"}, Reason.ALG_REFUSED),
    ({"alg": "es256"}, Reason.ALG_REFUSED),
    ({"alg": "ES384"}, Reason.ALG_REFUSED),
    ({"alg": ["ES256"]}, Reason.ALG_REFUSED),
    ({"alg": ...}, Reason.ALG_REFUSED),
    ({"typ": "vc+sd-jwt"}, Reason.TYP_REFUSED),
    ({"typ": "JWT"}, Reason.TYP_REFUSED),
    ({"typ": "DC+SD-JWT"}, Reason.TYP_REFUSED),
    ({"typ": "statuslist+jwt"}, Reason.TYP_REFUSED),
    ({"typ": ...}, Reason.TYP_REFUSED),
    ({"crit": ["exp"]}, Reason.CRIT_REFUSED),
    ({"crit": []}, Reason.CRIT_REFUSED),
    ({"jwk": signing.public_jwk(samples.key().public_key)}, Reason.HEADER_REFUSED),
    ({"jku": "https://canary.invalid/jwks"}, Reason.HEADER_REFUSED),
    ({"x5u": "https://canary.invalid/x5u"}, Reason.HEADER_REFUSED),
    ({"x5t": "AAAA"}, Reason.HEADER_REFUSED),
    ({"b64": False}, Reason.HEADER_REFUSED),
    ({"zip": "DEF"}, Reason.HEADER_REFUSED),
    ({"kid": ...}, Reason.KID_REFUSED),
    ({"kid": None}, Reason.KID_REFUSED),
    ({"kid": ""}, Reason.KID_REFUSED),
    ({"kid": 1}, Reason.KID_REFUSED),
    ({"kid": "../../etc/passwd"}, Reason.KID_REFUSED),
    ({"kid": "x' OR '1'='1"}, Reason.KID_REFUSED),
    ({"kid": "http://169.254.169.254/key"}, Reason.KID_REFUSED),
    ({"kid": samples.key().kid + "\x00"}, Reason.KID_REFUSED),
    ({"kid": samples.key().kid + "\n"}, Reason.KID_REFUSED),
    ({"kid": "A" * 10_000}, Reason.KID_REFUSED),
    ({"x5c": CERTIFICATE}, Reason.HEADER_REFUSED),
    ({"x5c": [1]}, Reason.HEADER_REFUSED),
]

HEADER_BYTES = [
    (b"{", Reason.JSON_INVALID),
    (b"[]", Reason.JSON_INVALID),
    (b'{"alg":NaN}', Reason.JSON_INVALID),
    (b"\xff", Reason.JSON_INVALID),
    (b"[" * 9_000, Reason.JSON_TOO_DEEP),
]

HMAC = [(PEM, Reason.ALG_REFUSED), (JWK, Reason.ALG_REFUSED), (b"", Reason.ALG_REFUSED)]

CHAIN = [
    [],
    [FOREIGN],
    [CERTIFICATE, FOREIGN],
    [FOREIGN, CERTIFICATE],
    [CERTIFICATE, ROOT],
    [ROOT],
    ["not a certificate"],
]

SIGNATURES = [
    b"",
    bytes(63),
    bytes(65),
    samples.key().sign_der(f"{HEAD}.{BODY}".encode()),
    b64url_decode(SIGNATURE, step=0) + b"\0",
    b"\0" + b64url_decode(SIGNATURE, step=0),
    bytes(64),
    ORDER.to_bytes(32, "big") * 2,
    b"\xff" * 64,
]

CLAIMS = [
    ({"iss": ...}, Reason.CLAIM_MISSING),
    ({"vct": ...}, Reason.CLAIM_MISSING),
    ({"iat": ...}, Reason.CLAIM_MISSING),
    ({"exp": ...}, Reason.CLAIM_MISSING),
    ({"iss": 1}, Reason.CLAIM_TYPE),
    ({"vct": None}, Reason.CLAIM_TYPE),
    ({"exp": "1822323600"}, Reason.CLAIM_TYPE),
    ({"exp": 1822323600.5}, Reason.CLAIM_TYPE),
    ({"exp": True}, Reason.CLAIM_TYPE),
    ({"exp": None}, Reason.CLAIM_TYPE),
    ({"exp": [1]}, Reason.CLAIM_TYPE),
    ({"exp": -1}, Reason.CLAIM_TYPE),
    ({"exp": 10**15}, Reason.CLAIM_TYPE),
    ({"exp": 10**30}, Reason.CLAIM_TYPE),
    ({"iat": "now"}, Reason.CLAIM_TYPE),
    ({"nbf": "now"}, Reason.CLAIM_TYPE),
    ({"nbf": None}, Reason.CLAIM_TYPE),
    ({"_sd_alg": "sha-512"}, Reason.SD_ALG_REFUSED),
    ({"_sd_alg": "md5"}, Reason.SD_ALG_REFUSED),
    ({"_sd_alg": ...}, Reason.SD_ALG_REFUSED),
]

CLAIM_BYTES = [
    (b"[]", Reason.JSON_INVALID),
    (b"null", Reason.JSON_INVALID),
    (b'{"iss":"\\ud800"}', Reason.JSON_INVALID),
    (b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}", Reason.JSON_TOO_DEEP),
]

DISCLOSED = [
    (("salt", "_sd", []), Reason.DISCLOSURE_NAME_REFUSED),
    (("salt", "...", "x"), Reason.DISCLOSURE_NAME_REFUSED),
    (("salt", "iss", "https://evil.example"), Reason.DISCLOSURE_PROTECTED),
    (("salt", "nbf", 0), Reason.DISCLOSURE_PROTECTED),
    (("salt", "exp", 0), Reason.DISCLOSURE_PROTECTED),
    (("salt", "iat", 0), Reason.DISCLOSURE_PROTECTED),
    (("salt", "cnf", {}), Reason.DISCLOSURE_PROTECTED),
    (("salt", "vct", "x"), Reason.DISCLOSURE_PROTECTED),
    (("salt", "status", {}), Reason.DISCLOSURE_PROTECTED),
    (("salt", "_sd_alg", "sha-256"), Reason.DISCLOSURE_PROTECTED),
    (("salt", "plain", 1), Reason.DISCLOSURE_OVERWRITES),
    (("salt", 1, 1), Reason.DISCLOSURE_MALFORMED),
    (("salt", ["a"], 1), Reason.DISCLOSURE_MALFORMED),
    (("salt", {}, 1), Reason.DISCLOSURE_MALFORMED),
    ((["salt"], "a", 1), Reason.DISCLOSURE_MALFORMED),
    ((1, "a", 1), Reason.DISCLOSURE_MALFORMED),
    (("salt", "a"), Reason.DISCLOSURE_MALFORMED),
    (("salt", "a", 1, 2), Reason.DISCLOSURE_MALFORMED),
    ((), Reason.DISCLOSURE_MALFORMED),
    (("salt", "a", {"_sd": "x"}), Reason.DIGEST_MALFORMED),
    (("salt", "a", {"_sd": [1]}), Reason.DIGEST_MALFORMED),
    (("salt", "a", {"_sd": [["x"]]}), Reason.DIGEST_MALFORMED),
    (("salt", "a", {"...": "x"}), Reason.DISCLOSURE_NAME_REFUSED),
    (("salt", "a", [{"...": "x", "b": 1}]), Reason.DIGEST_MALFORMED),
    (("salt", "a", [{"...": 1}]), Reason.DIGEST_MALFORMED),
    (("salt", "a", [{"...": ["x"]}]), Reason.DIGEST_MALFORMED),
]

DISCLOSED_BYTES = [
    (b'"text"', Reason.DISCLOSURE_MALFORMED),
    (b"{}", Reason.DISCLOSURE_MALFORMED),
    (b"[", Reason.JSON_INVALID),
    (b"[" * 50_000 + b"]" * 50_000, Reason.JSON_TOO_DEEP),
]

# Key bindings: what the wallet says, how it signs, and the reason
BINDINGS: list[tuple[str, Reason]] = [
    (BOUND, Reason.KEY_BINDING_MISSING),
    (f"{BOUND}x", Reason.TOKEN_MALFORMED),
    (f"{BOUND}{'A' * 20_000}", Reason.TOO_LARGE),
    (PRESENTED + "=", Reason.BASE64_NOT_CANONICAL),
    (bind({"aud": "https://other.example"}), Reason.AUDIENCE_MISMATCH),
    (bind({"aud": ["https://employer.example"]}), Reason.CLAIM_TYPE),
    (bind({"aud": ...}), Reason.CLAIM_TYPE),
    (bind({"nonce": "another"}), Reason.NONCE_MISMATCH),
    (bind({"nonce": ""}), Reason.NONCE_MISMATCH),
    (bind({"nonce": ...}), Reason.CLAIM_TYPE),
    (bind({"iat": int(samples.NOW.timestamp()) - 301}), Reason.PRESENTATION_TOO_OLD),
    (bind({"iat": int(samples.NOW.timestamp()) + 61}), Reason.NOT_YET_VALID),
    (bind({"iat": str(samples.NOW.timestamp())}), Reason.CLAIM_TYPE),
    (bind({"iat": True}), Reason.CLAIM_TYPE),
    (bind({"iat": ...}), Reason.CLAIM_TYPE),
    (bind({"sd_hash": ...}), Reason.CLAIM_TYPE),
    (bind({"sd_hash": b64url(bytes(32))}), Reason.SD_HASH_MISMATCH),
    (bind(head={"typ": "JWT"}), Reason.TYP_REFUSED),
    (bind(head={"typ": ...}), Reason.TYP_REFUSED),
    (bind(head={"alg": "none"}, signature=b""), Reason.ALG_REFUSED),
    (bind(head={"alg": "HS256"}), Reason.ALG_REFUSED),
    (bind(head={"crit": ["exp"]}), Reason.CRIT_REFUSED),
    (
        bind(head={"jwk": signing.public_jwk(STRANGER.public_key())}, signer=STRANGER),
        Reason.HEADER_REFUSED,
    ),
    (bind(head={"jku": "https://canary.invalid/jwks"}), Reason.HEADER_REFUSED),
    (bind(signer=STRANGER), Reason.SIGNATURE_WRONG),
    (bind(signature=bytes(64)), Reason.SIGNATURE_MALFORMED),
    (
        bind(signature=WALLET.sign(b"x", ec.ECDSA(signing.keys.SHA256()))),
        Reason.SIGNATURE_MALFORMED,
    ),
    (bind(credential=samples.issue()), Reason.HOLDER_KEY_MISSING),
    (bind(credential=samples.forge(samples.payload(cnf={}))), Reason.HOLDER_KEY_REFUSED),
    (bind(credential=samples.forge(samples.payload(cnf={"jwk": {}}))), Reason.HOLDER_KEY_REFUSED),
    (bind(credential=samples.forge(samples.payload(cnf="x"))), Reason.HOLDER_KEY_REFUSED),
    (bind(body=b64url(b"[]")), Reason.JSON_INVALID),
    # Replayed with more, and with fewer disclosures than the wallet showed
    (
        signing.disclose(BOUND, lambda _: False) + PRESENTED.rpartition("~")[2],
        Reason.SD_HASH_MISMATCH,
    ),
    (
        BOUND + bind(credential=signing.disclose(BOUND, lambda _: False)).rpartition("~")[2],
        Reason.SD_HASH_MISMATCH,
    ),
    (
        "~".join([*BOUND.split("~")[:1], *BOUND.split("~")[-2:0:-1], ""])
        + PRESENTED.rpartition("~")[2],
        Reason.SD_HASH_MISMATCH,
    ),
]


class TestToken:
    @pytest.mark.parametrize(("token", "reason"), FORM)
    def test_of_another_form(self, token: str, reason: Reason) -> None:
        assert_integrity_refused(token, reason, step=1)

    @pytest.mark.parametrize(("changes", "reason"), HEADER)
    def test_with_another_header(self, changes: dict[str, Any], reason: Reason) -> None:
        token = samples.forge(samples.payload(), head=samples.header(**changes))

        assert_integrity_refused(token, reason, step=2)

    @pytest.mark.parametrize(("raw", "reason"), HEADER_BYTES)
    def test_whose_header_is_no_object(self, raw: bytes, reason: Reason) -> None:
        assert_integrity_refused(samples.forge(samples.payload(), head=raw), reason, step=2)

    @pytest.mark.parametrize(("secret", "reason"), HMAC)
    def test_under_hmac_with_what_everybody_knows(self, secret: bytes, reason: Reason) -> None:
        assert_integrity_refused(hs256(secret), reason, step=2)

    def test_without_algorithm_and_signature(self) -> None:
        token = samples.forge(samples.payload(), head=samples.header(alg="none"), signature=b"")

        assert_integrity_refused(token, Reason.ALG_REFUSED, step=2)

    @pytest.mark.parametrize("chain", CHAIN)
    def test_with_other_certificates_than_the_pinned_ones(self, chain: list[str]) -> None:
        verdict = samples.verify(samples.forge(samples.payload(), head=samples.header(x5c=chain)))

        assert (verdict.issuer.state, verdict.issuer.reason) == (State.NO, Reason.X5C_MISMATCH)
        assert verdict.integrity.state is not State.YES

    @pytest.mark.parametrize("signature", SIGNATURES)
    def test_with_a_signature_of_another_form(self, signature: bytes) -> None:
        token = f"{HEAD}.{BODY}.{b64url(signature)}~"

        assert_integrity_refused(token, Reason.SIGNATURE_MALFORMED, step=4)

    @pytest.mark.parametrize(("changes", "reason"), CLAIMS)
    def test_with_other_visible_claims(self, changes: dict[str, Any], reason: Reason) -> None:
        assert_integrity_refused(samples.forge(samples.payload(**changes)), reason, step=5)

    @pytest.mark.parametrize(("raw", "reason"), CLAIM_BYTES)
    def test_whose_claims_are_no_object(self, raw: bytes, reason: Reason) -> None:
        assert_integrity_refused(samples.forge(raw), reason, step=5)

    @pytest.mark.parametrize(("parts", "reason"), DISCLOSED)
    def test_with_a_signed_disclosure_that_breaks_the_rules(
        self, parts: tuple[Any, ...], reason: Reason
    ) -> None:
        encoded, digest = samples.disclosure(*parts)
        token = samples.forge(samples.payload(_sd=[digest], plain=1), encoded)

        assert_integrity_refused(token, reason, step=6)

    @pytest.mark.parametrize(("raw", "reason"), DISCLOSED_BYTES)
    def test_with_a_signed_disclosure_that_is_no_list(self, raw: bytes, reason: Reason) -> None:
        encoded = b64url(raw)
        (digest,) = signing.sd_jwt.digests_of([encoded.encode()])

        token = samples.forge(samples.payload(_sd=[digest]), encoded)

        assert_integrity_refused(token, reason, step=6)


class TestPresentation:
    @pytest.mark.parametrize(("token", "reason"), BINDINGS)
    def test_with_another_key_binding(self, token: str, reason: Reason) -> None:
        verdict = verify_presented(token)

        assert (verdict.holder.state, verdict.holder.reason) == (State.NO, reason)
        assert verdict.step >= 10
        assert verdict.claims is None
        assert not verdict.is_good


PDFS: list[tuple[Callable[[bytes], bytes], Reason]] = [
    (lambda pdf: pdf[:700] + bytes([pdf[700] ^ 1]) + pdf[701:], Reason.PDF_CHANGED),
    (lambda pdf: pdf + b"\n", Reason.PDF_NOT_COVERED),
    (lambda pdf: pdf + pdf[pdf.rindex(b"xref") :], Reason.PDF_NOT_COVERED),
    (lambda pdf: pdf.replace(b"/ByteRange", b"/ByteRangf"), Reason.PDF_NOT_SEALED),
    (lambda pdf: pdf.replace(b"3082", b"3182", 1), Reason.PDF_SEAL_MALFORMED),
    (lambda pdf: pdf.replace(b"0000>", b"0001>", 1), Reason.PDF_SEAL_MALFORMED),
    (lambda _: test_pdf.plain(), Reason.PDF_NOT_SEALED),
]


class TestPdf:
    @pytest.mark.parametrize(("change", "reason"), PDFS)
    def test_altered(self, change: Callable[[bytes], bytes], reason: Reason) -> None:
        verdict = signing.verify_pdf(change(test_pdf.sealed()), authority.trust(), samples.NOW)

        assert (verdict.integrity.state, verdict.integrity.reason) == (State.NO, reason)
        assert verdict.attachments == {}


def known(*, revoked: bool = False, kept: bool = True) -> signing.TrustBundle:
    """Return trust in a new key of each kind, with the old one kept, withdrawn or gone."""
    since = samples.NOW if revoked else None
    old = [signing.trusted(samples.key(use).chain, revoked_from=since) for use in signing.Use]
    status = {samples.STATUS_URI: samples.snapshot(expires_at=samples.FAR)}
    return samples.bundle(keys=[*NEW.values(), *(old if kept else [])], status=status)


NEW = {use: samples.key(use, not_before=samples.NOW - timedelta(days=1)) for use in signing.Use}
Check = Callable[[signing.SigningKey, signing.TrustBundle], Any]
DOCUMENTS: dict[str, tuple[signing.Use, Check]] = {
    "credential": (
        signing.Use.CREDENTIAL,
        lambda key, trust: signing.verify_credential(samples.issue(signer=key), trust, LATER),
    ),
    "QR code": (
        signing.Use.QR,
        lambda key, trust: signing.compact_verify(samples.compact(signer=key), trust, LATER),
    ),
    "PDF": (
        signing.Use.PDF,
        lambda key, trust: signing.verify_pdf(test_pdf.seal(signer=key), trust, LATER),
    ),
}


@pytest.mark.parametrize("document", DOCUMENTS)
class TestRollover:
    def test_both_keys_verify(self, document: str) -> None:
        use, check = DOCUMENTS[document]

        for key in (samples.key(use), NEW[use]):
            verdict = check(key, known())
            assert verdict.integrity.state is verdict.issuer.state is State.YES
            assert verdict.kid == key.kid

    def test_a_withdrawn_key_refuses_all_it_signed_and_the_new_one_does_not(
        self, document: str
    ) -> None:
        use, check = DOCUMENTS[document]

        old, new = (
            check(samples.key(use), known(revoked=True)),
            check(NEW[use], known(revoked=True)),
        )

        assert (old.issuer.state, old.issuer.reason) == (State.NO, Reason.KEY_WITHDRAWN)
        assert new.issuer.state is State.YES

    def test_a_key_that_was_dropped_is_unknown(self, document: str) -> None:
        use, check = DOCUMENTS[document]

        verdict = check(samples.key(use), known(kept=False))

        assert (verdict.issuer.state, verdict.issuer.reason) == (State.NO, Reason.KEY_UNKNOWN)
        assert verdict.integrity.state is State.UNKNOWN

    def test_a_retired_key_does_not_sign_past_its_life(self, document: str) -> None:
        use, check = DOCUMENTS[document]
        retired = samples.key(use, not_after=samples.NOW - timedelta(days=30))
        forged = replace(retired, not_after=samples.END)  # the thief's own idea of its life

        verdict = check(forged, samples.bundle(keys=[signing.trusted(retired.chain)]))

        assert verdict.issuer.reason is Reason.KEY_OUT_OF_PERIOD


def test_a_verifier_without_the_new_trust_list_does_not_know_the_new_key() -> None:
    verdict = samples.verify(samples.issue(signer=NEW[signing.Use.CREDENTIAL]))

    assert verdict.issuer.reason is Reason.KEY_UNKNOWN


@pytest.mark.parametrize(
    "topic",
    [
        *("forged", "expired", "revoked", "superseded", "withdrawn", "retired", "bomb", "base45"),
        *("unprotected", "truncated", "prefix", "crit", "kid", "DER", "stranger", "personal ID"),
    ],
)
def test_the_shared_vectors_have_a_line_on(topic: str) -> None:
    vectors = (golden.read() or {})["vectors"]

    refused = [
        each["name"]
        for each in vectors
        if topic in each["name"]
        and any(each["expected"][name]["state"] != "yes" for name in golden.THREE)
    ]

    assert refused
