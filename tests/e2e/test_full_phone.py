"""A phone with no room left: what is refused, what is kept, and how room is made."""

from __future__ import annotations

import io
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from tests.e2e import field_app as app
from tests.e2e.accessible import expect_readable
from tests.e2e.gateway import Gateway
from tests.e2e.harness import Server
from tests.e2e.killed_phone import Phone
from tests.e2e.on_record import sha256, stored_photos

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15
FLOOR_BYTES = 60 * 1024 * 1024  # FREE_FLOOR_BYTES of the app


def test_a_nearly_full_phone_refuses_the_photo_keeps_the_words_and_frees_what_is_proven(
    page: Page, server: Server
) -> None:
    _firm, inspection = app.first_fetched(page, LIST, ITEMS)
    place = f"{server.url}/app/#/i/{inspection}/tr/at?item=PAX-01"
    page.goto(place)
    take(page, "PAX-01", noise(1))
    expect(app.item(page, "PAX-01").get_by_text("照片已保存")).to_be_visible()
    app.wait_until_all_sent(page)
    expect_receipt(page, f"{server.url}/app/#/i/{inspection}")
    page.context.set_offline(True)
    page.evaluate(ROOM, FLOOR_BYTES + len(noise(1)) + len(noise(2)) // 2)
    page.goto(place)
    take(page, "PAX-01", noise(2))
    alert = app.item(page, "PAX-01").get_by_role("alert")
    expect(alert).to_contain_text("手机存储空间不足，未保存照片；文字仍可填写")
    expect(alert).to_contain_text("释放照片占用的空间")
    app.note(page, "PAX-01", "照片稍后补拍")
    page.goto(f"{server.url}/app/#/settings")
    page.get_by_role("button", name="释放照片占用的空间").click()
    expect(page.get_by_text("已释放 1 张照片")).to_be_visible()
    assert sha256(noise(1)) not in app.ask_store(page, "photo_bytes", "getAllKeys")
    page.goto(place)
    expect(app.item(page, "PAX-01").get_by_role("img", name=re.compile("照片"))).to_have_count(1)
    take(page, "PAX-01", noise(2))
    expect(app.item(page, "PAX-01").get_by_role("img", name=re.compile("照片"))).to_have_count(2)
    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    assert stored_photos(server, inspection, "PAX-01") == {sha256(noise(n)) for n in (1, 2)}


@pytest.mark.proves("I18 I20 I25", "F18")
def test_a_full_disk_refuses_the_photo_and_keeps_the_form(
    playwright: Playwright,
    gateway: Gateway,
    server: Server,
    people: dict[str, dict[str, Any]],
    tmp_path: Path,
) -> None:
    """The browser itself refuses: a real QuotaExceededError, while it says that 10 GB are free."""
    phone = Phone(playwright, "chromium", tmp_path / "phone", gateway)
    phone.start()
    phone.sign_in(people["jiancha2"])
    take(phone.page, "PAX-01", large(1))
    saved = app.item(phone.page, "PAX-01").get_by_text("照片已保存")
    expect(saved).to_be_visible(timeout=60_000)
    app.wait_until_all_sent(phone.page)
    expect_receipt(phone.page, f"{gateway.url}/app/#/i/{phone.inspection}")
    # For words and for the scripts' compiled form (0.9 MB), which the browser adds by itself; not
    # for a picture (1.9 MB), with it or without.
    room = 1_500_000
    quota = phone.page.evaluate("async () => (await navigator.storage.estimate()).usage") + room
    # The browser remembers for half a minute how much room there was: only a new one looks again.
    phone.kill(is_opened=False)
    page = phone.page
    session = phone.context.new_cdp_session(page)
    limit = {"origin": gateway.url, "quotaSize": quota}
    session.send("Storage.overrideQuotaForOrigin", limit)
    phone.open_list()
    item = app.item(page, "PAX-01")
    gateway.is_cut_off = True
    # What is proven to be at the server makes room by itself.
    take(page, "PAX-01", large(2))
    expect(item.get_by_text("照片已保存")).to_be_visible()
    assert app.ask_store(page, "photo_bytes", "getAllKeys") == [sha256(large(2))]
    # After that nothing may go: the photo is refused and stays on the page, the words are kept.
    before = phone.store()
    take(page, "PAX-01", large(3))
    expect(item.get_by_role("alert")).to_contain_text("照片还没有保存，只在本页上")
    expect_readable(page)
    after = phone.store()
    assert (after["counter"], after["photos"]) == (before["counter"], before["photos"])
    app.note(page, "PAX-01", "第三张照片未能保存")
    item.get_by_role("button", name="重试").click()
    expect(item.get_by_role("alert")).to_contain_text("照片还没有保存，只在本页上")
    # Room was made on the phone: the same photo, without taking it again.
    session.send("Storage.overrideQuotaForOrigin", {**limit, "quotaSize": quota * 3})
    item.get_by_role("button", name="重试").click()
    expect(item.get_by_text("照片已保存")).to_be_visible()
    gateway.heal()
    app.wait_until_all_sent(page)
    arrived = stored_photos(server, phone.inspection, "PAX-01")
    assert {sha256(large(n)) for n in (1, 2, 3)} <= arrived  # a colleague's may be there, too
    phone.stop()


def expect_receipt(page: Page, address: str) -> None:
    """The inspection's card says that all its photos are in the server's signed receipt."""
    page.goto(address)
    card = page.get_by_test_id("custody")
    expect(card).to_contain_text("签名有效", timeout=60_000)
    expect(card).to_contain_text("1/1 张照片", timeout=60_000)


@cache
def noise(seed: int, width: int = 800, height: int = 600) -> bytes:
    """A picture with little to leave out: some hundred kilobytes."""
    out = io.BytesIO()
    pixels = random.Random(seed).randbytes(width * height)
    Image.frombytes("L", (width, height), pixels).save(out, "JPEG", quality=95)
    return out.getvalue()


def large(seed: int) -> bytes:
    """The same, of nearly two megabytes."""
    return noise(seed, 1600, 1200)


def take(page: Page, code: str, data: bytes) -> None:
    """Takes this picture at the item, whatever the app says to it."""
    file = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": data}
    app.item(page, code).get_by_label("拍照").set_input_files(file)  # type: ignore[arg-type]


# A phone with so much room for photos. Chromium's own count lags half a minute behind
# (the story above has that one); this one is of what the store holds now.
ROOM = """(quota) => {
  navigator.storage.estimate = async () => {
    const known = await indexedDB.databases()
    const { name } = known.find((one) => /^suicha-[0-9]+$/.test(one.name))
    const opening = indexedDB.open(name)
    await new Promise((done) => (opening.onsuccess = done))
    const asking = opening.result.transaction('photo_bytes').objectStore('photo_bytes').getAll()
    await new Promise((done) => (asking.onsuccess = done))
    opening.result.close()
    return { quota, usage: asking.result.reduce((sum, bytes) => sum + bytes.byteLength, 0) }
  }
}"""
