"""What axe-core finds on a page, by the rules of WCAG 2.2 at levels A and AA and its own advice."""

from __future__ import annotations

from functools import cache

from playwright.sync_api import Page

from tests.conftest import ROOT
from tests.e2e.harness import faint_texts, small_targets

_AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    return _AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """One line for each element that breaks a rule; a page is asked anew after it has changed."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())  # evaluated, not loaded: the page's content policy stays as it is
    found = page.evaluate(
        """async (rules) => {
          const { violations } = await axe.run(document, {
            runOnly: rules, resultTypes: ['violations'],
          })
          return violations.flatMap(({ id, nodes }) => nodes.map(
            ({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary}`))
        }""",
        _RULES,
    )
    return [str(line) for line in found]


def cut_off(page: Page) -> list[str]:
    """Texts of which a part cannot be seen: an element that hides what does not fit, and a page
    that would have to be pushed sideways."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll('body *')]
              .filter((e) => e.checkVisibility() && e.innerText?.trim() && !e.closest('.hidden'))
              .filter((e) => e.getBoundingClientRect().right > document.body.clientWidth + 1
                || (getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1
                  && e.tagName !== 'INPUT'))
              .map((e) => `${e.outerHTML.slice(0, 120)} ${e.scrollWidth} > ${e.clientWidth}`)"""
        )
    )


def expect_readable(page: Page) -> None:
    """As it stands, by everybody: contrast in both themes, targets, axe, and letters twice as large
    at which nothing is cut off."""
    found: list[str] = []
    page.emulate_media(reduced_motion="reduce")  # a colour on its way to another is no finding
    theme = page.evaluate("document.documentElement.dataset.theme")
    for one in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.theme = '{one}'")
        found += [f"{one}: {text}" for text in faint_texts(page)]
    found += small_targets(page) + violations(page)
    page.evaluate("document.documentElement.dataset.text = 'largest'")
    found += cut_off(page)
    page.evaluate(
        """(theme) => {
          const { dataset } = document.documentElement
          delete dataset.text
          if (theme) dataset.theme = theme
          else delete dataset.theme
        }""",
        theme,
    )
    assert not found, "\n".join(found)
