"""A day on which nothing is wrong: from the yard to the public page with a handful of taps, and a
visitor who checks what it says: the result, the officers, the draw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import field_app as app
from tests.e2e.harness import Server
from tests.e2e.office import office_page, open_page, sign_in_office
from tests.e2e.public_check import verify_in_public
from tests.e2e.publishing import find_in_public, publish_result
from tests.e2e.short_sheets import shorten

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
People = dict[str, dict[str, Any]]


@pytest.fixture(scope="module", autouse=True)
def sheets(server: Server) -> None:
    assert shorten(server, common=["COM-06"], passenger=["PAX-01", "PAX-02"]) == 3


def test_a_clean_day_goes_from_the_yard_to_the_public_page_and_a_visitor_checks_it(
    page: Page, server: Server, browser: Browser, people: People, tmp_path: Path
) -> None:
    firm, inspection = app.first_fetched(page, LIST, 3)
    page.context.set_offline(True)
    door = the_visit(page, server, firm, inspection)
    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    with office_page(browser) as lead:
        sign_in_office(lead, server, people["zuzhang"])
        accept_what_is_clean(lead, server, firm)
    enter(page, server, firm)
    with office_page(browser) as office:
        sign_in_office(office, server, people["bangong"])
        publish_result(office, server, inspection, "晋抽2026-0007", app.today(page))
        open_page(office, server, "/publication")
        expect(office.get_by_role("main")).to_contain_text("100%")
    with office_page(browser) as visitor:
        find_in_public(visitor, server, firm)
        expect(visitor.get_by_role("main")).to_contain_text("未发现问题")
        the_officers_are_who_they_say(visitor, server, door, inspection)
        number = server.sql(
            "SELECT d.public_id FROM draws d JOIN inspections i ON i.draw_id = d.id"
            f" WHERE i.id = {inspection}"
        )[0][0]
        verify_in_public(visitor, server, str(number), tmp_path)


def the_visit(page: Page, server: Server, firm: str, inspection: str) -> str:
    """Without a network; answers the address in the code at the door."""
    app.open_inspection(page, firm)
    app.check_in_everybody(page)
    app.open_section(page, LIST)
    app.fill_rest_of_section(page)
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/0")
    app.fill(page, "COM-06", "填写内容", "检查情况属实，当事人无异议。")
    app.open_inspection(page, firm)
    app.sign_everybody(page, "李安全")
    app.open_inspection(page, firm)
    app.submit(page)
    row = app.ask_store(page, "rows", "get", [f"insp:{inspection}", f"inspection:{inspection}"])
    return str(row["fields"]["door"])


def accept_what_is_clean(lead: Page, server: Server, firm: str) -> None:
    """One tap for all that nothing stands against."""
    open_page(lead, server, "/day")
    clean = lead.locator("#clean")
    expect(clean).to_contain_text(firm)
    clean.get_by_role("button", name="通过勾选的结果表").click()
    expect(lead.get_by_text("审核通过").first).to_be_visible()


def enter(page: Page, server: Server, firm: str) -> None:
    app.open_app(page, server)
    app.open_inspection(page, firm)
    page.get_by_role("link", name="录入结果").click(timeout=60_000)
    page.get_by_role("button", name="录入结果").click()
    expect(page.get_by_text("已录入，结果已锁定。")).to_be_visible(timeout=60_000)


def the_officers_are_who_they_say(
    visitor: Page, server: Server, door: str, inspection: str
) -> None:
    """By the code that was on the officer's phone."""
    open_page(visitor, server, f"/check/{door}")
    members = server.sql(
        "SELECT o.name, o.cert_no FROM team_members m JOIN officers o ON o.id = m.officer_id"
        f" WHERE m.inspection_id = {inspection}"
    )
    assert len(members) == 2
    for name, certificate in members:
        line = visitor.get_by_role("listitem").filter(has_text=name)
        expect(line).to_contain_text(certificate)
