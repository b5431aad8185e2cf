"""The words of the app, in Vietnamese (the source language) and English."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("vi", "en")
_PARTS = sorted(Path(__file__).parent.glob("texts*.toml"))


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return, for every key, what it says by language.

    Raises:
        ValueError: a key stands in two files.
    """
    whole: dict[str, Mapping[str, str]] = {}
    for path in _PARTS:
        part = tomllib.loads(path.read_text(encoding="utf-8"))
        if whole.keys() & part.keys():
            raise ValueError(f"said twice: {sorted(whole.keys() & part.keys())}")
        whole |= part
    return whole


class Counted(int):
    """A number that a sentence may choose words by: ``{count:line|lines}``."""

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        if not bar:
            return super().__format__(spec)
        return one if self == 1 else many


class Say:
    """Says things in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: str | int) -> str:
        """Return the sentence for a key, with values filled in.

        Raises:
            KeyError: there is no such sentence, or a value is missing; that is a bug.
        """
        told = {
            name: Counted(value) if isinstance(value, int) else value
            for name, value in values.items()
        }
        return catalogue()[key][self.language].format(**told)

    def code(self, family: str, code: str) -> str:
        """Return the words for a code of the interface; the code itself where it is new to us."""
        said = catalogue().get(f"{family}.{code}")
        return code if said is None else said[self.language]

    def pick(self, *, vi: str, en: str) -> str:
        """Return whichever of two texts of the interface is in this language."""
        return en if self.language == "en" else vi
