"""A joint visit of three departments, one of which is late: everybody sees whose it is, nothing is
closed before, and what comes late is on record as late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.county_at_work import Story, story_in

pytestmark = pytest.mark.e2e

VISITED, ENTERED, LATE = date(2026, 4, 1), date(2026, 4, 10), date(2026, 5, 6)
SEED = "5 2 6 1 4 3 3 1"
LATE_ONE = "生态环境分局"
LEADS = {"tr": "zuzhang", "mr": "shichang2", "ee": "shengtai2"}


@pytest.fixture
def story(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with story_in(tmp_path_factory.mktemp("joint"), browser) as story:
        yield story


def test_a_joint_visit_of_which_one_department_is_late_is_closed_when_that_one_has_entered(
    story: Story,
) -> None:
    story.wind(VISITED)
    inspection = story.draw("repair", SEED)[0]
    visits = {code: story.visit(inspection, code) for code in LEADS}
    story.wind(VISITED, 15)
    for visit in visits.values():
        visit.whole()
    for code, lead in LEADS.items():
        accept(story, lead, inspection, code)
    story.wind(ENTERED)
    visits["tr"].enter()
    visits["mr"].enter()
    firm = story.firm_of(inspection)

    story.wind(LATE)
    with story.desk("bangong") as office:
        # The board names the one department that is late, and who of it.
        story.open(office, "/board?state=overdue")
        row = office.get_by_role("row").filter(has_text=firm)
        expect(row).to_have_count(1)
        expect(row).to_contain_text(LATE_ONE)
        expect(row).to_contain_text(visits["ee"].officers[0][1])
        # So do the rates and the file of the visit; and nobody closes it meanwhile.
        story.open(office, "/publication/missing")
        missing = office.get_by_role("row").filter(has_text=firm).filter(has_text=LATE_ONE)
        expect(missing.first).to_be_visible()
        story.open(office, f"/inspections/{inspection}")
        expect(office.locator("#follow-up")).to_contain_text(LATE_ONE)
        expect(office.get_by_role("button", name="办结本次检查")).to_have_count(0)

    # Nobody enters for another department: neither its colleagues nor the office that waits.
    with story.desk("bangong") as office:
        answer = office.goto(f"{story.url}/inspections/{inspection}/ee/enter")
        assert answer is not None and answer.status in (403, 404)
    with story.desk(visits["ee"].accounts[0]) as officer:
        enter_by_page(story, officer, inspection)

    with story.desk("bangong") as office:
        story.open(office, "/board?state=met_late")
        expect(office.get_by_role("row").filter(has_text=firm)).to_contain_text(LATE_ONE)
        story.open(office, f"/inspections/{inspection}")
        office.get_by_role("button", name="办结本次检查").click()
        expect(office.locator("#follow-up .badges").first).to_have_text("已办结")


def accept(story: Story, lead: str, inspection: int, code: str) -> None:
    from server.inspections.service import accept_sheet

    with story.county.desk():
        accept_sheet(story.county.actor(lead), inspection, code)


def enter_by_page(story: Story, officer: Page, inspection: int) -> None:
    story.open(officer, f"/inspections/{inspection}/ee/enter")
    officer.get_by_role("button", name="确认录入并锁定").click()
    expect(officer.locator("#sheet-ee").get_by_text("已录入").first).to_be_visible()
