"""From a template and values to a PDF/A-3b file. Knows WeasyPrint; knows nothing of labour books.

The same input gives the same bytes on the same release of WeasyPrint, Pango and HarfBuzz: dates
and identifiers come from the input, and no font of the machine is ever used. What is printed is
laid out with the fonts in ``fonts/`` alone; a character they lack is shown as a marked box (the
attached data keeps it).
"""

import gc
import os
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from importlib import resources
from io import BytesIO
from multiprocessing.util import Finalize
from shutil import rmtree
from typing import Any

import jinja2
from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # has no types
from markupsafe import Markup
from PIL import ImageFile
from weasyprint import CSS, HTML, Attachment
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

# WeasyPrint lets pictures that were cut short pass, for the whole process, and no photo that
# somebody sends would be refused for it any more.
ImageFile.LOAD_TRUNCATED_IMAGES = False

FONTS = {
    "BeVietnamPro-Regular.ttf",
    "BeVietnamPro-SemiBold.ttf",
    "BeVietnamPro-Italic.ttf",
    "LabourBookSigns.ttf",
}
LONGEST_TEXT = 1_500
"""Characters of one value that are printed; the attached data has all of them."""

_VIET_NAM = timezone(timedelta(hours=7))
_UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
_SRGB = "sRGB2014.icc"
_OTHER_MEDIA_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Issuer:
    """The body that issues (cơ quan cấp), as its name is printed, and the place it is dated at."""

    name_vi: str
    name_en: str
    place: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file inside the PDF. ``relationship`` is an AFRelationship (ISO 32000-2, 7.11.3)."""

    content: bytes
    description: str
    relationship: str
    media_type: str = _OTHER_MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document to print: template and style of that name, values, pictures, enclosures."""

    name: str
    title: str
    author: str
    issued_on: date
    values: Mapping[str, object]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    enclosures: Mapping[str, Enclosure] = field(default_factory=dict)


def print_pdf(sheet: Sheet) -> bytes:
    """Lay a document out on A4 and return it as PDF/A-3b.

    May be called from several threads; one at a time is laid out in a process, because Pango's
    font map must not be shared. For more at once use more processes.
    """
    press = _press(os.getpid())
    return press.print(sheet)


def html_of(sheet: Sheet) -> str:
    """Return the document as HTML. Every value is escaped; unprintable characters are replaced."""
    meta = {
        "title": sheet.title,
        "author": sheet.author,
        "created": datetime.combine(sheet.issued_on, time(0), _VIET_NAM).isoformat(),
    }
    return _templates().get_template(f"{sheet.name}.html").render(**sheet.values, meta=meta)


class Press:
    """What is made once per process: the parsed styles, the loaded fonts, the colour profile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fonts = _Fonts()
        self._profile = _FileProfile((resources.files("weasyprint.pdf") / _SRGB).read_bytes())
        self._styles = {name: self._style(name) for name in ("book", "cv", "report")}

    def print(self, sheet: Sheet) -> bytes:
        html = html_of(sheet)
        with self._lock, _collector_paused():
            try:
                return self._print(sheet, html)
            except FatalURLFetchingError as error:  # not an Exception; would end the process
                raise RuntimeError("a template asks for something that is not in it") from error

    def _print(self, sheet: Sheet, html: str) -> bytes:
        fetch = _only(sheet.pictures, sheet.enclosures)
        document = HTML(string=html, url_fetcher=fetch).render(
            font_config=self._fonts,
            stylesheets=[self._styles[sheet.name]],
            color_profiles={"srgb": self._profile},
            pdf_variant="pdf/a-3b",
        )
        written: bytes = document.write_pdf(
            pdf_variant="pdf/a-3b",
            # Said already; WeasyPrint would open the profile's file again, and never close it.
            output_intent="",
            attachments=[_attachment(name, sheet, fetch) for name in sorted(sheet.enclosures)],
            finisher=_name_each_file_once,
        )
        return written

    def _style(self, name: str) -> CSS:
        folder = resources.files(__package__) / "templates"
        text = "".join((folder / f"{part}.css").read_text("utf-8") for part in ("paper", name))
        return CSS(string=text, font_config=self._fonts, url_fetcher=_only({}, {}))


class _Fonts(FontConfiguration):  # type: ignore[misc] # WeasyPrint has no types
    """The loaded fonts. Their copies on disk go when the process that made them ends.

    WeasyPrint deletes them with the object: a forked child that ends in the ordinary way would
    take the fonts from under its parent, and a worker that is ended would leave them behind.
    """

    def add_font_face(self, *face: object) -> None:
        is_first = self._folder is None
        super().add_font_face(*face)
        if is_first and self._folder is not None:
            Finalize(None, rmtree, args=(self._folder, True), exitpriority=0)

    def __del__(self) -> None:
        """Leave the folder to the end of the process."""


class _FileProfile(ColorProfile):  # type: ignore[misc] # WeasyPrint has no types
    """sRGB, written as the file has it: Little CMS would write it anew, never twice the same."""

    content = b""  # a property of the base class

    def __init__(self, content: bytes) -> None:
        super().__init__(BytesIO(content), _SRGB, "relative-colorimetric", ("r", "g", "b"))
        self.content = content


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Hold the cyclic garbage collector for the third of a second that a document takes.

    WeasyPrint builds a hundred thousand boxes and style values that all stay alive to the end;
    looking through them again and again costs an eighth of the time (bench/pdf.py).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def _press(process: int) -> Press:  # noqa: ARG001 - a forked child must not share the parent's
    return Press()


def _attachment(name: str, sheet: Sheet, fetch: Callable[[str], URLFetcherResponse]) -> Attachment:
    at = datetime.combine(sheet.issued_on, time(0), _VIET_NAM).astimezone(UTC)
    enclosure = sheet.enclosures[name]
    return Attachment(
        url=f"enclosure:{name}",
        url_fetcher=fetch,
        name=name,
        description=enclosure.description,
        relationship=enclosure.relationship,
        created=at,
        modified=at,
    )


def _name_each_file_once(_document: object, pdf: Any) -> None:  # noqa: ANN401 - pydyf has no types
    """Take out the second mention of each attached file: WeasyPrint 70 lists all of them twice."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = list(dict.fromkeys(pdf.catalog["AF"]))


def _only(
    pictures: Mapping[str, bytes], enclosures: Mapping[str, Enclosure]
) -> Callable[[str], URLFetcherResponse]:
    """Return the only source a document has: our fonts and what was handed over with it."""

    def fetch(url: str) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme == "font" and name in FONTS:
            content = (resources.files(__package__) / "fonts" / name).read_bytes()
            return URLFetcherResponse(url, content, {"Content-Type": "font/ttf"})
        if scheme == "picture" and name in pictures:
            return URLFetcherResponse(url, pictures[name])
        if scheme == "enclosure" and name in enclosures:
            enclosure = enclosures[name]
            return URLFetcherResponse(
                url, enclosure.content, {"Content-Type": enclosure.media_type}
            )
        raise FatalURLFetchingError(f"a document may not fetch {scheme}: addresses")

    return fetch


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader(str(__package__)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _printable(value: object) -> object:
    """Return text with every character that no font of ours has replaced by a marked box.

    Text too long for any cell ends in an ellipsis; a page must not take minutes for a bad row.
    """
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    known = _characters()
    composed = unicodedata.normalize("NFC", value[:LONGEST_TEXT])
    if len(value) > LONGEST_TEXT:
        composed += "…"
    return "".join(each if each in known else _UNPRINTABLE for each in composed)


@cache
def _characters() -> frozenset[str]:
    """Return the characters that the text font or the font of signs can print."""
    folder = resources.files(__package__) / "fonts"
    found: set[str] = set(" \n")
    for name in FONTS:
        with TTFont(BytesIO((folder / name).read_bytes())) as font:
            found.update(map(chr, font.getBestCmap()))
    return frozenset(found)
