"""The presentations of the reference implementation, read by our disclosure processing."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from signing.encoding import b64url_decode, parse_object
from signing.keys import check_signature
from signing.sd_jwt import place, reveal
from tests.signing import samples

VECTORS = json.loads((samples.VECTORS / "sdjwt_vectors.json").read_text())


def public_key(jwk: dict[str, str]) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(b64url_decode(jwk[each], step=0), "big") for each in "xy")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
class TestReveal:
    def test_gives_the_expected_payload(self, vector: dict[str, Any]) -> None:
        jwt, *disclosures, last = vector["presentation"].split("~")
        protected, payload, signature = jwt.split(".")

        revealed = reveal(parse_object(payload, step=0), disclosures)

        assert revealed == vector["expected"]
        assert bool(last) == vector["key_binding"]
        check_signature(
            public_key(VECTORS["issuer_jwk"]),
            b64url_decode(signature, step=0),
            f"{protected}.{payload}".encode(),
            step=0,
        )

    def test_places_every_disclosure(self, vector: dict[str, Any]) -> None:
        jwt, *disclosures, _ = vector["presentation"].split("~")

        placed = place(parse_object(jwt.split(".")[1], step=0), disclosures)

        assert sorted(each.encoded for each in placed) == sorted(disclosures)
