"""What one installation consists of: its database, keys, name and rules. Built once at the edge."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from labour_book.domain.correction_limits import CorrectionLimits
from labour_book.domain.job_loss import NO_SETTING, Waits
from labour_book.domain.limits import SessionLimits, SharingLimits
from labour_book.domain.places import Places
from labour_book.domain.share_states import Bounds
from labour_book.domain.statistics import StatisticsRules
from labour_book.errors import Unavailable
from labour_book.law.working_days import Calendar, calendar_with
from labour_book.queries.vault import Vault
from labour_book.services.connections import Connections
from labour_book.services.freshness import Kept, Pause
from signing import Proven, Root, SigningKey, TrustBundle, Use

if TYPE_CHECKING:  # loads what only installations with a token have
    from signing import HardwareToken

VCT_PATH = "/vct/labour-book/1"
"""Where the type metadata of the credential stands, below the public address."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """The body that issues (cơ quan cấp): the ``iss`` of credentials, and its names in print."""

    uri: str
    name_vi: str
    name_en: str
    place: str


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamp authority (RFC 3161), and what is kept in PDFs to check its word later."""

    url: str
    roots: tuple[Any, ...] = field(repr=False)
    """Certificates by which its time-stamps are believed."""
    timeout_seconds: float
    validation_dir: Path | None = None
    """Folder with revocation lists (``*.crl``) and certificates (``*.pem``)."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that mails go out through, and in whose name."""

    host: str
    port: int
    security: str
    """``tls`` from the first byte, ``starttls``, or ``none`` (on the machine itself)."""
    sender: str
    timeout_seconds: float
    user: str = ""
    password: str = field(default="", repr=False)
    roots: Path | None = None
    """PEM file by which its certificate is believed; None: those of the machine."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys this installation signs with, one for each use, and the root it pins."""

    signers: Mapping[Use, SigningKey] = field(repr=False)
    anchor: TrustBundle = field(repr=False)
    """Issuer and root certificate; no keys: those are published in the database."""
    root: Root | None = field(default=None, repr=False)
    """With its private key, only where new keys are made."""
    token: "HardwareToken | None" = field(default=None, repr=False)
    """Where new keys are made and kept, in an installation that has one."""

    def signer(self, use: Use) -> SigningKey:
        """Return the key for a use.

        Raises:
            Unavailable: this installation has no such key.
        """
        try:
            return self.signers[use]
        except KeyError:
            raise Unavailable("this installation has no key for that", use=str(use)) from None


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything a deed needs besides its caller, its input and the time."""

    engine: sa.Engine
    vault: Vault = field(repr=False)
    lookup_key: bytes = field(repr=False)
    """32 bytes: derives the codes in printed addresses."""
    issuer: Issuer
    public_url: str
    """Without a slash at the end."""
    key_ring: KeyRing = field(repr=False)
    book_life_days: int
    status_cache_seconds: int
    demo: bool
    data_dir: Path
    places: Places = field(repr=False)
    limits: SharingLimits = field(default_factory=SharingLimits)
    """How often shares may be opened, and guessed at."""
    sessions: SessionLimits = field(default_factory=SessionLimits)
    """How long a sign-in lasts."""
    share_bounds: Bounds = field(default_factory=Bounds)
    """How long a share lasts, and for how many views."""
    corrections: CorrectionLimits = field(default_factory=CorrectionLimits)
    """How many corrections there may be, and which are looked at again."""
    statistics: StatisticsRules = field(default_factory=StatisticsRules)
    """Which months are counted, and from how many people on numbers are told."""
    replica: sa.Engine | None = None
    """A copy of the database that is only read, and may lag behind; None: there is none."""
    waits: Waits = NO_SETTING
    """For how long late filings are waited for before a loss of work counts."""
    daily_at: time | None = None
    """When the daily work begins, in Viet Nam; None: a timer outside calls for it."""
    received_file_days: int = 30
    """Days for which a file that was sent in lies sealed on the disk once it is read."""
    calendar: Calendar = field(default_factory=lambda: calendar_with(None), repr=False)
    """The days on which offices work."""
    authority: Authority | None = None
    """Who confirms the time of a seal; None: seals state their time themselves."""
    entropy: Callable[[int], bytes] = field(default=os.urandom, repr=False)
    """Returns so many unpredictable bytes."""
    kept: Kept = field(default_factory=Kept, repr=False, compare=False)
    """Signed answers that are handed out again while they are fresh."""
    authority_pause: Pause = field(default_factory=Pause, repr=False, compare=False)
    """While it lasts the time-stamp authority is not asked."""
    proven: Proven = field(default_factory=Proven, repr=False, compare=False)
    """Signatures that were found right; a credential that is shown again costs less."""

    mail: MailServer | None = field(default=None, repr=False)
    """Where notices go out by e-mail; None: they do not."""
    connections: Connections = field(default_factory=Connections, repr=False, compare=False)
    """The registers that can be asked online."""

    closing: ExitStack = field(default_factory=ExitStack, repr=False, compare=False)
    """What is open for as long as the installation is."""

    def close(self) -> None:
        """Close the database and the hardware token."""
        self.engine.dispose()
        if self.replica is not None:
            self.replica.dispose()
        self.closing.close()

    @property
    def checkpoints(self) -> Path:
        return self.data_dir / "checkpoints.log"

    @property
    def head_statements(self) -> Path:
        """Where the head of the trace is kept as it was stated in public, day by day."""
        return self.data_dir / "heads.log"

    @property
    def key_dir(self) -> Path:
        return self.data_dir / "keys"

    @property
    def vct(self) -> str:
        return f"{self.public_url}{VCT_PATH}"

    def status_uri(self, list_id: int) -> str:
        return f"{self.public_url}/status/{list_id}"
