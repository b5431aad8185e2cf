"""The words of mails, plain and as simple HTML. They tell that something is there, never what."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jinja2

_LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """A mail without its addresses."""

    subject: str
    plain: str
    html: str


def notice(language: str, kind: str, *, app: str, stop: str) -> Words:
    """Return the mail for a notice of some kind.

    ``app`` is where it can be read, ``stop`` where mail is ended.

    Raises:
        KeyError: there are no words for the kind; that is a bug.
    """
    return _written("notice", language, catalogue()["kinds"][kind], app=app, stop=stop)


def confirmation(language: str, *, code: str, link: str, home: str) -> Words:
    """Return the mail with the code that confirms an address."""
    about = catalogue()["mail"]["confirmation"]
    spaced = f"{code[:4]} {code[4:]}"
    return _written("confirmation", language, about, code=spaced, link=link, home=home)


@cache
def catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the words: by part and key, ``subject_vi``, ``subject_en``, ``text_vi``, ..."""
    text = (resources.files(__package__) / "templates/mail/words.toml").read_text(encoding="utf-8")
    loaded: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(text)
    return loaded


def _written(template: str, language: str, about: Mapping[str, str], **links: str) -> Words:
    """Return a mail in a language; whoever reads neither well finds the other one below."""
    assert language in _LANGUAGES
    common = {name: each[f"text_{language}"] for name, each in catalogue()["common"].items()}
    values = {
        "lang": language,
        "subject": about[f"subject_{language}"],
        "text": about[f"text_{language}"],
        "common": common,
        **links,
    }
    plain, html = (
        _environment(is_html).get_template(f"{template}.{ending}").render(values)
        for is_html, ending in ((False, "txt"), (True, "html"))
    )
    return Words(about[f"subject_{language}"], plain, html)


@cache
def _environment(is_html: bool) -> jinja2.Environment:  # noqa: FBT001 - the key of what is kept
    return jinja2.Environment(
        loader=jinja2.PackageLoader("labour_book.documents", "templates/mail"),
        autoescape=is_html,  # noqa: S701 - the other one is plain text
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
