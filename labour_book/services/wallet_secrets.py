"""Codes, tokens and nonces of wallets: derived or drawn, kept by their hash, used once."""

import hmac
from datetime import UTC, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.base64url import bytes_of, letters_of
from labour_book.domain.wallets import LEEWAY, NONCE_LIFE, TX_DIGITS
from labour_book.errors import Invalid
from labour_book.queries import wallets
from labour_book.services import numbering
from labour_book.services.derived_keys import key_for
from labour_book.services.hashed_secrets import hashed
from labour_book.services.installation import Installation
from signing import Sealer, SigningError

_NONCE_PLACE = b"wallet-nonce"
_INSTANT_BYTES = 8
_LONGEST_NONCE = 100
_TOKEN_BYTES = 32


class WalletRefusal(Invalid):
    """What a wallet asked for is refused, in the words that its protocol has for that."""

    slug = "wallet-refused"
    title = "The wallet's request is refused"
    title_vi = "Yêu cầu của ví bị từ chối"

    def __init__(self, code: str = "invalid_request", detail: str = "") -> None:
        super().__init__(detail, error=code)
        self.code = code


class TokenRefused(WalletRefusal):
    """The wallet's access token is unknown, over, or not shown as it has to be."""

    slug = "wallet-token-refused"
    title = "The wallet's token is refused"
    title_vi = "Mã truy cập của ví bị từ chối"

    def __init__(self, detail: str = "", *, code: str = "invalid_token", scheme: str = "") -> None:
        super().__init__(code, detail)
        self.scheme = scheme or "DPoP"


def derived(inst: Installation, purpose: str, about: UUID) -> str:
    """Return the code for one purpose of what has this id: 140 bits that only the key can tell."""
    return numbering.lookup_code(key_for(inst.lookup_key, purpose), about)


def is_same(given: str, expected: str) -> bool:
    """Compare in a time that says nothing."""
    return hmac.compare_digest(hashed(given), hashed(expected))


def new_token(inst: Installation) -> str:
    """Return a new access token."""
    return letters_of(inst.entropy(_TOKEN_BYTES))


def new_tx_code(inst: Installation) -> str:
    """Return a new transaction code: digits, for a person to type."""
    return str(int.from_bytes(inst.entropy(16), "big") % 10**TX_DIGITS).zfill(TX_DIGITS)


def tx_code_index(inst: Installation, offer_id: UUID, tx_code: str) -> bytes:
    """Return what is stored of a transaction code: keyed, and bound to its offer."""
    return inst.vault.index.of(f"wallet-tx:{offer_id}:{tx_code}")


def new_nonce(inst: Installation, now: datetime) -> str:
    """Return a nonce that says, to us alone, when it was made; nothing is stored yet."""
    instant = int(now.timestamp() * 1000).to_bytes(_INSTANT_BYTES, "big")
    sealed = _sealer(inst).seal(instant, bound_to=_NONCE_PLACE)
    return letters_of(sealed)


def use_nonce(db: Db, inst: Installation, nonce: str, now: datetime) -> bool:
    """Use a nonce of ours; tell whether it is fresh and was not used before."""
    made_at = _made_at(inst, nonce)
    if made_at is None or not made_at - LEEWAY <= now < made_at + NONCE_LIFE:
        return False
    return use_once(db, "nonce", nonce, now)


def use_once(db: Db, kind: str, name: str, now: datetime) -> bool:
    """Note that something is used; tell whether it was the first time."""
    return wallets.use_once(db, hashed(f"{kind}:{name}"), now)


def _made_at(inst: Installation, nonce: str) -> datetime | None:
    if len(nonce) > _LONGEST_NONCE or not nonce.isascii():
        return None
    try:
        sealed = bytes_of(nonce)
        instant = _sealer(inst).open(sealed, bound_to=_NONCE_PLACE)
    except (ValueError, SigningError):
        return None
    if letters_of(sealed) != nonce:
        return None  # one nonce has one spelling, else it could be used once in each
    return datetime.fromtimestamp(int.from_bytes(instant, "big") / 1000, UTC)


def _sealer(inst: Installation) -> Sealer:
    return Sealer(key_for(inst.lookup_key, "wallet-nonce"), nonce=inst.entropy)
