"""What axe, a checker that others wrote, finds on a page against those who cannot see or point."""

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.support import node

GRAVE = frozenset({"serious", "critical"})
_RUN = """
async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
"""


def grave(page: Page) -> list[str]:
    """Return what axe finds serious or critical, each by rule and place."""
    return [
        f"{each['id']}: {' '.join(spot['target'])} - {spot['failureSummary']}"
        for each in _found(page)
        if each["impact"] in GRAVE
        for spot in each["nodes"]
    ]


def _found(page: Page) -> list[dict[str, Any]]:
    # By the debugger's own channel: no page of ours lets a foreign script in.
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return found


@cache
def _source() -> str:
    folder = node.installed().folder
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
