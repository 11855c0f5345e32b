"""The signatures of a visit: what they cover, and when they are void."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import field_app as app
from tests.e2e.harness import Server
from tests.e2e.office import office_page, open_page, sign_in_office
from tests.e2e.short_sheets import shorten

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 3


@pytest.fixture(scope="module", autouse=True)
def sheets(server: Server) -> None:
    assert shorten(server, common=["COM-06"], passenger=["PAX-01", "PAX-02"]) == ITEMS


def test_a_record_changed_after_signing_makes_the_signature_visibly_void(
    page: Page, server: Server, browser: Browser, people: dict[str, dict[str, Any]]
) -> None:
    firm, inspection = app.first_fetched(page, LIST, ITEMS)
    app.open_inspection(page, firm)
    app.check_in_everybody(page)
    app.open_section(page, LIST)
    app.judge(page, "PAX-01", "不合格")
    app.open_inspection(page, firm)
    page.get_by_role("link", name="签字", exact=True).click()
    record = page.locator("details.record")
    record.locator("summary").click()
    expect(record.get_by_role("listitem").filter(has_text="PAX-01")).to_contain_text("不合格")
    app.sign_officers(page)
    # Another photo takes nothing from what was signed; another answer does.
    app.open_inspection(page, firm)
    app.open_section(page, LIST)
    app.photograph(page, "PAX-01", "补拍")
    app.open_inspection(page, firm)
    page.get_by_role("link", name="签字", exact=True).click()
    expect(page.get_by_role("img", name=re.compile("已签名"))).to_have_count(2)
    expect(page.get_by_text("此签名已作废")).to_have_count(0)
    app.open_inspection(page, firm)
    app.open_section(page, LIST)
    app.judge(page, "PAX-01", "合格")
    app.wait_until_all_sent(page)
    with office_page(browser) as lead:
        sign_in_office(lead, server, people["zuzhang"])
        open_page(lead, server, f"/inspections/{inspection}")
        expect(lead.get_by_text("签字后记录有改动，此签名已作废")).to_have_count(2)
    app.open_inspection(page, firm)
    page.get_by_role("link", name="核对并提交").click()
    page.get_by_role("link", name=re.compile("2 个签名已作废")).click()
    expect(page.get_by_text("此签名已作废")).to_have_count(2)
    app.sign_officers(page)
    expect(page.get_by_text("此签名已作废")).to_have_count(0)
