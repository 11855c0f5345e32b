"""The visit itself: before leaving, and what the phone knows on the way."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from tests.e2e import field_app as app
from tests.e2e.harness import Server, phone
from tests.e2e.on_record import answers_of

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15


def test_before_leaving_one_thing_is_asked_for_and_each_check_can_be_seen(
    page: Page, server: Server
) -> None:
    card = page.get_by_label("出发准备")
    expect(card.get_by_role("heading", name="出发前请先处理")).to_be_visible()
    card.get_by_text("逐项查看").click()
    for holds in ("登录在明天内有效", "任务和检查表已全部下载", "一天内联过网", "手机时间准确"):
        expect(card.get_by_text(holds)).to_be_visible()
    expect(card.get_by_text("没有找到相机")).to_have_count(2)  # this machine has none
    # A sign-in that ends tomorrow at noon comes before everything else.
    server.change("UPDATE sign_in_sessions SET expires_at = datetime('now', '+12 hours')")
    app.spoil_csrf_token(page)  # so that the phone asks who it is
    app.note(page_of(page, server), "PAX-11", "出发前")
    app.wait_until_all_sent(page)
    page.goto(f"{server.url}/app/#/")
    expect(card.get_by_text(re.compile("登录将于 .* 到期")).first).to_be_visible()
    card.get_by_role("button", name="重新登录").click()
    expect(page.get_by_label("密码")).to_be_visible()


def page_of(page: Page, server: Server) -> Page:
    """The same page, on the list of the first inspection."""
    _, inspection = app.first_fetched(page, LIST, ITEMS)
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/1")
    expect(page.get_by_role("heading", name=LIST)).to_be_visible()
    return page


def test_without_a_network_the_officer_knows_of_last_time_says_who_is_missing_and_taps_a_phrase(
    playwright: Playwright, server: Server, people: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    """On a firm where something was found last year; its row is what publishing would write."""
    finding = {"on": "2025-11-12", "verdict": "fail", "result": 5, "note": "晋E12345 未带证"}
    fields = json.dumps({"as_of": "2026-03-01", "findings": {"PAX-03": finding}})
    server.change(f"UPDATE entities SET fields = '{fields}' WHERE id = 'past:tr'")
    with phone(playwright, tmp_path / "phone", reduced_motion="reduce") as (context, page):
        context.clear_permissions()
        app.sign_in(page, server, people["jiancha2"])
        app.wait_until_all_sent(page)
        # Other stories have finished with some of this officer's firms.
        fresh = page.get_by_role("link").filter(has_text="待检查").filter(has_text=LIST)
        firm, inspection = app.first_of(fresh.filter(has_text=f"已填 0/{ITEMS}"))
        # The position is asked for after a tap only; refused, the list stays as it was.
        expect(page.get_by_text("手机会询问是否允许使用位置")).to_be_visible()
        page.get_by_role("button", name="按距离排列").click()
        expect(page.get_by_text("没有获得位置权限")).to_be_visible()
        context.grant_permissions(["geolocation"], origin=server.url)
        page.get_by_role("button", name="按距离排列").click()
        expect(page.get_by_text(re.compile("距此约 .* 公里")).first).to_be_visible()
        context.set_offline(True)
        app.open_inspection(page, firm)
        _someone_is_missing(page)
        app.open_section(page, LIST)
        expect(app.item(page, "PAX-03").get_by_text("上次（2025年11月12日")).to_be_visible()
        _tap_a_phrase(app.item(page, "PAX-03"))
        app.open_inspection(page, firm)
        page.get_by_role("button", name=re.compile("^到场登记：")).click()
        expect(page.get_by_text(re.compile("已到场（.*检查已开始"))).to_be_visible()
        expect(page.get_by_text("公出")).to_have_count(0)
        context.set_offline(False)
        app.wait_until_all_sent(page)
    assert answers_of(server, inspection)["PAX-03"] == {
        "note": "抽查三台；车辆…未随车携带道路运输证。"
    }
    rows = server.sql(
        f"SELECT fields FROM entities WHERE type = 'checkin' AND space = 'insp:{inspection}'"
    )
    found = [json.loads(fields) for (fields,) in rows]
    assert sorted("absent" in one for one in found) == [False, False, True]
    assert [one.get("late") for one in found if "officer_id" in one] == [None, True]


def _someone_is_missing(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^到场登记：")).first.click()
    expect(page.get_by_text("已到场")).to_have_count(1)
    page.get_by_role("button", name=re.compile("^登记未到场：")).click()
    page.get_by_role("button", name="登记未到场", exact=True).click()
    expect(page.get_by_text("请选择未到场的原因")).to_be_visible()
    page.get_by_role("radio", name="公出").check()
    page.get_by_role("button", name="登记未到场", exact=True).click()
    expect(page.get_by_text("公出")).to_be_visible()
    expect(page.get_by_text("已到场")).to_have_count(1)


def _tap_a_phrase(item: Locator) -> None:
    """At the cursor, behind what was typed; taken back once, and typed over by nothing."""
    note = item.get_by_label("备注", exact=True)
    note.fill("抽查三台")
    item.get_by_role("button", name="常用语").click()
    phrase = item.get_by_role("button", name="车辆…未随车携带道路运输证。")
    phrase.click()
    expect(note).to_have_value("抽查三台；车辆…未随车携带道路运输证。")
    expect(note).to_be_focused()
    item.get_by_role("button", name="撤销插入").click()
    expect(note).to_have_value("抽查三台")
    phrase.click()
    note.press("Control+z")
    expect(note).to_have_value("抽查三台")
    phrase.click()
    expect(note).to_have_value("抽查三台；车辆…未随车携带道路运输证。")
    note.blur()
    expect(item.locator(".status").get_by_text(re.compile("已保存|已送达"))).to_be_visible()
