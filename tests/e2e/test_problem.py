"""A problem from the officer's finding to its correction, in the public's sight, and to the second
look by lot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.county_at_work import Story, story_in
from tests.e2e.harness import jpeg

pytestmark = pytest.mark.e2e

VISITED, ENTERED, DECIDED = date(2026, 4, 1), date(2026, 4, 7), date(2026, 4, 8)
CORRECTED, AGAIN = date(2026, 4, 20), date(2026, 4, 27)
ITEM = "FRT-07"
NOTE = "篷布破损，散装煤有洒落"
OUTCOME = "已更换全部篷布，现场复查合格。"
TOLD = "企业已按期改正。"
SEED = "4 4 1 6 3 5 2 1"


@pytest.fixture
def story(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with story_in(tmp_path_factory.mktemp("problem"), browser) as story:
        yield story


def test_a_problem_is_decided_corrected_published_closed_and_looked_at_again_by_lot(
    story: Story,
) -> None:
    story.wind(VISITED)
    inspection = story.draw("freight", SEED)[0]
    visit = story.visit(inspection)
    visit.whole({ITEM: ("fail", NOTE)})
    visit.accept()
    story.wind(ENTERED)
    visit.enter()

    story.wind(DECIDED)
    with story.desk("bangong") as office:
        story.open(office, f"/inspections/{inspection}")
        expect(office.get_by_role("button", name="办结本次检查")).to_have_count(0)
        office.locator("#follow-up").get_by_role("link", name=re.compile(ITEM)).click()
        expect(office.get_by_text(NOTE)).to_be_visible()
        decide(office.locator("#decide"))
        story.wind(CORRECTED)
        finish(office.locator("#finish"))
        publish(office.locator("#publish"))
        story.open(office, f"/inspections/{inspection}")
        office.get_by_role("button", name="办结本次检查").click()
        expect(office.locator("#follow-up .badges").first).to_have_text("已办结")

        # Among the firms with problems the lot says who is looked at again.
        story.wind(AGAIN)
        draw_again(story, office)
        office.get_by_role("row").get_by_role("link").first.click()
        expect(office.get_by_text(NOTE)).to_be_visible()
        look_again(office)


def decide(form: Locator) -> None:
    """An order with a day; without one it is refused at the field and nothing typed is lost."""
    form.get_by_label("责令改正").check()
    form.get_by_label("处置理由").fill("责令五个工作日内更换篷布")
    form.get_by_label("期限").fill("")
    form.get_by_role("button", name="登记决定").click()
    again = form.page.locator("#decide")
    expect(again.get_by_label("处置理由")).to_have_value("责令五个工作日内更换篷布")
    again.get_by_label("期限").fill("2026-04-24")
    again.get_by_label("文书").set_input_files(picture("责令改正通知书"))
    again.get_by_role("button", name="登记决定").click()


def finish(form: Locator) -> None:
    """With proof of the correction."""
    form.get_by_label("办理结果").fill(OUTCOME)
    form.get_by_label("办结日期").fill(CORRECTED.isoformat())
    form.get_by_label("办结材料").set_input_files(picture("改正后照片"))
    form.get_by_role("button", name="办结", exact=True).click()


def publish(form: Locator) -> None:
    """In words for everybody."""
    form.get_by_label("公示内容").fill(TOLD)
    form.get_by_role("button", name="公示这段内容").click()
    expect(form.page.get_by_text(TOLD).first).to_be_visible()


def draw_again(story: Story, office: Page) -> None:
    story.open(office, f"/revisits?first={VISITED}&last={AGAIN}")
    panel = office.locator("#draw")
    panel.get_by_label("随机数").fill("3 1 4 1 5 2 6 5")
    panel.get_by_label("监督人").fill("督查室 乔如是")
    panel.get_by_role("button", name="抽取", exact=True).click()


def look_again(office: Page) -> None:
    """What was found is beside what is there now."""
    items = office.locator("#items")
    items.get_by_role("combobox").select_option("1")
    items.get_by_role("button", name="登记各项结果").click()
    form = office.locator("#record")
    expect(form.get_by_text("已改正")).to_be_visible()
    form.get_by_label("回访日期").fill(AGAIN.isoformat())
    form.get_by_label("回访情况").fill("篷布完好，未见洒落")
    form.get_by_role("button", name="登记").click()
    expect(office.get_by_text("篷布完好，未见洒落")).to_be_visible()


def picture(text: str) -> dict[str, object]:
    return {"name": f"{text}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(text)}
