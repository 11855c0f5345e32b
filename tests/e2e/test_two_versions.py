"""Two officers offline on one sheet, and the choice between their versions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e import field_app as app
from tests.e2e.accessible import expect_readable
from tests.e2e.harness import LIGHT_CHROMIUM, Server, phone
from tests.e2e.on_record import expect_equal, rows_of, shared_inspection

pytestmark = [pytest.mark.e2e, pytest.mark.soak]  # test_disputed_day chooses between two, too

LIST = "道路旅客运输"
ITEMS = 8 + 15
People = dict[str, dict[str, Any]]


def test_two_officers_offline_on_one_sheet_choose_between_two_versions_in_two_taps(
    playwright: Playwright, server: Server, people: People, tmp_path: Path
) -> None:
    inspection, firm, accounts = shared_inspection(server, people)
    light = {"browser": LIGHT_CHROMIUM, "reduced_motion": "reduce"}
    with (
        phone(playwright, tmp_path / "a", **light) as (one, a),
        phone(playwright, tmp_path / "b", **light) as (other, b),
    ):
        for page, account in ((a, accounts[0]), (b, accounts[1])):
            app.sign_in(page, server, account)
            app.expect_fetched(page, firm, ITEMS)
            page.context.set_offline(True)
            page.goto(f"{server.url}/app/#/i/{inspection}/tr/at?item=PAX-02")
        app.judge(a, "PAX-01", "合格")
        app.judge(a, "PAX-02", "合格")
        app.judge(b, "PAX-02", "不合格")
        app.note(b, "PAX-02", "线路标志牌系转借")
        app.photograph(b, "PAX-02", "标志牌")
        app.judge(b, "PAX-13", "合格")
        one.set_offline(False)
        app.wait_until_all_sent(a)
        other.set_offline(False)
        app.wait_until_bar_says(b, "需处理 1 项")
        a.goto(f"{server.url}/app/#/queue")
        a.get_by_role("button", name="立即发送").click()
        # Both see both versions: whose, when and on which phone, and only what differs.
        mine = a.get_by_role("radio", name=re.compile("^我填写的"))
        theirs = a.get_by_role("radio", name=re.compile(f"^{accounts[1]['name']}"))
        expect(theirs).to_have_accessible_name(re.compile("用“.+”填写 ?填写内容 ?不合格"))
        expect(mine).to_have_accessible_name(re.compile("现有内容.*用“.+”填写 ?填写内容 ?合格"))
        expect(a.get_by_role("button", name="请先点选一份")).to_be_disabled()
        b.goto(f"{server.url}/app/#/i/{inspection}/tr/at?item=PAX-02")
        expect(b.get_by_role("radio", name=re.compile("^我填写的"))).to_be_visible()
        app.item(b, "PAX-02").locator(".versions").scroll_into_view_if_needed()
        expect_readable(b)
        # Chosen in two taps, without a network; chosen anew while the server has not heard of it.
        one.set_offline(True)
        a.goto(f"{server.url}/app/#/i/{inspection}/tr/at?item=PAX-02")
        mine.check()
        a.get_by_role("button", name="采用我填写的内容").click()
        expect(app.item(a, "PAX-02").get_by_text("已选定一份")).to_be_visible()
        expect_readable(a)
        a.get_by_role("button", name="重新选择").click()
        theirs.check()
        a.get_by_role("button", name=f"采用{accounts[1]['name']}的内容").click()
        expect(app.item(a, "PAX-02").get_by_role("radio", name="不合格")).to_be_checked()
        one.set_offline(False)
        app.wait_until_all_sent(a)
        b.goto(f"{server.url}/app/#/queue")
        b.get_by_role("button", name="立即发送").click()
        b.get_by_text("已由他人选定，采用的是您填写的内容").wait_for()
        b.get_by_role("button", name="知道了").click()
        app.wait_until_all_sent(b)
        expect_equal(server, inspection, a, b)
    rows = rows_of(server, inspection)
    assert rows["answer:tr/PAX-02"]["fields"]["value"] == "fail"
    assert rows["answer:tr/PAX-02"]["fields"]["note"] == "线路标志牌系转借"
    assert {"answer:tr/PAX-01", "answer:tr/PAX-13"} <= rows.keys()
    (photo,) = (row for key, row in rows.items() if key.startswith("photo:"))
    assert photo["fields"]["attached"] == ["answer:tr/PAX-02"] and photo["fields"]["stored"]
