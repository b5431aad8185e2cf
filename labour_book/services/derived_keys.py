"""Keys out of the installation's own: one for each purpose, and none says anything of another."""

from functools import lru_cache

from signing import derive_key


@lru_cache(maxsize=256)
def key_for(lookup_key: bytes, purpose: str) -> bytes:
    """Return the key for a purpose; deriving it costs more than what is done with it."""
    return derive_key(lookup_key, purpose)
