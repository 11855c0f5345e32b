"""The phone alone: what hands, a bad network and an old session do to the field app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Page,
    Playwright,
    expect,
)

from tests.e2e import field_app as app
from tests.e2e import harness
from tests.e2e.accessible import cut_off, violations
from tests.e2e.harness import Server, phone

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15


@pytest.fixture(scope="module")
def field(
    playwright: Playwright,
    server: Server,
    people: dict[str, dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[app.Field]:
    profile = tmp_path_factory.mktemp("phone")
    with phone(playwright, profile, reduced_motion="reduce") as (context, page):
        app.sign_in(page, server, people["jiancha1"])
        firm, inspection = app.first_fetched(page, LIST, ITEMS)
        yield app.Field(server, context, page, people["jiancha1"], firm, inspection)


def test_every_tap_and_every_keystroke_survives_a_killed_browser(
    playwright: Playwright, server: Server, people: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    profile, firm = tmp_path / "phone", ""

    def open_list(page: Page) -> None:
        app.open_app(page, server)
        app.open_inspection(page, firm)
        app.open_section(page, LIST)

    with phone(playwright, profile) as (context, page):
        app.sign_in(page, server, people["jiancha2"])
        firm, _ = app.first_fetched(page, LIST, ITEMS)
        context.set_offline(True)
        open_list(page)
        # Half a pair, and a note with the finger still in the field.
        app.item(page, "PAX-03").get_by_label("抽查数").press_sequentially("17")
        app.item(page, "PAX-04").get_by_label("备注", exact=True).press_sequentially("晋E0000")
        page.wait_for_timeout(400)
        harness.kill_browser(profile)
    with phone(playwright, profile, offline=True) as (context, page):
        open_list(page)
        expect(app.item(page, "PAX-03").get_by_label("抽查数")).to_have_value("17")
        expect(app.item(page, "PAX-03").get_by_text("已暂存本机，还不完整")).to_be_visible()
        note = app.item(page, "PAX-04").get_by_label("备注", exact=True)
        expect(note).to_have_value("晋E0000")
        app.judge(page, "PAX-01", "不合格")  # says 已保存
        harness.kill_browser(profile)
    with phone(playwright, profile, offline=True) as (context, page):
        app.open_app(page, server)
        app.open_inspection(page, firm)
        expect(page.get_by_text("检查中")).to_be_visible()
        app.open_section(page, LIST)
        failing = app.item(page, "PAX-01").get_by_role("radio", name="不合格", exact=True)
        expect(failing).to_be_checked()
        expect(app.item(page, "PAX-03").get_by_label("抽查数")).to_have_value("17")
        # The other half makes it a value, and the draft is gone.
        app.fill(page, "PAX-03", "不符数", "0")
        expect(app.item(page, "PAX-03").get_by_text("已暂存本机，还不完整")).to_have_count(0)
        assert app.stored(page, "drafts") == 0


def test_what_is_no_value_yet_is_kept_when_the_screen_is_left(field: app.Field) -> None:
    page = field.page
    field.open_part()
    pair = app.item(page, "PAX-05")
    pair.get_by_label("抽查数").fill("3")
    pair.get_by_label("不符数").fill("4")
    page.get_by_role("link", name="返回").first.click()  # the same moment
    expect(page.get_by_role("heading", name=field.firm)).to_be_visible()
    field.go(f"/i/{field.inspection}/tr/review")
    expect(page.get_by_role("link").filter(has_text="PAX-05")).to_be_visible()
    field.open_part()
    expect(pair.get_by_label("抽查数")).to_have_value("3")
    expect(pair.get_by_label("不符数")).to_have_value("4")
    expect(pair.get_by_text("不符数不能大于抽查数")).to_be_visible()
    app.fill(page, "PAX-05", "不符数", "0")
    assert app.stored(page, "drafts") == 0
    # The firm's words before the stroke.
    field.go(f"/i/{field.inspection}/tr/sign")
    page.get_by_label("当事人意见（选填）").fill("已改正")
    field.open_part()
    field.go(f"/i/{field.inspection}/tr/sign")
    expect(page.get_by_label("当事人意见（选填）")).to_have_value("已改正")
    page.get_by_label("当事人意见（选填）").fill("")


@pytest.mark.parametrize(
    ("language", "label", "messages"),
    [
        ("中文", "拍照", ("该文件不是可识别的照片", "照片超过 4000 万像素")),
        ("English", "Take photo", ("not a picture we can read", "more than 40 megapixels")),
    ],
)
def test_a_file_that_is_no_picture_or_too_large_is_refused(
    field: app.Field, language: str, label: str, messages: tuple[str, str]
) -> None:
    page = field.page
    field.open_part()
    app.wait_until_all_sent(page)
    field.speak(language)
    field.go(f"/i/{field.inspection}/tr/1")
    camera = app.item(page, "PAX-01").get_by_label(label)
    before = app.kept_work(page)
    kind = "PNG" if language == "中文" else "JPEG"
    program = b"MZ this is a program, not a picture, and long enough to look into"
    torn = harness.plain_picture("PNG", 64, 64)[:-40] + b"\0" * 40
    for content, message in (
        (program, messages[0]),
        (harness.plain_picture(kind, 8200, 5000), messages[1]),
        (torn, messages[0]),
    ):
        file = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": content}
        camera.set_input_files(file)  # type: ignore[arg-type]
        expect(app.item(page, "PAX-01").get_by_role("alert")).to_contain_text(message)
    assert app.kept_work(page) == before
    field.speak("中文")


def test_a_session_that_ends_under_a_note_costs_no_word(field: app.Field) -> None:
    page = field.page
    field.open_part()
    app.wait_until_all_sent(page)
    note = app.item(page, "PAX-02").get_by_label("备注", exact=True)
    note.press_sequentially("晋E00001 线路")
    field.server.change("DELETE FROM sign_in_sessions")
    again = page.get_by_text("需重新登录").first
    expect(again).to_be_visible(timeout=60_000)  # the pause in typing sent the first half
    expect(note).to_have_value("晋E00001 线路")
    note.press_sequentially("标志牌系转借")
    again.click()
    page.get_by_label("密码").fill(field.account["password"])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_label("密码")).to_have_count(0)
    expect(note).to_have_value("晋E00001 线路标志牌系转借")
    app.wait_until_all_sent(page)
    assert field.stored_note("PAX-02") == "晋E00001 线路标志牌系转借"


def test_a_wrong_csrf_token_heals_itself(field: app.Field) -> None:
    page = field.page
    field.open_part()
    app.spoil_csrf_token(page)
    app.note(page, "PAX-01", "令牌已失效")
    app.wait_until_all_sent(page)
    assert field.stored_note("PAX-01") == "令牌已失效"


def test_a_captive_portal_counts_as_no_network(field: app.Field) -> None:
    page = field.page
    field.open_part()
    portal = "<html><title>请先登录无线网络</title></html>"
    page.route(
        "**/api/**", lambda route: route.fulfill(status=200, content_type="text/html", body=portal)
    )
    try:
        app.note(page, "PAX-13", "在餐厅填写")
        bar = page.get_by_label(re.compile("同步状态"))
        expect(bar).to_have_accessible_name(re.compile("待送 1 条.*离线"))
        bar.click()
        expect(page.get_by_text("当前网络需要先认证")).to_be_visible()
    finally:
        page.unroute("**/api/**")
    page.get_by_role("button", name="立即发送").click()
    app.wait_until_all_sent(page)
    assert field.stored_note("PAX-13") == "在餐厅填写"


def test_signing_out_is_refused_while_work_is_unsent(field: app.Field) -> None:
    page = field.page
    field.open_part()
    field.context.set_offline(True)
    app.note(page, "PAX-14", "未送达")
    field.go("/settings")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("alert")).to_contain_text("还有 1 条记录")
    expect(page.get_by_role("heading", name="设置")).to_be_visible()
    field.go("/")
    expect(page.get_by_role("heading", name="检查任务")).to_be_visible()
    field.context.set_offline(False)
    app.wait_until_all_sent(page)


def test_english_leaves_no_chinese_but_the_data_and_reaches_the_server(field: app.Field) -> None:
    page = field.page
    field.open_part()
    field.speak("English")
    locale = f"SELECT locale FROM people WHERE account = '{field.account['account']}'"
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    # The bureau's name is put together from the county's and the department's, as on paper.
    data = app.data_on_phone(page) + "中文" + "泽源县交通运输局"
    for place in app.screens(field.inspection):
        app.visit(page, field.server, place)
        foreign = [word for word in harness.chinese_words(page) if word not in data]
        assert foreign == [], place
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert field.server.sql(locale) == [("en",)]
    # Chosen without a network, it reaches the server later.
    field.context.set_offline(True)
    field.speak("中文")
    assert field.server.sql(locale) == [("en",)]
    field.context.set_offline(False)
    field.go("/queue")
    page.get_by_role("button", name="立即发送").click()
    for _ in range(50):
        if field.server.sql(locale) == [("zh_CN",)]:
            break
        page.wait_for_timeout(100)
    assert field.server.sql(locale) == [("zh_CN",)]


@pytest.mark.parametrize("language", ["中文", pytest.param("English", marks=pytest.mark.soak)])
def test_every_screen_fits_a_small_phone_and_can_be_read_by_everybody(
    field: app.Field, language: str
) -> None:
    page = field.page
    field.open_part()
    field.speak(language)
    with harness.page_errors(page) as errors:
        for place in app.screens(field.inspection):
            app.visit(page, field.server, place)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, place
            expect(page.get_by_role("contentinfo")).to_be_in_viewport(ratio=1)
            assert harness.small_targets(page) == [], place
            for theme in ("light", "dark"):
                page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
                assert harness.faint_texts(page) == [], (place, theme)
                assert violations(page) == [], (place, theme)
            page.evaluate("document.documentElement.dataset.text = 'largest'")
            assert cut_off(page) == [], (place, "letters twice as large")
            bar = page.get_by_role("contentinfo").bounding_box()
            assert bar is not None and bar["height"] <= 64, (place, "one line at the foot", bar)
            page.evaluate("delete document.documentElement.dataset.text")
    assert errors == []
    field.speak("中文")


def test_the_app_can_be_installed_and_starts_without_its_server(field: app.Field) -> None:
    page = field.page
    field.open_part()
    address = page.locator("link[rel=manifest]").get_attribute("href")
    manifest = page.evaluate("async (url) => (await fetch(url)).json()", address)
    icons = {(icon["sizes"], icon["purpose"]): icon["src"] for icon in manifest["icons"]}
    assert set(icons) >= {(f"{n}x{n}", use) for n in (192, 512) for use in ("any", "maskable")}
    measure = """async (url) => {
      const image = Object.assign(new Image(), { src: url })
      await image.decode()
      return `${image.naturalWidth}x${image.naturalHeight}`
    }"""
    for (sizes, _), address in icons.items():
        assert page.evaluate(measure, address) == sizes
    assert manifest["start_url"] == manifest["scope"] == "/app/"
    assert page.evaluate("navigator.serviceWorker.controller.state") == "activated"
    field.server.kill()
    try:
        page.goto("about:blank")
        app.open_app(page, field.server)
        expect(page.get_by_role("link").filter(has_text=field.firm)).to_be_visible()
        expect(page.get_by_label(re.compile("同步状态: .*离线"))).to_be_visible()
    finally:
        field.server.start()
    app.open_app(page, field.server)
    page.get_by_role("button", name="刷新").click()
    expect(page.get_by_label(re.compile("同步状态: .*离线"))).to_have_count(0)


def test_entered_inspections_are_folded_away_and_the_search_finds_them(field: app.Field) -> None:
    page, firm = field.page, field.firm
    field.open_part()
    app.wait_until_all_sent(page)
    field.context.set_offline(True)
    before = set_sheet_state(page, field.inspection, "entered")
    app.open_app(page, field.server)
    card = page.get_by_role("link").filter(has_text=firm)
    fold = page.get_by_role("button", name="查看已录入的 1 户")
    expect(fold).to_be_visible()
    expect(card).to_have_count(0)
    # The search needs no unfolding, and says so when there is nothing anywhere.
    search = page.get_by_label("查找企业、任务或编号")
    search.fill(firm)
    expect(card).to_have_count(1)
    search.fill(f"{firm}不存在")
    expect(page.get_by_text("没有符合")).to_be_visible()
    search.fill("")
    expect(card).to_have_count(0)
    fold.click()
    expect(card.get_by_text("已录入", exact=True)).to_be_visible()
    set_sheet_state(page, field.inspection, before)
    field.context.set_offline(False)


def set_sheet_state(page: Page, inspection: str, state: str) -> str:
    """What a pull would bring, put into the phone's store as a pull does; the state before."""
    before: str = page.evaluate(
        """async ([space, state]) => {
          const names = (await indexedDB.databases()).map((one) => one.name)
          const name = names.find((one) => /^suicha-\\d+$/.test(one))
          const got = (asked) => new Promise((done) => (asked.onsuccess = () => done(asked.result)))
          const db = await got(indexedDB.open(name))
          const change = db.transaction(['rows', 'cards'], 'readwrite')
          const row = await got(change.objectStore('rows').get([space, 'sheet:tr']))
          const before = row.fields.state
          row.fields.state = state
          change.objectStore('rows').put(row)
          change.objectStore('cards').delete(space)
          await new Promise((done) => (change.oncomplete = done))
          db.close()
          return before
        }""",
        [f"insp:{inspection}", state],
    )
    return before
