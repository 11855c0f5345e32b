"""A county's year from the register to the officer's phone, as its office goes through it: firms
are imported, plans published and adjusted, a joint task of three departments is drawn in public,
checked by a visitor, put on paper and handed out. Real Chromium, a real server process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from server.demo.service import list_demo_accounts
from tests.e2e import field_app as app
from tests.e2e import yearly_plans as plans
from tests.e2e.draw_papers import open_the_documents
from tests.e2e.draw_room import Drawn, hold_the_ceremony
from tests.e2e.firm_import import import_the_firms
from tests.e2e.harness import LIGHT_CHROMIUM, Server, page_errors, phone, sqlite_in
from tests.e2e.office import office_page, sign_in_office
from tests.e2e.public_check import verify_in_public
from tools.busy_county import County

pytestmark = [pytest.mark.e2e, pytest.mark.soak]  # from the plan on it is test_main_road, too

ITEMS = 20  # the common list and 机动车维修, as far as they are the home department's
People = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, People]]:
    """A county with people, sixty firms and checklists, without plans; its server runs. Made in
    this process, which starts two programs fewer."""
    home = tmp_path_factory.mktemp("year")
    made = County(home, has_plans=False)
    with made.desk():
        people = {one.account: one.as_dict() for one in list_demo_accounts()}
    made.close()
    server = Server(home, sqlite_in(home))
    server.start()
    yield server, people
    server.kill()


def test_a_year_goes_from_the_register_to_the_officers_phone(
    county: tuple[Server, People], playwright: Playwright, browser: Browser, tmp_path: Path
) -> None:
    server, people = county
    with office_page(browser) as office, page_errors(office) as complaints:
        sign_in_office(office, server, people["bangong"])
        import_the_firms(office)
        plans.import_the_plans(office)
        plans.decide_the_pairs(office)
        plans.ask_for_an_adjustment(office)
        with office_page(browser) as head:
            sign_in_office(head, server, people["zhuyao"])
            plans.approve_the_adjustment(head, str(people["zhuyao"]["password"]))
        plans.publish_it_again(office)
        drawn = hold_the_ceremony(office)
        visitor = browser.new_page(viewport={"width": 360, "height": 740}, locale="zh-CN")
        verify_in_public(visitor, server, drawn.number, tmp_path)
        visitor.close()
        open_the_documents(office, drawn, tmp_path)
        assert complaints == []
    lead = next(one for one in people.values() if one["name"] == drawn.officers[0])
    with phone(playwright, tmp_path / "phone", browser=LIGHT_CHROMIUM) as (_, page):
        app.sign_in(page, server, lead)
        the_visit_is_handed_out(page, drawn)


def the_visit_is_handed_out(page: Page, drawn: Drawn) -> None:
    """The officer's phone has the firm with its whole list, and says who comes along."""
    app.expect_fetched(page, drawn.firm, ITEMS)
    app.open_inspection(page, drawn.firm)
    for name in drawn.officers[:2]:
        expect(page.get_by_text(name).first).to_be_visible()
