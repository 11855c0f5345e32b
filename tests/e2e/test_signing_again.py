"""A sheet is returned, the firm's person is gone: handed in as it is (decision 0014)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import field_app as app
from tests.e2e.accessible import expect_readable
from tests.e2e.harness import Server
from tests.e2e.office import office_page, open_page, sign_in_office
from tests.e2e.short_sheets import shorten

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 2
UNSIGNED = "退回后修改，未再经当事人签字"


@pytest.fixture(scope="module", autouse=True)
def sheets(server: Server) -> None:
    assert shorten(server, passenger=["PAX-01", "PAX-03"]) == ITEMS


def test_a_returned_sheet_is_handed_in_without_the_firm_marked_so_for_the_lead_and_on_paper(
    page: Page, server: Server, browser: Browser, people: dict[str, dict[str, Any]]
) -> None:
    firm, inspection = app.first_fetched(page, LIST, ITEMS)
    app.open_inspection(page, firm)
    app.check_in_everybody(page)
    app.open_section(page, LIST)
    app.judge(page, "PAX-01", "合格")
    app.fill(page, "PAX-03", "抽查数", "5")
    app.fill(page, "PAX-03", "不符数", "0")
    app.open_inspection(page, firm)
    page.get_by_role("link", name="签字", exact=True).click()
    page.get_by_label("被检查单位签字", exact=True).get_by_text("授权代表").click()
    app.open_inspection(page, firm)
    app.sign_everybody(page, "李安全")
    app.open_inspection(page, firm)
    app.submit(page)
    app.wait_until_all_sent(page)
    with office_page(browser) as lead:
        sign_in_office(lead, server, people["zuzhang"])
        open_page(lead, server, f"/inspections/{inspection}")
        lead.get_by_text("退回修改", exact=True).first.click()
        lead.get_by_label("退回理由").fill("抽查数与台账不符")
        lead.get_by_role("button", name="确认退回").click()
        expect(lead.get_by_text("已退回").first).to_be_visible()
    app.open_app(page, server)
    app.open_inspection(page, firm)
    expect(page.get_by_text("组长退回：抽查数与台账不符")).to_be_visible(timeout=60_000)
    page.context.set_offline(True)
    app.open_section(page, LIST)
    app.fill(page, "PAX-03", "抽查数", "6")
    app.expect_kept(page, "PAX-03")
    app.open_inspection(page, firm)
    page.get_by_role("link", name="签字", exact=True).click()
    say_that_the_firm_has_not_signed_again(page)
    app.sign_officers(page)
    app.open_inspection(page, firm)
    app.submit(page)
    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    with office_page(browser) as lead:
        sign_in_office(lead, server, people["zuzhang"])
        open_page(lead, server, f"/inspections/{inspection}")
        expect(lead.get_by_text(UNSIGNED).first).to_be_visible()
        expect(lead.get_by_text(re.compile("当事人原签字：李安全"))).to_be_visible()
        lead.get_by_role("button", name="通过审核").first.click()
        expect(lead.get_by_text("审核通过").first).to_be_visible()
        open_page(lead, server, f"/inspections/{inspection}/tr/record")
        expect(lead.get_by_text(UNSIGNED)).to_have_count(1)
        expect(lead.get_by_text("李安全 安全员 授权代表")).to_be_visible()
        expect(lead.get_by_text(re.compile("电话告知")).first).to_be_visible()


def say_that_the_firm_has_not_signed_again(page: Page) -> None:
    """With a reason; what was signed first stays on the record, void."""
    firm = page.get_by_label("被检查单位签字", exact=True)
    firm.get_by_role("radio", name=UNSIGNED).check()
    firm.get_by_role("button", name="保存说明").click()
    expect(firm.get_by_text("请填写未再签字的原因")).to_be_visible()
    expect_readable(page)
    reason = firm.get_by_label("未再签字的原因")
    reason.fill("退回后在局内改正抽查数，当事人已离开，已电话告知")
    firm.get_by_role("button", name="保存说明").click()
    expect(firm.get_by_text(f"{UNSIGNED}：退回后在局内")).to_be_visible()
    record = page.locator("details.record")
    record.locator("summary").click()
    expect(record.get_by_text(re.compile("李安全.*此签名已作废"))).to_be_visible()
    expect(record.get_by_text(re.compile(f"{UNSIGNED}.*电话告知"))).to_be_visible()
