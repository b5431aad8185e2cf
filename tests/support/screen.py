"""Drives the app's screens through the tree that screen readers use: the rest is a painted canvas.

Everything waits for a state to be there; nothing waits for time to pass.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

PATIENCE = 60_000
"""Milliseconds: a client of 8 MB starts in it, also on a machine that does much else."""
BEFORE_AGAIN = 5_000
"""Milliseconds after which somebody who sees nothing happen taps again."""
TIMES = 6
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
        found = ", ".join(
            [whole + each for each in TAPPED] + [f"{whole} {each}" for each in TAPPED]
        )
        self.page.locator(found).first.dispatch_event("click", timeout=PATIENCE)

    def _follows(self, name: str) -> bool:
        try:
            self.named(name).wait_for(state="attached", timeout=BEFORE_AGAIN)
        except TooLate:
            return False
        return True

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click(timeout=PATIENCE)
