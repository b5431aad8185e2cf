"""From a template and values to a page."""

from base64 import b64encode
from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime
from functools import cache, partial
from hashlib import sha256
from importlib import resources
from weakref import WeakKeyDictionary

import jinja2
from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.pages import texts
from labour_book.domain.display import show_date, show_month
from labour_book.domain.evidence import VIETNAM
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import LabourBookError

STYLE = "".join(
    line.strip()
    for line in (resources.files(__package__) / "templates/page.css")
    .read_text(encoding="utf-8")
    .splitlines()
)
STYLE_SOURCE = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
"""How the content security policy names the one style sheet."""

KEPT_PAGES = 256
"""Pages that are kept at once, in each process."""
_kept: WeakKeyDictionary[FastAPI, dict[Hashable, bytes]] = WeakKeyDictionary()


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """Render a page in the language of the request."""
    language = texts.language_of(request)
    other: texts.Language = "en" if language == "vi" else "vi"
    everywhere = {
        "t": partial(texts.say, language),
        "in_other": partial(texts.say, other),
        "lang": language,
        "other": other,
        "links_say": f"?lang={language}" if "lang" in request.query_params else "",
        "state": request.app.state,
    }
    assert values.keys().isdisjoint(everywhere), "a page cannot have a name that all pages have"
    text = _environment().get_template(template).render(values, **everywhere)
    return HTMLResponse(text, status, _of_language(language) | dict(headers or {}))


def kept_page(request: Request, same: Hashable, render: Callable[[], HTMLResponse]) -> HTMLResponse:
    """Return the page of a moment ago where ``same`` says that it would be the same; else a new.

    Nobody who may not see the one gets the other: whoever asks has been answered before this.
    """
    kept = _kept.setdefault(request.app, {})
    language = texts.language_of(request)
    name = language, "lang" in request.query_params, same
    body = kept.get(name)
    if body is not None:
        return HTMLResponse(body, headers=_of_language(language))
    rendered = render()
    if len(kept) >= KEPT_PAGES:
        kept.clear()
    kept[name] = bytes(rendered.body)
    return rendered


def _of_language(language: texts.Language) -> dict[str, str]:
    return {"Vary": "Accept-Language", "Content-Language": language}


def error_page(
    request: Request, status: int, error: LabourBookError, headers: Mapping[str, str]
) -> HTMLResponse:
    """Tell a person what went wrong; about a code in the shape of an answer."""
    about_code = request.url.path.startswith("/v/")
    about = "code." if about_code else "verify." if request.url.path == "/verify/file" else ""
    words = _words(error, texts.language_of(request), about)
    return page(
        request,
        "error.html",
        status=status,
        headers=headers,
        words=words,
        about_code=about_code,
    )


def _words(error: LabourBookError, language: texts.Language, about: str) -> Mapping[str, str]:
    """Return what a page says of an error; ``about`` says what else it says about some things."""
    code = error.slug.upper().replace("-", "_")
    keys = (f"error.{about}{error.slug}", f"error.{error.slug}")
    key = next((each for each in keys if f"{each}.title" in texts.catalogue()), None)
    if key is None:
        title = error.title_vi if language == "vi" else error.title
        return {"title": title, "text": "", "code": code}
    title, text = (texts.say(language, f"{key}.{part}") for part in ("title", "text"))
    return {"title": title, "text": text, "code": code}


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("api.pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,  # else each part of each page is looked up on the disk each time
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = Markup(STYLE)  # noqa: S704 - our own file
    environment.filters |= {"day": _day, "month": _month, "moment": _moment}
    return environment


def _day(value: str | date) -> str:
    return show_date(PartialDate.parse(value) if isinstance(value, str) else value)


def _month(value: str) -> str:
    return show_month(Month.parse(value))


def _moment(value: datetime) -> str:
    return f"{value.astimezone(VIETNAM):%d/%m/%Y %H:%M} (UTC+7)"
