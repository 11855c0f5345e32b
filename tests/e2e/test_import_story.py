"""An office imports five hundred firms, twelve of them wrong, mends those, and takes all back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.exchange.reading import open_table
from tests.e2e.serving import serve
from tests.integration.exchange.tables import HEAD, firm_rows, xlsx_bytes
from tools.busy_county import County

pytestmark = pytest.mark.e2e
KNOWN, FIRMS, BAD = 60, 500, 12


def spoiled(rows: list[list[str]]) -> list[list[str]]:
    """Twelve rows that cannot be used: three kinds of mistakes."""
    for number in range(4):
        rows[number * 40 + 3][0] = rows[number * 40 + 3][0][:-1] + "I"
        rows[number * 40 + 4][2] = "摆渡"
        rows[number * 40 + 5][5] = "约二十"
    return rows


def upload(page: Page, url: str, data: bytes, name: str) -> None:
    """As far as the preview."""
    page.goto(f"{url}/registry/imports/new/firms")
    page.get_by_label("文件", exact=False).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.get_by_role("button", name="上传").click()
    page.get_by_role("button", name="下一步：预览").click()
    # By itself, where the work takes longer than the answer waits.
    expect(page.get_by_role("heading", name="确认")).to_be_visible(timeout=30_000)


def card(page: Page, title: str) -> str:
    return page.locator(".card", has_text=title).locator(".card-number").inner_text()


def count_of_firms(page: Page, url: str) -> str:
    page.goto(f"{url}/registry/firms")
    return page.locator(".table-block .count").first.inner_text()


def test_five_hundred_firms_with_twelve_errors_are_mended_imported_and_undone(
    browser: Browser, tmp_path: Path
) -> None:
    county = County(tmp_path, has_plans=False)
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    try:
        with serve(county.app) as url:
            page.goto(f"{url}/sign-in?next=/registry/imports")
            page.get_by_label("账号").fill("bangong")
            page.get_by_label("密码").fill(county.password)
            page.get_by_role("button", name="登录").click()
            page.wait_for_url("**/registry/imports")

            upload(page, url, xlsx_bytes([HEAD, *spoiled(firm_rows(FIRMS))]), "名录.xlsx")
            first = page.url
            assert (card(page, "新增"), card(page, "有错误")) == (str(FIRMS - BAD), str(BAD))
            expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
            with page.expect_download() as download:
                page.get_by_role("link", name="下载错误文件").click()
            table = open_table(Path(download.value.path()).read_bytes())
            refused = table.read_rows(table.list_sheets()[0])
            assert len(refused) == BAD + 1 and refused[0][-2:] == ["错误列", "原因"]
            page.get_by_role("button", name=f"先导入其余 {FIRMS - BAD} 行").click()
            expect(page.get_by_text(f"已导入：新增 {FIRMS - BAD} 条")).to_be_visible(timeout=30_000)

            good = {row[1]: row for row in firm_rows(FIRMS)}
            mended = [refused[0], *([*good[row[1]], *row[6:]] for row in refused[1:])]
            upload(page, url, xlsx_bytes(mended), "错误行.xlsx")
            page.get_by_role("button", name=f"确认导入 {BAD} 行").click()
            expect(page.get_by_text(f"已导入：新增 {BAD} 条")).to_be_visible()
            assert str(KNOWN + FIRMS) in count_of_firms(page, url)

            page.goto(first)
            page.get_by_text("撤销这次导入", exact=True).click()
            page.get_by_role("button", name="确认撤销").click()
            told = page.get_by_text(f"已撤销：恢复 0 条，移出 {FIRMS - BAD} 条")
            expect(told).to_be_visible(timeout=30_000)
            assert str(KNOWN + BAD) in count_of_firms(page, url)
            page.goto(f"{url}/registry/imports")
            expect(page.get_by_role("row", name="错误行.xlsx")).to_contain_text("已导入")
    finally:
        context.close()
        county.close()
