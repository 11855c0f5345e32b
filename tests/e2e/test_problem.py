"""A problem from the officer's finding to its correction: the firm is told and hands in its proof,
the public reads what came of it, and the lot says who is looked at again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.county_at_work import Story, story_in
from tests.e2e.harness import jpeg
from tests.e2e.publishing import find_in_public, publish_result

pytestmark = pytest.mark.e2e

VISITED, ENTERED, DECIDED = date(2026, 4, 1), date(2026, 4, 7), date(2026, 4, 8)
CORRECTED, AGAIN = date(2026, 4, 20), date(2026, 4, 27)
ITEM = "FRT-07"
NOTE = "篷布破损，散装煤有洒落"
OUTCOME = "已更换全部篷布，现场复查合格。"
TOLD = "企业已按期改正。"
SIGNER = "赵管事 经理"
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
    visit, name = story.visit(inspection), story.firm_of(inspection)
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
        case = office.url
        link, code = tell_the_firm(story, office, inspection)
        with story.desk("") as firm:
            the_firm_corrects(story, firm, link, code)
        office.goto(case)
        take_the_proof(story, office, inspection)
        office.goto(case)
        finish(office.locator("#finish"))
        publish(office.locator("#publish"))
        publish_result(office, story, str(inspection), "晋抽2026-0012", CORRECTED.isoformat())
        story.open(office, f"/inspections/{inspection}")
        office.get_by_role("button", name="办结本次检查").click()
        expect(office.locator("#follow-up .badges").first).to_have_text("已办结")

        # Among the firms with problems the lot says who is looked at again.
        story.wind(AGAIN)
        draw_again(story, office)
        office.get_by_role("row").get_by_role("link").first.click()
        expect(office.get_by_text(NOTE)).to_be_visible()
        look_again(office)
    with story.desk("") as visitor:
        find_in_public(visitor, story, name)
        expect(visitor.get_by_text(TOLD)).to_be_visible()
        expect(visitor.get_by_role("main")).not_to_contain_text(SIGNER)


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


def tell_the_firm(story: Story, office: Page, inspection: int) -> tuple[str, str]:
    """The notice with its link; the code is told apart from it and shown once."""
    story.open(office, f"/telling/{inspection}/tr")
    office.get_by_role("button", name="制作告知书").click()
    office.get_by_role("button", name="生成新的验证码").click()
    code = re.search(r"新验证码：(\d{4} \d{4})", office.locator("#link").inner_text())
    assert code is not None
    link = office.locator("#firm-link").inner_text()
    story.open(office, f"/telling/{inspection}/tr")
    expect(office.locator("#link")).not_to_contain_text(code[1])
    return link, code[1]


def the_firm_corrects(story: Story, firm: Page, link: str, code: str) -> None:
    """By the link alone it sees nothing; by the code its own record, which it answers."""
    firm.goto(f"{story.url}{urlsplit(link).path}")
    expect(firm.get_by_role("main")).not_to_contain_text(NOTE)
    firm.get_by_label("验证码").fill(code)
    firm.get_by_role("button", name="打开").click()
    expect(firm.get_by_text(NOTE).first).to_be_visible()
    firm.get_by_label("签收人").fill(SIGNER)
    firm.get_by_label("本单位同意以电子方式送达，并已收到告知书").check()
    firm.get_by_role("button", name="确认收到").click()
    expect(firm.get_by_text("本单位已确认收到")).to_be_visible()
    firm.get_by_text("提交改正证明", exact=True).click()
    firm.get_by_label("改正证明").set_input_files(picture("新篷布"))
    firm.get_by_role("button", name="提交", exact=True).click()
    expect(firm.get_by_text("待检查部门答复")).to_be_visible()


def take_the_proof(story: Story, office: Page, inspection: int) -> None:
    """The office looks at what was handed in and puts it to the case; nothing closes by itself."""
    story.wind(CORRECTED)
    story.open(office, f"/telling/{inspection}/tr")
    expect(office.locator("#delivery")).to_contain_text(SIGNER)
    office.locator("#acts").get_by_role("button", name="核收，归入该问题").click()
    expect(office.locator("#acts")).to_contain_text("已核收")


def finish(form: Locator) -> None:
    """With the proof that the firm handed in."""
    form.get_by_label("办理结果").fill(OUTCOME)
    form.get_by_label("办结日期").fill(CORRECTED.isoformat())
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
