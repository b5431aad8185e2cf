"""The settings of a running installation as an administrator may see them: without secrets."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from labour_book.settings import SECRET_NAMES, Settings


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting; a secret has no value here, only whether it is set."""

    name: str
    variable: str
    value: str
    is_secret: bool
    is_default: bool
    about: str


def shown(settings: Settings) -> list[Shown]:
    """Return every setting in its order, secrets without their values."""
    return [_shown(settings, name) for name in type(settings).model_fields]


def _shown(settings: Settings, name: str) -> Shown:
    field = type(settings).model_fields[name]
    value = getattr(settings, name)
    is_secret = (
        name in SECRET_NAMES or isinstance(value, SecretStr) or "SecretStr" in str(field.annotation)
    )
    return Shown(
        name=name,
        variable=f"LABOUR_BOOK_{name.upper()}",
        value="" if is_secret else _told(value),
        is_secret=is_secret,
        is_default=value == field.default,
        about=field.description or "",
    )


def _told(value: object) -> str:
    """Return a value without the password that an address may hold."""
    text = str(value)
    if "://" not in text:
        return text
    parts = urlsplit(text)
    if parts.password is None:
        return text
    return text.replace(f":{parts.password}@", ":***@", 1)
