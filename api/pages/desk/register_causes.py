"""Why a register did not answer, in words."""

from api.pages import texts

CAUSE = "desk.register.cause."


def cause_key(cause: str) -> str:
    """Return the key of the words that say why a register did not answer."""
    key = CAUSE + ("HTTP" if cause.startswith("HTTP_") else cause)
    return key if key in texts.catalogue() else f"{CAUSE}UNAVAILABLE"
