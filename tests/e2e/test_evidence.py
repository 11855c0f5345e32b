"""Photos as evidence: the untouched original, what is known of it, and what explains it."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from tests.e2e import field_app as app
from tests.e2e.accessible import expect_readable
from tests.e2e.harness import LIGHT_CHROMIUM, Server, jpeg, phone
from tests.e2e.office import office_page, open_page, sign_in_office

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15
HEIC = Path(__file__).parents[1] / "pictures" / "drawn.heic"


@pytest.fixture
def page(
    playwright: Playwright, server: Server, people: dict[str, dict[str, Any]], tmp_path: Path
) -> Iterator[Page]:
    profile = tmp_path / "phone"
    with phone(playwright, profile, browser=LIGHT_CHROMIUM, reduced_motion="reduce") as (_, page):
        app.sign_in(page, server, people["jiancha1"])
        yield page


def choose(section: Locator, label: str, name: str, content: bytes) -> None:
    """A file by way of this button."""
    file = {"name": name, "mimeType": "image/jpeg", "buffer": content}
    section.get_by_label(label).set_input_files(file)  # type: ignore[arg-type]


def with_exif(text: str) -> bytes:
    """A photo with a place in it, as cameras write."""
    exif = Image.Exif()
    exif[0x010F] = "Suicha test camera"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.open(io.BytesIO(jpeg(text))).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_photo_is_looked_at_stamped_marked_and_paged_and_stays_what_it_was(
    page: Page, server: Server, browser: Browser, people: dict[str, dict[str, Any]]
) -> None:
    firm, inspection = app.first_fetched(page, LIST, ITEMS)
    page.context.set_offline(True)
    app.open_inspection(page, firm)
    app.open_section(page, LIST)
    app.judge(page, "PAX-01", "不合格")
    item = app.item(page, "PAX-01")
    taken, imported = with_exif("门头"), HEIC.read_bytes()
    choose(item, "相册选取", "IMG_2.heic", b"")
    expect(item.get_by_role("alert")).to_contain_text("该文件是空的")
    choose(item, "拍照", "IMG_1.jpg", taken)
    expect(item.get_by_text("照片已保存")).to_be_visible()
    choose(item, "相册选取", "IMG_2.heic", imported)
    expect(item.get_by_text("HEIC 照片，送达后可查看")).to_be_visible()

    # Looked at: its facts in words, stamped on a copy; Escape gives the focus back.
    first = item.get_by_role("button", name="PAX-01 照片 1")
    first.click()
    viewer = page.get_by_role("dialog", name="PAX-01 照片 1/2")
    for fact in ("现场拍摄", "35.48000, 112.41000 ±12 m", "待上传", hash_of(taken)[:16]):
        expect(viewer.get_by_text(fact, exact=True)).to_be_visible()
    stamped = colour_at_the_foot(viewer)
    expect_readable(page)
    viewer.get_by_label("原图").check()
    assert colour_at_the_foot(viewer) != stamped
    viewer.get_by_label("水印图").check()
    with page.expect_download() as download:
        viewer.get_by_role("button", name="保存水印图").click()
    saved = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename.startswith(firm) and saved != taken
    assert Image.open(io.BytesIO(saved)).size == (1200, 900)
    viewer.get_by_role("button", name="下一张").click()
    viewer = page.get_by_role("dialog", name="PAX-01 照片 2/2")
    expect(viewer.get_by_text("苹果手机格式（HEIC）照片，送达后可查看。")).to_be_visible()
    expect(viewer.get_by_text("相册选取", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(first).to_be_focused()

    # Marked with keys and with a finger; the back button asks before it throws marks away.
    first.press("Enter")
    page.get_by_role("button", name="标注", exact=True).click()
    board = page.get_by_role("application", name="标注画面")
    expect_readable(page)
    board.press("Enter")
    board.press("ArrowRight")
    board.press("Shift+ArrowDown")
    page.get_by_role("radio", name="打码").check(force=True)
    drag(page, board, (0.1, 0.1), (0.5, 0.5))
    expect(page.get_by_text("标注 2 处")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="继续标注").click()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("标注 1 处")).to_be_visible()
    drag(page, board, (0.1, 0.1), (0.5, 0.5))
    page.get_by_role("button", name="保存标注件").click()
    expect(page.get_by_text("标注件已保存，列在原图之后。")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", name=LIST)).to_be_visible()
    expect(item.get_by_text("标注件", exact=True)).to_be_visible()

    # Two pages of a ledger, the first taken again.
    ledger = app.item(page, "PAX-02")
    ledger.get_by_role("button", name="拍资料").click()
    ledger.get_by_label(re.compile("^资料名称")).fill("动态监控台账")
    for n in (1, 2):
        choose(ledger, f"拍第 {n} 页", "IMG.jpg", jpeg(f"第 {n} 页"))
        expect(ledger.get_by_role("heading", name=f"动态监控台账 {n} 页")).to_be_visible()
    expect_readable(page)
    ledger.get_by_role("button", name="完成").click()
    ledger.get_by_role("button", name="PAX-02 照片 1").click()
    page.get_by_role("button", name="重拍本页").click()
    choose(ledger, "拍第 1 页", "IMG.jpg", jpeg("第 1 页，重拍"))
    expect(ledger.get_by_text("照片已保存")).to_be_visible()
    expect(ledger.get_by_role("heading", name="动态监控台账 2 页")).to_be_visible()

    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    told = photos_of(server, inspection)
    assert told[hash_of(taken)]["manifest"]["source"] == "camera"
    assert told[hash_of(imported)]["manifest"]["source"] == "gallery"
    (copy,) = [one for one in told.values() if one["manifest"]["source"] == "marked"]
    assert copy["manifest"]["of"] == hash_of(taken)
    assert [mark["kind"] for mark in copy["manifest"]["marks"]] == ["arrow", "blur"]
    assert copy["manifest"]["marks"][0]["points"] == [[3700, 3500], [6200, 6200]]
    pages = [one["manifest"]["document"] for one in told.values() if "document" in one["manifest"]]
    assert sorted((one["page"], one["title"]) for one in pages) == [
        (1, "动态监控台账"), (2, "动态监控台账"),
    ]  # fmt: skip
    assert len({one["id"] for one in pages}) == 1
    with office_page(browser) as lead:
        sign_in_office(lead, server, people["zuzhang"])
        # Byte for byte what the camera made: what it wrote about itself included.
        for original in (taken, imported):
            got = lead.request.get(f"{server.url}/api/v1/photos/{hash_of(original)}")
            assert got.body() == original
        open_page(lead, server, f"/inspections/{inspection}")
        expect(lead.get_by_text("标注件", exact=True).first).to_be_visible()
        expect(lead.get_by_text("相册选取", exact=True).first).to_be_visible()
        expect(lead.get_by_text("动态监控台账 第 2 页").first).to_be_visible()
        heic = lead.locator(f'a[href$="{hash_of(imported)}/view"] img').first
        heic.scroll_into_view_if_needed()
        lead.wait_for_function("(img) => img.naturalWidth === 320", arg=heic.element_handle())

    # Without its original a copy explains nothing: they go together.
    item.get_by_role("button", name="删除照片 1", exact=True).click()
    item.get_by_text("连同 1 张标注件删除").click()
    expect(item.get_by_role("button", name=re.compile("^PAX-01 照片"))).to_have_count(1)


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def colour_at_the_foot(viewer: Locator) -> list[int]:
    """One pixel where the stamp's ground is."""
    frame = viewer.locator("canvas")
    expect(frame).to_be_visible()
    found: list[int] = frame.evaluate(
        "(c) => [...c.getContext('2d').getImageData(4, c.height - 4, 1, 1).data]"
    )
    return found


def drag(page: Page, board: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Shares of the board's width and height."""
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=4)
    page.mouse.up()


def photos_of(server: Server, inspection: str) -> dict[str, dict[str, Any]]:
    """Hash → fields of the photos that stand, as the server has them."""
    rows = server.sql(
        "SELECT fields FROM entities WHERE type = 'photo' AND NOT is_gone"
        f" AND space = 'insp:{inspection}'"
    )
    found = [json.loads(fields) for (fields,) in rows]
    assert all(one["stored"] for one in found)
    return {one["sha256"]: one for one in found}
