"""A person who has a keyboard and no pointer: what is not reached by Tab does not exist."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 400


class Keys:
    """Hands on the keyboard of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Into whatever has the focus."""
        self.page.keyboard.type(text)

    def reach(self, wanted: Locator, key: str = "Tab") -> None:
        """Presses Tab until ``wanted`` has the focus; fails when it is never reached."""
        expect(wanted).to_be_visible()
        for _ in range(MOST_STOPS):
            if wanted.evaluate("(e) => e === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"never reached by {key}: {wanted}")

    def use(self, wanted: Locator, key: str = "Enter") -> None:
        """Goes there and presses ``key``."""
        self.reach(wanted)
        self.press(key)

    def write(self, field: Locator, text: str) -> None:
        """Goes there and writes over what was there."""
        self.reach(field)
        self.press("Control+a")
        self.type(text)

    def sign(self, pad: Locator) -> None:
        """Writes two strokes into a signature pad."""
        self.reach(pad)
        self.press("Space", *["ArrowRight"] * 6, *["ArrowUp"] * 3, "Space")
        self.press(*["ArrowRight"] * 3, "Space", *["ArrowDown"] * 5, "Space")

    def here(self) -> dict[str, Any]:
        """What has the focus: its item, its kind, its name, whether it is answered."""
        return dict(
            self.page.evaluate(
                """() => {
                  const e = document.activeElement
                  const group = e.name ? [...document.getElementsByName(e.name)] : []
                  return {
                    item: e.closest('section.item')?.id.replace('item-', '') ?? '',
                    type: e.type ?? e.tagName.toLowerCase(),
                    label: e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText.trim() ?? '',
                    isAnswered: e.type === 'radio'
                      ? group.some((r) => r.checked) : Boolean(e.value),
                  }
                }"""
            )
        )
