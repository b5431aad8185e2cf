"""Signing and checking: ours against the bare curve and the libraries others use.

* issuing: an SD-JWT VC of a book with three jobs (52 disclosures, 9 decoys), against ES256 alone
  and the sd-jwt package, which discloses the same parts (and has no decoys).
* verifying: all of them and a share of 13, as an employer gets it, against ES256 alone, PyJWT
  (signature and claims only, no disclosures, no status) and the sd-jwt package.
* canonical JSON: against the rfc8785 package.
* offline QR code: sign and check, against ES256 alone.
"""

from collections.abc import Callable
from typing import Any

import jwt
import rfc8785
from _measure import interleaved, quick, report
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

import signing
from tests.signing import golden_cases, samples

ES256 = ec.ECDSA(SHA256())
Work = Callable[[], object]


def times(work: Work, count: int) -> Callable[[], int]:
    def run() -> int:
        for _ in range(count):
            work()
        return count

    return run


def measured(topic: str, goal: str, unit: str, packages: tuple[str, ...], **ways: Work) -> None:
    named = {name.replace("_", " "): times(work, 40) for name, work in ways.items()}
    for work in named.values():
        work()
    rounds = 15 if quick() else 60
    report(topic, interleaved(named, rounds=rounds), unit=unit, goal=goal, packages=packages)


def hidden(value: Any, path: tuple[str | int, ...], wanted: frozenset[Any]) -> Any:  # noqa: ANN401 - JSON is any value
    """Return claims for the sd-jwt package, with the wanted members and elements disclosable."""
    if isinstance(value, dict):
        return {
            SDObj(name) if (*path, name) in wanted else name: hidden(each, (*path, name), wanted)
            for name, each in value.items()
        }
    if isinstance(value, list):
        parts = [hidden(each, (*path, number), wanted) for number, each in enumerate(value)]
        return [SDObj(p) if (*path, number) in wanted else p for number, p in enumerate(parts)]
    return value


def theirs(claims: dict[str, Any], key: JWK, wanted: frozenset[Any]) -> str:
    """Issue the same with the sd-jwt package: as many disclosures, of the same parts."""
    issuer = SDJWTIssuer(hidden(claims, (), wanted), key, sign_alg="ES256")
    return str(issuer.sd_jwt_issuance)


def main() -> None:
    private, public = samples.key().private, samples.key().public_key
    book, token = samples.claims(), samples.issue()
    part = signing.disclose(token, lambda path: path[0] in {"worker", "insurance"})
    data = token.split("~", maxsplit=1)[0].rpartition(".")[0].encode()
    der = private.sign(data, ES256)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = JWK.from_pem(pem)
    wanted = frozenset(each.path for each in signing.disclosures_of(token))
    other, snapshot = theirs(book, key, wanted), samples.snapshot()
    assert other.count("~") == token.count("~")
    text = samples.compact(golden_cases.book(3))
    short = b"x" * 600
    short_der = private.sign(short, ES256)

    measured(
        "signing issue",
        "at least 3,000 a second on one core",
        "credentials",
        ("cryptography", "orjson", "sd-jwt"),
        ours_52_disclosures=lambda: samples.issue(book),
        ES256_signature_alone=lambda: private.sign(data, ES256),
        sd_jwt_package=lambda: theirs(book, key, wanted),
    )
    measured(
        "signing verify",
        "0.5 x the signature alone",
        "credentials",
        ("cryptography", "orjson", "pyjwt", "sd-jwt"),
        ours_all_52_disclosures=lambda: samples.verify(token, status=lambda _: snapshot),
        ours_a_share_of_13=lambda: samples.verify(part, status=lambda _: snapshot),
        ES256_verification_alone=lambda: public.verify(der, data, ES256),
        PyJWT_without_disclosures=lambda: jwt.decode(
            token.split("~", maxsplit=1)[0],
            public,
            ["ES256"],
            options={"verify_exp": False, "verify_iat": False},
        ),
        sd_jwt_package=lambda: SDJWTVerifier(other, lambda *_: key).get_verified_payload(),
    )
    measured(
        "signing canonical JSON",
        "20 x the package",
        "books",
        ("orjson", "rfc8785"),
        ours=lambda: signing.canonical_json(book),
        rfc8785_package=lambda: rfc8785.dumps(book),
    )
    measured(
        "signing offline QR",
        "a check in 2.5 x the time of the signature alone, that is 0.4",
        "codes",
        ("cryptography", "cbor2"),
        ours_check_3_employers=lambda: signing.compact_verify(
            text, samples.trust(), samples.NOW, lambda _: snapshot
        ),
        ES256_verification_alone=lambda: public.verify(short_der, short, ES256),
        ours_sign_3_employers=lambda: samples.compact(golden_cases.book(3)),
    )


if __name__ == "__main__":
    main()
