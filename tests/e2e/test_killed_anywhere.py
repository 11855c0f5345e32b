"""The browser dies at every asynchronous step of keeping a record and of sending it. What the
screen had confirmed is there afterwards, nothing is there by halves, nothing twice."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e import engines, failpoints, harness
from tests.e2e import field_app as app
from tests.e2e.gateway import Gateway
from tests.e2e.harness import Server
from tests.e2e.killed_phone import Phone

pytestmark = pytest.mark.e2e

_numbers = itertools.count(1)


_CHOOSE = """(text) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  const given = new DataTransfer()
  given.items.add(new File([bytes], 'IMG.jpg', { type: 'image/jpeg' }))
  const input = document.querySelector('#item-PAX-01 input[type=file][capture]')
  input.files = given.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}"""
_GO_ONLINE = "() => dispatchEvent(new Event('online'))"


def assert_whole(store: dict[str, Any]) -> None:
    """Numbers without a hole, and every photo's bytes are those of its operation."""
    seqs = store["seqs"]
    assert seqs == list(range(store["counter"] - len(seqs) + 1, store["counter"] + 1))
    for photo in store["photos"]:
        assert photo["real"] == photo["sha256"]
        assert photo["op"] in store["ops"]


@pytest.fixture
def phone(
    playwright: Playwright,
    server: Server,
    gateway: Gateway,
    people: dict[str, dict[str, Any]],
    tmp_path: Path,
) -> Iterator[Phone]:
    gateway.heal()
    phone = Phone(playwright, "chromium", tmp_path / "phone", gateway)
    phone.start()
    phone.sign_in(people["jiancha1"])
    yield phone
    phone.stop()


@pytest.mark.soak
@pytest.mark.proves("I1 I9 I18 I25", "F12 F13")
def test_a_photo_is_kept_whole_or_not_at_all_wherever_the_browser_dies(phone: Phone) -> None:
    phone.gateway.is_cut_off = True
    section = app.item(phone.page, "PAX-01")

    def photograph() -> None:
        app.photograph(phone.page, "PAX-01", f"whole {next(_numbers)}")

    def picture() -> str:
        taken = harness.jpeg(f"killed {next(_numbers)}", width=640, height=480)
        return base64.b64encode(taken).decode()

    steps = failpoints.count_steps(phone.page, photograph)
    kept = section.get_by_role("img").count()
    reached = []
    for n in range(1, steps + 1):
        before = phone.store()
        step = failpoints.stop_at(phone.page, phone.gateway, n, _CHOOSE, picture())
        reached.append(step)
        phone.kill()
        after = phone.store()
        assert_whole(after)
        new = len(after["photos"]) - len(before["photos"])
        assert new == after["counter"] - before["counter"], (n, step)
        assert new in (0, 1)
        if step is None:  # it had come to its end: the screen had said 已保存
            assert new == 1
        kept += new
        expect(app.item(phone.page, "PAX-01").get_by_role("img")).to_have_count(kept)
    assert len([step for step in reached if step]) >= len(reached) - 1
    assert "committed" in reached


@pytest.mark.soak  # minutes
@pytest.mark.proves("I1 I2 I12", "F12 F13 F2 F4")
@pytest.mark.proves("I25", "F12 F13")
def test_sending_survives_a_browser_killed_at_any_step(phone: Phone, server: Server) -> None:
    def prepare(text: str) -> None:
        phone.gateway.is_cut_off = True
        app.note(phone.page, "PAX-02", text)
        app.photograph(phone.page, "PAX-02", text)

    def send_all() -> None:
        phone.gateway.is_cut_off = False
        phone.page.evaluate(_GO_ONLINE)
        app.wait_until_all_sent(phone.page)

    prepare(f"第 {next(_numbers)} 次")
    steps = failpoints.count_steps(phone.page, send_all)
    texts, hashes = [], set()
    for n in range(1, steps + 1):
        text = f"第 {next(_numbers)} 次"
        texts.append(text)
        prepare(text)
        hashes |= {photo["sha256"] for photo in phone.store()["photos"]}
        phone.gateway.is_cut_off = False
        failpoints.stop_at(phone.page, phone.gateway, n, _GO_ONLINE)
        phone.kill()
        app.wait_until_all_sent(phone.page)
    rows = server.sql("SELECT op, payload, status FROM receipts WHERE device LIKE 'dev_%'")
    notes = [json.loads(payload).get("fields", {}).get("note") for _, payload, _ in rows]
    for text in texts:
        assert notes.count(text) == 1, text
    assert {status for _, _, status in rows} == {"applied"}
    stored = {sha for (sha,) in server.sql("SELECT sha256 FROM blobs")}
    assert hashes <= stored
    for sha in hashes:
        (file,) = [p for p in (server.home / "blobs").rglob(sha) if p.is_file()]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == sha
    assert json.loads(server.command("ledger", "verify", "--json"))["equal"] is True


@pytest.mark.proves("I1 I2 I25", "F13 F14")
@pytest.mark.parametrize("engine", engines.ENGINES)
def test_what_was_confirmed_survives_a_killed_browser(
    engine: str,
    playwright: Playwright,
    server: Server,
    gateway: Gateway,
    people: dict[str, dict[str, Any]],
    tmp_path: Path,
) -> None:
    gateway.heal()
    phone = Phone(playwright, engine, tmp_path / "phone", gateway)
    phone.start()
    phone.sign_in(people["jiancha2"])
    text = f"{engine} {os.urandom(3).hex()}"
    gateway.is_cut_off = True
    app.note(phone.page, "PAX-13", text)
    app.photograph(phone.page, "PAX-13", text)
    phone.wait_for_note(text)  # 已保存 may still be said of the note before
    phone.kill()
    note = app.item(phone.page, "PAX-13").get_by_label("备注", exact=True)
    expect(note).to_have_value(text)
    gateway.heal()
    app.wait_until_all_sent(phone.page)
    phone.stop()
    rows = server.sql("SELECT payload FROM receipts WHERE kind = 'answer.set'")
    assert [json.loads(one)["fields"].get("note") for (one,) in rows].count(text) == 1
