"""A mail server that keeps what it gets, and the processes that send to it."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api.outbox_worker import send_due
from labour_book.database import connect
from labour_book.services.installation import MailServer
from tests.support.browser import free_port
from tests.support.installations import opened

USER, PASSWORD = "so-lao-dong", "of nothing but these tests"
SENDER = "Sổ lao động <khong-tra-loi@so.example.vn>"


@dataclass
class Mailbox:
    """What arrived, in order; ``refuses`` is said to each recipient instead of yes."""

    port: int
    got: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    refuses: str = ""
    was_encrypted: list[bool] = field(default_factory=list)
    on_arrival: Callable[[], None] | None = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's form
        session: Session,  # noqa: ARG002 - aiosmtpd's form
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002 - aiosmtpd's form
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del server
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.got.append(message)
        self.to.extend(envelope.rcpt_tos)
        self.was_encrypted.append(session.ssl is not None)
        if self.on_arrival is not None:
            self.on_arrival()
        return "250 OK"

    def server(self, security: str = "none", roots: Path | None = None) -> MailServer:
        """Return it as an installation knows it."""
        user = USER if security != "none" else ""
        return MailServer(
            host="127.0.0.1",
            port=self.port,
            security=security,
            sender=SENDER,
            timeout_seconds=10,
            user=user,
            password=PASSWORD if user else "",
            roots=roots,
        )


@contextmanager
def listening(box: Mailbox, *, folder: Path | None = None) -> Iterator[Mailbox]:
    """Let it listen on its port; with a folder, only to who signs in over STARTTLS."""
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **_tls(folder))
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def mailbox() -> Mailbox:
    return Mailbox(free_port())


def send_apart(url: str, folder: Path, now: datetime, port: int, rounds: int) -> None:
    """Send what is due, in a process of its own."""
    inst = opened(connect(url), folder, now)
    object.__setattr__(inst, "mail", Mailbox(port).server())
    for _ in range(rounds):
        asyncio.run(send_due(inst, lambda: now))


def _tls(folder: Path | None) -> dict[str, object]:
    if folder is None:
        return {}
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate(folder))
    return {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": _sign_in,
    }


def _sign_in(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    del server, session, envelope, mechanism
    good = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == good, handled=True)


def certificate(folder: Path) -> Path:
    """Make a key and its certificate for this machine, in one file."""
    path = folder / "mail.pem"
    if path.exists():
        return path
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
