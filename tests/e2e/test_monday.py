"""The office's Monday morning in one county: from the start page to what closes a gap, with what
the head and an officer have of it. Real Chromium; the numbers are counted by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select, update

from server.accounts.models import Person
from server.db import unit_of_work
from server.inspections.models import Inspection, Sheet
from server.registry.models import Firm, Officer
from tests.e2e.county_at_work import Story, story_in
from tests.e2e.harness import jpeg, page_errors
from tools.busy_county import inspections_of

pytestmark = pytest.mark.e2e

MONDAY = date(2026, 4, 27)
FINDING = {"PAX-03": ({"checked": 6, "failed": 1}, "一台车未随车携带道路运输证")}
WAITING = "制动性能送检，检测机构预计 4 月 30 日出具报告。"
LONG_NAME = ("阿依古丽", "买买提", "吐尔逊江", "阿卜杜拉", "阿不都热依木")
# What the pages themselves say, not what they tell of; firms and people stay Chinese.
OWN_WORDS = (
    "h1, h2, thead th, button, label, legend, summary, nav a, .card-title, .card-hint, .badge"
)


@pytest.fixture(scope="module")
def story(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Six firms were drawn on 23 March. Of the first the entry is late, of the second it is due
    tomorrow, the third is entered with a problem; nobody has been to the others."""
    with story_in(tmp_path_factory.mktemp("monday"), browser) as told:
        late, due, entered, *_rest = inspections_of(told.county, "passenger")
        told.wind(date(2026, 3, 24), 15)
        told.visit(entered).whole(FINDING)
        told.visit(entered).accept()
        told.visit(entered).enter()
        told.wind(date(2026, 3, 25), 15)
        told.visit(late).whole()
        told.visit(late).accept()
        told.wind(date(2026, 3, 30), 15)
        told.visit(due).whole()
        told.wind(MONDAY)
        yield told


def test_the_office_gets_through_its_monday(story: Story) -> None:
    late, due, *_rest = inspections_of(story.county, "passenger")
    with story.desk("bangong") as office, page_errors(office) as complaints:
        remind(office, story.firm_of(late))
        ask_for_a_pause(office, story.firm_of(due))
        with story.desk(story.visit(late).accounts[0]) as officer:
            the_reminder_has_arrived(officer, story.firm_of(late))
        with story.desk("zhuyao") as head:
            speak_english_on_a_phone(head, story, "zhuyao")
            approve_the_pause(head, story.county.password)
        the_due_date_has_moved(office, story, due)
        the_training_is_recorded_of_all(office, story)
        make_the_monthly_report(office, story)
        read_the_gaps(office)
        long_names_fit_the_wall_and_one_sheet(office, story)
        every_page_is_english_and_fits_a_phone(office, story, due)
        assert complaints == []


def remind(office: Page, firm: str) -> None:
    """The start page says how many are late; on the board they come first; one tap."""
    card = office.get_by_role("link", name="超期未录入")
    expect(card).to_contain_text("另有 1 件即将到期")
    expect(card.locator(".card-number")).to_have_text("1")
    expect(office.get_by_role("link", name="待报送的报表")).to_be_visible()
    card.click()
    expect(office.locator("tbody tr:visible")).to_have_count(1)
    row = office.locator("tbody tr").first
    expect(row).to_contain_text(firm)
    expect(row).to_contain_text("超 2 个工作日")
    row.get_by_role("button", name="提醒").dblclick()
    expect(office.get_by_text("已提醒")).to_be_visible()


def ask_for_a_pause(office: Page, firm: str) -> None:
    """Of the next on the board, before its term is over."""
    office.get_by_role("link", name="清除条件").click()
    row = office.locator("tbody tr").nth(1)
    expect(row).to_contain_text("剩 1 个工作日")
    row.get_by_role("link", name=firm).click()
    office.get_by_role("link", name="期限与中止").first.click()
    office.get_by_label("需要检验、检测、鉴定或专家评审").check()
    office.get_by_label("具体情况").fill(WAITING)
    office.get_by_label("中止的第一天").fill("2026-04-27")
    office.get_by_label("中止的最后一天").fill("2026-04-30")
    office.get_by_label("证明材料").set_input_files(
        {"name": "送检单.jpg", "mimeType": "image/jpeg", "buffer": jpeg("A", width=200, height=99)}
    )
    office.get_by_role("button", name="提交审批").click()
    expect(office.get_by_text("等待负责人审批", exact=True)).to_be_visible()


def the_reminder_has_arrived(officer: Page, firm: str) -> None:
    """On the start page and in the inbox, with who asked."""
    officer.get_by_role("link", name="未读消息").click()
    told = officer.locator("main li").filter(has_text=firm).first
    expect(told).to_contain_text("江月白")


def approve_the_pause(head: Page, password: str) -> None:
    """The start page leads to it; before approving it is said what it makes of the due date. In
    English, between two meetings, on a phone."""
    head.get_by_role("link", name="Pauses of terms to decide on").click()
    head.locator("tbody a").first.click()
    # 27 to 30 April are not counted, 1 to 5 May are days off: day 20 is 7 May
    expect(head.get_by_text("2026-05-07", exact=True)).to_be_visible()
    head.get_by_label("Your password").fill(password)
    head.get_by_role("button", name="Approve the pause").dblclick()
    expect(head.get_by_text("Approved: the due date is counted anew")).to_be_visible()
    expect(head.get_by_role("button", name="Approve the pause")).to_have_count(0)


def the_due_date_has_moved(office: Page, story: Story, due: int) -> None:
    """On the page of the terms with the reason, and on the board."""
    story.open(office, f"/inspections/{due}/terms")
    row = office.locator("#terms tbody tr").first
    expect(row).to_contain_text("2026-05-07")
    expect(row).to_contain_text("中止 4 天不计")
    story.open(office, "/board")
    moved = office.locator("tbody tr").nth(1)
    expect(moved).to_contain_text(story.firm_of(due))
    expect(moved).to_contain_text("2026-05-07")


def the_training_is_recorded_of_all(office: Page, story: Story) -> None:
    """One tap for a department; one of them was ill."""
    story.open(office, "/trainings/new")
    own = office.locator("#attendees details").first
    boxes, all_of_them = own.locator("input[name=attendee]"), own.get_by_label("本部门全选")
    all_of_them.check()
    expect(own.locator("input[name=attendee]:checked")).to_have_count(boxes.count())
    boxes.first.uncheck()
    expect(all_of_them).not_to_be_checked()
    expect(own.locator("input[name=attendee]:checked")).to_have_count(boxes.count() - 1)


def make_the_monthly_report(office: Page, story: Story) -> None:
    """Both annexes with one click each; behind a number are its visits."""
    office.get_by_role("link", name="报表与统计").click()
    office.get_by_role("button", name="生成附件1（截至今日）").click()
    rows = office.locator("#annex1 tbody tr")
    expect(rows).to_have_count(11)
    assert numbers(rows.nth(0)) == [1, 6, 3, 1], "one draw, six firms, three visited, one problem"
    assert numbers(rows.nth(1)) == [1, 6, 3, 1], "all within the bureau"
    assert numbers(rows.nth(2)) == [0, 0, 0, 0], "nothing jointly"
    rows.nth(0).get_by_role("link", name="3", exact=True).click()
    visited = [story.firm_of(one) for one in inspections_of(story.county, "passenger")[:3]]
    expect(office.locator("tbody a")).to_have_text(visited)
    office.get_by_role("link", name="报表与统计").click()
    office.get_by_role("button", name="生成附件2（2026-03）").click()
    lines = office.locator("#annex2 tbody tr")
    for line, part in (
        ("抽查对象范围、数量、比例", "抽查 6 户"),
        ("发现问题户数", "1 户"),
        ("本系统开展情况", "抽查检查主体 6 户；公示抽查结果 0 条"),
    ):
        expect(lines.filter(has_text=line)).to_contain_text(part)


def read_the_gaps(office: Page) -> None:
    """What is missing, and what would close it: of nine draws planned five are joint."""
    office.get_by_role("link", name="考核指标").click()
    rows = office.locator("#indicators tbody tr")
    joint = rows.filter(has_text="联合抽查次数占比")
    for part in ("0 ÷ 1 次", "5 ÷ 9 次", "年底还差 1 次由部门内部改为部门联合", "可改为联合："):
        expect(joint).to_contain_text(part)
    entry = rows.filter(has_text="录入率")
    expect(entry).to_contain_text("1 ÷ 3 份")
    entry.get_by_role("link", name="还差 2 份").click()
    expect(office.locator("tbody tr:visible")).to_have_count(2)


def long_names_fit_the_wall_and_one_sheet(office: Page, story: Story) -> None:
    """Firms of sixty characters without a break, officers of thirty; more visits than are shown."""
    ended = date(2026, 3, 25)
    with story.county.desk(), unit_of_work() as work:
        mother = work.get_one(Inspection, inspections_of(story.county, "passenger")[0])
        drawn = select(Inspection.firm_id)
        for firm in work.scalars(select(Firm).where(Firm.id.not_in(drawn)).limit(12)).all():
            part = Sheet(
                jurisdiction_id=mother.jurisdiction_id, code="tr", lists=[], state="submitted",
                department_id=mother.sheets[0].department_id, ended_on=ended,
            )  # fmt: skip
            work.add(
                Inspection(
                    jurisdiction_id=mother.jurisdiction_id, number=f"2026-X{firm.id:03d}",
                    draw_id=mother.draw_id, task_id=mother.task_id, firm_id=firm.id,
                    created_at=mother.created_at, ended_on=ended, sheets=[part],
                )
            )  # fmt: skip
        work.execute(update(Firm).values(name="长" * 60))
        for table in (Officer, Person):
            work.execute(update(table).values(name="·".join(LONG_NAME)))
    office.set_viewport_size({"width": 1920, "height": 1080})
    story.open(office, "/board/screen")
    assert office.locator(".wall-table tbody tr").count() == 8
    assert office.evaluate("document.documentElement.scrollHeight") <= 1080
    story.open(office, "/board/paper")
    assert office.locator("tbody tr").count() >= 10
    paper = office.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def every_page_is_english_and_fits_a_phone(office: Page, story: Story, due: int) -> None:
    """The same pages once more, 360 px wide, and one more reminder from there."""
    speak_english_on_a_phone(office, story, "bangong")
    office.get_by_role("button", name="Remind").nth(1).click()
    expect(office.get_by_text("Reminded:")).to_be_visible()
    data = {story.firm_of(one) for one in inspections_of(story.county, "passenger")}
    data |= {"中文", *LONG_NAME}
    terms = f"/inspections/{due}/terms"
    for path in ("/", "/board", terms, "/pauses/1", "/board/groups?by=officer", "/board/pictures",
                 "/inbox", "/calendar", "/reports", "/reports/3", "/indicators"):  # fmt: skip
        story.open(office, path)
        words = " ".join(office.locator(OWN_WORDS).all_inner_texts())
        chinese = set(re.findall(r"[\u4e00-\u9fff]+", words)) - data
        assert not chinese, f"{path}: {chinese}"
        over = office.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{path} is {over} px too wide"


def speak_english_on_a_phone(page: Page, story: Story, account: str) -> None:
    """From here on; the board, or who has none the start page, is open then."""
    from server.accounts.service import set_locale

    with story.county.desk():
        set_locale(story.county.actor(account).person_id, "en")
    page.set_viewport_size({"width": 360, "height": 740})
    story.open(page, "/board" if account == "bangong" else "/")


def numbers(row: Locator) -> list[int]:
    """Of a row of annex 1, without what changed since the last one."""
    cells = row.locator("td").all_inner_texts()[-4:]
    return [int(cell.split()[0]) for cell in cells]
