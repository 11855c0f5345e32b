"""The signatures of a visit: what they cover, and when they are void."""

from __future__ import annotations

import json
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


def test_a_refusal_to_sign_with_reason_and_two_officers_is_handed_in_printed_and_entered(
    page: Page, server: Server, browser: Browser, people: dict[str, dict[str, Any]]
) -> None:
    firm, inspection = app.first_fetched(page, LIST, ITEMS)
    page.context.set_offline(True)
    app.open_inspection(page, firm)
    app.check_in_everybody(page)
    app.open_section(page, LIST)
    app.judge(page, "PAX-01", "不合格")
    app.note(page, "PAX-01", "许可证过期三天")
    app.photograph(page, "PAX-01", "许可证")
    app.judge(page, "PAX-02", "合格")
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/0")
    app.fill(page, "COM-06", "填写内容", "当事人认为尚在换证，拒绝签字。")
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/sign")
    refuse_to_sign(page, "负责人称须请示总公司，拒绝签字")
    # By itself it stands for nothing: two officers bear witness to it.
    page.get_by_role("link", name="核对并提交").click()
    expect(page.get_by_role("link", name=re.compile("检查人员签名 0 人"))).to_be_visible()
    expect(page.get_by_role("button", name="提交", exact=True)).to_be_disabled()
    expect_readable(page)
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/sign")
    app.sign_officers(page)
    app.open_inspection(page, firm)
    app.submit(page)
    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    with office_page(browser) as lead:
        sign_in_office(lead, server, people["zuzhang"])
        open_page(lead, server, f"/inspections/{inspection}")
        expect(lead.get_by_text("拒绝签字", exact=True)).to_be_visible()
        expect(lead.get_by_text("负责人称须请示总公司，拒绝签字").first).to_be_visible()
        lead.get_by_role("button", name="通过审核").first.click()
        expect(lead.get_by_text("审核通过").first).to_be_visible()
        open_page(lead, server, f"/inspections/{inspection}/tr/record")
        refusal = lead.locator("figure.signature").filter(has_text="被检查单位")
        expect(refusal).to_contain_text("拒签原因：负责人称须请示总公司，拒绝签字")
        expect(refusal).to_contain_text("李安全")
        expect(lead.locator("figure.signature svg")).to_have_count(2)
    # What was found is entered as it is: who refuses to sign has not refused the inspection.
    app.open_app(page, server)
    app.open_inspection(page, firm)
    page.get_by_role("link", name="录入结果").click(timeout=60_000)
    page.get_by_label("PAX-01 检查结果").select_option("5")
    page.get_by_role("button", name="录入结果").click()
    expect(page.get_by_text("已录入，结果已锁定。")).to_be_visible(timeout=60_000)
    ((results, worst),) = server.sql(
        f"SELECT results, result_code FROM sheets WHERE inspection_id = {inspection}"
    )
    assert (json.loads(results), worst) == ({"COM-06": 1, "PAX-01": 5, "PAX-02": 1}, 5)


def refuse_to_sign(page: Page, reason: str) -> None:
    """Without a reason it is not kept, and nothing typed is lost."""
    firm = page.get_by_label("被检查单位签字", exact=True)
    firm.get_by_label("当事人拒绝签字").check()
    firm.get_by_label("姓名").fill("李安全")
    firm.get_by_role("button", name="保存拒签记录").click()
    expect(firm.get_by_role("alert")).to_have_text("请填写拒签原因")
    expect_readable(page)
    firm.get_by_label("拒签原因").fill(reason)
    expect(firm.get_by_label("姓名")).to_have_value("李安全")
    firm.get_by_role("button", name="保存拒签记录").click()
    expect(firm.get_by_text(f"已记录拒签：{reason}")).to_be_visible()
