"""The visit itself: before leaving, at the gate, the list, the signatures."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from tests.e2e import field_app as app
from tests.e2e.harness import Server, phone
from tests.e2e.office import office_page, open_page, sign_in_office

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15


@pytest.fixture
def officer(request: pytest.FixtureRequest, people: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Each officer has a handful of firms nobody has begun with; the tests share them out."""
    return people[getattr(request, "param", "jiancha1")]


second_officer = pytest.mark.parametrize("officer", ["jiancha2"], indirect=True)


@pytest.fixture
def page(
    playwright: Playwright, server: Server, officer: dict[str, Any], tmp_path: Path
) -> Iterator[Page]:
    with phone(playwright, tmp_path / "phone", reduced_motion="reduce") as (_context, page):
        app.sign_in(page, server, officer)
        app.wait_until_all_sent(page)
        yield page


def answers_of(server: Server, inspection: str) -> dict[str, dict[str, Any]]:
    """Item → fields, as the server has them."""
    rows = server.sql(
        f"SELECT id, fields FROM entities WHERE type = 'answer' AND space = 'insp:{inspection}'"
    )
    return {name.rpartition("/")[2]: json.loads(fields) for name, fields in rows}


def test_before_leaving_one_thing_is_asked_for_and_each_check_can_be_seen(
    page: Page, server: Server
) -> None:
    card = page.get_by_label("出发准备")
    expect(card.get_by_role("heading", name="出发前请先处理")).to_be_visible()
    card.get_by_text("逐项查看").click()
    for holds in ("登录在明天内有效", "任务和检查表已全部下载", "一天内联过网", "手机时间准确"):
        expect(card.get_by_text(holds)).to_be_visible()
    expect(card.get_by_text("没有找到相机")).to_have_count(2)  # this machine has none
    # A sign-in that ends tomorrow at noon comes before everything else.
    server.change("UPDATE sign_in_sessions SET expires_at = datetime('now', '+12 hours')")
    app.spoil_csrf_token(page)  # so that the phone asks who it is
    app.note(page_of(page, server), "PAX-11", "出发前")
    app.wait_until_all_sent(page)
    page.goto(f"{server.url}/app/#/")
    expect(card.get_by_text(re.compile("登录将于 .* 到期")).first).to_be_visible()
    card.get_by_role("button", name="重新登录").click()
    expect(page.get_by_label("密码")).to_be_visible()


def page_of(page: Page, server: Server) -> Page:
    """The same page, on the list of the first inspection."""
    _, inspection = app.first_fetched(page, LIST, ITEMS)
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/1")
    expect(page.get_by_role("heading", name=LIST)).to_be_visible()
    return page


def test_the_rest_of_a_section_passes_in_one_confirmed_tap_and_is_marked_so(
    page: Page, server: Server
) -> None:
    firm, inspection = app.first_fetched(page, LIST, ITEMS)
    app.open_inspection(page, firm)
    app.open_section(page, LIST)
    app.judge(page, "PAX-01", "不合格")
    app.note(page, "PAX-02", "待核")  # begun: not one of the rest
    app.photograph(page, "PAX-14", "未及判定")  # nor this, whatever the picture shows
    page.get_by_role("button", name=re.compile("本节其余 2 项均合格")).click()
    expect(page.get_by_text("将 PAX-13、PAX-15 共 2 项判为合格")).to_be_visible()
    page.get_by_role("button", name="取消").click()
    expect(app.item(page, "PAX-13").get_by_role("radio", checked=True)).to_have_count(0)
    page.get_by_role("button", name=re.compile("本节其余 2 项均合格")).click()
    page.get_by_role("button", name="都看过").click()
    for code in ("PAX-13", "PAX-15"):
        passed = app.item(page, code).get_by_role("radio", name="合格", exact=True)
        expect(passed).to_be_checked()
        expect(app.item(page, code).get_by_text("本节其余项一并判为合格")).to_be_visible()
    # Looked at again by itself: no longer one of the rest.
    app.judge(page, "PAX-15", "不合格")
    expect(app.item(page, "PAX-15").get_by_text("本节其余项一并判为合格")).to_have_count(0)
    app.wait_until_all_sent(page)
    found = answers_of(server, inspection)
    assert found["PAX-13"] == {"value": "pass", "by_rest": True}
    assert "PAX-14" not in found
    assert found["PAX-15"] == {"value": "fail", "by_rest": None}
    assert found["PAX-02"] == {"note": "待核"}
    # The screen stays where the hand is, whatever is kept and sent meanwhile.
    app.item(page, "PAX-14").scroll_into_view_if_needed()
    place = page.evaluate("() => scrollY")
    assert place > 500
    app.judge(page, "PAX-14", "合格")
    app.wait_until_all_sent(page)
    assert abs(page.evaluate("() => scrollY") - place) < 200


def test_a_closed_firm_is_recorded_with_account_and_photo_and_entered_with_its_own_code(
    page: Page, server: Server, browser: Browser, people: dict[str, dict[str, Any]]
) -> None:
    firm, inspection = app.first_fetched(page, LIST, ITEMS)
    page.context.set_offline(True)
    app.open_inspection(page, firm)
    app.check_in_everybody(page)
    page.get_by_role("link", name="无法正常检查？").click()
    page.get_by_role("radio", name=re.compile("^已关闭停业")).check()
    expect(page.get_by_text("还没有写明现场情况")).to_be_visible()
    expect(page.get_by_text("还没有拍摄现场情况的照片")).to_be_visible()
    account = page.get_by_label(re.compile("^停业情况"))
    account.fill("门头已拆，大门上锁，邻居称三月停业")
    account.blur()
    page.get_by_label("拍照").set_input_files(
        {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": app.jpeg("门头已拆")}
    )
    expect(page.get_by_text("照片已保存")).to_be_visible()
    expect(page.get_by_text("还没有写明现场情况")).to_have_count(0)
    page.get_by_role("link", name="签字", exact=True).click()
    expect(page.get_by_text("无须当事人签字")).to_be_visible()
    expect(page.get_by_label("被检查单位签字", exact=True)).to_have_count(0)
    app.sign_officers(page)
    app.open_inspection(page, firm)
    expect(page.get_by_text("已关闭停业：门头已拆")).to_be_visible()
    app.submit(page)
    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    with office_page(browser) as lead:
        sign_in_office(lead, server, people["zuzhang"])
        open_page(lead, server, f"/inspections/{inspection}")
        expect(lead.get_by_text("无法正常检查 · 已关闭停业").first).to_be_visible()
        lead.get_by_role("button", name="通过审核").first.click()
        expect(lead.get_by_text("审核通过").first).to_be_visible()
    app.open_app(page, server)
    app.open_inspection(page, firm)
    page.get_by_role("link", name="录入结果").click(timeout=60_000)
    page.get_by_role("button", name="录入结果").click()
    expect(page.get_by_text("已录入，结果已锁定。")).to_be_visible(timeout=60_000)
    ((results, worst),) = server.sql(
        f"SELECT results, result_code FROM sheets WHERE inspection_id = {inspection}"
    )
    assert worst == 7
    assert set(json.loads(results).values()) == {7} and len(json.loads(results)) == ITEMS


def test_a_record_changed_after_signing_makes_the_signature_visibly_void(
    page: Page, server: Server, browser: Browser, people: dict[str, dict[str, Any]]
) -> None:
    firm, inspection = app.first_fetched(page, LIST, ITEMS)
    app.open_inspection(page, firm)
    app.check_in_everybody(page)
    app.open_section(page, LIST)
    app.judge(page, "PAX-01", "不合格")
    app.open_inspection(page, firm)
    page.get_by_role("link", name="签字", exact=True).click()
    record = page.locator("details.record")
    record.locator("summary").click()
    expect(record.get_by_role("listitem").filter(has_text="PAX-01")).to_contain_text("不合格")
    app.sign_officers(page)
    # Another photo takes nothing from what was signed; another answer does.
    app.open_inspection(page, firm)
    app.open_section(page, LIST)
    app.photograph(page, "PAX-01", "补拍")
    app.open_inspection(page, firm)
    page.get_by_role("link", name="签字", exact=True).click()
    expect(page.get_by_role("img", name=re.compile("已签名"))).to_have_count(2)
    expect(page.get_by_text("此签名已作废")).to_have_count(0)
    app.open_inspection(page, firm)
    app.open_section(page, LIST)
    app.judge(page, "PAX-01", "合格")
    app.wait_until_all_sent(page)
    with office_page(browser) as lead:
        sign_in_office(lead, server, people["zuzhang"])
        open_page(lead, server, f"/inspections/{inspection}")
        expect(lead.get_by_text("签字后记录有改动，此签名已作废")).to_have_count(2)
    app.open_inspection(page, firm)
    page.get_by_role("link", name="核对并提交").click()
    page.get_by_role("link", name=re.compile("2 个签名已作废")).click()
    expect(page.get_by_text("此签名已作废")).to_have_count(2)
    app.sign_officers(page)
    expect(page.get_by_text("此签名已作废")).to_have_count(0)


def test_the_camera_inside_the_page_takes_one_photo_after_the_other(
    playwright: Playwright, server: Server, officer: dict[str, Any], tmp_path: Path
) -> None:
    profile = tmp_path / "camera"
    with phone(playwright, profile, camera="granted", reduced_motion="reduce") as (context, page):
        app.sign_in(page, server, officer)
        firm, inspection = app.first_fetched(page, LIST, ITEMS)
        page.get_by_label("出发准备").get_by_text("逐项查看").click()
        expect(page.get_by_text("相机可用")).to_be_visible()
        context.set_offline(True)
        app.open_inspection(page, firm)
        app.open_section(page, LIST)
        app.judge(page, "PAX-01", "不合格")
        app.item(page, "PAX-01").get_by_role("button", name="拍照").click()
        camera = page.get_by_role("dialog", name="拍照：PAX-01")
        for n in (1, 2, 3):
            camera.get_by_role("button", name="拍摄").click()
            expect(camera.get_by_text(f"已保存 {n} 张")).to_be_visible()
        film = page.evaluate("document.querySelector('dialog video').currentTime")
        camera.get_by_role("button", name="完成").click()
        expect(camera).to_have_count(0)
        expect(app.item(page, "PAX-01").get_by_role("img", name=re.compile("照片"))).to_have_count(
            3
        )
        # The pages of a document, one after the other, by the same camera.
        ledger = app.item(page, "PAX-02")
        ledger.get_by_role("button", name="拍资料").click()
        ledger.get_by_role("button", name="拍第 1 页").click()
        camera = page.get_by_role("dialog", name="拍照：PAX-02")
        # Chromium's test picture begins anew with each opening: the same moment is the same bytes.
        page.wait_for_function(
            "(film) => document.querySelector('dialog video')?.currentTime > film", arg=film
        )
        for n in (1, 2):
            camera.get_by_role("button", name="拍摄").click()
            said = f"已保存 {n} 张，可继续拍摄，拍第 {n + 1} 页"
            expect(camera.get_by_text(said)).to_be_visible()
        page.go_back()
        expect(camera).to_have_count(0)
        expect(ledger.get_by_role("heading", name="资料 2 页")).to_be_visible()
        context.set_offline(False)
        app.wait_until_all_sent(page)
    photos = server.sql(
        f"SELECT fields FROM entities WHERE type = 'photo' AND space = 'insp:{inspection}'"
    )
    told = [json.loads(fields) for (fields,) in photos]
    assert [one["manifest"]["source"] for one in told] == ["camera"] * 5
    pages = [one["manifest"]["document"] for one in told if "document" in one["manifest"]]
    assert sorted(one["page"] for one in pages) == [1, 2] and pages[0]["id"] == pages[1]["id"]
    assert all(one["stored"] and one["width"] >= 640 for one in told)


@second_officer
def test_a_refused_camera_leaves_the_phones_own_and_says_where_to_allow_it(
    playwright: Playwright, server: Server, officer: dict[str, Any], tmp_path: Path
) -> None:
    profile = tmp_path / "refused"
    with phone(playwright, profile, camera="denied", reduced_motion="reduce") as (_context, page):
        app.sign_in(page, server, officer)
        firm, _ = app.first_fetched(page, LIST, ITEMS)
        card = page.get_by_label("出发准备")
        expect(
            card.get_by_text("相机权限已被拒绝：请在浏览器的“网站设置”中允许").first
        ).to_be_attached()
        app.open_inspection(page, firm)
        app.open_section(page, LIST)
        expect(app.item(page, "PAX-02").locator("button", has_text="拍照")).to_have_count(0)
        app.photograph(page, "PAX-02", "自带相机")


@second_officer
def test_a_camera_that_fails_when_it_is_opened_gives_way_to_the_phones_own(
    playwright: Playwright, server: Server, officer: dict[str, Any], tmp_path: Path
) -> None:
    profile = tmp_path / "broken"
    with phone(playwright, profile, camera="granted", reduced_motion="reduce") as (context, page):
        app.sign_in(page, server, officer)
        firm, _ = app.first_fetched(page, LIST, ITEMS)
        app.open_inspection(page, firm)
        app.open_section(page, LIST)
        item = app.item(page, "PAX-02")
        expect(item.locator("button", has_text="拍照")).to_be_visible()
        context.clear_permissions()  # taken back in the browser's settings meanwhile
        context.grant_permissions(["geolocation"])
        item.locator("button", has_text="拍照").click()
        expect(item.get_by_text("没能打开相机。请在浏览器的“网站设置”中允许")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
        app.photograph(page, "PAX-02", "自带相机")


@second_officer
def test_the_firm_reads_the_notice_checks_the_officers_by_the_code_and_signs_for_it(
    page: Page, server: Server, browser: Browser
) -> None:
    firm, inspection = app.first_fetched(page, LIST, ITEMS)
    app.open_inspection(page, firm)
    page.context.set_offline(True)
    page.get_by_role("link", name="出示告知书和核对码").click()
    notice = page.get_by_role("article")
    expect(notice.get_by_text(f"{firm}：")).to_be_visible()
    expect(notice.get_by_text("道路旅客运输（15 项）")).to_be_visible()
    expect(notice.get_by_text("有权申请其回避")).to_be_visible()
    code = page.get_by_role("img", name="核对检查人员的二维码")
    expect(code).to_be_visible()
    row = app.ask_store(page, "rows", "get", [f"insp:{inspection}", f"inspection:{inspection}"])
    address = f"{server.url}/check/{row['fields']['door']}"
    assert read_code(code) == address
    page.emulate_media(color_scheme="dark")
    assert read_code(code) == address
    receipt = page.get_by_label("告知书签收", exact=True)
    receipt.get_by_label("姓名").fill("李安全")
    app.draw_signature(page, receipt.get_by_role("img", name="告知书签收 签名区"))
    receipt.get_by_role("button", name="保存签名").click()
    expect(receipt.get_by_role("img", name="李安全 已签名")).to_be_visible()
    app.open_inspection(page, firm)
    expect(page.get_by_role("link", name="告知书已送达")).to_be_visible()
    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    rows = server.sql(
        f"SELECT fields FROM entities WHERE type = 'signature' AND space = 'insp:{inspection}'"
    )
    ((fields,),) = rows
    told = json.loads(fields)
    assert (told["role"], told["name"], told["notice"]) == ("notice", "李安全", 1)
    assert "signed" not in told
    # The firm's own phone, signed in nowhere.
    with office_page(browser) as stranger:
        stranger.goto(address)
        expect(stranger.get_by_text("本次检查属实")).to_be_visible()
        expect(stranger.get_by_role("heading", name="核对检查人员")).to_be_visible()
        members = server.sql(
            "SELECT officers.name, officers.cert_no FROM team_members JOIN officers"
            f" ON officers.id = officer_id WHERE inspection_id = {inspection}"
        )
        assert len(members) >= 2
        for name, certificate in members:
            line = stranger.get_by_role("listitem").filter(has_text=name)
            expect(line).to_contain_text(certificate)
        answer = stranger.goto(address[:-1] + ("A" if address[-1] != "A" else "B"))
        assert answer is not None and answer.status == 404


@second_officer
def test_an_entry_for_a_newer_app_and_a_year_nobody_means_are_said_and_the_rest_goes_on(
    page: Page, server: Server
) -> None:
    firm, _ = app.first_fetched(page, LIST, ITEMS)
    app.wait_until_all_sent(page)
    page.context.set_offline(True)
    spoiled = app.ask_store(page, "lib", "get", "passenger@1")
    strange = next(one for one in spoiled["list"]["items"] if one["code"] == "PAX-13")
    strange |= {"severity": "fatal", "methods": ["drone"], "answer": {"type": "matrix"}}
    app.ask_store(page, "lib", "put", spoiled)
    page.reload()  # a list that was read is not read again: no version ever changes
    app.open_inspection(page, firm)
    app.open_section(page, LIST)
    expect(app.item(page, "PAX-13").get_by_text("这一项需要新版应用才能填写")).to_be_visible()
    app.judge(page, "PAX-14", "合格")
    app.open_inspection(page, firm)
    app.open_section(page, "通用项目")
    date = app.item(page, "COM-02").get_by_label("日期")
    date.fill("2926-03-04")
    expect(app.item(page, "COM-02").get_by_text("请核对年份")).to_be_visible()
    expect(date).to_have_value("2926-03-04")
    date.fill(app.today(page))
    expect(app.item(page, "COM-02").get_by_text("请核对年份")).to_have_count(0)
    app.expect_kept(page, "COM-02")
    # A list that is not here is said, and one goes on past it.
    app.ask_store(page, "lib", "delete", "common@1")
    page.reload()
    expect(page.get_by_role("heading", name="尚未下载到本机")).to_be_visible()
    page.get_by_role("link", name="下一部分").click()
    expect(app.item(page, "PAX-14")).to_be_visible()


@second_officer
def test_an_emptied_note_comes_back_with_one_tap_and_entries_are_found_by_their_words(
    page: Page,
) -> None:
    firm, _ = app.first_fetched(page, LIST, ITEMS)
    app.open_inspection(page, firm)
    page.get_by_label("查找检查项").fill("标志牌")
    page.get_by_role("link", name=re.compile("^PAX-0")).first.click()
    expect(page.get_by_role("heading", name=LIST)).to_be_visible()
    text = "晋E00001 未悬挂线路标志牌，驾驶员称遗忘在家"
    app.note(page, "PAX-02", text)
    note = app.item(page, "PAX-02").get_by_label("备注", exact=True)
    note.fill("")
    note.blur()
    app.item(page, "PAX-02").get_by_role("button", name="撤销清空").click()
    expect(note).to_have_value(text)
    app.expect_kept(page, "PAX-02")
    expect(page.get_by_role("button", name="撤销清空")).to_have_count(0)
    # From the last screen the first open entry of the whole sheet.
    page.get_by_role("link", name="去下一处未填（COM-01）").click()
    expect(page.get_by_role("heading", name="通用项目")).to_be_visible()
    expect(page.locator("#head-COM-01")).to_be_focused()


def read_code(code: Locator) -> str:
    """What a camera that looks at this screen reads."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())).convert("L"))
    return str(found.text)


def test_without_a_network_the_officer_knows_of_last_time_says_who_is_missing_and_taps_a_phrase(
    playwright: Playwright, server: Server, people: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    """On a firm where something was found last year; its row is what publishing would write."""
    finding = {"on": "2025-11-12", "verdict": "fail", "result": 5, "note": "晋E12345 未带证"}
    fields = json.dumps({"as_of": "2026-03-01", "findings": {"PAX-03": finding}})
    server.change(f"UPDATE entities SET fields = '{fields}' WHERE id = 'past:tr'")
    with phone(playwright, tmp_path / "phone", reduced_motion="reduce") as (context, page):
        context.clear_permissions()
        app.sign_in(page, server, people["jiancha2"])
        app.wait_until_all_sent(page)
        # Other stories have finished with some of this officer's firms.
        fresh = page.get_by_role("link").filter(has_text="待检查").filter(has_text=LIST)
        firm, inspection = app.first_of(fresh.filter(has_text=f"已填 0/{ITEMS}"))
        # The position is asked for after a tap only; refused, the list stays as it was.
        expect(page.get_by_text("手机会询问是否允许使用位置")).to_be_visible()
        page.get_by_role("button", name="按距离排列").click()
        expect(page.get_by_text("没有获得位置权限")).to_be_visible()
        context.grant_permissions(["geolocation"], origin=server.url)
        page.get_by_role("button", name="按距离排列").click()
        expect(page.get_by_text(re.compile("距此约 .* 公里")).first).to_be_visible()
        context.set_offline(True)
        app.open_inspection(page, firm)
        _someone_is_missing(page)
        app.open_section(page, LIST)
        expect(app.item(page, "PAX-03").get_by_text("上次（2025年11月12日")).to_be_visible()
        _tap_a_phrase(app.item(page, "PAX-03"))
        app.open_inspection(page, firm)
        page.get_by_role("button", name=re.compile("^到场登记：")).click()
        expect(page.get_by_text(re.compile("已到场（.*检查已开始"))).to_be_visible()
        expect(page.get_by_text("公出")).to_have_count(0)
        context.set_offline(False)
        app.wait_until_all_sent(page)
    assert answers_of(server, inspection)["PAX-03"] == {
        "note": "抽查三台；车辆…未随车携带道路运输证。"
    }
    rows = server.sql(
        f"SELECT fields FROM entities WHERE type = 'checkin' AND space = 'insp:{inspection}'"
    )
    found = [json.loads(fields) for (fields,) in rows]
    assert sorted("absent" in one for one in found) == [False, False, True]
    assert [one.get("late") for one in found if "officer_id" in one] == [None, True]


def _someone_is_missing(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^到场登记：")).first.click()
    expect(page.get_by_text("已到场")).to_have_count(1)
    page.get_by_role("button", name=re.compile("^登记未到场：")).click()
    page.get_by_role("button", name="登记未到场", exact=True).click()
    expect(page.get_by_text("请选择未到场的原因")).to_be_visible()
    page.get_by_role("radio", name="公出").check()
    page.get_by_role("button", name="登记未到场", exact=True).click()
    expect(page.get_by_text("公出")).to_be_visible()
    expect(page.get_by_text("已到场")).to_have_count(1)


def _tap_a_phrase(item: Locator) -> None:
    """At the cursor, behind what was typed; taken back once, and typed over by nothing."""
    note = item.get_by_label("备注", exact=True)
    note.fill("抽查三台")
    item.get_by_role("button", name="常用语").click()
    phrase = item.get_by_role("button", name="车辆…未随车携带道路运输证。")
    phrase.click()
    expect(note).to_have_value("抽查三台；车辆…未随车携带道路运输证。")
    expect(note).to_be_focused()
    item.get_by_role("button", name="撤销插入").click()
    expect(note).to_have_value("抽查三台")
    phrase.click()
    note.press("Control+z")
    expect(note).to_have_value("抽查三台")
    phrase.click()
    expect(note).to_have_value("抽查三台；车辆…未随车携带道路运输证。")
    note.blur()
    expect(item.locator(".status").get_by_text(re.compile("已保存|已送达"))).to_be_visible()
