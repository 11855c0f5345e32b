"""What the phone asks for: when, with what reason, and what is left where it is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e import field_app as app
from tests.e2e.harness import Server, phone

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15


def put_away(context: BrowserContext, page: Page) -> None:
    """The phone goes into the pocket. Playwright keeps every page in sight, so page and worker are
    told what a dark screen would tell them."""
    (worker,) = context.service_workers
    worker.evaluate(
        "Object.defineProperty(WindowClient.prototype, 'visibilityState', { get: () => 'hidden' })"
    )
    look(page, away=True)


def look(page: Page, *, away: bool) -> None:
    page.evaluate(
        """(away) => {
          Object.defineProperty(document, 'hidden', { get: () => away, configurable: true })
          document.dispatchEvent(new Event('visibilitychange'))
        }""",
        away,
    )


def wait_for_notices(page: Page, tags: list[str]) -> list[dict[str, str]]:
    """Until these notifications are shown, and no other; answers their words."""
    told: list[dict[str, str]] = page.evaluate(
        """async (tags) => {
          const registration = await navigator.serviceWorker.getRegistration('/app/')
          for (const end = Date.now() + 20000; Date.now() < end; ) {
            const shown = await registration.getNotifications()
            const found = shown.map(({ tag, title, body }) => ({ tag, title, body }))
            if (found.map(({ tag }) => tag).join() === tags.join()) return found
          }
          throw new Error('not the notifications that were waited for')
        }""",
        tags,
    )
    return told


def test_who_wants_it_hears_that_all_has_arrived_while_the_phone_is_in_the_pocket(
    playwright: Playwright, server: Server, people: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "phone", reduced_motion="reduce") as (context, page):
        app.sign_in(page, server, people["jiancha1"])
        app.wait_until_all_sent(page)
        firm, _ = app.first_fetched(page, LIST, ITEMS)
        page.goto(f"{server.url}/app/#/settings")
        expect(page.get_by_text("浏览器不允许随查发通知")).to_be_visible()
        context.grant_permissions(["geolocation", "notifications"])
        app.open_inspection(page, firm)
        app.open_section(page, LIST)
        context.set_offline(True)
        app.judge(page, "PAX-02", "合格")
        page.goto(f"{server.url}/app/#/queue")
        page.get_by_role("button", name="传完后通知我").click()
        expect(page.get_by_text("传完后会通知您")).to_be_visible()
        put_away(context, page)
        context.set_offline(False)
        (told,) = wait_for_notices(page, ["sent"])
        assert told["title"] == "资料已全部送达" and firm not in told["body"]
        # Who looks again has no more need of it.
        look(page, away=False)
        wait_for_notices(page, [])
        page.goto(f"{server.url}/app/#/settings")
        switch = page.get_by_label("不看随查时，用手机通知提示")
        expect(switch).to_be_checked()
        switch.uncheck()
        expect(switch).not_to_be_checked()
        # A tap on one leads to the screen that says more.
        (worker,) = context.service_workers
        worker.evaluate(
            """async () => {
              for (const one of await clients.matchAll()) one.postMessage({ go: '#/queue' })
            }"""
        )
        expect(page.get_by_role("heading", name="待送与待处理")).to_be_visible()
