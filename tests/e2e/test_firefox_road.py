"""The main road in Firefox ESR: from signing in to a sheet that the office has received."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e import engines
from tests.e2e import field_app as app
from tests.e2e.harness import Server, page_errors
from tests.e2e.on_record import answers_of, rows_of, stored_photos
from tests.e2e.short_sheets import shorten

pytestmark = [pytest.mark.e2e, pytest.mark.soak]  # the same road as Chromium's, slower

LIST = "道路旅客运输"
# a date, a required photo, words, a pair, a number with another beside it, and what is judged
COMMON = ["COM-02", "COM-03", "COM-06"]
PASSENGER = ["PAX-01", "PAX-03", "PAX-08", "PAX-13", "PAX-14", "PAX-15"]


def test_from_the_sign_in_to_a_received_sheet_in_firefox(
    playwright: Playwright, server: Server, people: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    entries = shorten(server, common=COMMON, passenger=PASSENGER)
    with engines.phone_with("firefox", playwright, tmp_path / "phone") as (_context, page):
        with page_errors(page) as errors:
            app.sign_in(page, server, people["jiancha1"])
            firm, inspection = app.first_fetched(page, LIST, entries)
            app.open_inspection(page, firm)
            app.check_in_everybody(page)
            hand_over_the_notice(page)
            app.open_inspection(page, firm)
            answer_everything(page)
            app.open_inspection(page, firm)
            sign_the_record(page)
            app.open_inspection(page, firm)
            app.submit(page)
            app.wait_until_all_sent(page)
            app.open_inspection(page, firm)
            expect(page.get_by_text("待审核").first).to_be_visible()
        assert [one for one in errors if "Content-Security-Policy" in one] == []
    expect_received(server, inspection)


def hand_over_the_notice(page: Page) -> None:
    page.get_by_role("link", name="出示告知书和核对码").click()
    expect(page.get_by_role("article").get_by_text("有权申请其回避")).to_be_visible()
    expect(page.get_by_role("img", name="核对检查人员的二维码")).to_be_visible()
    receipt = page.get_by_label("告知书签收", exact=True)
    receipt.get_by_label("姓名").fill("李安全")
    app.draw_signature(page, receipt.get_by_role("img", name="告知书签收 签名区"))
    receipt.get_by_role("button", name="保存签名").click()
    expect(receipt.get_by_role("img", name="李安全 已签名")).to_be_visible()


def answer_everything(page: Page) -> None:
    app.open_section(page, "通用项目")
    app.fill(page, "COM-02", "日期", app.today(page))
    app.photograph(page, "COM-03", "门头全景")
    app.fill(page, "COM-06", "填写内容", "检查情况属实，当事人无异议。")
    page.get_by_role("link", name="下一部分").click()
    expect(page.get_by_role("heading", name=LIST)).to_be_visible()
    app.judge(page, "PAX-01", "不合格")
    expect(app.item(page, "PAX-01").get_by_text("不合格须拍照取证")).to_be_visible()
    app.photograph(page, "PAX-01", "许可证过期")
    app.note(page, "PAX-01", "许可证过期三天")
    app.fill(page, "PAX-03", "抽查数", "5")
    app.fill(page, "PAX-03", "不符数", "0")
    app.fill(page, "PAX-08", re.compile("^数值"), "2")
    app.fill(page, "PAX-08", "接入车辆数", "60")
    page.get_by_role("button", name=re.compile("本节其余 3 项均合格")).click()
    page.get_by_role("button", name="都看过").click()
    for code in ("PAX-13", "PAX-14", "PAX-15"):
        passed = app.item(page, code).get_by_role("radio", name="合格", exact=True)
        expect(passed).to_be_checked()


def sign_the_record(page: Page) -> None:
    """What is signed is read first, as it will print."""
    page.get_by_role("link", name="签字", exact=True).click()
    record = page.locator("details.record")
    record.locator("summary").click()
    for code, said in (("PAX-01", "许可证过期三天"), ("PAX-03", "抽查数 5"), ("PAX-13", "合格")):
        expect(record.get_by_role("listitem").filter(has_text=code)).to_contain_text(said)
    door = record.get_by_role("listitem").filter(has_text="COM-03")
    expect(door).to_contain_text("照片 1 张")
    expect(door).not_to_contain_text("空")  # the picture is the answer
    expect(record.locator("dd", has_text=re.compile(r"^20\d\d-\d\d-\d\d$"))).to_be_visible()
    page.go_back()
    app.sign_everybody(page, "李安全")


def expect_received(server: Server, inspection: str) -> None:
    answers = answers_of(server, inspection)
    assert answers.keys() == {*COMMON, *PASSENGER} - {"COM-03"}
    assert answers["PAX-03"]["value"] == {"checked": 5, "failed": 0}
    assert (answers["PAX-01"]["value"], answers["PAX-01"]["note"]) == ("fail", "许可证过期三天")
    assert answers["PAX-14"] == {"value": "pass", "by_rest": True}
    for code in ("COM-03", "PAX-01"):
        assert len(stored_photos(server, inspection, code)) == 1
    rows = rows_of(server, inspection)
    signed = [row["fields"]["role"] for key, row in rows.items() if key.startswith("signature:")]
    assert sorted(signed) == ["firm", "notice", "officer", "officer"]
    states = server.sql(f"SELECT state FROM sheets WHERE inspection_id = {inspection}")
    assert states == [("submitted",)]
