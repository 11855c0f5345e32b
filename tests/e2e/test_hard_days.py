"""Days on which something goes wrong, told end to end: nothing is lost, and each place where work
waits for a person says what to do."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import select

from server.accounts.models import Person
from server.accounts.sessions import actor_of
from server.db import db, scope_to
from server.draws.service import freeze_pool, run_draw
from server.planning.service import list_own_tasks
from server.registry.service import import_checklists
from server.runtime import today
from sync.canonical import hash_canonical
from sync.chain import link_of
from tests.conftest import ROOT
from tests.e2e import field_app as app
from tests.e2e.gateway import Afterwards, Answered, Asked, Gateway
from tests.e2e.harness import Server, phone
from tests.soak.copies import application

pytestmark = pytest.mark.e2e

MOST_LISTED = 100  # of each kind on the queue; the rest is counted

LIST = "道路旅客运输"
ITEMS = 8 + 15
FLOOR_BYTES = 60 * 1024 * 1024  # FREE_FLOOR_BYTES of the app
People = dict[str, dict[str, Any]]


@pytest.fixture
def officer(people: People) -> dict[str, Any]:
    return people["jiancha1"]


@pytest.fixture
def page(
    playwright: Playwright, server: Server, officer: dict[str, Any], tmp_path: Path
) -> Iterator[Page]:
    with phone(playwright, tmp_path / "phone", reduced_motion="reduce") as (_context, page):
        app.sign_in(page, server, officer)
        yield page


def test_a_new_version_of_a_list_leaves_the_open_inspection_its_own(
    page: Page, server: Server
) -> None:
    _firm, inspection = app.first_fetched(page, LIST, ITEMS)
    page.context.set_offline(True)
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/at?item=COM-06")
    with application(server):
        staff = db.session.scalars(select(Person).where(Person.account == "bangong")).one()
        scope_to(staff.jurisdiction_id)
        lists = (ROOT / "data" / "checklists.yaml").read_text()
        new_text = "检查情况与当事人意见（新版）"
        changed = lists.replace("检查情况与当事人意见（当事人可陈述）", new_text)
        import_checklists(changed.encode())
        actor = actor_of(staff)
        task = next(one for one in list_own_tasks(actor) if one.category == "freight")
        draw = run_draw(actor, freeze_pool(actor, task.id).id, "3 5 1 6 2 4 4 1", "掷骰子", today())
        newer = {key: one for (one,) in sheets_of(server, draw.id) for key in list_keys(one)}
    assert "common@2" in newer and "common@1" not in newer
    # On the phone, and when it has come back online, the visit stays with what it began with.
    app.fill(page, "COM-06", "填写内容", "属实，无异议")
    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    item = app.item(page, "COM-06")
    expect(item.get_by_role("heading")).to_contain_text("当事人可陈述")
    app.fill(page, "COM-06", "填写内容", "属实，无异议，已签字")
    app.wait_until_all_sent(page)
    ((kept,),) = server.sql(f"SELECT lists FROM sheets WHERE inspection_id = {inspection}")
    assert list_keys(kept) == ["common@1", "passenger@1"]
    fields = rows_of(server, inspection)["answer:tr/COM-06"]["fields"]
    assert fields["value"] == "属实，无异议，已签字"


def test_a_nearly_full_phone_refuses_the_photo_keeps_the_words_and_frees_what_is_proven(
    page: Page, server: Server
) -> None:
    _firm, inspection = app.first_fetched(page, LIST, ITEMS)
    place = f"{server.url}/app/#/i/{inspection}/tr/at?item=PAX-01"
    page.goto(place)
    take(page, "PAX-01", noise(1))
    expect(app.item(page, "PAX-01").get_by_text("照片已保存")).to_be_visible()
    app.wait_until_all_sent(page)
    page.goto(f"{server.url}/app/#/i/{inspection}")
    expect(page.get_by_test_id("custody")).to_contain_text("签名有效", timeout=60_000)
    page.context.set_offline(True)
    page.evaluate(ROOM, FLOOR_BYTES + len(noise(1)) + len(noise(2)) // 2)
    page.goto(place)
    take(page, "PAX-01", noise(2))
    alert = app.item(page, "PAX-01").get_by_role("alert")
    expect(alert).to_contain_text("手机存储空间不足，未保存照片；文字仍可填写")
    expect(alert).to_contain_text("释放照片占用的空间")
    app.note(page, "PAX-01", "照片稍后补拍")
    page.goto(f"{server.url}/app/#/settings")
    page.get_by_role("button", name="释放照片占用的空间").click()
    expect(page.get_by_text("已释放 1 张照片")).to_be_visible()
    assert sha256(noise(1)) not in app.ask_store(page, "photo_bytes", "getAllKeys")
    page.goto(place)
    expect(app.item(page, "PAX-01").get_by_role("img", name=re.compile("照片"))).to_have_count(1)
    take(page, "PAX-01", noise(2))
    expect(app.item(page, "PAX-01").get_by_role("img", name=re.compile("照片"))).to_have_count(2)
    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    assert stored_photos(server, inspection, "PAX-01") == {sha256(noise(n)) for n in (1, 2)}


@pytest.mark.parametrize("count", [40, pytest.param(400, marks=pytest.mark.soak)])
def test_a_long_queue_of_photos_is_usable_and_drains_by_age_with_the_road_cut(
    playwright: Playwright,
    gateway: Gateway,
    server: Server,
    people: People,
    tmp_path: Path,
    count: int,
) -> None:
    with phone(playwright, tmp_path / "phone", reduced_motion="reduce") as (_context, page):
        page.goto(f"{gateway.url}/app/")
        sign_in_at(page, gateway.url, people["jiancha1"])
        _firm, inspection = app.first_fetched(page, LIST, ITEMS)
        app.wait_until_all_sent(page)
        gateway.is_cut_off = True
        by_age = keep_photos(page, people["jiancha1"], inspection, count)
        page.goto(f"{gateway.url}/app/")
        page.reload()
        expect(page.get_by_label(re.compile(f"待传照片 {count} 张"))).to_be_visible()
        page.goto(f"{gateway.url}/app/#/queue")
        expect(page.get_by_role("heading", name=f"待传照片（{count}）")).to_be_visible()
        expect(page.get_by_text("无须操作").first).to_be_visible()
        page.get_by_role("button", name=re.compile("^显示其余")).click()
        listed = min(count, MOST_LISTED)
        photos = page.get_by_label(f"待传照片（{count}）")
        expect(photos.get_by_role("listitem")).to_have_count(listed)
        unlisted = photos.get_by_text(f"还有 {count - listed} 条未列出")
        expect(unlisted).to_have_count(int(count > listed))
        gateway.afterwards = cut_after(gateway, count // 3)
        gateway.heal()
        page.get_by_role("button", name="立即发送").click()
        expect(page.get_by_label(re.compile("同步状态: 待传照片 .*离线"))).to_be_visible(
            timeout=60_000
        )
        gateway.heal()
        page.get_by_role("button", name="立即发送").click()
        expect(page.get_by_label(re.compile(f"同步状态: {app.SENT}"))).to_be_visible(
            timeout=600_000
        )
    assert created(gateway) == by_age
    assert stored_photos(server, inspection, "PAX-14") == set(by_age)
    assert len(set(by_age)) == count


def test_thirty_days_offline_end_with_a_sign_in_and_nothing_is_lost(
    page: Page, server: Server, officer: dict[str, Any]
) -> None:
    _firm, inspection = app.first_fetched(page, LIST, ITEMS)
    app.wait_until_all_sent(page)
    page.context.set_offline(True)
    server.change("UPDATE sign_in_sessions SET expires_at = datetime('now', '-1 day')")
    page.clock.set_system_time(datetime.now() + timedelta(days=30))
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/at?item=PAX-13")
    page.reload()
    app.judge(page, "PAX-13", "合格")
    app.note(page, "PAX-13", "月末补记")
    app.photograph(page, "PAX-13", "月末")
    expect(page.get_by_label(re.compile("同步状态: 待送 3 条"))).to_be_visible()
    expect(page.get_by_label("密码")).to_have_count(0)
    page.context.set_offline(False)
    page.goto(f"{server.url}/app/#/queue")
    page.get_by_role("button", name="立即发送").click()
    expect(page.get_by_label(re.compile("同步状态: 待送 3 条.*需重新登录"))).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_text("等您处理，重新登录后即发送").first).to_be_visible()
    page.get_by_label("账号").fill(officer["account"])
    page.get_by_label("密码").fill(officer["password"])
    page.get_by_role("button", name="登录").click()
    app.wait_until_all_sent(page)
    rows = rows_of(server, inspection)
    fields = rows["answer:tr/PAX-13"]["fields"]
    assert (fields["value"], fields["note"]) == ("pass", "月末补记")
    assert len(stored_photos(server, inspection, "PAX-13")) == 1


def test_two_officers_offline_on_one_sheet_choose_between_two_versions_in_two_taps(
    playwright: Playwright, server: Server, people: People, tmp_path: Path
) -> None:
    inspection, firm, accounts = shared_inspection(server, people)
    with (
        phone(playwright, tmp_path / "a", reduced_motion="reduce") as (one, a),
        phone(playwright, tmp_path / "b", reduced_motion="reduce") as (other, b),
    ):
        for page, account in ((a, accounts[0]), (b, accounts[1])):
            app.sign_in(page, server, account)
            app.expect_fetched(page, firm, ITEMS)
            page.context.set_offline(True)
            page.goto(f"{server.url}/app/#/i/{inspection}/tr/at?item=PAX-02")
        app.judge(a, "PAX-01", "合格")
        app.judge(a, "PAX-02", "合格")
        app.judge(b, "PAX-02", "不合格")
        app.note(b, "PAX-02", "线路标志牌系转借")
        app.photograph(b, "PAX-02", "标志牌")
        app.judge(b, "PAX-13", "合格")
        one.set_offline(False)
        app.wait_until_all_sent(a)
        other.set_offline(False)
        app.wait_until_bar_says(b, "需处理 1 项")
        a.goto(f"{server.url}/app/#/queue")
        a.get_by_role("button", name="立即发送").click()
        # Both see both versions: whose, when and on which phone, and only what differs.
        mine = a.get_by_role("radio", name=re.compile("^我填写的"))
        theirs = a.get_by_role("radio", name=re.compile(f"^{accounts[1]['name']}"))
        expect(theirs).to_have_accessible_name(re.compile("用“.+”填写 ?填写内容 ?不合格"))
        expect(mine).to_have_accessible_name(re.compile("现有内容.*用“.+”填写 ?填写内容 ?合格"))
        expect(a.get_by_role("button", name="请先点选一份")).to_be_disabled()
        b.goto(f"{server.url}/app/#/i/{inspection}/tr/at?item=PAX-02")
        expect(b.get_by_role("radio", name=re.compile("^我填写的"))).to_be_visible()
        # Chosen in two taps, without a network; chosen anew while the server has not heard of it.
        one.set_offline(True)
        a.goto(f"{server.url}/app/#/i/{inspection}/tr/at?item=PAX-02")
        mine.check()
        a.get_by_role("button", name="采用我填写的内容").click()
        expect(app.item(a, "PAX-02").get_by_text("已选定一份")).to_be_visible()
        a.get_by_role("button", name="重新选择").click()
        theirs.check()
        a.get_by_role("button", name=f"采用{accounts[1]['name']}的内容").click()
        expect(app.item(a, "PAX-02").get_by_role("radio", name="不合格")).to_be_checked()
        one.set_offline(False)
        app.wait_until_all_sent(a)
        b.goto(f"{server.url}/app/#/queue")
        b.get_by_role("button", name="立即发送").click()
        b.get_by_text("已由他人选定，采用的是您填写的内容").wait_for()
        b.get_by_role("button", name="知道了").click()
        app.wait_until_all_sent(b)
        expect_equal(server, inspection, a, b)
    rows = rows_of(server, inspection)
    assert rows["answer:tr/PAX-02"]["fields"]["value"] == "fail"
    assert rows["answer:tr/PAX-02"]["fields"]["note"] == "线路标志牌系转借"
    assert {"answer:tr/PAX-01", "answer:tr/PAX-13"} <= rows.keys()
    (photo,) = (row for key, row in rows.items() if key.startswith("photo:"))
    assert photo["fields"]["attached"] == ["answer:tr/PAX-02"] and photo["fields"]["stored"]


def shared_inspection(server: Server, people: People) -> tuple[str, str, list[dict[str, Any]]]:
    """A visit both inspectors are on and nobody has begun with: number, firm, their accounts."""
    team = server.sql(
        "SELECT m.inspection_id, f.name, p.account FROM team_members m JOIN officers o ON o.id ="
        " m.officer_id JOIN people p ON p.id = o.person_id JOIN inspections i ON i.id ="
        " m.inspection_id JOIN firms f ON f.id = i.firm_id WHERE p.account IN ('jiancha1',"
        " 'jiancha2') AND NOT EXISTS (SELECT 1 FROM entities e WHERE e.type = 'answer' AND"
        " e.space = 'insp:' || i.id) ORDER BY m.inspection_id, p.account"
    )
    (inspection, firm, _), _ = next(pair for pair in pairwise(team) if pair[0][0] == pair[1][0])
    return str(inspection), firm, [people["jiancha1"], people["jiancha2"]]


def rows_of(server: Server, inspection: str) -> dict[str, dict[str, Any]]:
    """Entity → the row as the server has it."""
    rows = server.sql(
        "SELECT id, seq, fields, heads, siblings, is_gone FROM entities"
        f" WHERE space = 'insp:{inspection}'"
    )
    return {
        name: {
            "seq": seq,
            "fields": json.loads(fields),
            "heads": json.loads(heads),
            "siblings": json.loads(siblings),
            "gone": bool(gone),
        }
        for name, seq, fields, heads, siblings, gone in rows
    }


def stored_photos(server: Server, inspection: str, item: str) -> set[str]:
    """The hashes of the pictures at an item of which the server has the bytes."""
    photos = [
        row["fields"] for key, row in rows_of(server, inspection).items() if key[:6] == "photo:"
    ]
    at_item = [one for one in photos if f"answer:tr/{item}" in one["attached"]]
    return {one["sha256"] for one in at_item if one["stored"]}


def expect_equal(server: Server, inspection: str, *pages: Page) -> None:
    """What each phone keeps of the inspection is what the server has, field by field (I5)."""
    theirs = rows_of(server, inspection)
    for page in pages:
        kept = {
            row["id"]: {
                "seq": row["seq"],
                "fields": {k: v for k, v in row["fields"].items() if k not in ("may", "door")},
                "heads": row["heads"],
                "siblings": row["siblings"],
                "gone": bool(row.get("gone")),
            }
            for row in app.ask_store(page, "rows", "getAll")
            if row["space"] == f"insp:{inspection}"
        }
        assert kept == theirs


def sheets_of(server: Server, draw_id: int) -> list[tuple[Any, ...]]:
    return server.sql(
        "SELECT s.lists FROM sheets s JOIN inspections i ON i.id = s.inspection_id"
        f" WHERE i.draw_id = {draw_id} AND s.code = 'tr'"
    )


def list_keys(lists: str) -> list[str]:
    """The references of a sheet's lists, in order."""
    return [one["list"] for one in json.loads(lists)]


@cache
def noise(seed: int) -> bytes:
    """A picture with little to leave out: some hundred kilobytes."""
    out = io.BytesIO()
    pixels = random.Random(seed).randbytes(800 * 600)
    Image.frombytes("L", (800, 600), pixels).save(out, "JPEG", quality=95)
    return out.getvalue()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def take(page: Page, code: str, data: bytes) -> None:
    """Takes this picture at the item, whatever the app says to it."""
    file = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": data}
    app.item(page, code).get_by_label("拍照").set_input_files(file)  # type: ignore[arg-type]


# A phone with so much room for photos. Chromium's own count lags half a minute behind
# (test_bad_roads.py has that one); this one is of what the store holds now.
ROOM = """(quota) => {
  navigator.storage.estimate = async () => {
    const known = await indexedDB.databases()
    const { name } = known.find((one) => /^suicha-[0-9]+$/.test(one.name))
    const opening = indexedDB.open(name)
    await new Promise((done) => (opening.onsuccess = done))
    const asking = opening.result.transaction('photo_bytes').objectStore('photo_bytes').getAll()
    await new Promise((done) => (asking.onsuccess = done))
    opening.result.close()
    return { quota, usage: asking.result.reduce((sum, bytes) => sum + bytes.byteLength, 0) }
  }
}"""


def sign_in_at(page: Page, address: str, account: dict[str, Any]) -> None:
    """As ``app.sign_in``, through the gateway."""
    page.get_by_label("账号").fill(account["account"])
    page.get_by_label("密码").fill(account["password"])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="检查任务")).to_be_visible()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def keep_photos(page: Page, account: dict[str, Any], inspection: str, count: int) -> list[str]:
    """Puts photos into the phone's stores as if they had been taken one by one; answers their
    hashes by age, which is not the order of their operations."""
    counter = app.ask_store(page, "meta", "get", "counter")
    space, entity = f"insp:{inspection}", "answer:tr/PAX-14"
    entries: list[dict[str, Any]] = []
    metas: list[dict[str, Any]] = []
    pictures: dict[str, list[int]] = {}
    seq, prev = counter["seq"], counter["prev"]
    for n in range(count):
        data = small_picture(n)
        sha = sha256(data)
        at = f"2026-03-{1 + (n * 7) % 28:02d}T08:{n % 60:02d}:{n // 60:02d}.000+08:00"
        seq += 1
        op = f"0195c0de-0000-7000-8000-{n:012d}"
        manifest = {"at": at, "clock_offset_ms": 0, "place": None, "officer_id": None}
        photo = {
            "sha256": sha,
            "bytes": len(data),
            "mime": "image/jpeg",
            "width": 16,
            "height": 16,
            "manifest": {**manifest, "device": counter["device"], "source": "camera"},
        }
        body: dict[str, Any] = {
            "op": op,
            "seq": seq,
            "kind": "photo.attach",
            "v": 1,
            "space": space,
            "entity": entity,
            "fields": {},
            "base": {"attached": None},
            "at": at,
            "photo": photo,
        }
        payload = hash_canonical({k: v for k, v in body.items() if k != "seq"})
        if prev:
            body["prev"] = prev
        prev = link_of(prev, seq, op, payload)
        entries.append(
            {
                "seq": seq,
                "op": op,
                "space": space,
                "entity": entity,
                "body": body,
                "sha256": payload,
                "result": None,
                "dismissed": False,
                "tried_at": None,
            }
        )
        metas.append(
            {
                "sha256": sha,
                "space": space,
                "entity": entity,
                "op": op,
                "bytes": len(data),
                "mime": "image/jpeg",
                "width": 16,
                "height": 16,
                "thumb": None,
                "taken_at": at,
                "state": "waiting",
                "upload_url": None,
                "offset": 0,
                "tries": 0,
                "next_try": 0,
                "error": None,
                "done_at": None,
            }
        )
        pictures[sha] = list(data)
    counter = {**counter, "seq": seq, "prev": prev}
    page.evaluate(KEEP, [f"suicha-{person_id(page)}", entries, metas, pictures, counter])
    return [one["sha256"] for one in sorted(metas, key=lambda one: one["taken_at"])]


KEEP = """async ([name, entries, metas, pictures, counter]) => {
  const opening = indexedDB.open(name)
  await new Promise((done) => (opening.onsuccess = done))
  const stores = ['outbox', 'photos_meta', 'photo_bytes', 'meta']
  const change = opening.result.transaction(stores, 'readwrite')
  for (const one of entries) change.objectStore('outbox').add(one)
  for (const one of metas) change.objectStore('photos_meta').add(one)
  for (const [sha, bytes] of Object.entries(pictures)) {
    change.objectStore('photo_bytes').put(new Uint8Array(bytes).buffer, sha)
  }
  change.objectStore('meta').put(counter, 'counter')
  await new Promise((done, fail) => {
    change.oncomplete = done
    change.onabort = () => fail(change.error)
  })
  opening.result.close()
}"""


def person_id(page: Page) -> int:
    return int(app.ask_store(page, "meta", "get", "person"))


def small_picture(n: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), (n % 256, n // 256, 99)).save(
        out, "JPEG", quality=90, comment=str(n).encode()
    )
    return out.getvalue()


def created(gateway: Gateway) -> list[str]:
    """The photos in the order in which their uploads were first asked for."""
    found: list[str] = []
    for asked in gateway.asked:
        if asked.method == "POST" and asked.path == "/api/v1/files":
            words = dict(
                pair.split(" ") for pair in headers_of(asked)["upload-metadata"].split(",")
            )
            sha = base64.b64decode(words["sha256"]).decode()
            if sha not in found:
                found.append(sha)
    return found


def headers_of(asked: Asked) -> dict[str, str]:
    return {name.lower(): value for name, value in asked.headers.items()}


def cut_after(gateway: Gateway, uploads: int) -> Afterwards:
    """The road is cut once so many photos went through; the last answer is lost with it."""
    seen = {"n": 0}

    def after(asked: Asked, answered: Answered) -> Answered | None:
        if asked.path != "/api/v1/files" or seen["n"] >= uploads:
            return answered
        seen["n"] += 1
        if seen["n"] < uploads:
            return answered
        gateway.is_cut_off = True
        return None

    return after
