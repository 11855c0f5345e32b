"""The main road, as a story: from a county's plan to a locked result, with a phone offline in the
middle; from an edit that came too late to a correction that is signed, and published once more.
Real Chromium, real server processes, on SQLite and, in `make soak`, on PostgreSQL."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.deadlines import due_date
from server.deadlines.calendar import library_calendar
from tests.conftest import ROOT
from tests.e2e import field_app as app
from tests.e2e.harness import LIGHT_CHROMIUM, Server, by_account, phone
from tests.e2e.office import office_page, open_page, sign_in_office
from tests.e2e.publishing import (
    approve_the_correction,
    ask_for_the_correction,
    find_in_public,
    publish_result,
)

PLAN = ROOT / "data" / "plans" / "yangcheng-transport-2024-internal.csv"
TASK = "对道路旅客运输经营单位的监管"
SEED = "3 5 1 6 2 4 4 1"
ENTRY_WORKING_DAYS = 20
WHY = "到场核对，线路标志牌系转借，原判合格有误"
LIGHT = {"browser": LIGHT_CHROMIUM, "reduced_motion": "reduce"}
ITEMS = 8 + 15  # the common list and 道路旅客运输


@dataclass
class County:
    """A county with people, firms and checklists, without plans; its server runs."""

    server: Server
    people: dict[str, dict[str, Any]]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def county(
    request: pytest.FixtureRequest, tmp_path: Path, make_database_url: Callable[[str], str]
) -> Iterator[County]:
    home = tmp_path / "home"
    home.mkdir()
    server = Server(home, make_database_url(request.param), workers=None)
    server.command("setup", "--no-demo")
    told = json.loads(server.command("demo", "load", "--without-plans", "--json"))
    server.start()
    yield County(server, by_account(told))
    server.kill()


@pytest.mark.timeout(300)  # five people, one after the other
def test_from_the_plan_to_a_correction_published_twice(
    county: County, playwright: Any, browser: Browser, tmp_path: Path
) -> None:
    server, people = county.server, county.people

    # The office imports the plan and draws.
    with office_page(browser) as office:
        sign_in_office(office, server, people["bangong"])
        import_the_plan(office, server)
        draw_the_task(office, server)
        firm, officers = first_drawn_inspection(office)
    a, b = (next(p for p in people.values() if p["name"] == name) for name in officers)

    # Inspector B fetches the work and loses the network before the visit.
    with phone(playwright, tmp_path / "phone-b", **LIGHT) as (_context, page):
        app.sign_in(page, server, b)
        app.expect_fetched(page, firm, ITEMS)
    # Inspector A fetches it too, goes offline, and fills the list in the firm's yard.
    with phone(playwright, tmp_path / "phone-a", **LIGHT) as (context, page):
        app.sign_in(page, server, a)
        app.expect_fetched(page, firm, ITEMS)
        app.wait_until_all_sent(page)
        context.set_offline(True)
        fill_the_first_half(page, firm)
    # The browser is closed and opened again, still offline: everything is there.
    with phone(playwright, tmp_path / "phone-a", offline=True, **LIGHT) as (context, page):
        app.open_app(page, server)
        fill_the_second_half_and_submit(page, firm)
        expect(page.get_by_label(re.compile("同步状态: .*待送"))).to_be_visible()
        assert server.sql("SELECT count(*) FROM receipts WHERE kind = 'answer.set'") == [(0,)]
        # Back online: everything arrives.
        context.set_offline(False)
        app.open_app(page, server)
        app.wait_until_all_sent(page)
        expect_everything_arrived(server)

    # The team lead sees it and accepts.
    with office_page(browser) as lead:
        sign_in_office(lead, server, people["zuzhang"])
        lead_accepts(lead, server, firm)

    # A enters the result: from now on it is locked.
    with phone(playwright, tmp_path / "phone-a", **LIGHT) as (_context, page):
        app.open_app(page, server)
        enter_the_result(page, firm)
    locked = server.sql("SELECT state, entered_version FROM sheets WHERE state = 'entered'")
    assert locked == [("entered", 1)]
    answer = "SELECT fields FROM entities WHERE id = 'answer:tr/PAX-02'"
    before = server.sql(answer)

    # B, offline since before, edits the same item, then comes back online.
    with phone(playwright, tmp_path / "phone-b", offline=True, **LIGHT) as (context, page):
        app.open_app(page, server)
        app.open_inspection(page, firm)
        app.open_section(page, "道路旅客运输")
        app.judge(page, "PAX-02", "不合格")
        app.note(page, "PAX-02", "线路标志牌系转借")
        context.set_offline(False)
        app.open_app(page, server)
        # B is told that it is locked, and finds the edit kept.
        expect(page.get_by_label(re.compile("同步状态: .*需处理"))).to_be_visible(timeout=60_000)
        page.get_by_label(re.compile("同步状态")).click()
        expect(page.get_by_text("已录入锁定，您的修改已留作更正申请草稿").first).to_be_visible()
        expect(page.get_by_text("线路标志牌系转借").first).to_be_visible()
    assert server.sql(answer) == before
    kept = server.sql("SELECT DISTINCT status, state FROM proposals")
    assert kept == [("rejected_locked", "draft")]

    # The board shows the due date and "met"; the office publishes what was entered.
    inspection = str(server.sql("SELECT inspection_id FROM sheets WHERE state = 'entered'")[0][0])
    with office_page(browser) as office:
        sign_in_office(office, server, people["bangong"])
        board_shows_met(office, server, firm)
        publish_result(office, server, inspection, "晋抽2026-0001", app.today(office))
    # The only way back: asked for, signed, published once more; the public reads both and why.
    with office_page(browser) as author:
        sign_in_office(author, server, b)
        ask_for_the_correction(author, server, "PAX-02", WHY)
    with office_page(browser) as head:
        sign_in_office(head, server, people["zhuyao"])
        approve_the_correction(head, server, "PAX-02", str(people["zhuyao"]["password"]))
    with office_page(browser) as office:
        sign_in_office(office, server, people["bangong"])
        publish_result(office, server, inspection, "晋抽2026-0002", app.today(office))
    with office_page(browser) as visitor:
        find_in_public(visitor, server, firm)
        expect(visitor.get_by_text(WHY)).to_be_visible()
        expect(visitor.get_by_role("main")).to_contain_text("第 2 版")
    versions = server.sql("SELECT version, result_code FROM sheet_versions ORDER BY version")
    assert versions == [(1, 5), (2, 5)]


def import_the_plan(office: Page, server: Server) -> None:
    """Upload → preview per row → confirm."""
    open_page(office, server, "/plans")
    office.get_by_label(re.compile("计划表文件")).set_input_files(PLAN)
    office.get_by_role("button", name="预览").click()
    expect(office.get_by_role("row").filter(has_text=TASK).first).to_be_visible()
    office.get_by_role("button", name=re.compile("确认导入")).click()
    expect(office.get_by_role("row").filter(has_text=TASK).first).to_be_visible()


def draw_the_task(office: Page, server: Server) -> None:
    """Opens the task, sees the pool by tier and the number, freezes, draws with a seed."""
    open_page(office, server, "/tasks")
    office.get_by_role("link", name=TASK).click()
    expect(office.get_by_text("低风险").first).to_be_visible()
    office.get_by_role("button", name=re.compile("冻结")).click()
    expect(office.get_by_text("抽取池摘要（SHA‑256）").first).to_be_visible()
    office.get_by_text("改用其他来源的随机数").click()
    office.get_by_label(re.compile("现场随机数")).fill(SEED)
    office.get_by_label(re.compile("来源和监督人")).fill("现场掷骰子，督查室见证")
    office.get_by_role("button", name="抽取并下发").click()
    office.get_by_role("button", name="复核").click()
    expect(office.get_by_text("复核一致", exact=False)).to_be_visible()


def first_drawn_inspection(office: Page) -> tuple[str, list[str]]:
    """Firm and the two officers of the first row of the draw's result."""
    row = office.locator("#drawn tbody tr").first
    firm = row.get_by_role("rowheader").inner_text().split("\n")[0].strip()
    officers = [
        o.inner_text().replace("（组长）", "").strip() for o in row.locator("td .nowrap").all()
    ]
    assert len(officers) == 2
    return firm, officers


def fill_the_first_half(page: Page, firm: str) -> None:
    """Check-in, the passenger list with a failing item and two photos."""
    app.open_inspection(page, firm)
    app.check_in_everybody(page)
    app.open_section(page, "道路旅客运输")
    app.fill(page, "PAX-03", "抽查数", "5")
    app.fill(page, "PAX-03", "不符数", "1")
    expect(app.item(page, "PAX-03").get_by_text("不合格须拍照取证")).to_be_visible()
    app.photograph(page, "PAX-03", "晋E00001 未随车携带道路运输证 1")
    app.photograph(page, "PAX-03", "晋E00001 未随车携带道路运输证 2")
    app.note(page, "PAX-03", "晋E00001 未随车携带道路运输证")
    app.fill_rest_of_section(page, skip={"PAX-03"})


def fill_the_second_half_and_submit(page: Page, firm: str) -> None:
    """What was typed is still there; the common list, the signatures, the submit."""
    app.open_inspection(page, firm)
    app.open_section(page, "道路旅客运输")
    failing = app.item(page, "PAX-03")
    expect(failing.get_by_label("不符数")).to_have_value("1")
    expect(failing.get_by_label("备注", exact=True)).to_have_value("晋E00001 未随车携带道路运输证")
    expect(failing.get_by_role("img", name=re.compile("照片"))).to_have_count(2)
    app.open_inspection(page, firm)
    app.open_section(page, "通用项目")
    app.fill_rest_of_section(page)
    app.open_inspection(page, firm)
    app.sign_everybody(page, "李安全")
    app.open_inspection(page, firm)
    app.submit(page)


def expect_everything_arrived(server: Server) -> None:
    """Exactly one of everything, every photo stored with its hash, the sheet submitted."""
    assert server.sql("SELECT count(*) FROM receipts WHERE status <> 'applied'") == [(0,)]
    assert server.sql("SELECT count(*), count(DISTINCT op) FROM receipts")[0][0] > 25
    photos = server.sql("SELECT count(*) FROM entities WHERE type = 'photo'")[0][0]
    assert photos == server.sql("SELECT count(*) FROM blobs")[0][0] >= 2
    assert server.sql("SELECT count(*) FROM sheets WHERE state = 'submitted'") == [(1,)]
    assert server.sql("SELECT count(*) FROM entities WHERE type = 'signature'") == [(3,)]
    assert server.sql("SELECT count(*) FROM entities WHERE type = 'checkin'") == [(2,)]


def lead_accepts(lead: Page, server: Server, firm: str) -> None:
    """The day page shows the finding and its photos; the inspection is accepted."""
    open_page(lead, server, "/day")
    card = lead.locator("article, section, li, tr").filter(has_text=firm).first
    expect(card).to_be_visible()
    thumbs = lead.locator("img[src*='/thumb']")
    expect(thumbs.first).to_be_visible()
    thumbs.first.scroll_into_view_if_needed()
    expect(thumbs.first).to_have_js_property("complete", True)
    assert thumbs.first.evaluate("img => img.naturalWidth") > 0
    lead.get_by_role("link", name=firm).first.click()
    expect(lead.get_by_text("晋E00001 未随车携带道路运输证").first).to_be_visible()
    lead.get_by_role("button", name="通过审核").first.click()
    expect(lead.get_by_text("审核通过").first).to_be_visible()


def enter_the_result(page: Page, firm: str) -> None:
    """A result for the failing item, all others 未发现问题; then the lock."""
    app.open_inspection(page, firm)
    page.get_by_role("link", name="录入结果").click(timeout=60_000)
    page.get_by_label("PAX-03 检查结果").select_option("5")
    page.get_by_role("button", name="录入结果").click()
    expect(page.get_by_text("已录入，结果已锁定。")).to_be_visible(timeout=60_000)


def board_shows_met(office: Page, server: Server, firm: str) -> None:
    """The due date counted in real working days, and that it was met."""
    ((ended_on,),) = server.sql("SELECT ended_on FROM sheets WHERE state = 'entered'")
    from datetime import date

    ended = ended_on if isinstance(ended_on, date) else date.fromisoformat(ended_on)
    due = due_date(ended, ENTRY_WORKING_DAYS, library_calendar())
    open_page(office, server, "/board")
    row = office.get_by_role("row").filter(has_text=firm)
    expect(row).to_contain_text(due.due.isoformat())
    expect(row).to_contain_text("按期录入")
