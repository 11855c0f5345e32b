"""What follows the lock, in the words of the pages: the office publishes, a visitor reads."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e import field_app as app
from tests.e2e.office import Served, open_page


def publish_result(office: Page, server: Served, inspection: str, receipt: str, day: str) -> None:
    """The package for the official platform, its receipt, the publication; once per version."""
    open_page(office, server, f"/publication/{inspection}/tr")
    with office.expect_download() as download:
        office.get_by_role("link", name="导出录入内容（XLSX）").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    receipts = office.locator("#receipt")
    receipts.get_by_label("回执号").fill(receipt)
    receipts.get_by_label("回执日期").fill(day)
    receipts.get_by_role("button", name="登记回执").click()
    expect(receipts.get_by_text(receipt).first).to_be_visible()
    places = office.locator("#publish")
    places.get_by_label("公示日期").fill(day)
    places.get_by_role("button", name="登记公示").click()
    expect(places.get_by_text("已登记").first).to_be_visible()


def find_in_public(visitor: Page, server: Served, firm: str) -> None:
    """From the public start page to the firm's result, without an account."""
    open_page(visitor, server, "/public")
    visitor.get_by_role("main").get_by_role("link", name="检查结果公示").click()
    visitor.get_by_label("企业名称或统一社会信用代码").fill(firm)
    visitor.get_by_role("button", name="查询").click()
    visitor.get_by_role("row").filter(has_text=firm).get_by_role("link").first.click()


def ask_for_the_correction(author: Page, server: Served, item: str, reason: str) -> None:
    """The author hands in what became a draft when it met the lock; the result changes with it."""
    open_page(author, server, "/corrections?own=1")
    author.get_by_role("row").filter(has_text=item).get_by_role("link").first.click()
    author.get_by_label("更正理由").fill(reason)
    author.get_by_label("检查结果").select_option("5")
    author.get_by_role("button", name="提交申请").click()
    expect(author.get_by_text("已提交，等待负责人审批。")).to_be_visible()


def approve_the_correction(head: Page, server: Served, item: str, password: str) -> None:
    """Old beside new, the password once more, and a signature by hand."""
    open_page(head, server, "/corrections?state=submitted")
    head.get_by_role("row").filter(has_text=item).get_by_role("link").first.click()
    head.get_by_label("审批意见").fill("情况属实，同意更正")
    app.draw_signature(head, head.get_by_role("application", name="签名"))
    head.get_by_label("登录密码").fill(password)
    head.get_by_role("button", name="批准更正").click()
    expect(head.get_by_text("已批准，结果表形成新版本，原版本保留。")).to_be_visible()
    head.get_by_role("link", name="结果更正单").click()
    expect(head.get_by_text("情况属实，同意更正")).to_be_visible()
