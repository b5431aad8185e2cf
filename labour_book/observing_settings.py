"""Settings of those who watch over an installation: figures, and traces of single requests."""

from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

SHORTEST_TOKEN = 32
"""Characters."""


class ObservingSettings(BaseSettings):
    """Who may read the figures, and where traces go. Neither ever names a person."""

    metrics_token: Annotated[
        SecretStr | None,
        Field(
            description="Bearer token, 32 characters or more, by which the monitoring reads"
            " /metrics; empty: there is no such address."
        ),
    ] = None
    tracing_endpoint: Annotated[
        str,
        Field(
            description="Address to which traces of requests go (OTLP over HTTP, such as"
            " https://collector:4318/v1/traces); empty: none are made."
        ),
    ] = ""
    tracing_permille: Annotated[
        int, Field(ge=0, le=1000, description="Of 1,000 requests, how many are traced.")
    ] = 50

    @field_validator("metrics_token")
    @classmethod
    def _is_long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"must have {SHORTEST_TOKEN} characters or more")
        return value

    @field_validator("tracing_endpoint")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must start with https:// (or http:// on this machine)")
        return value
