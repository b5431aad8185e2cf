"""What a worker sends about shares: small closed forms, and which field a refusal is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from labour_book.domain.sharing import SHAREABLE, Audience, presets
from labour_book.errors import Invalid
from labour_book.services.sharing import Offer

LONGEST_CODE = 128
"""Characters of a code; ours have 15, a live code 85."""

_MOST_LINES = 500
_LONGEST_PURPOSE = 200
_FIELDS_OF_CAUSE = {
    "ADDRESSEE": ("audience",),
    "ENTERPRISE_CODE": ("enterprise_code",),
    "LINE_UNKNOWN": ("employments", "qualifications"),
    "NOT_SHAREABLE": ("claims",),
    "NOTHING_CHOSEN": ("claims",),
    "PERSONAL_ID_FORM": ("personal_id",),
    "PERSONAL_ID_TO_NOBODY": ("claims",),
    "PRESET_CHANGED": ("preset",),
    "PRESET_UNKNOWN": ("preset",),
    "PURPOSE_MISSING": ("purpose",),
    "SHARE_END": ("until",),
    "SHARE_SHORTENED": ("until", "max_views"),
    "SHARE_VIEWS": ("max_views",),
}
"""Which fields of a form a refusal of the subject is about."""

Views = Annotated[
    int, Field(strict=True, ge=1, le=10_000, description="1 makes it a one-time share.")
]
Line = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Claim = Annotated[str, Field(max_length=60, json_schema_extra={"enum": sorted(SHAREABLE)})]


class Form(BaseModel):
    """A body in which nothing may stand that is not asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class NewShare(Form):
    """What to share, with whom, what for, until when and how often."""

    preset: str = Field(
        max_length=20,
        description="One of `/shares/presets`; with `CUSTOM` choose claims and lines.",
        json_schema_extra={"enum": list(presets())},
    )
    audience: Audience = Field(description="Anyone with the code, one enterprise, or one person.")
    purpose: str = Field(
        min_length=1,
        max_length=_LONGEST_PURPOSE,
        description="What the recipient may use it for, in words; nothing else is allowed.",
    )
    enterprise_code: str | None = Field(
        None, max_length=14, description="With the audience `enterprise`."
    )
    personal_id: str | None = Field(
        None, max_length=12, repr=False, description="With the audience `person`; kept as a hash."
    )
    until: AwareDatetime | None = Field(None, description="With its time zone.")
    max_views: Views | None = None
    claims: list[Claim] = Field(
        [], max_length=len(SHAREABLE), description="With the preset `CUSTOM`."
    )
    employments: list[Line] = Field(
        [], max_length=_MOST_LINES, description="Numbers of lines, 1 is the first."
    )
    qualifications: list[Line] = Field([], max_length=_MOST_LINES)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "preset": "SKILLED",
                    "audience": "enterprise",
                    "enterprise_code": "0100109106",
                    "purpose": "Ứng tuyển vị trí thợ hàn",
                    "until": "2026-12-01T00:00:00+07:00",
                    "max_views": 10,
                }
            ]
        }
    )

    def to_offer(self) -> Offer:
        return Offer(
            preset=self.preset,
            audience=self.audience,
            purpose=self.purpose,
            enterprise_code=self.enterprise_code,
            personal_id=self.personal_id,
            until=self.until,
            max_views=self.max_views,
            claims=frozenset(self.claims),
            employments=tuple(self.employments),
            qualifications=tuple(self.qualifications),
        )


class Extension(Form):
    """Until when a share is to last now, and how often it may be opened in all."""

    until: AwareDatetime
    max_views: Views | None = Field(None, description="Without it, as often as before.")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"until": "2026-12-15T00:00:00+07:00", "max_views": 20}]}
    )


@contextmanager
def naming_fields() -> Iterator[None]:
    """Say of a refusal which field of the form it is about."""
    try:
        yield
    except Invalid as error:
        fields = _FIELDS_OF_CAUSE.get(str(error.facts.get("cause")))
        if fields is not None:
            error.facts["field"] = ", ".join(f"body.{each}" for each in fields)
        raise
