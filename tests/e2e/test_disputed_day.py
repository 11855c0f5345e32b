"""A day on which nearly everything is disputed: two officers record the same item differently
without a network, the firm refuses to sign, the lead sends the sheet back. What is entered at the
end is what was found, and every turn of the way is on record."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e import field_app as app
from tests.e2e.accessible import expect_readable
from tests.e2e.harness import LIGHT_CHROMIUM, Server, phone
from tests.e2e.office import office_page, open_page, sign_in_office
from tests.e2e.on_record import shared_inspection
from tests.e2e.short_sheets import shorten

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
REFUSED = "负责人称须请示总公司，拒绝签字"
COMMENT = "许可证照片看不清发证日期，请补拍"
People = dict[str, dict[str, Any]]


@pytest.fixture(scope="module", autouse=True)
def sheets(server: Server) -> None:
    assert shorten(server, common=["COM-06"], passenger=["PAX-01", "PAX-02"]) == 3


def test_conflict_refusal_and_return_end_in_one_entered_result(
    playwright: Playwright, server: Server, people: People, browser: Browser, tmp_path: Path
) -> None:
    inspection, firm, accounts = shared_inspection(server, people)
    light = {"browser": LIGHT_CHROMIUM, "reduced_motion": "reduce"}
    with (
        phone(playwright, tmp_path / "a", **light) as (one, a),
        phone(playwright, tmp_path / "b", **light) as (other, b),
    ):
        for page, account in ((a, accounts[0]), (b, accounts[1])):
            app.sign_in(page, server, account)
            app.expect_fetched(page, firm, 3)
            page.context.set_offline(True)
            page.goto(f"{server.url}/app/#/i/{inspection}/tr/1?item=PAX-01")
        app.judge(a, "PAX-01", "合格")
        app.judge(a, "PAX-02", "合格")
        app.judge(b, "PAX-01", "不合格")
        app.note(b, "PAX-01", "许可证过期三天")
        app.photograph(b, "PAX-01", "许可证")
        one.set_offline(False)
        app.wait_until_all_sent(a)
        other.set_offline(False)
        app.wait_until_bar_says(b, "需处理 1 项")
        choose_the_colleagues(a, server, inspection, str(accounts[1]["name"]))
        one.set_offline(True)
        the_firm_refuses_to_sign(a, server, inspection, firm)
        one.set_offline(False)
        app.wait_until_all_sent(a)
        with office_page(browser) as lead:
            sign_in_office(lead, server, people["zuzhang"])
            the_lead_sees_and_returns(lead, server, inspection)
            mend_and_hand_in_again(a, server, inspection, firm)
            the_lead_accepts(lead, server, inspection)
        enter(a, server, firm)
    ((results, worst),) = server.sql(
        f"SELECT results, result_code FROM sheets WHERE inspection_id = {inspection}"
    )
    assert (json.loads(results), worst) == ({"COM-06": 1, "PAX-01": 5, "PAX-02": 1}, 5)
    turns = server.sql(
        "SELECT kind FROM receipts WHERE kind LIKE 'sheet.%' AND status = 'applied'"
        f" AND space = 'insp:{inspection}' ORDER BY rowid"
    )
    assert [kind for (kind,) in turns] == [
        "sheet.submit",
        "sheet.return",
        "sheet.submit",
        "sheet.accept",
        "sheet.enter",
    ]


def choose_the_colleagues(a: Page, server: Server, inspection: str, colleague: str) -> None:
    """Between the two versions, in two taps."""
    a.goto(f"{server.url}/app/#/queue")
    a.get_by_role("button", name="立即发送").click()
    a.get_by_role("radio", name=re.compile(f"^{colleague}")).check()
    a.get_by_role("button", name=f"采用{colleague}的内容").click()
    app.wait_until_all_sent(a)


def the_firm_refuses_to_sign(a: Page, server: Server, inspection: str, firm: str) -> None:
    """With a reason, and two officers who bear witness to it."""
    app.open_inspection(a, firm)
    app.check_in_everybody(a)
    a.goto(f"{server.url}/app/#/i/{inspection}/tr/0")
    app.fill(a, "COM-06", "填写内容", "当事人认为尚在换证，拒绝签字。")
    a.goto(f"{server.url}/app/#/i/{inspection}/tr/sign")
    refuse_to_sign(a)
    # By itself it stands for nothing.
    a.get_by_role("link", name="核对并提交").click()
    expect(a.get_by_role("link", name=re.compile("检查人员签名 0 人"))).to_be_visible()
    expect(a.get_by_role("button", name="提交", exact=True)).to_be_disabled()
    expect_readable(a)
    a.goto(f"{server.url}/app/#/i/{inspection}/tr/sign")
    app.sign_officers(a)
    app.open_inspection(a, firm)
    app.submit(a)


def refuse_to_sign(page: Page) -> None:
    """Without a reason it is not kept, and nothing typed is lost."""
    firm = page.get_by_label("被检查单位签字", exact=True)
    firm.get_by_label("当事人拒绝签字").check()
    firm.get_by_label("姓名").fill("李安全")
    firm.get_by_role("button", name="保存拒签记录").click()
    expect(firm.get_by_role("alert")).to_have_text("请填写拒签原因")
    expect_readable(page)
    firm.get_by_label("拒签原因").fill(REFUSED)
    expect(firm.get_by_label("姓名")).to_have_value("李安全")
    firm.get_by_role("button", name="保存拒签记录").click()
    expect(firm.get_by_text(f"已记录拒签：{REFUSED}")).to_be_visible()


def the_lead_sees_and_returns(lead: Page, server: Server, inspection: str) -> None:
    """The refusal with its reason; sent back with a comment at the item it is about."""
    open_page(lead, server, f"/inspections/{inspection}")
    expect(lead.get_by_text("拒绝签字", exact=True)).to_be_visible()
    expect(lead.get_by_text(REFUSED).first).to_be_visible()
    open_page(lead, server, "/day")
    card = lead.locator(f"#visit-{inspection}")
    card.get_by_text("退回修改", exact=True).click()
    card.get_by_label("退回理由").fill("请补证据")
    card.get_by_text("写意见", exact=True).first.click()
    card.get_by_label(re.compile("PAX-01")).fill(COMMENT)
    card.get_by_role("button", name="确认退回").click()
    expect(lead.locator(f"#visit-{inspection}").get_by_text("已退回").first).to_be_visible()


def mend_and_hand_in_again(a: Page, server: Server, inspection: str, firm: str) -> None:
    """The officer finds the comment at the item; another photo takes nothing from what was
    signed."""
    app.open_app(a, server)
    app.open_inspection(a, firm)
    expect(a.get_by_text("组长退回：请补证据")).to_be_visible(timeout=60_000)
    a.goto(f"{server.url}/app/#/i/{inspection}/tr/1?item=PAX-01")
    expect(app.item(a, "PAX-01").get_by_text(COMMENT)).to_be_visible()
    app.photograph(a, "PAX-01", "许可证 发证日期")
    app.open_inspection(a, firm)
    app.submit(a)
    app.wait_until_all_sent(a)


def the_lead_accepts(lead: Page, server: Server, inspection: str) -> None:
    """And on paper the refusal stands where the signature would be."""
    open_page(lead, server, "/day")
    lead.locator(f"#visit-{inspection}").get_by_role("button", name="通过审核").click()
    open_page(lead, server, f"/inspections/{inspection}/tr/record")
    refusal = lead.locator("figure.signature").filter(has_text="被检查单位")
    expect(refusal).to_contain_text(f"拒签原因：{REFUSED}")
    expect(refusal).to_contain_text("李安全")
    expect(lead.locator("figure.signature svg")).to_have_count(2)


def enter(a: Page, server: Server, firm: str) -> None:
    """What was found is entered as it is: who refuses to sign has not refused the inspection."""
    app.open_app(a, server)
    app.open_inspection(a, firm)
    a.get_by_role("link", name="录入结果").click(timeout=60_000)
    a.get_by_label("PAX-01 检查结果").select_option("5")
    a.get_by_role("button", name="录入结果").click()
    expect(a.get_by_text("已录入，结果已锁定。")).to_be_visible(timeout=60_000)
