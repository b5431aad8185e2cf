"""Settings with which an installation runs as well when nobody touches them.

Sharing: how often and how long. Sealing: time-stamps and hardware keys. Serving: whose word about
addresses is taken. Signing in: with which e-ID, and for how long. Mail: through which server
notices go out.
"""

from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from labour_book.domain.job_loss import LATE_FILING_DAYS, LOOKBACK_MONTHS, Waits
from labour_book.domain.limits import Limit, SessionLimits, SharingLimits
from labour_book.domain.share_states import Bounds
from labour_book.domain.statistics import StatisticsRules

_MOST_TIMES = 100_000


class SupportSettings(BaseSettings):
    """When a loss of work counts as one."""

    late_filing_days: Annotated[
        int,
        Field(
            ge=0, le=120, description="Days for which late filings to the insurance are awaited."
        ),
    ] = LATE_FILING_DAYS
    job_loss_lookback_months: Annotated[
        int, Field(ge=6, le=120, description="Months back through which losses of work are sought.")
    ] = LOOKBACK_MONTHS

    @property
    def waits(self) -> Waits:
        return Waits(self.late_filing_days, self.job_loss_lookback_months)


class SharingSettings(BaseSettings):
    """How long shares last, and how often they may be opened and guessed at."""

    share_default_days: Annotated[
        int, Field(ge=1, le=90, description="Days that a share lasts if the worker says nothing.")
    ] = 7
    share_most_days: Annotated[
        int, Field(ge=1, le=90, description="Days that a share lasts at most; never above 90.")
    ] = 90
    share_default_views: Annotated[
        int, Field(ge=1, le=1000, description="Openings of a share if the worker says nothing.")
    ] = 10
    share_most_views: Annotated[
        int, Field(ge=1, le=1000, description="Openings of a share at most.")
    ] = 100
    share_misses_per_minute: Annotated[
        int,
        Field(ge=1, le=60, description="Codes that open nothing, by address, in one minute."),
    ] = 20
    share_opens_per_minute: Annotated[
        int, Field(ge=1, le=_MOST_TIMES, description="Openings of one share in one minute.")
    ] = 30
    recipient_opens_per_hour: Annotated[
        int,
        Field(
            ge=1,
            le=_MOST_TIMES,
            description="Openings by one enterprise, account or address in one hour.",
        ),
    ] = 300
    live_code_seconds: Annotated[
        int, Field(ge=60, le=120, description="How long a live code works: 60 to 120 seconds.")
    ] = 90

    @model_validator(mode="after")
    def _defaults_are_within_bounds(self) -> "SharingSettings":
        if self.share_default_days > self.share_most_days:
            raise ValueError("LABOUR_BOOK_SHARE_DEFAULT_DAYS is above LABOUR_BOOK_SHARE_MOST_DAYS")
        if self.share_default_views > self.share_most_views:
            raise ValueError(
                "LABOUR_BOOK_SHARE_DEFAULT_VIEWS is above LABOUR_BOOK_SHARE_MOST_VIEWS"
            )
        return self

    @property
    def sharing_limits(self) -> SharingLimits:
        usual = SharingLimits()
        return SharingLimits(
            misses=_times(usual.misses, self.share_misses_per_minute),
            opens_of_share=_times(usual.opens_of_share, self.share_opens_per_minute),
            opens_by_recipient=_times(usual.opens_by_recipient, self.recipient_opens_per_hour),
            live_code_seconds=self.live_code_seconds,
        )

    @property
    def share_bounds(self) -> Bounds:
        return Bounds(
            self.share_default_days,
            self.share_most_days,
            self.share_default_views,
            self.share_most_views,
        )


class SealingSettings(BaseSettings):
    """Who confirms the time of a seal, and where private keys live."""

    tsa_url: Annotated[
        str,
        Field(description="Address of a time-stamp authority (RFC 3161); empty: no time-stamps."),
    ] = ""
    tsa_roots: Annotated[
        Path | None,
        Field(description="PEM file with the roots by which time-stamps are believed."),
    ] = None
    tsa_timeout_seconds: Annotated[
        float,
        Field(gt=0, le=60, description="After so long a PDF is sealed without a time-stamp."),
    ] = 5
    validation_dir: Annotated[
        Path | None,
        Field(
            description="Folder with revocation lists (*.crl, DER) of our root and the time-stamp"
            " authority's, and its certificates (*.pem); they go into PDFs for long-term checks."
        ),
    ] = None
    hsm_module: Annotated[
        Path | None,
        Field(description="PKCS#11 library of a hardware token that holds private keys."),
    ] = None
    hsm_token: Annotated[str, Field(description="Label of that token.")] = ""
    hsm_pin: Annotated[SecretStr | None, Field(description="User PIN of that token.")] = None

    @model_validator(mode="after")
    def _complete_or_absent(self) -> "SealingSettings":
        if self.tsa_url and not self.tsa_url.startswith(("https://", "http://")):
            raise ValueError("LABOUR_BOOK_TSA_URL must start with https:// or http://")
        if self.tsa_url and self.tsa_roots is None:
            raise ValueError("LABOUR_BOOK_TSA_URL needs LABOUR_BOOK_TSA_ROOTS")
        if self.validation_dir is not None and not self.tsa_url:
            raise ValueError("LABOUR_BOOK_VALIDATION_DIR needs LABOUR_BOOK_TSA_URL")
        if self.validation_dir is not None and not self.validation_dir.is_dir():
            raise ValueError("LABOUR_BOOK_VALIDATION_DIR is no folder")
        pin = "" if self.hsm_pin is None else self.hsm_pin.get_secret_value()
        given = [self.hsm_module is not None, bool(self.hsm_token), bool(pin)]
        if any(given) and not all(given):
            raise ValueError(
                "LABOUR_BOOK_HSM_MODULE, LABOUR_BOOK_HSM_TOKEN and LABOUR_BOOK_HSM_PIN go together"
            )
        return self


class ServingSettings(BaseSettings):
    """What stands between the callers and this service, and what a process of it does."""

    background_work: Annotated[
        bool,
        Field(
            description="Whether this process also imports files, applies notifications of"
            " registers and sends mail. No: it only answers requests, and another one does that."
        ),
    ] = True
    leaving_seconds: Annotated[
        float,
        Field(
            ge=0,
            le=60,
            description="For so long a process that was told to stop (SIGTERM) answers on, no"
            " longer ready: the proxy in front sees it in time if it asks at least twice meanwhile."
            " 0: it ends what has begun, and nothing else.",
        ),
    ] = 0
    newer_schema: Annotated[
        bool,
        Field(
            description="Work on the schema of the release after this one: for going back to this"
            " one, and for processes of it that start while others are already new."
        ),
    ] = False
    daily_at: Annotated[
        str,
        Field(
            pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^$",
            description="When the daily work begins in Viet Nam, HH:MM; empty: only when"
            " `labour-book daily` is called.",
        ),
    ] = "01:15"
    database_connections: Annotated[
        int,
        Field(
            ge=1,
            le=500,
            description="Connections to the database that one process keeps at most; all processes"
            " together stay below what PostgreSQL allows.",
        ),
    ] = 20
    read_database_url: Annotated[
        str,
        Field(
            description="A replica of the database for verification and statistics, which may lag"
            " behind; empty: the database itself."
        ),
    ] = ""
    trusted_proxies: Annotated[
        str,
        Field(
            description="Addresses or networks of the reverse proxies in front, by comma: their"
            " X-Forwarded-For tells who calls. Empty: whoever connects is the caller."
        ),
    ] = ""

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        try:
            networks = [ip_network(each.strip()) for each in value.split(",") if each.strip()]
        except ValueError:
            raise ValueError("must be addresses or networks, like 10.0.0.5,10.1.0.0/16") from None
        if any(each.prefixlen == 0 for each in networks):
            raise ValueError("not everybody can be trusted to say who calls")
        return ",".join(map(str, networks))


def _times(limit: Limit, most: int) -> Limit:
    return Limit(limit.kind, most, limit.seconds)


class SignInSettings(BaseSettings):
    """The provider of the national e-ID, how its claims are called, and how long sessions last."""

    oidc_issuer: Annotated[
        str,
        Field(description="Issuer of the national e-ID (OpenID Connect); demo: its own sandbox."),
    ] = ""
    oidc_client_id: Annotated[str, Field(description="Our name at the e-ID provider.")] = ""
    oidc_client_secret: Annotated[
        SecretStr | None, Field(description="Our secret at the e-ID provider.")
    ] = None
    oidc_algorithm: Annotated[
        Literal["ES256", "RS256"],
        Field(description="How the provider signs; nothing else counts."),
    ] = "ES256"
    oidc_scope: Annotated[str, Field(description="What is asked of the provider.")] = "openid"
    oidc_claim_personal_id: Annotated[str, Field(description="Claim with the personal ID.")] = "pin"
    oidc_claim_name: Annotated[str, Field(description="Claim with the full name.")] = "full_name"
    oidc_claim_level: Annotated[str, Field(description="Claim with the assurance level.")] = "loa"
    oidc_level_2: Annotated[str, Field(description="Value of that claim for level 2.")] = "2"
    oidc_claim_organisation: Annotated[
        str, Field(description="Claim with the enterprise code of an organisation's account.")
    ] = "org_id"
    session_idle_minutes: Annotated[
        int, Field(gt=0, le=240, description="A session that nobody uses ends after so long.")
    ] = 30
    session_hours: Annotated[
        int, Field(gt=0, le=24, description="Every session ends after so long.")
    ] = 12

    @field_validator("oidc_issuer")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must start with https:// (or http:// on this machine)")
        return value

    @model_validator(mode="after")
    def _is_registered(self) -> "SignInSettings":
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret):
            raise ValueError(
                "with LABOUR_BOOK_OIDC_ISSUER go LABOUR_BOOK_OIDC_CLIENT_ID and "
                "LABOUR_BOOK_OIDC_CLIENT_SECRET"
            )
        return self

    @property
    def session_limits(self) -> SessionLimits:
        return SessionLimits(idle_minutes=self.session_idle_minutes, hours=self.session_hours)


class MailSettings(BaseSettings):
    """The server that notices go out through. Without one, notices come by inbox alone."""

    mail_host: Annotated[
        str, Field(description="SMTP server for notices; empty: none are sent by e-mail.")
    ] = ""
    mail_port: Annotated[int, Field(ge=1, le=65535, description="Its port.")] = 587
    mail_security: Annotated[
        Literal["starttls", "tls", "none"],
        Field(description="How it is reached; `none` only on the machine itself or in demo mode."),
    ] = "starttls"
    mail_sender: Annotated[
        str, Field(description="In whose name mails go out, as `Name <address>`.")
    ] = ""
    mail_user: Annotated[str, Field(description="User at the SMTP server; empty: none.")] = ""
    mail_password: Annotated[SecretStr | None, Field(description="Password of that user.")] = None
    mail_roots: Annotated[
        Path | None,
        Field(description="PEM file by which its certificate is believed, if not the machine's."),
    ] = None
    mail_timeout_seconds: Annotated[
        float, Field(gt=0, le=300, description="After so long a server that hangs is given up.")
    ] = 30

    @model_validator(mode="after")
    def _mail_is_complete(self) -> "MailSettings":
        if self.mail_host and not parseaddr(self.mail_sender)[1]:
            raise ValueError("with LABOUR_BOOK_MAIL_HOST goes LABOUR_BOOK_MAIL_SENDER")
        if bool(self.mail_user) != (self.mail_password is not None):
            raise ValueError("LABOUR_BOOK_MAIL_USER and LABOUR_BOOK_MAIL_PASSWORD go together")
        if self.mail_roots is not None and not self.mail_roots.is_file():
            raise ValueError("LABOUR_BOOK_MAIL_ROOTS is no file")
        return self


class StatisticsSettings(BaseSettings):
    """Which months are counted, and from how many people on a number is published."""

    statistics_months: Annotated[
        int, Field(ge=2, le=240, description="Months back for which statistics are counted.")
    ] = 13
    statistics_settling_months: Annotated[
        int,
        Field(ge=0, le=24, description="Months that late filings still change; then it is final."),
    ] = 3
    statistics_fewest: Annotated[
        int,
        Field(ge=3, le=100, description="People below which published numbers are left out (k)."),
    ] = 5

    @property
    def statistics_rules(self) -> StatisticsRules:
        return StatisticsRules(
            self.statistics_months, self.statistics_settling_months, self.statistics_fewest
        )
