"""The camera inside the page, and what takes its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e import field_app as app
from tests.e2e.harness import Server, phone

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15
# No two photos of a camera are the same bytes; Chromium's test picture repeats itself.
EACH_ITS_OWN = """
const take = ImageCapture.prototype.takePhoto
let number = 0
ImageCapture.prototype.takePhoto = async function (...asked) {
  const photo = await take.apply(this, asked)
  return new Blob([photo, new Uint8Array([number++])], { type: photo.type })
}
"""


def test_the_camera_inside_the_page_takes_one_photo_after_the_other(
    playwright: Playwright, server: Server, officer: dict[str, Any], tmp_path: Path
) -> None:
    profile = tmp_path / "camera"
    with phone(playwright, profile, camera="granted", reduced_motion="reduce") as (context, page):
        page.add_init_script(EACH_ITS_OWN)
        app.sign_in(page, server, officer)
        firm, inspection = app.first_fetched(page, LIST, ITEMS)
        page.get_by_label("出发准备").get_by_text("逐项查看").click()
        expect(page.get_by_text("相机可用")).to_be_visible()
        context.set_offline(True)
        app.open_inspection(page, firm)
        app.open_section(page, LIST)
        app.judge(page, "PAX-01", "不合格")
        app.item(page, "PAX-01").get_by_role("button", name="拍照").click()
        camera = page.get_by_role("dialog", name="拍照：PAX-01")
        for n in (1, 2, 3):
            camera.get_by_role("button", name="拍摄").click()
            expect(camera.get_by_text(f"已保存 {n} 张")).to_be_visible()
        camera.get_by_role("button", name="完成").click()
        expect(camera).to_have_count(0)
        expect(app.item(page, "PAX-01").get_by_role("img", name=re.compile("照片"))).to_have_count(
            3
        )
        # The pages of a document, one after the other, by the same camera.
        ledger = app.item(page, "PAX-02")
        ledger.get_by_role("button", name="拍资料").click()
        ledger.get_by_role("button", name="拍第 1 页").click()
        camera = page.get_by_role("dialog", name="拍照：PAX-02")
        for n in (1, 2):
            camera.get_by_role("button", name="拍摄").click()
            said = f"已保存 {n} 张，可继续拍摄，拍第 {n + 1} 页"
            expect(camera.get_by_text(said)).to_be_visible()
        page.go_back()
        expect(camera).to_have_count(0)
        expect(ledger.get_by_role("heading", name="资料 2 页")).to_be_visible()
        context.set_offline(False)
        app.wait_until_all_sent(page)
    photos = server.sql(
        f"SELECT fields FROM entities WHERE type = 'photo' AND space = 'insp:{inspection}'"
    )
    told = [json.loads(fields) for (fields,) in photos]
    assert [one["manifest"]["source"] for one in told] == ["camera"] * 5
    pages = [one["manifest"]["document"] for one in told if "document" in one["manifest"]]
    assert sorted(one["page"] for one in pages) == [1, 2] and pages[0]["id"] == pages[1]["id"]
    assert all(one["stored"] and one["width"] >= 640 for one in told)


@pytest.mark.soak
def test_a_refused_camera_leaves_the_phones_own_and_says_where_to_allow_it(
    playwright: Playwright, server: Server, officer: dict[str, Any], tmp_path: Path
) -> None:
    profile = tmp_path / "refused"
    with phone(playwright, profile, camera="denied", reduced_motion="reduce") as (_context, page):
        app.sign_in(page, server, officer)
        firm, _ = app.first_fetched(page, LIST, ITEMS)
        card = page.get_by_label("出发准备")
        expect(
            card.get_by_text("相机权限已被拒绝：请在浏览器的“网站设置”中允许").first
        ).to_be_attached()
        app.open_inspection(page, firm)
        app.open_section(page, LIST)
        expect(app.item(page, "PAX-02").locator("button", has_text="拍照")).to_have_count(0)
        app.photograph(page, "PAX-02", "自带相机")


@pytest.mark.soak
def test_a_camera_that_fails_when_it_is_opened_gives_way_to_the_phones_own(
    playwright: Playwright, server: Server, officer: dict[str, Any], tmp_path: Path
) -> None:
    profile = tmp_path / "broken"
    with phone(playwright, profile, camera="granted", reduced_motion="reduce") as (context, page):
        app.sign_in(page, server, officer)
        firm, _ = app.first_fetched(page, LIST, ITEMS)
        app.open_inspection(page, firm)
        app.open_section(page, LIST)
        item = app.item(page, "PAX-02")
        expect(item.locator("button", has_text="拍照")).to_be_visible()
        context.clear_permissions()  # taken back in the browser's settings meanwhile
        context.grant_permissions(["geolocation"])
        item.locator("button", has_text="拍照").click()
        expect(item.get_by_text("没能打开相机。请在浏览器的“网站设置”中允许")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
        app.photograph(page, "PAX-02", "自带相机")
