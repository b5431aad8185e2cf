"""A wallet in a few lines, which also does what no wallet should."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwe
from joserfc.jwk import ECKey

import signing
from labour_book.services.access import Role
from labour_book.services.wallet_offers import PRE_AUTHORIZED
from tests.api.conftest import Office, TestClient
from tests.services.people import EMPLOYER_CODE
from tests.support.installations import PUBLIC_URL

CONFIGURATION = "labour-book"
VERIFIER = "v" * 43
REDIRECT = "https://wallet.example/back"


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


CHALLENGE = b64(sha256(VERIFIER.encode()).digest())


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def jwk_of(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    return signing.public_jwk(key.public_key())


@dataclass
class Pocket:
    """A wallet of the first person, and the verifier it meets."""

    office: Office
    client: TestClient
    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    made: int = 0

    def __post_init__(self) -> None:
        self.office.issue(self.office.people[0])
        self.worker = self.office.token("worker", Role.WORKER, person=self.office.people[0])
        self.employer = self.office.token("employer", Role.EMPLOYER, enterprise=EMPLOYER_CODE)

    @property
    def seconds(self) -> int:
        return int(self.office.clock.now.timestamp())

    # Taking

    def offer(self, way: str = "pre-authorized") -> dict[str, Any]:
        answer = self.client.post("/me/wallets/offers", headers=self.worker, json={"way": way})
        assert answer.status_code == 201, answer.text
        offer: dict[str, Any] = answer.json()
        return offer

    def ask_token(self, offer: dict[str, Any], tx_code: str | None = None, **more: str) -> Any:
        code = offer["credential_offer"]["grants"][PRE_AUTHORIZED]["pre-authorized_code"]
        form = {
            "grant_type": PRE_AUTHORIZED,
            "pre-authorized_code": code,
            "tx_code": tx_code or offer["tx_code"],
        }
        dpop = more.pop("dpop", None)
        headers = {} if dpop is None else {"DPoP": dpop}
        return self.client.post("/token", data=form | more, headers=headers)

    def token(self) -> str:
        answer = self.ask_token(self.offer())
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def nonce(self) -> str:
        return str(self.client.post("/nonce").json()["c_nonce"])

    def proof(
        self,
        nonce: str,
        *,
        key: ec.EllipticCurvePrivateKey | None = None,
        typ: str = signing.KEY_PROOF,
        jwk: dict[str, Any] | None = None,
        header: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        signer = key or self.key
        says = {"aud": PUBLIC_URL, "iat": self.seconds, "nonce": nonce} | claims
        head = {"typ": typ, "jwk": jwk or jwk_of(signer)} | (header or {})
        return jwt.encode(says, signer, "ES256", head)

    def dpop(self, path: str, *, token: str | None = None, **claims: Any) -> str:
        self.made += 1
        says: dict[str, Any] = {
            "jti": f"proof-{self.made}",
            "htm": "POST",
            "htu": PUBLIC_URL + path,
            "iat": self.seconds,
        }
        if token is not None:
            says["ath"] = b64(sha256(token.encode()).digest())
        head = {"typ": signing.DPOP, "jwk": jwk_of(self.key)}
        return jwt.encode(says | claims, self.key, "ES256", head)

    def ask_copies(
        self, token: str, *proofs: str, scheme: str = "Bearer", dpop: str | None = None
    ) -> Any:
        body = {"credential_configuration_id": CONFIGURATION, "proofs": {"jwt": list(proofs)}}
        headers = {"Authorization": f"{scheme} {token}"}
        if dpop is not None:
            headers["DPoP"] = dpop
        return self.client.post("/credential", json=body, headers=headers)

    def copy(self) -> str:
        """Take one copy for the wallet's own key."""
        answer = self.ask_copies(self.token(), self.proof(self.nonce()))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["credentials"][0]["credential"])

    # Asking in advance

    def push(self, **changes: str) -> Any:
        form = {
            "response_type": "code",
            "client_id": "wallet.example",
            "redirect_uri": REDIRECT,
            "scope": CONFIGURATION,
            "state": "s1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return self.client.post("/par", data=form | changes)

    def redeem(self, code: str, **changes: str | None) -> Any:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": VERIFIER,
            "client_id": "wallet.example",
            "redirect_uri": REDIRECT,
        }
        proof = changes.pop("dpop", self.dpop("/token"))
        headers = {} if proof is None else {"DPoP": proof}
        return self.client.post("/token", data=form | changes, headers=headers)

    # Showing

    def ask(self, **more: Any) -> dict[str, Any]:
        body = {"preset": "GENERAL", "purpose": "Tuyển dụng", "encrypted": False} | more
        answer = self.client.post("/vp", headers=self.employer, json=body)
        assert answer.status_code == 201, answer.text
        asked: dict[str, Any] = answer.json()
        return asked

    def request(self, asked: dict[str, Any]) -> dict[str, Any]:
        token = self.client.get(urlsplit(asked["request_uri"]).path).text
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        assert parse_qs(urlsplit(asked["link"]).query)["client_id"] == [claims["client_id"]]
        return claims

    def presentation(self, request: dict[str, Any], copy: str, **changes: Any) -> str:
        shown = signing.disclose(copy, lambda path: path[-1] != "personal_id")
        return signing.present(
            shown,
            changes.get("key", self.key),
            audience=changes.get("audience", request["client_id"]),
            nonce=changes.get("nonce", request["nonce"]),
            issued_at=changes.get("issued_at", self.office.clock.now),
        )

    def answer(self, asked: dict[str, Any], token: str, *, state: str) -> Any:
        form = {"vp_token": json.dumps({"book": [token]}), "state": state}
        return self.client.post(f"/vp/{asked['id']}/response", data=form)

    def answer_encrypted(self, asked: dict[str, Any], token: str, **header: str) -> Any:
        request = self.request(asked)
        (key,) = request["client_metadata"]["jwks"]["keys"]
        body = {"vp_token": {"book": [token]}, "state": request["state"]}
        head = {"alg": "ECDH-ES", "enc": "A128GCM", "kid": key["kid"]} | header
        public = ECKey.import_key({name: key[name] for name in ("crv", "kty", "x", "y")})
        algorithms = ["ECDH-ES", "ECDH-ES+A128KW", "A128GCM", "A256GCM", "A128CBC-HS256"]
        sealed = jwe.encrypt_compact(head, json.dumps(body).encode(), public, algorithms=algorithms)
        return self.client.post(f"/vp/{asked['id']}/response", data={"response": sealed})

    def show(self, asked: dict[str, Any], copy: str, **changes: Any) -> Any:
        request = self.request(asked)
        token = self.presentation(request, copy, **changes)
        return self.answer(asked, token, state=changes.get("state", request["state"]))

    def result(self, asked: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
        return self.client.get(f"/vp/{asked['id']}/result", headers=headers or self.employer)
