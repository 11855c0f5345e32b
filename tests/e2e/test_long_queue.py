"""A queue of many photos: usable, and sent by age."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from sync.canonical import hash_canonical
from sync.chain import link_of
from tests.e2e import field_app as app
from tests.e2e.gateway import Afterwards, Answered, Asked, Gateway
from tests.e2e.harness import Server, phone
from tests.e2e.on_record import sha256, stored_photos

pytestmark = pytest.mark.e2e

MOST_LISTED = 100  # of each kind on the queue; the rest is counted

LIST = "道路旅客运输"
ITEMS = 8 + 15
People = dict[str, dict[str, Any]]


@pytest.mark.soak
@pytest.mark.parametrize("count", [40, 400])
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
