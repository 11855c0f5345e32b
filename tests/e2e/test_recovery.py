"""A release of the app that dies at its first line: what the officer recorded gets out by the
recovery page, over the network or as a file for the office, in Chromium and Firefox."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Playwright, expect

from tests.e2e import engines
from tests.e2e import field_app as app
from tests.e2e.gateway import Answered, Asked, Gateway, gateway_to
from tests.e2e.harness import Server
from tests.e2e.killed_phone import Phone

pytestmark = [pytest.mark.e2e, pytest.mark.proves("I1 I17 I25", "F23")]

ACCOUNTS = {"chromium": "jiancha1", "firefox": "jiancha2"}
BROKEN = "/app/assets/broken.js"
MAIN_SCRIPT = re.compile(rb"/app/assets/index-[^\"]+\.js")

# What the page hands over as a file, kept where the test can read it.
_KEEP_FILE = """() => {
  const real = URL.createObjectURL
  URL.createObjectURL = (blob) => { window.handedOver = blob; return real.call(URL, blob) }
}"""
_READ_FILE = """async () => {
  const bytes = new Uint8Array(await window.handedOver.arrayBuffer())
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}"""
_FORGET_OLD_APP = """async () => {
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister()
  for (const name of await caches.keys()) await caches.delete(name)
}"""


@pytest.fixture(params=engines.ENGINES)
def phone(
    request: pytest.FixtureRequest,
    playwright: Playwright,
    server: Server,
    people: dict[str, dict[str, Any]],
    tmp_path: Path,
) -> Iterator[Phone]:
    """Two answers and a photo recorded without a network; then a release comes that throws."""
    with gateway_to(server.port) as gateway:
        phone = Phone(playwright, request.param, tmp_path / "phone", gateway)
        phone.start()
        phone.sign_in(people[ACCOUNTS[request.param]])
        gateway.is_cut_off = True
        app.judge(phone.page, "PAX-01", "合格")
        app.judge(phone.page, "PAX-02", "不合格")
        app.photograph(phone.page, "PAX-02", f"recovery {request.param} {tmp_path.name}")
        release_broken_app(gateway, phone)
        yield phone
        phone.stop()


def release_broken_app(gateway: Gateway, phone: Phone) -> None:
    """The same pages, but for the app's first script."""

    def instead(asked: Asked) -> Answered | None:
        script = [("Content-Type", "text/javascript")]
        if asked.path == BROKEN:
            return Answered(200, script, b"throw new Error('this release is broken')")
        if asked.path != "/app/":
            return None
        kept = ("if-", "accept-encoding")  # whole, and as text
        fresh = {k: v for k, v in asked.headers.items() if not k.lower().startswith(kept)}
        answered = gateway.pass_on(replace(asked, headers=fresh))
        page, scripts = MAIN_SCRIPT.subn(BROKEN.encode(), answered.body)
        assert scripts == 1
        headers = [(name, value) for name, value in answered.headers if name.lower() != "etag"]
        return Answered(answered.status, headers, page)

    phone.page.evaluate(_FORGET_OLD_APP)
    gateway.heal()
    gateway.instead = instead


def open_recovery(phone: Phone, name: str) -> Locator:
    """The app does not open; what stands there instead leads to the recovery page."""
    thrown: list[str] = []
    phone.page.on("pageerror", lambda error: thrown.append(str(error)))
    phone.page.goto("about:blank")
    phone.page.goto(f"{phone.gateway.url}/app/")
    expect(phone.page.get_by_role("heading", name="检查任务")).to_have_count(0)
    phone.page.get_by_role("link", name="恢复页面").click()
    card = phone.page.locator("section.card").filter(has_text=name)
    expect(card.get_by_text("待送 3 条记录、1 张照片")).to_be_visible()
    assert any("this release is broken" in one for one in thrown)
    return card


def recorded(phone: Phone) -> set[str]:
    return set(phone.store()["ops"])


def received(server: Server, ops: set[str]) -> list[tuple[Any, ...]]:
    named = ", ".join(f"'{op}'" for op in sorted(ops))
    return server.sql(f"SELECT op, status FROM receipts WHERE op IN ({named})")


def test_what_a_broken_app_holds_is_sent_by_the_recovery_page(
    phone: Phone, server: Server, people: dict[str, dict[str, Any]]
) -> None:
    card = open_recovery(phone, people[ACCOUNTS[phone.engine]]["name"])
    ops, photos = recorded(phone), phone.store()["photos"]
    card.get_by_role("button", name="立即发送").click()
    expect(card.get_by_text("已送达 3 条记录、1 张照片。")).to_be_visible(timeout=60_000)
    expect(card.get_by_text("全部已送达")).to_be_visible()
    assert sorted(received(server, ops)) == [(op, "applied") for op in sorted(ops)]
    stored = server.sql("SELECT sha256 FROM blobs")
    assert {(one["sha256"],) for one in photos} <= set(stored)


@pytest.mark.soak
def test_what_a_broken_app_holds_is_taken_whole_by_the_office_as_a_file(
    phone: Phone, server: Server, people: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    card = open_recovery(phone, people[ACCOUNTS[phone.engine]]["name"])
    ops = recorded(phone)
    phone.page.evaluate(_KEEP_FILE)
    card.get_by_role("button", name="导出").click()
    expect(card.get_by_text("已导出 3 条记录、1 张照片。")).to_be_visible()
    file = tmp_path / "unsent.zip"
    file.write_bytes(base64.b64decode(phone.page.evaluate(_READ_FILE)))
    assert received(server, ops) == []

    told = json.loads(server.command("devices", "import", str(file), "--json"))
    assert told["is_proven"] and told["missing"] is None
    assert (told["statuses"], told["photos"], told["photos_refused"]) == ({"applied": 3}, 1, [])
    assert sorted(received(server, ops)) == [(op, "applied") for op in sorted(ops)]

    again = json.loads(server.command("devices", "import", str(file), "--json"))
    assert again["statuses"] == {"replay": 3}
    assert len(recorded(phone)) == 3, "the page deletes nothing"
