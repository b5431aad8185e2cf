"""The keys that personal data at rest is sealed and found with."""

from dataclasses import dataclass

from signing import BlindIndex, Sealer


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals values for their row, and finds personal IDs without showing them."""

    sealer: Sealer
    index: BlindIndex
