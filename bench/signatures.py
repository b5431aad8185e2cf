"""Signing and checking: ours against the bare curve and the libraries others use.

* issuing: an SD-JWT VC of a book with three jobs (52 disclosures, 9 decoys), against ES256 alone
  and the sd-jwt package.
* verifying: all of them and a share of 13, against ES256 alone, PyJWT (signature and claims only,
  no disclosures, no status) and the sd-jwt package.
* canonical JSON: against RFC 8785 written down in pure Python.
* offline QR code: sign and check, against ES256 alone.
"""

import json
from collections.abc import Callable

import jwt
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


def hidden(value: object) -> object:
    """Return claims whose every member and element is disclosable for the sd-jwt package."""
    if isinstance(value, dict):
        return {SDObj(name): hidden(each) for name, each in value.items()}
    return value


def theirs(claims: dict[str, object], key: JWK) -> str:
    book = {name: hidden(each) for name, each in claims.items() if name != "employments"}
    employments = [SDObj(each) for each in samples.claims()["employments"]]
    everything = {SDObj(name): each for name, each in book.items()}
    everything[SDObj("employments")] = employments
    return str(SDJWTIssuer(everything, key, sign_alg="ES256").sd_jwt_issuance)


def canonical_reference(value: object) -> str:
    """Return RFC 8785 written down: keys by UTF-16 code units, everything by hand."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        inner = ",".join(
            f"{canonical_reference(key)}:{canonical_reference(value[key])}" for key in keys
        )
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{','.join(map(canonical_reference, value))}]"
    return json.dumps(value, ensure_ascii=False)


def main() -> None:
    private, public = samples.key().private, samples.key().public_key
    book, token = samples.claims(), samples.issue()
    part = signing.disclose(token, lambda path: path[0] in {"worker", "insurance"})
    data = token.split("~", maxsplit=1)[0].rpartition(".")[0].encode()
    der = private.sign(data, ES256)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = JWK.from_pem(pem)
    other, snapshot = theirs(book, key), samples.snapshot()
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
        sd_jwt_package=lambda: theirs(book, key),
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
        "10 x the reference",
        "books",
        ("orjson",),
        ours=lambda: signing.canonical_json(book),
        RFC_8785_in_pure_Python=lambda: canonical_reference(book).encode(),
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
