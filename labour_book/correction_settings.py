"""Settings of corrections: bounds, samples, and the days on which offices work."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings

from labour_book.domain.correction_limits import CorrectionLimits


class CorrectionSettings(BaseSettings):
    """How many corrections there may be, which are looked at again, and which days count."""

    correction_cases_per_person: Annotated[
        int, Field(ge=1, le=1000, description="Corrections begun for one person within 30 days.")
    ] = 10
    correction_decisions_per_hour: Annotated[
        int, Field(ge=1, le=10_000, description="Corrections decided by one official in one hour.")
    ] = 40
    correction_sample_permille: Annotated[
        int,
        Field(ge=0, le=1000, description="Of 1,000 automatic decisions, how many are reviewed."),
    ] = 100
    working_days_file: Annotated[
        Path | None,
        Field(description="CSV (date, works) of days swapped or off beside the public holidays."),
    ] = None

    @property
    def correction_limits(self) -> CorrectionLimits:
        return CorrectionLimits(
            cases_per_person=self.correction_cases_per_person,
            decisions_per_hour=self.correction_decisions_per_hour,
            sample_permille=self.correction_sample_permille,
        )
