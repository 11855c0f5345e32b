"""Where the field app does not run: it says why, and the work is done on plain pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e.accessible import violations
from tests.e2e.harness import (
    CHROMIUM_ARGS,
    LIGHT_CHROMIUM,
    Server,
    jpeg,
    page_errors,
)
from tests.e2e.office import office_page, open_page, sign_in_office

pytestmark = pytest.mark.e2e

FAR = "suicha.test"  # a name that is not this machine's own: without https no secure context
WECHAT = "Mozilla/5.0 (Linux; Android 10) Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.30"
NO_STORE = "Object.defineProperty(window, 'indexedDB', { value: undefined })"
PHOTO = jpeg("门头")
SHORT_LIST = '[{"list": "common@1", "items": ["COM-01", "COM-02", "COM-03", "COM-04"]}]'
OLD = "delete String.prototype.replaceAll"


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    args = [*CHROMIUM_ARGS, f"--host-resolver-rules=MAP {FAR} 127.0.0.1"]
    found = playwright.chromium.launch(executable_path=LIGHT_CHROMIUM, args=args)
    yield found
    found.close()


@contextmanager
def narrow(browser: Browser, **options: Any) -> Iterator[Page]:
    """A phone's browser without anything of ours in it."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        **options,
    )
    context.set_default_timeout(30_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def test_a_browser_that_lacks_something_is_told_what_and_where_else_to_go(
    browser: Browser, server: Server
) -> None:
    heading = "此浏览器不能使用随查手机端"
    for address, taken_away, says in (
        (server.url, NO_STORE, "不能在手机上保存记录"),
        (server.url, OLD, "浏览器版本过低"),
        (f"http://{FAR}:{server.port}", "", "网址不是以 https:// 开头"),
    ):
        with narrow(browser) as page, page_errors(page) as errors:
            if taken_away:
                page.add_init_script(taken_away)
            page.goto(f"{address}/app/")
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
            expect(page.get_by_role("listitem")).to_have_count(1)
            expect(page.get_by_role("listitem")).to_contain_text(says)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            assert not [one for one in errors if "Content Security Policy" in one]
            page.get_by_role("link", name="改用网页填报").click()
            expect(page.get_by_label("账号")).to_be_visible()
    with narrow(browser, user_agent=WECHAT) as page:
        page.goto(f"{server.url}/app/")
        expect(page.get_by_label("账号")).to_be_visible()
        hint = page.get_by_role("note").filter(has_text="在浏览器打开")
        hint.get_by_role("button").click()
        expect(hint).to_be_hidden()
        page.reload()
        expect(page.get_by_label("账号")).to_be_visible()
        expect(hint).to_be_hidden()


def test_a_sheet_is_filled_to_its_end_without_javascript_and_by_keys(
    browser: Browser, server: Server, people: dict[str, dict[str, Any]]
) -> None:
    # four of its entries, each of another type: the rest would only take time
    server.change(f"UPDATE sheets SET lists = '{SHORT_LIST}'")
    with narrow(browser, java_script_enabled=False) as page, page_errors(page) as errors:
        page.goto(f"{server.url}/app/")
        page.get_by_role("link", name="网页填报").press("Enter")
        page.get_by_label("账号").fill("jiancha1")
        page.get_by_label("密码").fill(people["jiancha1"]["password"])
        page.get_by_label("密码").press("Enter")
        page.get_by_role("link", name="填写结果表").first.press("Enter")
        for _ in range(2):
            page.get_by_role("button", name=re.compile("^到场登记：")).first.press("Enter")
        expect(page.get_by_text("已到场", exact=True)).to_have_count(2)
        page.get_by_role("table").get_by_role("link").first.press("Enter")
        page.get_by_label("数值").fill("2")
        _save(page, "保存并填下一项")
        page.get_by_label("日期").fill("2026-01-05")
        _save(page, "保存并填下一项")
        page.get_by_label("取证照片").set_input_files(
            {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}
        )
        _save(page, "保存并填下一项")
        page.get_by_role("radio", name="合格", exact=True).press(" ")
        page.get_by_label("检查情况").fill("正常营业")
        _save(page, "保存")
        expect(page.get_by_text("提交前还需要")).to_have_count(0)
        page.get_by_role("button", name="提交结果表").press("Enter")
        expect(page.get_by_text("已提交，等待组长审核。")).to_be_visible()
        expect(page.get_by_text("网页上不能签字")).to_be_visible()
        assert errors == []
    told = server.sql(
        "SELECT kind, status, count(*) FROM receipts WHERE device = 'office:' ||"
        " (SELECT id FROM people WHERE account = 'jiancha1') GROUP BY kind, status ORDER BY kind"
    )
    assert told == [
        ("answer.set", "applied", 3),
        ("checkin.add", "applied", 2),
        ("photo.attach", "applied", 1),
        ("sheet.submit", "applied", 1),
    ]
    # the demo's plans and clues have papers of their own
    stored = server.sql(
        "SELECT sha256 FROM blobs WHERE EXISTS (SELECT 1 FROM entities"
        " WHERE id = 'photo:' || sha256 AND type = 'photo')"
    )
    assert stored == [(hashlib.sha256(PHOTO).hexdigest(),)]


@pytest.mark.soak
def test_the_plain_pages_can_be_read_by_everybody(
    browser: Browser, server: Server, people: dict[str, dict[str, Any]]
) -> None:
    server.change(f"UPDATE sheets SET lists = '{SHORT_LIST}'")
    with narrow(browser, reduced_motion="reduce") as page:
        page.goto(f"{server.url}/fill")
        page.get_by_label("账号").fill("jiancha2")
        page.get_by_label("密码").fill(people["jiancha2"]["password"])
        page.get_by_label("密码").press("Enter")
        sheet = page.get_by_role("link", name="填写结果表").first.get_attribute("href")
        assert sheet is not None
        entries = [f"{sheet}/COM-0{n}" for n in (1, 2, 3, 4)]
        for other, then in (("English", "en"), ("中文", "zh-CN")):
            for place in ("/fill", sheet, *entries):
                open_page(page, server, place)
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                    assert violations(page) == [], (place, scheme)
            page.get_by_role("button", name=other, exact=True).click()
            expect(page.locator("html")).to_have_attribute("lang", then)


def _save(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).press("Enter")
    expect(page.get_by_text("已保存，服务器已收到")).to_be_visible()


def test_record_and_notice_print_on_clean_pages_of_a4(
    browser: Browser, server: Server, people: dict[str, dict[str, Any]]
) -> None:
    ((inspection,),) = server.sql(
        "SELECT min(m.inspection_id) FROM team_members m JOIN officers o ON o.id = m.officer_id"
        " JOIN people p ON p.id = o.person_id WHERE p.account = 'jiancha2'"
    )
    with office_page(browser) as page:
        sign_in_office(page, server, people["jiancha2"])
        for name, heading, most_pages in (
            ("record", "现场检查记录表", 4),
            ("notice", "“双随机、一公开”检查告知书", 1),
        ):
            open_page(page, server, f"/inspections/{inspection}/tr/{name}")
            page.emulate_media(media="print")
            page.set_viewport_size({"width": 672, "height": 960})  # between the margins of A4
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
            expect(page.get_by_role("navigation").first).to_be_hidden()
            expect(page.get_by_text("用浏览器的打印功能打印")).to_be_hidden()
            assert page.evaluate("document.documentElement.scrollWidth") <= 672
            pdf = page.pdf(prefer_css_page_size=True)
            sizes = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf))
            assert {(round(float(w)), round(float(h))) for w, h in sizes} == {(595, 842)}
            assert 1 <= len(re.findall(rb"/Type /Page\b", pdf)) <= most_pages
            page.emulate_media(media="screen")
