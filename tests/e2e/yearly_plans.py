"""The year's plans through the pages: imported, published, compared, adjusted, published again."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.e2e.harness import jpeg

PLANS = {
    "yangcheng-transport-2024-internal.csv": 4,
    "yangcheng-transport-2024-joint.csv": 3,
    "yangcheng-county-2024-joint.csv": 63,
}
INTERNAL = "2024 年度部门内部随机抽查工作计划"
ADJUSTED = "对机动车驾驶员培训单位的监管"


def open_plans(page: Page) -> None:
    """By the navigation."""
    page.get_by_role("link", name="计划与抽取", exact=True).first.click()


def import_the_plans(office: Page) -> None:
    """Upload → preview → confirm; what is the office's own is published."""
    for name, tasks in PLANS.items():
        open_plans(office)
        file = ROOT / "data" / "plans" / name
        office.get_by_label("计划表文件").set_input_files(file)
        office.get_by_role("button", name="预览").click()
        office.get_by_role("button", name=f"确认导入 {tasks} 项任务").click()
        expect(office.get_by_text(f"已导入 {tasks} 项任务")).to_be_visible()
        if "county" not in name:
            office.get_by_role("button", name="公布第 1 版").click()
            expect(office.get_by_role("link", name="公开页面")).to_be_visible()


def decide_the_pairs(office: Page) -> None:
    """What stands in both joint plans is one task: the list of tasks leads there."""
    office.get_by_role("link", name="计划与抽取", exact=True).first.click()
    office.get_by_role("link", name="抽查任务与抽取").first.click()
    office.get_by_role("main").get_by_role("link", name="两级联合计划对照").click()
    same = office.get_by_role("button", name="是同一任务")
    expect(same).to_have_count(3)
    for left in (2, 1, 0):
        same.first.click()
        expect(same).to_have_count(left)


def ask_for_an_adjustment(office: Page) -> None:
    """A reason, a sealed document, another ratio."""
    open_plans(office)
    office.get_by_role("link", name=INTERNAL).click()
    row = office.get_by_role("row").filter(has_text=ADJUSTED)
    row.get_by_role("link", name="申请修改").click()
    office.get_by_label("调整理由").fill("学员投诉增多，提高驾驶员培训机构抽查比例。")
    office.get_by_label("盖章材料").set_input_files(
        {"name": "请示.jpg", "mimeType": "image/jpeg", "buffer": jpeg("sealed")}
    )
    office.get_by_label("抽查比例及频次").fill("40%")
    office.get_by_role("button", name="提交审批").click()
    expect(office.get_by_text("等待主要负责人审批")).to_be_visible()


def approve_the_adjustment(head: Page, password: str) -> None:
    """From the unit head's start page; one tab is said to be the present one."""
    head.get_by_role("main").get_by_role("link", name=re.compile("待审批的计划调整")).click()
    expect(head.locator(".tabs [aria-current]")).to_have_text("待审批")
    head.get_by_role("link", name=ADJUSTED).click()
    head.get_by_label("登录密码").fill(password)
    head.get_by_role("button", name="批准", exact=True).click()
    expect(head.get_by_text("已批准，计划形成新版本")).to_be_visible()


def publish_it_again(office: Page) -> None:
    """Reported to the county's office and public, from the new version's own page."""
    office.reload()
    office.get_by_role("link", name="登记上报").click()
    office.locator("summary", has_text="登记上报").click()
    office.get_by_label("上报文号").fill("泽交字〔2024〕21号")
    office.get_by_role("button", name="登记", exact=True).click()
    office.get_by_role("button", name="公布第 2 版").click()
    expect(office.get_by_text("第 2 版已公布")).to_be_visible()
    row = office.get_by_role("row").filter(has_text=ADJUSTED).first
    expect(row).to_contain_text("40%")
