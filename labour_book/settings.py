"""Every setting of an installation, explained, and checked at the start."""

import base64
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

import migrations
import signing
from labour_book.correction_settings import CorrectionSettings
from labour_book.database import connect, reading
from labour_book.domain.places import places
from labour_book.errors import Invalid, Unavailable
from labour_book.law.working_days import calendar_with
from labour_book.observing_settings import ObservingSettings
from labour_book.optional_settings import (
    MailSettings,
    SealingSettings,
    ServingSettings,
    SharingSettings,
    SignInSettings,
    StatisticsSettings,
    SupportSettings,
)
from labour_book.queries.vault import Vault
from labour_book.register_settings import RegisterSettings
from labour_book.registers.online import Register
from labour_book.services import keys
from labour_book.services.connections import Connections, connections, sandbox_secret
from labour_book.services.installation import Authority, Installation, Issuer, MailServer
from signing import BlindIndex, Sealer, SigningError

if TYPE_CHECKING:  # loads what only installations with a token have
    from signing import HardwareToken

SECRET_NAMES = ("seal_key", "index_key", "lookup_key")
KEY_BYTES = 32
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class Settings(
    SharingSettings,
    SealingSettings,
    ServingSettings,
    SignInSettings,
    RegisterSettings,
    CorrectionSettings,
    MailSettings,
    StatisticsSettings,
    SupportSettings,
    ObservingSettings,
    BaseSettings,
):
    """Read from ``LABOUR_BOOK_*`` environment variables only.

    Outside demo mode every secret must be given; in demo mode those missing are made on the first
    start and kept in the data directory.
    """

    model_config = SettingsConfigDict(env_prefix="LABOUR_BOOK_", extra="forbid", frozen=True)

    demo: Annotated[
        bool, Field(description="Demo mode: makes its own secrets and keys, says so on every page.")
    ] = False
    data_dir: Annotated[
        Path, Field(description="Folder for the SQLite file, keys, checkpoints and received files.")
    ] = Path(".labour-book")
    database_url: Annotated[
        str,
        Field(
            description="sqlite:///path or postgresql+psycopg://user@host/name; default: SQLite."
        ),
    ] = ""
    public_url: Annotated[
        str,
        Field(description="Address under which people reach this service; printed into every QR."),
    ] = "http://127.0.0.1:8000"
    issuer_name_vi: Annotated[str, Field(description="Issuing body, as printed.")] = "SỞ NỘI VỤ"
    issuer_name_en: Annotated[str, Field(description="Issuing body in English.")] = (
        "Department of Home Affairs"
    )
    issuer_place: Annotated[str, Field(description="Place printed before the date of issue.")] = (
        "Hà Nội"
    )
    book_life_days: Annotated[
        int, Field(gt=0, le=3650, description="Days after which a signed version expires.")
    ] = 365
    max_upload_mib: Annotated[
        int, Field(gt=0, description="Largest body that the server reads, in MiB.")
    ] = 10
    received_file_days: Annotated[
        int,
        Field(gt=0, le=3650, description="Days after which a received file is removed, once read."),
    ] = 30
    status_cache_seconds: Annotated[
        int, Field(ge=0, le=3600, description="How long a made status list is handed out.")
    ] = 5
    seal_key: Annotated[
        SecretStr | None,
        Field(description="32 bytes, base64: encrypts personal IDs and credentials at rest."),
    ] = None
    index_key: Annotated[
        SecretStr | None,
        Field(description="32 bytes, base64: the blind index by which a personal ID is found."),
    ] = None
    lookup_key: Annotated[
        SecretStr | None,
        Field(description="32 bytes, base64: derives the codes in the printed addresses."),
    ] = None

    @field_validator("public_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("must start with https:// (or http:// on this machine)")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _complete(self) -> "Settings":
        if not self.demo:
            missing = [name for name in SECRET_NAMES if getattr(self, name) is None]
            if missing:
                names = ", ".join(f"LABOUR_BOOK_{name.upper()}" for name in missing)
                raise ValueError(f"outside demo mode these must be set: {names}")
            if self.public_url.startswith("http://"):
                raise ValueError("outside demo mode LABOUR_BOOK_PUBLIC_URL must be https://")
            if self.oidc_issuer.startswith("http://"):
                raise ValueError("outside demo mode LABOUR_BOOK_OIDC_ISSUER must be https://")
            if self.mail_security == "none" and self.mail_host not in {"", *_THIS_MACHINE}:
                raise ValueError("LABOUR_BOOK_MAIL_SECURITY must be starttls or tls")
            if any(each.startswith("http://") for each in self.register_addresses.values()):
                raise ValueError("outside demo mode LABOUR_BOOK_REGISTER_..._URL must be https://")
        for name in (*SECRET_NAMES, "register_secret"):
            given = getattr(self, name)
            if given is not None:
                _key(name, given.get_secret_value())
        return self

    @property
    def url_of_database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'labour-book.sqlite'}"

    @property
    def key_dir(self) -> Path:
        return self.data_dir / "keys"

    @property
    def issuer(self) -> Issuer:
        return Issuer(self.public_url, self.issuer_name_vi, self.issuer_name_en, self.issuer_place)

    @cached_property
    def secrets(self) -> dict[str, bytes]:
        """The three keys by name; in demo mode made once and kept with mode 0600."""
        given = {name: getattr(self, name) for name in SECRET_NAMES}
        kept = _kept_secrets(self.data_dir) if self.demo else {}
        return {
            name: _key(name, value.get_secret_value() if value is not None else kept[name])
            for name, value in given.items()
        }


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"LABOUR_BOOK_{name.upper()} must be {KEY_BYTES} bytes in base64")
    return key


def _kept_secrets(data_dir: Path) -> dict[str, str]:
    path = data_dir / "demo-secrets.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = {
            name: base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() for name in SECRET_NAMES
        }
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made), encoding="utf-8")
        try:
            os.link(draft, path)  # the first process wins, the others read what it wrote
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        Invalid: a variable is missing or wrong; the text names it and says what it is for.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            _explained(problem["loc"], problem["msg"])
            for problem in error.errors(include_input=False)
        ]
        raise Invalid("\n".join(lines)) from None


def _explained(location: tuple[int | str, ...], message: str) -> str:
    name = str(location[0]) if location else ""
    field = Settings.model_fields.get(name)
    variable = f"LABOUR_BOOK_{name.upper()}: " if name else ""
    purpose = f" ({field.description})" if field is not None and field.description else ""
    return f"{variable}{message.removeprefix('Value error, ')}{purpose}"


def open_installation(settings: Settings, *, now: datetime) -> Installation:
    """Open the database and the keys that the settings name.

    In demo mode the keys are made when they are missing; otherwise nothing is ever made here.

    Raises:
        Invalid: the file with the roots of time-stamps cannot be read.
        Unavailable: the database does not answer or has another release's schema, keys are
            missing or broken, or the hardware token does not open.
        Conflict: the demo's key files are gone although its database has published them.
    """
    engine = connect(settings.url_of_database, connections=settings.database_connections)
    goes_back = settings.newer_schema and migrations.is_newer(engine)
    if not goes_back and not migrations.is_current(engine):
        raise Unavailable("the database has not the schema of this release: run `labour-book init`")
    issuer = settings.issuer
    if settings.demo:
        keys.make_demo_keys(engine, settings.key_dir, issuer=issuer, now=now)
    roots = _timestamp_roots(settings)
    with ExitStack() as opening:
        token = _open_token(settings, opening)
        with reading(engine) as db:
            ring = keys.open_key_ring(
                db, settings.key_dir, issuer=issuer, now=now, token=token, timestamp_roots=roots
            )
        closing = opening.pop_all()
    secret = settings.secrets
    registers = _connections(settings, secret["lookup_key"], closing)
    return Installation(
        engine=engine,
        vault=Vault(Sealer(secret["seal_key"]), BlindIndex(secret["index_key"])),
        lookup_key=secret["lookup_key"],
        issuer=issuer,
        public_url=settings.public_url,
        key_ring=ring,
        book_life_days=settings.book_life_days,
        status_cache_seconds=settings.status_cache_seconds,
        received_file_days=settings.received_file_days,
        replica=_replica(settings),
        daily_at=time.fromisoformat(settings.daily_at) if settings.daily_at else None,
        sessions=settings.session_limits,
        limits=settings.sharing_limits,
        corrections=settings.correction_limits,
        waits=settings.waits,
        statistics=settings.statistics_rules,
        calendar=calendar_with(settings.working_days_file),
        share_bounds=settings.share_bounds,
        authority=_authority(settings, roots),
        demo=settings.demo,
        data_dir=settings.data_dir,
        places=places(),
        connections=registers,
        mail=_mail_server(settings),
        closing=closing,
    )


@contextmanager
def opened_token(settings: Settings) -> Iterator["HardwareToken | None"]:
    """Open the hardware token that the settings name, and keep it open; None if they name none.

    Raises:
        Unavailable: it does not open, or what it takes is not installed.
    """
    with ExitStack() as opening:
        yield _open_token(settings, opening)


def _open_token(settings: Settings, opening: ExitStack) -> "HardwareToken | None":
    if settings.hsm_module is None or settings.hsm_pin is None:
        return None
    pin = settings.hsm_pin.get_secret_value()
    try:
        token = signing.open_token(settings.hsm_module, token=settings.hsm_token, pin=pin)
        return opening.enter_context(token)
    except ModuleNotFoundError:
        raise Unavailable("hardware tokens need python-pkcs11: install labour-book[hsm]") from None
    except SigningError as error:
        raise Unavailable(f"{error}: check the settings of the hardware token") from error


def _replica(settings: Settings) -> sa.Engine | None:
    if not settings.read_database_url:
        return None
    most = settings.database_connections
    return connect(settings.read_database_url, connections=most, read_only=True)


def _timestamp_roots(settings: Settings) -> tuple[Any, ...]:
    if settings.tsa_roots is None:
        return ()
    try:
        return signing.read_certificates(settings.tsa_roots)
    except SigningError as error:
        raise Invalid(f"LABOUR_BOOK_TSA_ROOTS: {error}") from error


def _connections(settings: Settings, lookup_key: bytes, closing: ExitStack) -> Connections:
    """Return the connections to registers; in demo mode those without an address are our own."""
    given = settings.register_secret
    sandbox = settings.demo and given is None
    own = sandbox_secret(lookup_key)
    secret = own if given is None else _key("register_secret", given.get_secret_value())
    known = settings.register_addresses
    ours = {each: f"{settings.public_url}/sandbox/registers/{each}" for each in Register}
    return connections(
        ours | known if sandbox else known,
        secret=secret,
        own_org=settings.register_own_org,
        total_seconds=settings.register_timeout_seconds,
        closing=closing,
        seconds_of=settings.register_timeouts,
        rules=settings.register_rules,
        tls=settings.register_tls,
    )


def _mail_server(settings: Settings) -> MailServer | None:
    if not settings.mail_host:
        return None
    password = settings.mail_password
    return MailServer(
        host=settings.mail_host,
        port=settings.mail_port,
        security=settings.mail_security,
        sender=settings.mail_sender,
        timeout_seconds=settings.mail_timeout_seconds,
        user=settings.mail_user,
        password="" if password is None else password.get_secret_value(),
        roots=settings.mail_roots,
    )


def _authority(settings: Settings, roots: tuple[Any, ...]) -> Authority | None:
    if not settings.tsa_url:
        return None
    return Authority(settings.tsa_url, roots, settings.tsa_timeout_seconds, settings.validation_dir)
