"""The way of a file of firms through the pages, as a clerk goes it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from server.exchange.reading import open_table
from tests.integration.exchange.tables import HEAD, firm_rows, xlsx_bytes

KNOWN = 60  # firms of the demo county
FIRMS, BAD = 500, 12
GOOD = FIRMS - BAD
REPAIR = 10  # every tenth firm repairs cars


def good_rows() -> list[list[str]]:
    """Firms nobody knows yet; no mistake in them."""
    rows = firm_rows(FIRMS)
    for row in rows[::REPAIR]:
        row[2] = "机动车维修"
    return rows


def spoiled(rows: list[list[str]]) -> list[list[str]]:
    """Twelve rows that cannot be used: three kinds of mistakes."""
    for number in range(BAD // 3):
        rows[number * 40 + 3][0] = rows[number * 40 + 3][0][:-1] + "I"
        rows[number * 40 + 4][2] = "摆渡"
        rows[number * 40 + 5][5] = "约二十"
    return rows


def first_file() -> bytes:
    """Five hundred firms, twelve of them wrong."""
    return xlsx_bytes([HEAD, *spoiled(good_rows())])


def upload(page: Page, data: bytes, name: str) -> None:
    """From the register to the preview."""
    page.get_by_role("link", name="名录库", exact=True).first.click()
    page.get_by_role("link", name="导入名录").click()
    page.get_by_label("文件", exact=False).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.get_by_role("button", name="上传").click()
    page.get_by_role("button", name="下一步：预览").click()
    # By itself, where the work takes longer than the answer waits.
    expect(page.get_by_role("heading", name="确认")).to_be_visible(timeout=30_000)


def mended_errors(page: Page) -> bytes:
    """The error file as the office hands it back: each cell put right, the reasons left in."""
    with page.expect_download() as download:
        page.get_by_role("link", name="下载错误文件").click()
    table = open_table(Path(download.value.path()).read_bytes())
    refused = table.read_rows(table.list_sheets()[0])
    assert len(refused) == BAD + 1 and refused[0][-2:] == ["错误列", "原因"]
    good = {row[1]: row for row in good_rows()}
    return xlsx_bytes([refused[0], *([*good[row[1]], *row[6:]] for row in refused[1:])])


def card(page: Page, title: str) -> int:
    """The number on a card."""
    return int(page.locator(".card", has_text=title).locator(".card-number").inner_text())


def firms_in_use(page: Page) -> int:
    """As the register's own page says it."""
    page.get_by_role("link", name="名录库", exact=True).first.click()
    return card(page, "正常经营")


def import_the_firms(office: Page) -> None:
    """Twelve wrong rows are handed back, mended, imported, taken back and imported again."""
    upload(office, first_file(), "名录.xlsx")
    assert (card(office, "新增"), card(office, "有错误")) == (GOOD, BAD)
    expect(office.get_by_role("button", name="确认导入")).to_have_count(0)
    mended = mended_errors(office)
    office.get_by_role("button", name=f"先导入其余 {GOOD} 行").click()
    expect(office.get_by_text(f"已导入：新增 {GOOD} 条")).to_be_visible(timeout=30_000)
    upload(office, mended, "错误行.xlsx")
    office.get_by_role("button", name=f"确认导入 {BAD} 行").click()
    expect(office.get_by_text(f"已导入：新增 {BAD} 条")).to_be_visible(timeout=30_000)

    office.get_by_text("撤销这次导入", exact=True).click()
    office.get_by_role("button", name="确认撤销").click()
    told = office.get_by_text(f"已撤销：恢复 0 条，移出 {BAD} 条")
    expect(told).to_be_visible(timeout=30_000)
    assert firms_in_use(office) == KNOWN + GOOD
    upload(office, mended, "错误行.xlsx")
    expect(office.get_by_text("误录移出").first).to_be_visible()  # what the undoing made of them
    office.get_by_role("button", name=f"确认导入 {BAD} 行").click()
    expect(office.get_by_text(f"更新 {BAD} 条")).to_be_visible(timeout=30_000)
    assert firms_in_use(office) == KNOWN + FIRMS
