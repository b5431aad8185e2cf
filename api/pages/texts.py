"""The sentences of the pages, in Vietnamese (the source language) and English."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal, get_args

from starlette.requests import Request

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_MOST_PREFERENCES = 10
"""Entries of Accept-Language that are looked at."""


@cache
def catalogue(name: str = "texts") -> Mapping[str, Mapping[str, str]]:
    """Return a catalogue: for every key what it says, by language.

    It stands in ``<name>.toml`` and in the files ``<name>_<topic>.toml`` beside it.
    """
    loaded: dict[str, Mapping[str, str]] = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda each: each.name):
        if re.fullmatch(rf"{name}(_\w+)?\.toml", file.name):
            found = tomllib.loads(file.read_text(encoding="utf-8"))
            assert not loaded.keys() & found.keys(), "a sentence stands in two files"
            loaded |= found
    return loaded


@cache
def vietnamese(name: str) -> Mapping[str, str]:
    """Return what stands in ``<name>.toml``: in Vietnamese what the source says in English."""
    file = resources.files(__package__) / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def say(language: Language, key: str, **values: str | int) -> str:
    """Return the sentence for a key, with values filled in.

    Raises:
        KeyError: there is no such sentence, or a value is missing; that is a bug.
    """
    return catalogue()[key][language].format(**values)


def coded(language: Language, prefix: str, code: str) -> str:
    """Return the words for a code, or the code where there are none."""
    key = f"{prefix}.{code}"
    return say(language, key) if key in catalogue() else code


def language_of(request: Request) -> Language:
    """Return the language of a page: ``?lang=``, else what the browser prefers, else Vietnamese."""
    asked = request.query_params.get("lang")
    for language in LANGUAGES:
        if asked == language:
            return language
    return _preferred(request.headers.get("accept-language", ""))


def _preferred(header: str) -> Language:
    weighed = [_weighed(each) for each in header.split(",")[:_MOST_PREFERENCES]]
    wanted = [tag for weight, tag in sorted(weighed, key=lambda each: -each[0]) if weight > 0]
    for tag in wanted:
        for language in LANGUAGES:
            if tag == language or tag.startswith(f"{language}-"):
                return language
    return "vi" if not any(wanted) or "*" in wanted else "en"


def _weighed(preference: str) -> tuple[float, str]:
    tag, _, parameters = preference.partition(";")
    name, _, weight = parameters.strip().partition("=")
    try:
        quality = float(weight) if name.strip() == "q" else 1.0
    except ValueError:
        quality = 0.0
    return quality, tag.strip().lower()


def number(language: Language, count: int | None) -> str:
    """Return a number as the language writes it, and a dash for what is left out."""
    return "–" if count is None else f"{count:,}".replace(",", "." if language == "vi" else ",")
