"""The list of a visit: passing the rest, an entry for a newer app, a note that comes back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import field_app as app
from tests.e2e.harness import Server
from tests.e2e.on_record import answers_of

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15


def test_the_rest_of_a_section_passes_in_one_confirmed_tap_and_is_marked_so(
    page: Page, server: Server
) -> None:
    firm, inspection = app.first_fetched(page, LIST, ITEMS)
    app.open_inspection(page, firm)
    app.open_section(page, LIST)
    app.judge(page, "PAX-01", "不合格")
    app.note(page, "PAX-02", "待核")  # begun: not one of the rest
    app.photograph(page, "PAX-14", "未及判定")  # nor this, whatever the picture shows
    page.get_by_role("button", name=re.compile("本节其余 2 项均合格")).click()
    expect(page.get_by_text("将 PAX-13、PAX-15 共 2 项判为合格")).to_be_visible()
    page.get_by_role("button", name="取消").click()
    expect(app.item(page, "PAX-13").get_by_role("radio", checked=True)).to_have_count(0)
    page.get_by_role("button", name=re.compile("本节其余 2 项均合格")).click()
    page.get_by_role("button", name="都看过").click()
    for code in ("PAX-13", "PAX-15"):
        passed = app.item(page, code).get_by_role("radio", name="合格", exact=True)
        expect(passed).to_be_checked()
        expect(app.item(page, code).get_by_text("本节其余项一并判为合格")).to_be_visible()
    # Looked at again by itself: no longer one of the rest.
    app.judge(page, "PAX-15", "不合格")
    expect(app.item(page, "PAX-15").get_by_text("本节其余项一并判为合格")).to_have_count(0)
    app.wait_until_all_sent(page)
    found = answers_of(server, inspection)
    assert found["PAX-13"] == {"value": "pass", "by_rest": True}
    assert "PAX-14" not in found
    assert found["PAX-15"] == {"value": "fail", "by_rest": None}
    assert found["PAX-02"] == {"note": "待核"}
    # The screen stays where the hand is, whatever is kept and sent meanwhile.
    app.item(page, "PAX-14").scroll_into_view_if_needed()
    place = page.evaluate("() => scrollY")
    assert place > 500
    app.judge(page, "PAX-14", "合格")
    app.wait_until_all_sent(page)
    assert abs(page.evaluate("() => scrollY") - place) < 200


def test_an_entry_for_a_newer_app_and_a_year_nobody_means_are_said_and_the_rest_goes_on(
    page: Page, server: Server
) -> None:
    firm, _ = app.first_fetched(page, LIST, ITEMS)
    app.wait_until_all_sent(page)
    page.context.set_offline(True)
    spoiled = app.ask_store(page, "lib", "get", "passenger@1")
    strange = next(one for one in spoiled["list"]["items"] if one["code"] == "PAX-13")
    strange |= {"severity": "fatal", "methods": ["drone"], "answer": {"type": "matrix"}}
    app.ask_store(page, "lib", "put", spoiled)
    page.reload()  # a list that was read is not read again: no version ever changes
    app.open_inspection(page, firm)
    app.open_section(page, LIST)
    expect(app.item(page, "PAX-13").get_by_text("这一项需要新版应用才能填写")).to_be_visible()
    app.judge(page, "PAX-14", "合格")
    app.open_inspection(page, firm)
    app.open_section(page, "通用项目")
    date = app.item(page, "COM-02").get_by_label("日期")
    date.fill("2926-03-04")
    expect(app.item(page, "COM-02").get_by_text("请核对年份")).to_be_visible()
    expect(date).to_have_value("2926-03-04")
    expect(app.item(page, "COM-02").get_by_text("已暂存本机，还不完整")).to_be_visible()
    page.reload()
    expect(date).to_have_value("2926-03-04")
    expect(app.item(page, "COM-02").get_by_text("请核对年份")).to_be_visible()
    date.fill(app.today(page))
    expect(app.item(page, "COM-02").get_by_text("请核对年份")).to_have_count(0)
    app.expect_kept(page, "COM-02")
    # What the record holds already takes one tap.
    app.item(page, "COM-08").get_by_role("button", name="填入").click()
    app.expect_kept(page, "COM-08")
    expect(app.item(page, "COM-08").get_by_label("日期")).to_have_value(app.today(page))
    expect(app.item(page, "COM-07").get_by_text("以签字页的签字或拒签记录为准")).to_be_visible()
    # A list that is not here is said, and one goes on past it.
    app.ask_store(page, "lib", "delete", "common@1")
    page.reload()
    expect(page.get_by_role("heading", name="尚未下载到本机")).to_be_visible()
    page.get_by_role("link", name="下一部分").click()
    expect(app.item(page, "PAX-14")).to_be_visible()


def test_an_emptied_note_comes_back_with_one_tap_and_entries_are_found_by_their_words(
    page: Page,
) -> None:
    firm, _ = app.first_fetched(page, LIST, ITEMS)
    app.open_inspection(page, firm)
    page.get_by_label("查找检查项").fill("标志牌")
    page.get_by_role("link", name=re.compile("^PAX-0")).first.click()
    expect(page.get_by_role("heading", name=LIST)).to_be_visible()
    text = "晋E00001 未悬挂线路标志牌，驾驶员称遗忘在家"
    app.note(page, "PAX-02", text)
    note = app.item(page, "PAX-02").get_by_label("备注", exact=True)
    note.fill("")
    note.blur()
    app.item(page, "PAX-02").get_by_role("button", name="撤销清空").click()
    expect(note).to_have_value(text)
    app.expect_kept(page, "PAX-02")
    expect(page.get_by_role("button", name="撤销清空")).to_have_count(0)
    # From the last screen the first open entry of the whole sheet.
    page.get_by_role("link", name="去下一处未填（COM-01）").click()
    expect(page.get_by_role("heading", name="通用项目")).to_be_visible()
    expect(page.locator("#head-COM-01")).to_be_focused()
