"""The own CV: its lines, order, texts and photo; and letting employment services see it."""

from dataclasses import asdict, replace
from typing import Any

from app.answers import Cv, CvLine, JobSeeking
from app.client import OCTETS, Client
from app.reading import read

CV = "/me/cv"
LINES = "/me/cv/lines"
PHOTO = "/me/cv/photo"
SEEKING = "/me/job-seeking"


async def cv(client: Client) -> Cv:
    return read(Cv, await client.told("GET", CV))


async def save(client: Client, wanted: Cv) -> None:
    """Store the texts, which lines are shown, and their order, as this page has them."""
    body = {
        "revision": wanted.revision,
        "headline": wanted.headline,
        "summary": wanted.summary,
        "contact": asdict(wanted.contact),
        "with_photo": wanted.with_photo,
        "hidden": [each.ref for each in wanted.lines if not each.shown],
        "order": [each.ref for each in wanted.lines],
    }
    await client.sent("PUT", CV, json=body)


async def save_line(client: Client, line: dict[str, Any], ref: str | None) -> None:
    """Add a line of one's own, or put it in place of the one with this ref."""
    if ref is None:
        await client.sent("POST", LINES, json=line)
    else:
        await client.sent("PUT", f"{LINES}/{ref}", json=line)


async def remove_line(client: Client, ref: str) -> None:
    await client.sent("DELETE", f"{LINES}/{ref}")


async def photo(client: Client) -> bytes:
    return (await client.sent("GET", PHOTO)).content


async def put_photo(client: Client, picture: bytes) -> None:
    await client.sent("PUT", PHOTO, content=picture, more_headers={"content-type": OCTETS})


async def remove_photo(client: Client) -> None:
    await client.sent("DELETE", PHOTO)


async def preview(client: Client, page: int) -> bytes:
    """Return a page as it will be printed, as a picture."""
    return (await client.sent("GET", f"{CV}/preview.png", params={"page": page})).content


async def seeking(client: Client) -> JobSeeking:
    return read(JobSeeking, await client.told("GET", SEEKING))


async def begin_seeking(client: Client, wanted: JobSeeking) -> None:
    body = {"wanted": wanted.wanted, "provinces": wanted.provinces, "shows": wanted.shows}
    await client.sent("PUT", SEEKING, json=body)


async def end_seeking(client: Client) -> None:
    await client.sent("DELETE", SEEKING)


def turned(page: Cv, ref: str) -> Cv:
    """Return the page with a line shown that was not, or the other way round."""
    lines = (
        replace(each, shown=not each.shown) if each.ref == ref else each for each in page.lines
    )
    return replace(page, lines=tuple(lines))


def group_of(page: Cv, line: CvLine) -> list[CvLine]:
    """Return the lines among which one can be moved: verified ones stay above all others."""
    group = (line.section, line.verified)
    return [each for each in page.lines if (each.section, each.verified) == group]


def moved(page: Cv, ref: str, by: int) -> Cv:
    """Return the page with a line further up (-1) or down (1) among its like; or as it is."""
    line = next(each for each in page.lines if each.ref == ref)
    group = group_of(page, line)
    at = group.index(line)
    if not 0 <= at + by < len(group):
        return page
    lines = list(page.lines)
    here, there = lines.index(line), lines.index(group[at + by])
    lines[here], lines[there] = lines[there], lines[here]
    return replace(page, lines=tuple(lines))
