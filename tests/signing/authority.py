"""A time-stamp authority of certomancer's, as a real HTTP server on the loopback interface."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from asn1crypto import keys, tsp
from certomancer.services import TimeStamper
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import signing
from signing.pyhanko_calls import asn1
from tests.signing import samples

STAMPED_AT = samples.NOW + timedelta(seconds=2)
LISTENING: set[tuple[str, int]] = set()  # what the canary lets through
_TIMEOUT_SECONDS = 5
_QUERY = {"Content-Type": "application/timestamp-query"}
_LARGEST_ANSWER = 64 * 1024

Answering = Callable[[bytes], bytes]


@dataclass(frozen=True, eq=False)
class Authority:
    """The authority's own root, and the certificate and key that it stamps with."""

    root: signing.Root
    certificate: x509.Certificate
    private: ec.EllipticCurvePrivateKey

    def answer(self, request: bytes, at: datetime = STAMPED_AT) -> bytes:
        der = self.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        own = asn1([self.certificate, self.root.certificate])
        stamper = TimeStamper(
            own[0], keys.PrivateKeyInfo.load(der), fixed_dt=at, certs_to_embed=own[1:]
        )
        return bytes(stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump())


def authority(name: str = "Demo time-stamp root") -> Authority:
    return _authority(name)


@cache  # whoever asks for the same one gets the same one
def _authority(name: str) -> Authority:
    root = samples.root(name)
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Demo time-stamps")])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(root.certificate.subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(samples.BEGIN)
        .not_valid_after(samples.END)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root.private.public_key()),
            critical=False,
        )
        .sign(root.private, SHA256())
    )
    return Authority(root, certificate, private)


@contextmanager
def listening(answering: Answering) -> Iterator[signing.TimeStamper]:
    """Run a server that answers time-stamp queries, and give what `seal_pdf` needs to ask it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = answering(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    address = ("127.0.0.1", server.server_address[1])
    LISTENING.add(address)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield signing.TimeStamper(lambda query: post(address, query), (root(),))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        LISTENING.discard(address)


def post(address: tuple[str, int], query: bytes) -> bytes:
    """Ask an authority, as an application would: with a time-out and a largest answer."""
    connection = HTTPConnection(*address, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("POST", "/", query, _QUERY)
        response = connection.getresponse()
        if response.status != 200:
            raise OSError(f"the authority answers {response.status}")
        return response.read(_LARGEST_ANSWER)
    except HTTPException as error:
        raise OSError("the authority does not speak HTTP") from error
    finally:
        connection.close()


def root() -> x509.Certificate:
    return authority().root.certificate


@cache
def trust() -> signing.TrustBundle:
    """Return a bundle that believes the authority too."""
    return samples.bundle(timestamp_roots=[root()])


def direct(name: str = "Demo time-stamp root") -> signing.TimeStamper:
    """Return the authority without a network in between."""
    given = authority(name)
    return signing.TimeStamper(given.answer, (given.root.certificate,))


@cache
def validation_data() -> signing.ValidationData:
    """Return what a PDF of level B-LT encloses: both roots and both lists, nobody withdrawn."""
    given = {"number": 1, "issued_at": samples.BEGIN, "next_at": samples.FAR}
    roots = [samples.root(), authority().root]
    return signing.ValidationData(
        [*(each.certificate for each in roots), authority().certificate],
        [signing.revocation_list(each, {}, **given) for each in roots],
    )
