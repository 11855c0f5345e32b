"""What the phone asks for: when, with what reason, and what is left where it is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Worker, expect

from tests.e2e import field_app as app
from tests.e2e.harness import Server, jpeg, phone

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15


def put_away(context: BrowserContext, page: Page) -> Worker:
    """The phone goes into the pocket. Playwright keeps every page in sight, so page and worker are
    told what a dark screen would tell them. In the worker ``shown`` resolves with the first
    notification: whoever asks for the list while one is being shown makes Chromium drop it. What
    the receipt of one round does not confirm waits for the next, a minute later."""
    (worker,) = context.service_workers
    worker.evaluate(
        """() => {
          Object.defineProperty(WindowClient.prototype, 'visibilityState', { get: () => 'hidden' })
          const registration = ServiceWorkerRegistration.prototype
          const show = registration.showNotification
          self.shown = new Promise((done, fail) => {
            setTimeout(() => fail(new Error('nothing was shown')), 90000)
            registration.showNotification = async function (...given) {
              await show.apply(this, given)
              done()
            }
          })
        }"""
    )
    look(page, away=True)
    return worker


def look(page: Page, *, away: bool) -> None:
    page.evaluate(
        """(away) => {
          Object.defineProperty(document, 'hidden', { get: () => away, configurable: true })
          document.dispatchEvent(new Event('visibilitychange'))
        }""",
        away,
    )


def shown_notices(worker: Worker) -> list[dict[str, str]]:
    told: list[dict[str, str]] = worker.evaluate(
        """async () => (await registration.getNotifications())
          .map(({ tag, title, body }) => ({ tag, title, body }))"""
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
        worker = put_away(context, page)
        context.set_offline(False)
        worker.evaluate("() => self.shown")
        (told,) = shown_notices(worker)
        assert (told["tag"], told["title"]) == ("sent", "资料已全部送达")
        assert firm not in told["body"]
        # Who looks again has no more need of it.
        look(page, away=False)
        worker.evaluate(
            """async () => {
              while ((await registration.getNotifications()).length > 0) {}
            }"""
        )
        page.goto(f"{server.url}/app/#/settings")
        switch = page.get_by_label("锁屏或使用其他应用时，用通知提醒我")
        expect(switch).to_be_checked()
        switch.uncheck()
        expect(switch).not_to_be_checked()
        # A tap on one leads to the screen that says more.
        worker.evaluate(
            """async () => {
              for (const one of await clients.matchAll()) one.postMessage({ go: '#/queue' })
            }"""
        )
        expect(page.get_by_role("heading", name="待送与待处理")).to_be_visible()


def test_camera_and_lasting_store_are_asked_for_with_the_reason_and_are_no_condition(
    playwright: Playwright, server: Server, people: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "phone", camera="denied", reduced_motion="reduce") as (
        context,
        page,
    ):
        app.sign_in(page, server, people["jiancha2"])
        firm, _ = app.first_fetched(page, LIST, ITEMS)
        app.open_inspection(page, firm)
        app.open_section(page, LIST)
        # Refused in the browser's settings: the phone's own camera stands there already.
        expect(app.item(page, "PAX-03").locator("button", has_text="拍照")).to_have_count(0)
        context.clear_permissions()  # nobody was asked yet
        app.open_inspection(page, firm)
        app.open_section(page, LIST)
        camera = page.get_by_role("dialog", name="拍照：PAX-03")
        item = app.item(page, "PAX-03")
        item.get_by_role("button", name="拍照").click()
        expect(camera.get_by_text("相机用来拍摄检查证据")).to_be_visible()
        expect(camera.locator("[autofocus]")).to_be_focused()
        # The other way is one tap away.
        picture = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": jpeg("自带相机")}
        camera.get_by_label("改用手机自带的相机").set_input_files(picture)  # type: ignore[arg-type]
        expect(camera).to_have_count(0)
        expect(item.get_by_text("照片已保存")).to_be_visible()
        context.grant_permissions(["camera"])
        item.get_by_role("button", name="拍照").click()
        # Granted: no further word, the camera stands open.
        camera.get_by_role("button", name="拍摄").click()
        expect(camera.get_by_text("已保存 1 张")).to_be_visible()
        camera.get_by_role("button", name="完成").click()

        page.goto(f"{server.url}/app/#/")
        card = page.get_by_label("出发准备")
        expect(card.get_by_text("浏览器可能清除还没有送达的记录").first).to_be_visible()
        card.get_by_role("button", name="申请长期保留").click()  # this browser says no
        expect(card.get_by_text("浏览器没有同意长期保留").first).to_be_visible()
        expect(card.get_by_text("出发准备就绪")).to_be_visible()
