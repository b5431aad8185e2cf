"""Certificates made on the spot, and a TLS server on loopback that wants one back."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
NOW = datetime.now(UTC)
"""The handshake reads the machine's own clock; so do these certificates."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """Somebody who certifies, and where the certificate of it stands."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    path: Path


def authority(folder: Path, name: str) -> Authority:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        _certificate(subject, subject, private, NOW - 400 * DAY, NOW + 400 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certifies=True), critical=True)
        .add_extension(_key_id(private), critical=False)
        .sign(private, SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    return Authority(private, certificate, path)


def certified(by: Authority, folder: Path, name: str, *, ends: datetime = NOW + DAY) -> Path:
    """Return a PEM file with a key and its certificate for this machine."""
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    own = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(by.private.public_key())
    certificate = (
        _certificate(subject, by.certificate.subject, private, NOW - 30 * DAY, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certifies=False), critical=True)
        .add_extension(own, critical=False)
        .add_extension(issuer, critical=False)
        .sign(by.private, SHA256())
    )
    path = folder / f"{name}.pem"
    key = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(key + certificate.public_bytes(Encoding.PEM))
    return path


@contextmanager
def answering(own: Path, admits: Authority, answer: Callable[[bytes], bytes]) -> Iterator[str]:
    """Serve over TLS 1.3, to whom the authority has certified; yield the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    context.load_verify_locations(admits.path)
    context.verify_mode = ssl.CERT_REQUIRED
    listening = socket.create_server((HOST, 0))
    serving = threading.Thread(target=_serve, args=(listening, context, answer), daemon=True)
    serving.start()
    try:
        yield f"https://{HOST}:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        serving.join(timeout=10)


def _serve(
    listening: socket.socket, context: ssl.SSLContext, answer: Callable[[bytes], bytes]
) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with (
            connection,
            suppress(ssl.SSLError, OSError),
            context.wrap_socket(connection, server_side=True) as secured,
        ):
            body = answer(_body_of(secured))
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            secured.sendall(head.encode() + body)


def _body_of(secured: ssl.SSLSocket) -> bytes:
    came = b""
    while b"\r\n\r\n" not in came:
        came += secured.recv(65536)
    head, _, body = came.partition(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += secured.recv(65536)
    return body


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    private: ec.EllipticCurvePrivateKey,
    begins: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def _key_id(private: ec.EllipticCurvePrivateKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(private.public_key())


def _usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        key_cert_sign=certifies,
        crl_sign=certifies,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
