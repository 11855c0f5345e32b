"""Where the field app does not run: it says why, and the work is done on plain pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e.harness import CHROMIUM_ARGS, DESK_CHROMIUM, Server, page_errors

pytestmark = pytest.mark.e2e

FAR = "suicha.test"  # a name that is not this machine's own: without https no secure context
WECHAT = "Mozilla/5.0 (Linux; Android 10) Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.30"
NO_STORE = "Object.defineProperty(window, 'indexedDB', { value: undefined })"
OLD = "delete String.prototype.replaceAll"


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    args = [*CHROMIUM_ARGS, f"--host-resolver-rules=MAP {FAR} 127.0.0.1"]
    found = playwright.chromium.launch(executable_path=DESK_CHROMIUM, args=args)
    yield found
    found.close()


@contextmanager
def narrow(browser: Browser, **options: Any) -> Iterator[Page]:
    """A phone's browser without anything of ours in it."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        **options,
    )
    context.set_default_timeout(15_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def test_a_browser_that_lacks_something_is_told_what_and_where_else_to_go(
    browser: Browser, server: Server
) -> None:
    heading = "此浏览器不能使用随查手机端"
    for address, taken_away, says in (
        (server.url, NO_STORE, "不能在手机上保存记录"),
        (server.url, OLD, "浏览器版本过低"),
        (f"http://{FAR}:{server.port}", "", "不是安全连接"),
    ):
        with narrow(browser) as page, page_errors(page) as errors:
            if taken_away:
                page.add_init_script(taken_away)
            page.goto(f"{address}/app/")
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
            expect(page.get_by_role("listitem")).to_have_count(1)
            expect(page.get_by_role("listitem")).to_contain_text(says)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            assert not [one for one in errors if "Content Security Policy" in one]
            page.get_by_role("link", name="改用网页填报").click()
            expect(page.get_by_label("账号")).to_be_visible()
    with narrow(browser, user_agent=WECHAT) as page:
        page.goto(f"{server.url}/app/")
        expect(page.get_by_label("账号")).to_be_visible()
        hint = page.get_by_role("note").filter(has_text="在浏览器打开")
        hint.get_by_role("button").click()
        expect(hint).to_be_hidden()
        page.reload()
        expect(page.get_by_label("账号")).to_be_visible()
        expect(hint).to_be_hidden()
