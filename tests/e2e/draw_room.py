"""A draw in its room: what the office types at the desk, what turns up on the big screen."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.e2e.harness import faint_texts, page_errors

TASK = "机动车维修经营单位监管"
PRESENT = {"交通运输局": "江月白", "市场监督管理局": "梁若谷", "生态环境分局": "曹临溪"}
TURNS = 1 + len(PRESENT)  # a firm, then its teams
ROLLS = "35162442113625414632"
SEEN = "[data-turns] > li:not(.hidden)"


@dataclass(frozen=True)
class Drawn:
    """What came of it: the draw's number, how many firms, the first of them with its officers,
    the home department's lead in front."""

    number: str
    count: int
    firm: str
    officers: list[str]


def hold_the_ceremony(desk: Page) -> Drawn:
    """Freeze, meeting, dice, draw at the desk; the big screen stands in a window of its own."""
    desk.get_by_role("link", name="计划与抽取", exact=True).first.click()
    desk.get_by_role("link", name="抽查任务与抽取").first.click()
    desk.get_by_role("link", name=TASK, exact=True).click()
    desk.get_by_role("button", name="冻结抽取池").click()
    _record_the_meeting(desk)
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="大屏幕").click()
    screen = opened.value
    with page_errors(screen) as complaints:
        screen.set_viewport_size({"width": 1280, "height": 720})
        screen.emulate_media(reduced_motion="no-preference")
        expect(screen.get_by_text("等待产生公开随机数")).to_be_visible()
        _roll_the_dice(desk, screen)
        desk.get_by_role("button", name="抽取并下发").click()
        _names_turn_up(screen)
        _names_are_all_there(screen)
        assert complaints == []
    screen.close()
    return _read_result(desk)


def _read_result(desk: Page) -> Drawn:
    rows = desk.locator("#drawn tbody tr")
    officers = [row.locator("td .nowrap").all_inner_texts() for row in rows.all()]
    assert {len(one) for one in officers} == {2 * len(PRESENT)}
    return Drawn(
        number=desk.get_by_role("heading", level=1).inner_text().removeprefix("抽取").strip(),
        count=len(officers),
        firm=rows.first.get_by_role("rowheader").inner_text().split("\n")[0].strip(),
        officers=[name.removesuffix("（组长）").strip() for name in officers[0]],
    )


def _record_the_meeting(desk: Page) -> None:
    desk.get_by_label("抽取地点").fill("局三楼会议室")
    desk.get_by_label("监督人姓名").fill("乔如是")
    desk.get_by_label("监督人单位").fill("县政府督查室")
    for department, names in PRESENT.items():
        desk.get_by_label(f"{department}到场人员").fill(names)
    desk.get_by_role("button", name="登记会议情况").click()


def _roll_the_dice(desk: Page, screen: Page) -> None:
    """Typed here, seen there; nobody touches the screen."""
    dice = screen.locator(".dice > li:not(.blank)")
    _type_rolls(desk, ROLLS[:1])
    expect(dice).to_have_count(1)
    _type_rolls(desk, " ".join(ROLLS[1:-1]))
    expect(dice).to_have_count(len(ROLLS) - 1)
    desk.get_by_role("button", name=f"{ROLLS[-1]} 点", exact=True).click()
    expect(screen.get_by_text("请监督人核对点数")).to_be_visible()
    assert faint_texts(screen) == []
    desk.get_by_role("button", name="监督人核对无误").click()
    expect(desk.locator("#plain-seed")).to_have_text(ROLLS)


def _type_rolls(desk: Page, text: str) -> None:
    field = desk.get_by_label("点数（还差")
    field.fill(text)
    field.press("Enter")


def _names_turn_up(screen: Page) -> None:
    """Nothing before a key is pressed; then firm and teams one by one; a machine
    that is started again goes on where it was."""
    expect(screen.get_by_text("按空格键逐户宣读")).to_be_visible()
    seen, now = screen.locator(SEEN), screen.locator("[data-now] .turn")
    expect(seen).to_have_count(0)
    screen.keyboard.press("Space")
    expect(now).to_have_count(TURNS)
    expect(now.locator("visible=true")).to_have_count(1)
    for key in ["ArrowRight", "PageDown", "Space"][: TURNS - 1]:
        screen.keyboard.press(key)
    expect(now.locator("visible=true")).to_have_count(TURNS)
    screen.keyboard.press("Space")
    expect(seen).to_have_count(2)
    screen.keyboard.press("ArrowLeft")
    expect(seen).to_have_count(1)
    screen.reload()
    expect(seen).to_have_count(1)
    expect(now.locator("visible=true")).to_have_count(TURNS)

    # Where motion is unwelcome a firm comes with its whole team.
    screen.emulate_media(reduced_motion="reduce", color_scheme="dark")
    screen.keyboard.press("Space")
    expect(seen).to_have_count(2)
    expect(now.locator("visible=true")).to_have_count(TURNS)
    assert faint_texts(screen) == []


def _names_are_all_there(screen: Page) -> None:
    """Left to itself, then the closing picture with what a citizen needs."""
    screen.keyboard.press("p")
    play = screen.get_by_role("button", name="自动播放")
    expect(play).to_have_attribute("aria-pressed", "true")
    screen.keyboard.press("End")
    expect(play).to_have_attribute("aria-pressed", "false")
    expect(screen.locator("[data-closing]")).to_be_visible()
    expect(screen.get_by_label("公开页面的二维码")).to_be_visible()
    expect(screen.get_by_text(ROLLS)).to_be_visible()
    total = screen.locator("[data-turns] > li").count()
    expect(screen.locator(SEEN)).to_have_count(total)
    assert faint_texts(screen) == []
    screen.get_by_role("button", name="上一项").click()
    expect(screen.locator("[data-closing]")).to_be_hidden()
