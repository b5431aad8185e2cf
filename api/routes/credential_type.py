"""The type metadata of the credential: what its claims are called, and which may be hidden.

Source: draft-ietf-oauth-sd-jwt-vc, section "SD-JWT VC Type Metadata".
"""

import csv
from importlib import resources
from typing import Any

LOCALES = {"vi": "vi-VN", "en": "en-GB"}
NAMES = {"vi": "Sổ lao động điện tử", "en": "Electronic labour book"}
ABOUT = {
    "vi": "Quá trình làm việc và đóng bảo hiểm của một người lao động.",
    "en": "A worker's employment and insurance history.",
}


def type_metadata(vct: str) -> dict[str, Any]:
    """Return the metadata of the type that is named ``vct``."""
    text = (resources.files(__package__) / "credential_type.csv").read_text(encoding="utf-8")
    claims = [_claim(row) for row in csv.DictReader(text.splitlines())]
    return {
        "vct": vct,
        "name": NAMES["en"],
        "description": ABOUT["en"],
        "display": [
            {"locale": locale, "name": NAMES[language], "description": ABOUT[language]}
            for language, locale in LOCALES.items()
        ],
        "claims": claims,
    }


def _claim(row: dict[str, str]) -> dict[str, Any]:
    return {
        "path": [None if each == "*" else each for each in row["path"].split(".")],
        "display": [
            {"locale": locale, "label": row[f"label_{language}"]}
            for language, locale in LOCALES.items()
        ],
        "sd": row["sd"],
    }
