"""How many corrections one person may ask for, and one official decide; settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CorrectionLimits:
    """Bounds against abuse and against haste."""

    cases_per_person: int = 10
    """Begun for one person within 30 days, drafts included."""
    decisions_per_hour: int = 40
    """By one official: more than one in 90 seconds is not looking."""
    sample_permille: int = 100
    """Of automatic decisions, how many are drawn for review; of high impact all."""
