"""Drives the app's screens through the tree that screen readers use: the rest is a painted canvas.

Everything waits for a state to be there; nothing waits for time to pass.
"""

from dataclasses import dataclass
from io import BytesIO

import zxingcpp
from PIL import Image
from playwright.sync_api import Download, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

PATIENCE = 60_000
"""Milliseconds: a client of 8 MB starts in it, also on a machine that does much else."""
BEFORE_AGAIN = 5_000
"""Milliseconds after which somebody who sees nothing happen taps again."""
TIMES = 6
FRAMES = 120
"""Pictures of a screen that are looked at before it counts as painted."""
ALIKE = 3
"""Pictures in a row that are the same: one can be from before what the tree says already."""
BETWEEN_PICTURES = 150
"""Milliseconds."""
GO = """(path) => {
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate", { state: null }));
}"""
"""What a typed address does, without the reload."""
NAMELESS = """() => [...document.querySelectorAll(
    'flt-semantics-host [role=button], flt-semantics-host [role=tab], ' +
    'flt-semantics-host [role=checkbox], flt-semantics-host [role=switch], ' +
    'flt-semantics-host [role=img], flt-semantics-host [flt-tappable], ' +
    'flt-semantics-host input, flt-semantics-host textarea')]
  .filter((each) => !(each.getAttribute('aria-label') || each.textContent || '').trim())
  .map((each) => each.outerHTML.slice(0, 200))"""
ROLES = """() => [...document.querySelectorAll('flt-semantics-host *')]
  .flatMap((each) => [each.getAttribute('role'), each.tagName.toLowerCase()])
  .filter((each) => each && !each.startsWith('flt-'))"""
LOADING = '[flt-semantics-identifier="loading"]'
TAPPED = ("[flt-tappable]", '[role="button"]', '[role="checkbox"]', '[role="tab"]')


@dataclass(frozen=True)
class Screen:
    """What is on one tab."""

    page: Page

    def named(self, name: str) -> Locator:
        return self.page.locator(f'[flt-semantics-identifier="{name}"]').first

    def shows(self, name: str) -> Locator:
        """Wait until something with that name is there."""
        found = self.named(name)
        found.wait_for(state="attached", timeout=PATIENCE)
        return found

    def says(self, text: str) -> None:
        expect(self.page.locator("flt-semantics-host")).to_contain_text(text, timeout=PATIENCE)

    def tells(self, text: str) -> None:
        """Wait until a part of the screen is called so: what a sheet of paper holds is its name."""
        found = self.page.locator(f'flt-semantics-host [aria-label*="{text}"]').first
        found.wait_for(state="attached", timeout=PATIENCE)

    def tap(self, name: str, then: str | None = None) -> None:
        """Tap it, once it is there, until what has to follow is there.

        As a screen reader does it, so that nothing has to be scrolled into sight. A screen that is
        still sliding in takes no tap; a person taps again.
        """
        self.shows(name)
        for _ in range(TIMES):
            self._tap_once(name)
            if then is None or self._follows(then) or not self.named(name).is_visible():
                break
        if then is not None:
            self.shows(then)

    def _tap_once(self, name: str) -> None:
        whole = f'[flt-semantics-identifier="{name}"]'
        found = self.page.locator(f"{whole}[flt-tappable], {whole} [flt-tappable]")
        if not found.count():
            found = self.page.locator(self._tappable(name))
        found.first.dispatch_event("click", timeout=PATIENCE)

    def _tappable(self, name: str) -> str:
        whole = f'[flt-semantics-identifier="{name}"]'
        return ", ".join([whole + each for each in TAPPED] + [f"{whole} {each}" for each in TAPPED])

    def _follows(self, name: str) -> bool:
        try:
            self.named(name).wait_for(state="attached", timeout=BEFORE_AGAIN)
        except TooLate:
            return False
        return True

    def click(self, name: str) -> None:
        """Tap it as a finger does: a browser opens a file picker for nothing less."""
        self.page.locator(self._tappable(name)).first.click(timeout=PATIENCE)

    def type(self, name: str, text: str) -> None:
        """Type into a field until it holds the text: on a busy machine a key can be lost."""
        field = self.named(name).locator("input, textarea").first
        for _ in range(TIMES):
            field.click(timeout=PATIENCE)
            field.fill("")
            field.press_sequentially(text)
            if field.input_value() == text:
                return
        raise AssertionError(f"{name} did not take what was typed")

    def scanned(self) -> str:
        """Return what the QR code on the screen says, once it is painted."""
        for _ in range(FRAMES):
            picture = Image.open(BytesIO(self.page.screenshot()))
            found = zxingcpp.read_barcodes(picture)
            if found:
                return found[0].text
            self.page.evaluate("() => new Promise(requestAnimationFrame)")
        raise AssertionError("there is no QR code on the screen")

    def go(self, path: str) -> None:
        """Lead to another screen of the app, without loading the client again, and wait for it."""
        host = self.page.locator("flt-semantics-host")
        before = host.inner_text()
        self.page.evaluate(GO, f"/app{path}")
        self.page.wait_for_url(f"**/app{path}", timeout=PATIENCE)
        expect(host).not_to_have_text(before, timeout=PATIENCE, use_inner_text=True)

    def loaded(self) -> None:
        """Wait until a screen is there, and not what stands in for it while it is loaded."""
        self.shows("screen")
        self.opened()
        expect(self.page.locator(LOADING)).to_have_count(0, timeout=PATIENCE)

    def opened(self) -> None:
        """Wait until the picture of the app is there, and our own screen before it gone."""
        self.page.locator("#opening").wait_for(state="hidden", timeout=PATIENCE)

    def downloaded(self, name: str) -> Download:
        """Tap it until a file comes of it: a screen that slides in takes no tap."""
        self.shows(name)
        for _ in range(TIMES):
            try:
                with self.page.expect_download(timeout=BEFORE_AGAIN) as download:
                    self._tap_once(name)
            except TooLate:
                continue
            return download.value
        raise AssertionError(f"no file came of {name}")

    def painted(self) -> bytes:
        """Return a picture of the screen once several in a row are alike."""
        seen: list[bytes] = []
        for _ in range(FRAMES):
            seen = [*seen[1 - ALIKE :], self.page.screenshot()]
            if len(seen) == ALIKE and len(set(seen)) == 1:
                return seen[0]
            self.page.wait_for_timeout(BETWEEN_PICTURES)
        raise AssertionError("the screen never came to rest")

    def nameless(self) -> list[str]:
        """Return what can be used on the screen but has no name for a screen reader."""
        found: list[str] = self.page.evaluate(NAMELESS)
        return found

    def roles(self) -> set[str]:
        """Return the roles of what is on the screen."""
        return set(self.page.evaluate(ROLES))

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click(timeout=PATIENCE)
