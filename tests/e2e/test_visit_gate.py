"""At the gate: the notice and the code, and a firm in which nothing can be checked."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e import field_app as app
from tests.e2e.accessible import expect_readable
from tests.e2e.harness import Server
from tests.e2e.office import office_page, open_page, sign_in_office
from tests.e2e.on_record import answers_of

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15
# each asks for an account of its own; the last one chosen is the one that stands
OUTCOMES = {
    "拒绝、阻挠检查": "拒绝、阻挠的经过",
    "已搬离登记住所": "搬离情况",
    "通过登记住所无法联系": "联系经过",
    "未开展本次抽查涉及的经营活动": "经营情况",
    "已关闭停业": "停业情况",
}


def test_the_firm_reads_the_notice_checks_the_officers_by_the_code_and_signs_for_it(
    page: Page, server: Server, browser: Browser
) -> None:
    firm, inspection = app.first_fetched(page, LIST, ITEMS)
    app.open_inspection(page, firm)
    page.context.set_offline(True)
    page.get_by_role("link", name="出示告知书和核对码").click()
    notice = page.get_by_role("article")
    expect(notice.get_by_text(f"{firm}：")).to_be_visible()
    expect(notice.get_by_text("道路旅客运输（15 项）")).to_be_visible()
    from_whom = notice.get_by_text("依法对你单位进行随机抽查").inner_text()
    expect(notice.get_by_text("有权申请其回避")).to_be_visible()
    code = page.get_by_role("img", name="核对检查人员的二维码")
    expect(code).to_be_visible()
    row = app.ask_store(page, "rows", "get", [f"insp:{inspection}", f"inspection:{inspection}"])
    address = f"{server.url}/check/{row['fields']['door']}"
    assert read_code(code) == address
    page.emulate_media(color_scheme="dark")
    assert read_code(code) == address
    typed = page.get_by_label("核对检查人员的二维码").get_by_text(f"{inspection}-").inner_text()
    receipt = page.get_by_label("告知书签收", exact=True)
    receipt.get_by_label("姓名").fill("李安全")
    app.draw_signature(page, receipt.get_by_role("img", name="告知书签收 签名区"))
    receipt.get_by_role("button", name="保存签名").click()
    expect(receipt.get_by_role("img", name="李安全 已签名")).to_be_visible()
    app.open_inspection(page, firm)
    expect(page.get_by_role("link", name="告知书已送达")).to_be_visible()
    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    rows = server.sql(
        f"SELECT fields FROM entities WHERE type = 'signature' AND space = 'insp:{inspection}'"
    )
    ((fields,),) = rows
    told = json.loads(fields)
    assert (told["role"], told["name"], told["notice"]) == ("notice", "李安全", 1)
    assert "signed" not in told
    # On paper the same bureau speaks.
    paper = page.request.get(f"{server.url}/inspections/{inspection}/tr/notice")
    assert paper.status == 200 and f"<p>{from_whom}</p>" in paper.text()
    # The firm's own phone, signed in nowhere.
    with office_page(browser) as stranger:
        stranger.goto(f"{server.url}/public/check")  # for who has no camera
        stranger.get_by_label("核对码").fill(typed)
        stranger.get_by_role("button", name="核对").click()
        stranger.wait_for_url(address)
        expect(stranger.get_by_text("本次检查属实")).to_be_visible()
        expect(stranger.get_by_role("heading", name="核对检查人员")).to_be_visible()
        members = server.sql(
            "SELECT officers.name, officers.cert_no FROM team_members JOIN officers"
            f" ON officers.id = officer_id WHERE inspection_id = {inspection}"
        )
        assert len(members) >= 2
        for name, certificate in members:
            line = stranger.get_by_role("listitem").filter(has_text=name)
            expect(line).to_contain_text(certificate)
        answer = stranger.goto(address[:-1] + ("A" if address[-1] != "A" else "B"))
        assert answer is not None and answer.status == 404


def read_code(code: Locator) -> str:
    """What a camera that looks at this screen reads."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())).convert("L"))
    return str(found.text)


def test_a_closed_firm_is_recorded_with_account_and_photo_and_entered_with_its_own_code(
    page: Page, server: Server, browser: Browser, people: dict[str, dict[str, Any]]
) -> None:
    firm, inspection = app.first_fetched(page, LIST, ITEMS)
    page.context.set_offline(True)
    app.open_inspection(page, firm)
    app.check_in_everybody(page)
    page.get_by_role("link", name="无法正常检查？").click()
    for outcome, asks in OUTCOMES.items():
        page.get_by_role("radio", name=re.compile(f"^{outcome}")).check()
        account = page.get_by_role("textbox", name=re.compile(f"^{asks}"))
        if outcome == "拒绝、阻挠检查":
            account.fill("大门上锁，无人应答")
        expect(account).to_have_value("大门上锁，无人应答")  # goes along to each
    page.get_by_label(re.compile("^停业情况")).fill("")
    expect(page.get_by_text("检查结果：7 未发现开展本次抽查涉及的经营活动")).to_have_count(5)
    expect(page.get_by_text("还没有写明现场情况")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")  # axe measures what the bars leave free
    expect_readable(page)
    expect(page.get_by_text("还没有拍摄现场情况的照片")).to_be_visible()
    account = page.get_by_label(re.compile("^停业情况"))
    account.fill("门头已拆，大门上锁，邻居称三月停业")
    account.blur()
    page.get_by_label("拍照").set_input_files(
        {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": app.jpeg("门头已拆")}
    )
    expect(page.get_by_text("照片已保存")).to_be_visible()
    expect(page.get_by_text("还没有写明现场情况")).to_have_count(0)
    page.get_by_role("link", name="签字", exact=True).click()
    expect(page.get_by_text("无须当事人签字")).to_be_visible()
    expect(page.get_by_label("被检查单位签字", exact=True)).to_have_count(0)
    app.sign_officers(page)
    app.open_inspection(page, firm)
    expect(page.get_by_text("已关闭停业：门头已拆")).to_be_visible()
    app.submit(page)
    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    with office_page(browser) as lead:
        sign_in_office(lead, server, people["zuzhang"])
        open_page(lead, server, f"/inspections/{inspection}")
        expect(lead.get_by_text("无法正常检查 · 已关闭停业").first).to_be_visible()
        # A comment is written beside the answer, and is there again when the page is.
        lead.get_by_role("row").filter(has_text="PAX-03").get_by_text("写意见").click()
        comment = lead.get_by_label("对 PAX-03 的意见")
        comment.fill("请补拍证件")
        lead.reload()
        expect(comment).to_be_visible()
        expect(comment).to_have_value("请补拍证件")
        comment.fill("")
        lead.get_by_role("button", name="通过审核").first.click()
        expect(lead.get_by_text("审核通过").first).to_be_visible()
    app.open_app(page, server)
    app.open_inspection(page, firm)
    page.get_by_role("link", name="录入结果").click(timeout=60_000)
    page.get_by_role("button", name="录入结果").click()
    expect(page.get_by_text("已录入，结果已锁定。")).to_be_visible(timeout=60_000)
    # What is locked says who changes it, and leads there.
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/0")
    expect(page.get_by_text("由检查组提出更正申请")).to_be_visible()
    ask = page.get_by_role("link", name="申请更正（需联网）", exact=True)
    expect(ask).to_have_attribute("href", f"/corrections/new/{inspection}/tr")
    expect(page.get_by_role("link", name="查看更正申请")).to_have_attribute("href", "/corrections")
    page.get_by_role("link", name="查看录入结果").click()
    expect(page.get_by_text("已录入，结果已锁定。")).to_be_visible()
    ((results, worst),) = server.sql(
        f"SELECT results, result_code FROM sheets WHERE inspection_id = {inspection}"
    )
    assert worst == 7
    left = answers_of(server, inspection)["COM-05"]
    assert not any(left.values()), "nothing stays where the first reason stood"
    assert set(json.loads(results).values()) == {7} and len(json.loads(results)) == ITEMS
