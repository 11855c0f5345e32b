"""The whole visit without a pointer: every tap of the others is a key here."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FileChooser, Locator, Page, Playwright, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.e2e import field_app as app
from tests.e2e.accessible import violations
from tests.e2e.harness import LIGHT_CHROMIUM, Server, phone
from tests.e2e.keys import Keys

pytestmark = [pytest.mark.e2e, pytest.mark.soak]  # the longest way through a visit

LIST = "道路旅客运输"
ITEMS = 8 + 15


def test_the_whole_visit_by_keys_alone(
    playwright: Playwright, server: Server, people: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    light = {"browser": LIGHT_CHROMIUM, "reduced_motion": "reduce"}
    with phone(playwright, tmp_path / "phone", **light) as (context, page):
        keys = Keys(page)
        sign_in(page, keys, server, people["jiancha1"])
        firm, inspection = app.first_fetched(page, LIST, ITEMS)
        app.wait_until_all_sent(page)
        context.set_offline(True)
        keys.use(page.get_by_role("link").filter(has_text=firm))
        # Reading goes on at the name of the new screen, not somewhere in it.
        expect(page.get_by_role("heading", name="检查", exact=True)).to_be_focused()
        expect(page).to_have_title("检查 · 随查")
        check_in(page, keys)
        fill_both_lists(page, keys)
        signatures(page, keys)
        assert violations(page) == []
        keys.use(page.get_by_role("link", name="核对并提交"))
        expect(page.get_by_text("各项已填写齐全，可以提交。")).to_be_visible()
        keys.use(page.get_by_role("button", name="提交", exact=True))
        expect(page.get_by_text(re.compile("已在本机提交|已提交，等待"))).to_be_visible()
        context.set_offline(False)
        keys.use(page.get_by_label(re.compile("^同步状态")))
        keys.use(page.get_by_role("button", name="立即发送"))
        app.wait_until_all_sent(page)
    ((state,),) = server.sql(f"SELECT state FROM sheets WHERE inspection_id = {inspection}")
    assert state == "submitted"
    where = f"type = 'signature' AND space = 'insp:{inspection}'"
    drawn = [
        json.loads(f)["strokes"]
        for (f,) in server.sql(f"SELECT fields FROM entities WHERE {where}")
    ]
    assert [len(strokes) for strokes in drawn] == [2, 2, 2]
    assert all(len(stroke) >= 6 for strokes in drawn for stroke in strokes)


def sign_in(page: Page, keys: Keys, server: Server, account: dict[str, str]) -> None:
    page.goto(f"{server.url}/app/")
    keys.write(page.get_by_label("账号"), account["account"])
    keys.write(page.get_by_label("密码"), account["password"])
    keys.press("Enter")
    expect(page.get_by_role("heading", name="检查任务")).to_be_visible()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def check_in(page: Page, keys: Keys) -> None:
    keys.use(page.get_by_label("附当前位置"), "Space")
    for done in (1, 2):
        keys.use(page.get_by_role("button", name=re.compile("^到场登记")).first)
        expect(page.get_by_text("已到场")).to_have_count(done)


def fill_both_lists(page: Page, keys: Keys) -> None:
    """Every stop of the way is answered where it stands; one entry fails, with note and photo."""
    first = page.get_by_role("link").filter(has_text="通用项目").first
    for way, title, filled in (
        (first, "通用项目", "7/8"),  # the eighth is the firm's signature
        (page.get_by_role("link", name="下一部分"), LIST, "15/15"),
    ):
        keys.use(way)
        expect(page.get_by_role("heading", name=re.compile(title))).to_be_visible()
        keys.press("Tab")
        while not (at := keys.here())["label"].startswith("同步状态"):
            if at["item"]:
                answer(page, keys, at)
            keys.press("Tab")
        expect(page.get_by_text(f"已填 {filled} 项")).to_be_visible()


def answer(page: Page, keys: Keys, at: dict[str, Any]) -> None:
    """What is written at one stop."""
    if at["isAnswered"]:
        return
    if at["type"] == "radio":
        # The first of three is 合格; an arrow chooses the next one.
        keys.press("Space")
        if at["item"] == "PAX-01":
            keys.press("ArrowRight")
            expect(app.item(page, "PAX-01").get_by_text("须拍照")).to_be_visible()
    elif at["type"] == "file":
        lacks = app.item(page, at["item"]).get_by_text("须拍照")
        if "拍照" not in at["label"] or not lacks.count():
            return
        chooser = choose_file(
            page, keys, app.item(page, at["item"]).get_by_label("拍照", exact=True)
        )
        picture = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": app.jpeg(at["item"])}
        chooser.set_files(picture)
        expect(app.item(page, at["item"]).get_by_text("照片已保存")).to_be_visible()
    elif at["type"] == "date":
        day = "2027-06-30" if at["item"] == "PAX-07" else app.today(page)
        year, month, rest = day.split("-")
        keys.type(month + rest + year)  # in the order of this browser's field
    elif at["type"] == "number" or at["label"].startswith(("抽查数", "不符数", "数值", "接入")):
        keys.type({"抽查数": "5", "不符数": "0", "接入车辆数": "60"}.get(at["label"], "100"))
    elif at["type"] == "textarea" and at["label"] == "填写内容":
        keys.type("检查情况属实，当事人无异议。")
    elif at["type"] == "textarea" and at["item"] == "PAX-01":
        keys.type("许可证过期三天")


def choose_file(page: Page, keys: Keys, field: Locator) -> FileChooser:
    """A busy page may take the key while the button is drawn anew: then it is pressed again."""
    for _ in range(3):
        keys.reach(field)
        with suppress(PlaywrightTimeout):
            with page.expect_file_chooser(timeout=30_000) as chooser:
                keys.press("Enter")
            return chooser.value
    raise AssertionError("no file can be chosen by key")


def signatures(page: Page, keys: Keys) -> None:
    keys.use(page.get_by_role("link", name="去签字"))
    for _ in range(2):
        keys.use(page.get_by_role("button", name=re.compile("^签字：")).first)
        pad = page.get_by_role("application", name=re.compile("签名区")).first
        keys.sign(pad)
        keys.use(page.get_by_label("检查人员签名").get_by_role("button", name="保存签名"))
        expect(
            page.get_by_label("检查人员签名").get_by_role("button", name="保存签名")
        ).to_have_count(0)
    firm = page.get_by_label("被检查单位签字", exact=True)
    keys.write(firm.get_by_label("姓名"), "王守义")
    keys.sign(firm.get_by_role("application"))
    keys.use(firm.get_by_role("button", name="保存签名"))
    expect(firm.get_by_role("button", name="保存签名")).to_have_count(0)
