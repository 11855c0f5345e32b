"""The draw in its room: the office types in one window, the big screen shows in another."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Clock, make_app
from tests.e2e.harness import faint_texts
from tests.e2e.serving import serve

pytestmark = pytest.mark.e2e

PASSWORD = "correct horse battery"
PROJECTOR = {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_empty: Path) -> Iterator[tuple[str, int]]:
    """A county with one joint task of two departments, eight rolls asked for; address and task."""
    from server.accounts.models import Jurisdiction, Person
    from server.accounts.passwords import hash_password
    from server.db import db, unit_of_work
    from tests.integration.draws.world import build_world

    home = tmp_path_factory.mktemp("room")
    shutil.copy(sqlite_empty, home / "suicha.sqlite3")
    app = make_app(f"sqlite:///{home / 'suicha.sqlite3'}", home / "home", Clock())
    with app.app_context():
        world = build_world()
        with unit_of_work() as work:
            work.get_one(Jurisdiction, world.county).settings = {"draw.dice_rolls": 8}
            work.get_one(Person, world.people["office"]).password_hash = hash_password(PASSWORD)
        db.session.remove()
    with serve(app) as url:
        yield url, world.joint_task


def test_what_is_typed_in_the_room_turns_up_on_the_big_screen(
    browser: Browser, site: tuple[str, int]
) -> None:
    url, task = site
    context = browser.new_context(
        viewport=PROJECTOR,  # type: ignore[arg-type]
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="no-preference",
    )
    desk = context.new_page()
    complaints: list[str] = []
    context.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    desk.goto(f"{url}/sign-in?next=/tasks/{task}")
    desk.fill("[name=account]", "office")
    desk.fill("[name=password]", PASSWORD)
    desk.click("main button.primary")
    desk.get_by_role("button", name="冻结抽取池").click()
    record_the_meeting(desk)
    screen = context.new_page()
    screen.goto(desk.url.split("#")[0] + "/screen")
    expect(screen.get_by_text("等待产生公开随机数")).to_be_visible()

    # Dice: typed here, seen there, nobody touches the screen.
    dice = screen.locator(".dice > li:not(.blank)")
    roll(desk, "3")
    expect(dice).to_have_count(1)
    roll(desk, "5 1 6 2 4 4")
    expect(dice).to_have_count(7)
    desk.get_by_role("button", name="2 点", exact=True).click()
    expect(screen.get_by_text("请监督人核对点数")).to_be_visible()
    assert faint_texts(screen) == []
    desk.get_by_role("button", name="监督人核对无误").click()
    expect(desk.locator("#plain-seed")).to_have_text("35162442")
    desk.get_by_role("button", name="抽取并下发").click()

    # Names: nothing is seen before a key is pressed; then firm, then team by team.
    expect(screen.get_by_text("按空格键逐户宣读")).to_be_visible()
    names_turn_up(screen)
    screen.close()
    context.close()
    assert complaints == []


def record_the_meeting(desk: Page) -> None:
    desk.get_by_label("抽取地点").fill("局三楼会议室")
    desk.get_by_label("监督人姓名").fill("甲")
    desk.get_by_label("监督人单位").fill("县督查室")
    desk.get_by_role("button", name="登记会议情况").click()


def roll(desk: Page, text: str) -> None:
    field = desk.get_by_label("点数（还差")
    field.fill(text)
    field.press("Enter")


def names_turn_up(screen: Page) -> None:
    seen = screen.locator("[data-turns] > li:not(.hidden)")
    now = screen.locator("[data-now] .turn")
    expect(seen).to_have_count(0)
    screen.keyboard.press("Space")
    expect(now).to_have_count(3)
    expect(now.locator("visible=true")).to_have_count(1)
    screen.keyboard.press("ArrowRight")
    screen.keyboard.press("PageDown")
    expect(now.locator("visible=true")).to_have_count(3)
    screen.keyboard.press("Space")
    expect(seen).to_have_count(2)
    screen.keyboard.press("ArrowLeft")
    expect(seen).to_have_count(1)

    # In the middle the machine is started again: the room goes on where it was.
    screen.reload()
    expect(seen).to_have_count(1)
    expect(now.locator("visible=true")).to_have_count(3)

    # Where motion is unwelcome a firm comes with its whole team.
    screen.emulate_media(reduced_motion="reduce", color_scheme="dark")
    screen.keyboard.press("Space")
    expect(seen).to_have_count(2)
    expect(now.locator("visible=true")).to_have_count(3)
    assert faint_texts(screen) == []

    screen.keyboard.press("p")
    play = screen.get_by_role("button", name="自动播放")
    expect(play).to_have_attribute("aria-pressed", "true")
    screen.keyboard.press("End")
    expect(play).to_have_attribute("aria-pressed", "false")
    expect(screen.locator("[data-closing]")).to_be_visible()
    expect(screen.get_by_label("公开页面的二维码")).to_be_visible()
    expect(screen.get_by_text("35162442")).to_be_visible()
    total = screen.locator("[data-turns] > li").count()
    expect(seen).to_have_count(total)
    assert faint_texts(screen) == []
    screen.get_by_role("button", name="上一项").click()
    expect(screen.locator("[data-closing]")).to_be_hidden()
