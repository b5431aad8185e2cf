"""Settings of the connections to registers: where, over what, and when one is left alone."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from labour_book.registers.client import Tls
from labour_book.registers.online import Register
from labour_book.services.connections import BreakerRules

_ADDRESS = "Address of {}, below which /v1/query is asked; empty: not connected."
_MOST_SECONDS = 30.0


class RegisterSettings(BaseSettings):
    """The registers that are asked online. In the demonstration, the empty ones are sandboxes."""

    register_population_url: Annotated[
        str, Field(description=_ADDRESS.format("the population register (dân cư)"))
    ] = ""
    register_insurance_url: Annotated[
        str, Field(description=_ADDRESS.format("the insurance register (bảo hiểm)"))
    ] = ""
    register_contracts_url: Annotated[
        str, Field(description=_ADDRESS.format("the e-contract platform (hợp đồng điện tử)"))
    ] = ""
    register_qualifications_url: Annotated[
        str, Field(description=_ADDRESS.format("the qualification register (văn bằng)"))
    ] = ""
    register_enterprises_url: Annotated[
        str, Field(description=_ADDRESS.format("the enterprise register (doanh nghiệp)"))
    ] = ""
    register_social_url: Annotated[
        str, Field(description=_ADDRESS.format("the social-protection register (an sinh xã hội)"))
    ] = ""
    register_vssid_url: Annotated[
        str, Field(description=_ADDRESS.format("the view that VssID shows"))
    ] = ""
    register_portal_url: Annotated[
        str,
        Field(description=_ADDRESS.format("the public service portal (Cổng Dịch vụ công)")),
    ] = ""
    register_secret: Annotated[
        SecretStr | None,
        Field(description="32 bytes, base64: messages to and from registers are signed with it."),
    ] = None
    register_own_org: Annotated[
        str,
        Field(
            pattern=r"^[A-Z]\d\d(\.[0-9A-Z]+)*$",
            max_length=35,
            description="What this organisation is called in messages (QD 20/2020/QD-TTg).",
        ),
    ] = "Z00.LABOURBOOK"
    register_timeout_seconds: Annotated[
        float,
        Field(
            gt=0,
            le=_MOST_SECONDS,
            description="After so long a register that was asked is given up.",
        ),
    ] = 6
    register_timeouts: Annotated[
        dict[Register, Annotated[float, Field(gt=0, le=_MOST_SECONDS)]],
        Field(description='The same for single registers, as JSON such as {"vssid": 3}.'),
    ] = {}
    register_failures: Annotated[
        int, Field(ge=1, le=100, description="After so many failures a register is left alone.")
    ] = 3
    register_window_seconds: Annotated[
        float, Field(gt=0, le=3600, description="Within so long these failures come.")
    ] = 60
    register_pause_seconds: Annotated[
        float,
        Field(gt=0, le=3600, description="For so long it is left alone; then one question goes."),
    ] = 30
    register_roots: Annotated[
        Path | None,
        Field(description="PEM file by which registers are believed, if not the machine's."),
    ] = None
    register_certificate: Annotated[
        Path | None,
        Field(description="PEM file of our own certificate for registers (mutual TLS)."),
    ] = None
    register_key: Annotated[
        Path | None, Field(description="PEM file of the private key of that certificate.")
    ] = None

    @model_validator(mode="after")
    def _registers_are_reachable(self) -> "RegisterSettings":
        for address in self.register_addresses.values():
            if not address.startswith(("https://", "http://")):
                raise ValueError("LABOUR_BOOK_REGISTER_..._URL must start with https:// or http://")
        if self.register_addresses and self.register_secret is None:
            raise ValueError("LABOUR_BOOK_REGISTER_..._URL needs LABOUR_BOOK_REGISTER_SECRET")
        if (self.register_certificate is None) is not (self.register_key is None):
            raise ValueError("LABOUR_BOOK_REGISTER_CERTIFICATE goes with LABOUR_BOOK_REGISTER_KEY")
        return self

    @property
    def register_addresses(self) -> dict[Register, str]:
        """The address of each register that has one."""
        given = {each: str(getattr(self, f"register_{each}_url")) for each in Register}
        return {each: address for each, address in given.items() if address}

    @property
    def register_rules(self) -> BreakerRules:
        return BreakerRules(
            self.register_failures, self.register_window_seconds, self.register_pause_seconds
        )

    @property
    def register_tls(self) -> Tls:
        return Tls(self.register_roots, self.register_certificate, self.register_key)
