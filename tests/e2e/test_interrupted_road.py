"""The interrupted road: the server dies by SIGKILL during push and during photo upload, answers get
lost after the commit; in the end the phone holds nothing pending and the server exactly one of
everything."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Playwright, Request, Route, expect

from tests.e2e import field_app as app
from tests.e2e.harness import DemoHome, Server, by_account, jpeg, phone

PHOTOS = 3
ANSWERS = ("PAX-01", "PAX-02", "PAX-13", "PAX-14", "PAX-15")
# each judge entry of the passenger list gets an answer and a note
OPERATIONS = len(ANSWERS) * 2 + PHOTOS

# the demo's plans have sealed documents of their own, and its clue a photo
STORED = (
    "SELECT sha256 FROM blobs WHERE sha256 NOT IN (SELECT document_sha256 FROM plan_adjustments)"
    " AND sha256 NOT IN (SELECT sha256 FROM clue_papers)"
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def county(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    demo_home: DemoHome,
    make_database_url: Callable[[str], str],
) -> Iterator[tuple[Server, dict[str, Any]]]:
    """A running server and its people by account."""
    if request.param == "sqlite":
        server, people = demo_home.copy(tmp_path / "home"), demo_home.people
    else:
        server = Server(tmp_path, make_database_url(request.param), workers=None)
        people = by_account(json.loads(server.command("setup", "--json"))["demo"])
    server.start()
    yield server, people
    server.kill()


@pytest.mark.soak
@pytest.mark.proves("I1 I2 I11 I12 I18 I19", "F2 F25")
def test_killed_server_loses_nothing_and_doubles_nothing(
    county: tuple[Server, dict[str, Any]], playwright: Playwright, tmp_path: Path
) -> None:
    server, people = county
    with phone(playwright, tmp_path / "phone") as (context, page):
        app.sign_in(page, server, people["jiancha1"])
        firm = first_firm(page)
        app.expect_fetched(page, firm, 23)
        context.set_offline(True)
        hashes = fill_offline(page, firm)
        slow_down(context.new_cdp_session(page))

        lost = lose_the_first_answer(page)
        kill_when_a_push_is_under_way(page, server, lost, lambda: context.set_offline(False))
        server.start()
        for _ in range(2):
            kill_when_an_upload_is_half_way(page, server)
            server.start()
        page.goto(f"{server.url}/app/#/queue")
        tap_until_sent(page)

    assert server.sql(
        "SELECT count(*), count(DISTINCT op) FROM receipts WHERE device LIKE 'dev_%'"
    ) == [(OPERATIONS, OPERATIONS)]
    assert server.sql("SELECT DISTINCT status FROM receipts WHERE device LIKE 'dev_%'") == [
        ("applied",)
    ]
    last = server.sql("SELECT last_seq FROM devices")
    assert last == [(OPERATIONS,)]
    assert server.sql("SELECT count(*) FROM entities WHERE type = 'answer'") == [(len(ANSWERS),)]
    stored = {sha for (sha,) in server.sql(STORED)}
    assert stored == hashes
    for sha in hashes:
        (file,) = [p for p in (server.home / "blobs").rglob(f"*{sha[4:]}*") if is_whole(p, sha)]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == sha
    assert json.loads(server.command("ledger", "verify", "--json"))["equal"] is True


def first_firm(page: Page) -> str:
    """Name of the first inspected firm on the list."""
    link = page.get_by_role("main").get_by_role("link").first
    return link.inner_text().split("\n")[0].strip()


def fill_offline(page: Page, firm: str) -> set[str]:
    """Answers, notes and large photos without a network; answers the photos' hashes."""
    app.open_inspection(page, firm)
    app.open_section(page, "道路旅客运输")
    for code in ANSWERS:
        app.judge(page, code, "合格")
        app.note(page, code, f"{code} 已核对原件")
    hashes = set()
    section = app.item(page, ANSWERS[0])
    for n in range(PHOTOS):
        picture = jpeg(f"{firm} {n}", width=2400, height=1800)
        hashes.add(hashlib.sha256(picture).hexdigest())
        section.get_by_label("拍照").set_input_files(
            {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": picture}
        )
        expect(section.get_by_role("img")).to_have_count(n + 1)
        expect(section.get_by_text("照片已保存")).to_be_visible()
    return hashes


def slow_down(session: CDPSession) -> None:
    """One bar of signal: an upload takes long enough to be cut in the middle."""
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 60,
            "downloadThroughput": 200_000,
            "uploadThroughput": 250_000,
        },
    )


def lose_the_first_answer(page: Page) -> list[int]:
    """The first push is committed, its answer never reaches the phone; its status is in the list.
    It may go at once: what answers in the server's place asks it whatever the browser thinks of
    the network."""
    lost: list[int] = []

    def answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        response = route.fetch()
        lost.append(response.status)
        route.abort("connectionreset")

    page.route("**/api/v1/sync/push", answer)
    return lost


def kill_when_a_push_is_under_way(
    page: Page, server: Server, lost: list[int], begin: Callable[[], None]
) -> None:
    """SIGKILL the moment a push leaves the phone after the one whose answer was lost."""
    pushes: list[Request] = []

    def count(request: Request) -> None:
        if lost and request.url.endswith("/sync/push"):
            pushes.append(request)

    page.on("request", count)
    begin()
    page.goto(f"{server.url}/app/#/queue")
    deadline = time.monotonic() + 60
    while not pushes and time.monotonic() < deadline:
        page.get_by_role("button", name="立即发送").click()
        page.wait_for_timeout(300)
    assert lost and pushes
    server.kill()


def kill_when_an_upload_is_half_way(page: Page, server: Server) -> None:
    """SIGKILL while the server holds part of a photo, not the whole."""
    half = 'SELECT count(*) FROM uploads WHERE "offset" > 0 AND "offset" < length'
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        send = page.get_by_role("button", name="立即发送")
        if send.count():
            send.click()
        if server.sql(half) != [(0,)]:
            server.kill()
            return
        page.wait_for_timeout(50)
    raise AssertionError("no upload was ever half way")


def tap_until_sent(page: Page) -> None:
    """The officer taps 立即发送 until the bar says that everything has arrived."""
    bar = page.get_by_label(re.compile(f"同步状态: {app.SENT}"))
    for _ in range(90):
        if bar.count():
            break
        page.get_by_role("button", name="立即发送").click()
        page.wait_for_timeout(1000)
    expect(bar).to_be_visible()


def is_whole(path: Path, sha256: str) -> bool:
    """Whether this is the stored photo itself, not its thumbnail."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
