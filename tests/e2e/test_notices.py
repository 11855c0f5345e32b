"""A notification SHOWN by the browser, from the product's own service workers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Playwright

from server.cli.secrets import ensure_folders, ensure_vapid_keys
from server.db import db, scope_to
from server.notifications.channels import Letter, dump_push
from server.notifications.service import remind, send_due
from tests.e2e.engines import FIREFOX
from tests.e2e.harness import CHROMIUM, CHROMIUM_ARGS
from tests.e2e.push_service import push_service
from tests.e2e.serving import serve
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.notifications.reminding import hand_in_reports

pytestmark = pytest.mark.e2e

CHANNELS = "/account/channels"
SHOWN = """async (scope) => {
  const registration = await navigator.serviceWorker.getRegistration(scope)
  const until = Date.now() + 10_000
  let shown = []
  while (!shown.length && Date.now() < until) {
    await new Promise((go) => setTimeout(go, 20))
    shown = await registration.getNotifications()
  }
  return shown.map(({ title, body, lang, tag, data }) => ({ title, body, lang, tag, data }))
}"""


@pytest.fixture
def field(sqlite_app: Flask) -> Field:
    config = sqlite_app.extensions["suicha"].config
    ensure_folders(config)
    ensure_vapid_keys(config.vapid_dir)
    with sqlite_app.app_context():
        made = build_field()
        hand_in_reports(made)
    return made


@pytest.fixture
def url(sqlite_app: Flask, field: Field) -> Iterator[str]:
    with serve(sqlite_app) as address:
        yield address


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in?next={CHANNELS}")
    page.fill("[name=account]", "office")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"**{CHANNELS}")


def test_chromium_shows_what_the_server_pushes_from_both_workers(
    playwright: Playwright, sqlite_app: Flask, url: str
) -> None:
    letter = Letter("1", 1, "office", "zh_CN", "push:x", {"overdue": 2, "before": 1})
    with sqlite_app.app_context():
        told = dump_push(letter).decode()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
    context = browser.new_context(locale="zh-CN")
    context.grant_permissions(["notifications"], origin=url)
    page = context.new_page()
    sign_in(page, url)
    page.click("[data-ask] button")
    # No push service can be reached from here: the page says so, and the worker is there.
    page.wait_for_selector("[data-said=failed]:visible", timeout=30_000)
    page.evaluate("""async () => {
      await navigator.serviceWorker.register('/app/sw.js', { scope: '/app/' })
      const worker = async (scope) => (await navigator.serviceWorker.getRegistration(scope)).active
      while (!(await worker('/app/'))) await new Promise((go) => setTimeout(go, 20))
    }""")
    found: dict[str, str] = {}
    devtools = context.new_cdp_session(page)

    def keep(told: dict[str, Any]) -> None:
        for one in told["registrations"]:
            found[one["scopeURL"].removeprefix(url)] = one["registrationId"]

    devtools.on("ServiceWorker.workerRegistrationUpdated", keep)
    devtools.send("ServiceWorker.enable")
    while not found.keys() >= {"/static/", "/app/"}:  # told between two calls to the browser
        page.evaluate("() => new Promise((go) => setTimeout(go, 20))")
    for scope, place in (("/static/", None), ("/app/", "#/inbox")):
        devtools.send("ServiceWorker.deliverPushMessage", {
            "origin": url, "registrationId": found[scope], "data": told,
        })  # fmt: skip
        assert page.evaluate(SHOWN, scope) == [{
            "title": "随查提醒", "body": "您的事项：2 件已超期，1 件临近期限", "lang": "zh-CN",
            "tag": "reminders", "data": place,
        }]  # fmt: skip
    browser.close()


def test_firefox_subscribes_is_pushed_to_and_shows_it(
    playwright: Playwright, sqlite_app: Flask, field: Field, url: str, tmp_path: Path
) -> None:
    with push_service() as service:
        context = playwright.firefox.launch_persistent_context(
            tmp_path / "profile",
            channel="moz-firefox",
            executable_path=FIREFOX,
            headless=True,
            locale="zh-CN",
            firefox_user_prefs={
                "dom.push.enabled": True,
                "dom.push.connection.enabled": True,
                "dom.push.serverURL": service.url,
                "dom.push.testing.allowInsecureServerURL": True,
                "permissions.default.desktop-notification": 1,
                "alerts.useSystemBackend": False,  # a machine without a desk has none
            },
        )
        page = context.pages[0] if context.pages else context.new_page()
        sign_in(page, url)
        page.click("[data-ask] button")
        page.wait_for_selector("text=Firefox · Linux", timeout=60_000)
        with sqlite_app.app_context():
            scope_to(field.jurisdiction_id)
            remind([field.people["office"]], "示例", "/inspections/1", field.actor("lead"))
            assert send_due().sent == 1
            db.session.remove()
        assert service.acked.wait(60), "the browser took it"
        assert service.codes == [100], "and the worker was given it"
        shown = page.evaluate(SHOWN, "/static/")
        assert [(one["title"], one["body"]) for one in shown] == [
            ("随查提醒", "您的事项：1 件被催办")
        ]
        assert service.posted[0]["content-encoding"] == "aes128gcm"
        assert "示例" not in json.dumps(shown, ensure_ascii=False)
        context.close()
