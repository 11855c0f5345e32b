"""A phone on bad roads: two tabs, a proxy that cuts, repeats and refuses, a session
that ends in the middle, another person at the same phone, a new version under an open form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e import engines
from tests.e2e import field_app as app
from tests.e2e.accessible import expect_readable
from tests.e2e.gateway import Answered, Asked, Gateway
from tests.e2e.harness import Server
from tests.e2e.killed_phone import Phone

pytestmark = pytest.mark.e2e

PUSH = "/api/v1/sync/push"


@pytest.fixture(scope="module")
def road(gateway: Gateway) -> Gateway:
    return gateway


@pytest.fixture(scope="module", params=engines.ENGINES)
def phone(
    request: pytest.FixtureRequest,
    playwright: Playwright,
    road: Gateway,
    people: dict[str, dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Phone]:
    phone = Phone(playwright, request.param, tmp_path_factory.mktemp(request.param), road)
    phone.start()
    phone.sign_in(people["jiancha1"])
    app.wait_until_all_sent(phone.page)
    yield phone
    phone.stop()


@pytest.fixture(autouse=True)
def healed(road: Gateway) -> Iterator[None]:
    yield
    road.heal()


def received(server: Server, text: str) -> list[tuple[int, str]]:
    """(person, status) of every operation on record that noted this text."""
    rows = server.sql("SELECT person_id, status, payload FROM receipts WHERE kind = 'answer.set'")
    return [
        (person, status)
        for person, status, payload in rows
        if json.loads(payload)["fields"].get("note") == text
    ]


def send_now(page: Page) -> None:
    """The officer taps until all has arrived: back-off waits for a tap."""
    address = page.url
    page.goto(f"{address.split('#')[0]}#/queue")
    for _ in range(30):
        if page.get_by_label(re.compile(f"同步状态: {app.SENT}")).count():
            break
        button = page.get_by_role("button", name="立即发送")
        if button.count():
            button.click()
        page.wait_for_timeout(200)
    app.wait_until_all_sent(page)
    page.goto(address)


def sign_in_again(page: Page, account: dict[str, Any]) -> None:
    wait_until_asked_who(page)
    say_who(page, account)


def wait_until_asked_who(page: Page) -> None:
    """The session has ended: the phone says so after the next attempt and asks who is there."""
    page.goto(f"{page.url.split('#')[0]}#/queue")
    page.get_by_role("button", name="立即发送").first.click()
    expect(page.get_by_label("密码")).to_be_visible()


def say_who(page: Page, account: dict[str, Any]) -> None:
    page.get_by_label("账号").fill(account["account"])
    page.get_by_label("密码").fill(account["password"])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_label("密码")).to_have_count(0, timeout=30_000)


@pytest.mark.soak
@pytest.mark.proves("I2 I12 I21", "F2 F3 F4 F9")
def test_answers_cut_lost_and_asked_for_twice_leave_one_of_everything(
    phone: Phone, server: Server, road: Gateway
) -> None:
    left: list[str] = []

    def spoil(asked: Asked, answered: Answered) -> Answered | None:
        if asked.path != PUSH or not left:
            return answered
        fault = left.pop()
        if fault == "lost":
            return None
        if fault == "asked for twice":
            return road.pass_on(asked)
        keep = {"cut at once": 0, "cut at half": len(answered.body) // 2, "cut at the end": -1}
        return Answered(answered.status, answered.headers, answered.body[: keep[fault]])

    phone.open_list()
    road.afterwards = spoil
    for fault in ("cut at once", "cut at half", "cut at the end", "lost", "asked for twice"):
        left[:] = [fault]
        text = f"{phone.engine} {fault}"
        app.note(phone.page, "PAX-01", text)
        send_now(phone.page)
        assert left == []
        assert [status for _, status in received(server, text)] == ["applied"], fault


@pytest.mark.proves("I12 I1", "F8 F10 F11")
def test_a_portal_a_storm_and_a_narrow_proxy_only_delay(
    phone: Phone, server: Server, road: Gateway
) -> None:
    html = [("Content-Type", "text/html")]
    storm = [
        Answered(200, html, b"<html><title>Wi-Fi</title>"),
        Answered(502, html, b"<html>Bad gateway"),
        Answered(503, [("Retry-After", "0")], b""),
        Answered(429, [("Retry-After", "0")], b""),
        Answered(408, html, b""),
    ]

    def answer(asked: Asked) -> Answered | None:
        if asked.path != PUSH:
            return None
        if storm:
            return storm.pop(0)
        # No body with more than one operation passes.
        return Answered(413, html, b"") if len(json.loads(asked.body)["ops"]) > 1 else None

    phone.open_list()
    road.is_cut_off = True
    texts = [f"{phone.engine} 窄路 {n}" for n in range(3)]
    for code, text in zip(("PAX-01", "PAX-02", "PAX-13"), texts, strict=True):
        app.note(phone.page, code, text)
    road.is_cut_off = False
    road.instead = answer
    send_now(phone.page)
    assert storm == []
    for text in texts:
        assert [status for _, status in received(server, text)] == ["applied"]


@pytest.mark.proves("I26 I2", "F20 F12")
def test_two_tabs_have_one_sender_and_the_second_takes_over(
    phone: Phone, server: Server, road: Gateway
) -> None:
    first = phone.page
    phone.open_list()
    app.wait_until_all_sent(first)
    second = phone.context.new_page()
    second.goto(first.url)
    expect(second.locator("section.item").first).to_be_visible()
    road.most_at_once, before = 0, len(road.pushes())
    road.is_cut_off = True
    app.note(first, "PAX-14", f"{phone.engine} 左")
    app.note(second, "PAX-15", f"{phone.engine} 右")
    road.is_cut_off = False
    send_now(second)
    assert len(road.pushes()) > before
    assert road.most_at_once == 1
    first.close()
    phone.page = second
    phone.open_list()
    app.note(second, "PAX-14", f"{phone.engine} 独")
    for text in (f"{phone.engine} {side}" for side in "左右独"):
        for _ in range(100):  # the dead tab's place is taken within seconds
            if received(server, text):
                break
            second.wait_for_timeout(100)
        assert [status for _, status in received(server, text)] == ["applied"]


@pytest.mark.proves("I1 I2 I17 I23", "F24")
def test_a_session_that_ends_between_two_batches_loses_and_doubles_nothing(
    phone: Phone, server: Server, road: Gateway, people: dict[str, dict[str, Any]]
) -> None:
    done: list[int] = []

    def end_session(asked: Asked, answered: Answered) -> Answered:
        if asked.path == PUSH and answered.status == 200 and not done:
            done.append(answered.status)
            server.change("DELETE FROM sign_in_sessions")
        return answered

    def narrow(asked: Asked) -> Answered | None:
        is_wide = asked.path == PUSH and len(json.loads(asked.body)["ops"]) > 1
        return Answered(413, [], b"") if is_wide else None

    phone.open_list()
    page = phone.page
    app.wait_until_all_sent(page)
    road.is_cut_off = True
    texts = [f"{phone.engine} 会话 {n}" for n in range(3)]
    for code, text in zip(("PAX-01", "PAX-02", "PAX-13"), texts, strict=True):
        app.note(page, code, text)
    road.is_cut_off = False
    road.instead, road.afterwards = narrow, end_session
    sign_in_again(page, people["jiancha1"])
    assert done == [200]
    send_now(page)
    for text in texts:
        assert [status for _, status in received(server, text)] == ["applied"]


@pytest.mark.proves("I23 I17 I1", "F24")
def test_another_person_at_the_phone_sends_nothing_of_the_first(
    playwright: Playwright,
    server: Server,
    road: Gateway,
    people: dict[str, dict[str, Any]],
    tmp_path: Path,
) -> None:
    phone = Phone(playwright, "chromium", tmp_path / "phone", road)
    phone.start()
    phone.sign_in(people["jiancha2"])
    page = phone.page
    app.wait_until_all_sent(page)
    road.is_cut_off = True
    text = f"他人 {tmp_path.name}"
    app.note(page, "PAX-13", text)
    server.change("DELETE FROM sign_in_sessions")
    road.is_cut_off = False
    sign_in_again(page, people["jiancha3"])
    app.wait_until_all_sent(page)
    assert received(server, text) == []
    server.change("DELETE FROM sign_in_sessions")
    ((sender,),) = server.sql("SELECT id FROM people WHERE account = 'jiancha2'")
    wait_until_asked_who(page)
    with page.context.new_page() as other:
        other.goto(f"{road.url}/healthz")
        app.hold_photos(other, sender)  # what the count has to read
        say_who(page, people["jiancha2"])
        app.wait_until_bar_says(page, "正在清点")
        expect(page.get_by_role("main")).to_have_count(0)  # nor what the first had on the screen
        other.evaluate("() => { window.isHeld = false }")
    for _ in range(200):
        if received(server, text):
            break
        page.wait_for_timeout(100)
    app.wait_until_all_sent(page)
    assert received(server, text) == [(sender, "applied")]
    phone.stop()


@pytest.mark.proves("I24 I25", "F23")
def test_a_new_version_never_takes_over_under_an_open_form(phone: Phone, road: Gateway) -> None:
    phone.open_list()
    page = phone.page
    app.wait_until_all_sent(page)
    field = app.item(page, "PAX-03").get_by_label("抽查数")
    field.fill("31")
    page.evaluate("() => { window.sameLife = true }")

    def newer(asked: Asked) -> Answered | None:
        if not asked.path.startswith("/app/sw.js"):
            return None
        kept = ("if-", "accept-encoding")  # whole, and as text
        headers = {k: v for k, v in asked.headers.items() if not k.lower().startswith(kept)}
        whole = road.pass_on(replace(asked, headers=headers))
        return replace(whole, body=whole.body + b"\n// newer")

    road.instead = newer
    page.evaluate(
        """async () => {
          const known = await navigator.serviceWorker.getRegistration('/app/')
          await known.update()
        }"""
    )
    expect(page.get_by_text("新版本")).to_be_visible()
    assert page.evaluate("() => window.sameLife") is True
    expect(field).to_have_value("31")
    page.goto(f"{page.url.split('#')[0]}#/")
    expect(page.get_by_role("heading", name="检查任务")).to_be_visible()
    for language in ("English", "中文") if phone.engine == "chromium" else ():
        page.goto(f"{page.url.split('#')[0]}#/settings")
        page.get_by_role("radio", name=language).check()
        page.goto(f"{page.url.split('#')[0]}#/")
        expect(page.get_by_role("complementary").get_by_role("button")).to_be_visible()
        expect_readable(page)
    # Another window has a form open and sleeps: it cannot be asked.
    asleep = phone.context.new_page()
    asleep.add_init_script("delete globalThis.BroadcastChannel")
    asleep.goto(f"{road.url}/app/#/i/{phone.inspection}/tr/1")
    expect(app.item(asleep, "PAX-03").get_by_label("抽查数")).to_have_value("31")
    asleep.evaluate("() => { window.sameLife = true }")
    with page.expect_navigation():
        page.get_by_role("complementary").get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="检查任务")).to_be_visible()
    assert page.evaluate("() => window.sameLife ?? false") is False
    expect(asleep.get_by_text("新版本已启用")).to_be_visible()
    assert asleep.evaluate("() => window.sameLife") is True
    asleep.evaluate("() => { location.hash = '#/' }")
    asleep.wait_for_function("() => !window.sameLife")
    expect(asleep.get_by_role("heading", name="检查任务")).to_be_visible()
    asleep.close()
    phone.open_list()
    expect(app.item(page, "PAX-03").get_by_label("抽查数")).to_have_value("31")
    app.fill(page, "PAX-03", "不符数", "0")
    app.wait_until_all_sent(page)
