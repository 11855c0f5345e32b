"""What office people do at a PC, in the words of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from playwright.sync_api import Browser, Page, expect


class Served(Protocol):
    """Whatever answers at an address."""

    @property
    def url(self) -> str: ...


@contextmanager
def office_page(browser: Browser) -> Iterator[Page]:
    """A PC's browser of its own: 1280×800."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(30_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def sign_in_office(page: Page, server: Served, account: dict[str, str]) -> None:
    """Signs in and lands on the start page."""
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("账号").fill(account["account"])
    page.get_by_label("密码").fill(account["password"])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("link", name="账号")).to_be_visible()


def open_page(page: Page, server: Served, path: str) -> None:
    """Opens a page; a refusal fails here."""
    answer = page.goto(f"{server.url}{path}")
    assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
