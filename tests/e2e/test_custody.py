"""The phone checks the server's signature itself, with Ed25519 in its browser and without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, Route, expect

from tests.e2e import field_app as app
from tests.e2e.harness import LIGHT_CHROMIUM, Server, phone

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15

# An Android WebView from before Chrome 137.
PATIENCE_MS = 60_000  # the receipt comes with a round of its own
WITHOUT_ED25519 = """
  const importKey = SubtleCrypto.prototype.importKey
  SubtleCrypto.prototype.importKey = function (form, key, name, ...rest) {
    if (name === 'Ed25519') return Promise.reject(new DOMException('', 'NotSupportedError'))
    return importKey.call(this, form, key, name, ...rest)
  }
"""


def answer_one(page: Page, server: Server, account: dict[str, Any], then: str = app.SENT) -> str:
    """Signs in, answers one item and waits until it has arrived and the bar says so, or what else
    it says ``then``; answers the inspection's id."""
    app.sign_in(page, server, account)
    _firm, inspection = app.first_fetched(page, LIST, ITEMS)
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/1")
    app.judge(page, "PAX-02", "合格")
    app.wait_until_bar_says(page, then)
    page.goto(f"{server.url}/app/#/i/{inspection}")
    return inspection


@pytest.mark.parametrize("has_ed25519", [pytest.param(True, marks=pytest.mark.soak), False])
def test_phone_checks_the_receipt_with_what_its_browser_has(
    playwright: Playwright,
    server: Server,
    people: dict[str, dict[str, Any]],
    tmp_path: Path,
    has_ed25519: bool,
) -> None:
    libraries: list[str] = []
    account = people["jiancha1" if has_ed25519 else "jiancha2"]
    with phone(playwright, tmp_path / "phone", browser=LIGHT_CHROMIUM) as (_context, page):
        if not has_ed25519:
            page.add_init_script(WITHOUT_ED25519)
        page.on("request", lambda one: libraries.append(one.url) if "ed25519" in one.url else None)
        answer_one(page, server, account)
        expect(page.get_by_test_id("custody")).to_contain_text("签名有效", timeout=PATIENCE_MS)
        assert app.ask_store(page, "custody", "getAll")[0]["is_checked"]
        assert len(libraries) == (0 if has_ed25519 else 1)


@pytest.mark.proves("I20", "F9")
def test_changed_receipt_is_shown_as_such_and_lets_nothing_go(
    playwright: Playwright, server: Server, people: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    def change(route: Route) -> None:
        answer = route.fetch()
        document = answer.json()
        document["receipt"]["number"] += "0"
        route.fulfill(response=answer, json=document)

    with phone(playwright, tmp_path / "phone", browser=LIGHT_CHROMIUM) as (context, page):
        context.route("**/api/v1/custody-receipts/**", change)
        # the bar is never quite content: the receipt comes in the round that delivers
        answer_one(page, server, people["jiancha1"], then="需处理 1 项")
        card = page.get_by_test_id("custody")
        expect(card.get_by_role("alert")).to_contain_text("签名不符", timeout=PATIENCE_MS)
        expect(card).not_to_contain_text("签名有效")
        page.goto(f"{server.url}/app/#/queue")
        expect(page.get_by_role("heading", name="需要处理（1）")).to_be_visible()
        for _round in range(2):  # the second begins when the first has let go of what it may
            with page.expect_response("**/api/v1/sync/pull"):
                page.get_by_role("button", name="立即发送").click()
        assert app.stored(page, "outbox") == 1
