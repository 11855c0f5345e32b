"""The field app in a real browser with a year of work on it: what an officer waits for.

An installation, a phone and its stores are made once: the app signs in and pulls two inspections,
one photo is taken, and all of it is copied under other ids (``fill_phone.js``). Then the server is
stopped and the browser started anew for each run, offline, its processor slowed down.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from bench.installation import environment, running_server, upgrade_database
from bench.phone import Phone
from bench.seed import PASSWORD, SHEET, seed

ROOM = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ITEMS = 40
THUMB_BYTES = 6_000
PHOTO_SIZE = (4000, 3000)
PATIENCE_MS = 600_000


@dataclass(frozen=True)
class Load:
    """What the phone holds, and how it is measured."""

    inspections: int = 2_000
    open: int = 200
    photos: int = 10_000
    runs: int = 7
    slowdown: int = 4


def measure_phone(load: Load, say: Callable[[str], None]) -> dict[str, Any]:
    """Milliseconds of each step. Raises RuntimeError where a part for it is missing."""
    with tempfile.TemporaryDirectory(prefix="suicha-phone-") as folder:
        home = Path(folder)
        env = environment(home / "server", None, 1, 4)
        (home / "server").mkdir()
        upgrade_database(env)
        seeded = seed(env, inspections=2, items=ITEMS)
        with running_server(env) as (port, _):
            say(f"phone: filling it with {load.inspections} inspections, {load.photos} photos")
            _work_in(port, seeded.spaces, seeded.items)
            held = _fill(home / "phone", port, load)
        say("phone: first start over these stores")
        first = _run(home / "phone", port, load, 0)
        runs = []
        for number in range(1, load.runs + 1):
            say(f"phone: run {number} of {load.runs}")
            runs.append(_run(home / "phone", port, load, number))
    return {
        "held": held,
        "slowdown": load.slowdown,
        "first_start": first,
        "runs": runs,
        "median": {
            name: round(statistics.median(one[name] for one in runs), 1) for name in runs[0]
        },
    }


def _work_in(port: int, spaces: list[str], items: list[str]) -> None:
    """One inspection is filled and signed, the other begun, by the other officer's phone."""
    account = "bench2"
    phone = Phone("127.0.0.1", port, account, PASSWORD, "dev_bench_office")
    full, begun = spaces
    ops = [phone.answer_op(full, SHEET, item) for item in items]
    for officer in (1, 2):
        ops.append(phone.checkin_op(full, SHEET, officer))
        ops.append(phone.signature_op(full, SHEET, officer))
    ops += [phone.answer_op(begun, SHEET, item) for item in items[:12]]
    for from_ in range(0, len(ops), 50):
        phone.push(phone.push_body(ops[from_ : from_ + 50]))
    phone.close()


@contextmanager
def _browser(profile: Path) -> Iterator[Any]:
    """A phone's browser over this profile; its page. Closed as one closes it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            args=ARGS,
            viewport={"width": 360, "height": 740},
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(path=ROOM / "watch_phone.js")
        try:
            yield context.pages[0]
        finally:
            context.close()


def _fill(profile: Path, port: int, load: Load) -> dict[str, int]:
    with _browser(profile) as page:
        page.goto(f"http://127.0.0.1:{port}/app/")
        page.get_by_label("账号").fill("bench1")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_text(f"已填 {ITEMS}/{ITEMS}").wait_for()
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        beside = page.context.new_page()  # of the same origin, without the app: it would read all
        beside.goto(f"http://127.0.0.1:{port}/healthz")
        page.context.set_offline(True)
        page.locator(".task").filter(has_text=f"已填 12/{ITEMS}").click()
        page.locator(".parts a").first.click()
        _photograph(page, 20, 0)
        page.close()
        held: dict[str, int] = beside.evaluate(
            (ROOM / "fill_phone.js").read_text(),
            {
                "inspections": load.inspections,
                "open": load.open,
                "photos": load.photos,
                "thumbBytes": THUMB_BYTES,
            },
        )
        return held


def _run(profile: Path, port: int, load: Load, number: int) -> dict[str, float]:
    """One cold start of the browser, offline: list, an inspection's section, a tap, a photo."""
    with _browser(profile) as page:
        page.context.set_offline(True)
        told: dict[str, float] = {"crowding": page.evaluate(_CROWDING)}
        slow = page.context.new_cdp_session(page)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": load.slowdown})
        page.goto(f"http://127.0.0.1:{port}/app/", wait_until="commit")
        told |= {
            # What fits on the screen is drawn at once and can be tapped; the rest follows below it.
            "list_ms": page.evaluate("() => watchPhone.cards(1)"),
            "list_whole_ms": page.evaluate(f"() => watchPhone.cards({load.open})"),
        }
        told["list_longest_task_ms"] = page.evaluate("() => Math.max(0, ...watchPhone.tasks)")
        told["search_ms"] = page.evaluate(_SEARCH, "测量运输企业7号")
        page.evaluate("() => { location.hash = '#/' }")
        page.evaluate(_OPEN, number % load.open)
        page.wait_for_selector(".parts a")
        told["section_ms"], told["section_whole_ms"] = page.evaluate(_SECTION, ITEMS)
        told["tap_ms"], told["tap_kept_ms"] = page.evaluate(_TAP, 12 + number % 8)
        told["photo_ms"] = _photograph(page, 30, number)
        told["longest_task_ms"] = page.evaluate("() => Math.max(0, ...watchPhone.tasks)")
        return told


# How many times longer than in its quickest moment a short sum takes, before anything is slowed
# down: what others do on this machine.
_CROWDING = """async () => {
  const times = []
  for (let round = 0; round < 60; round += 1) {
    const start = performance.now()
    for (let n = 0, sum = 0; n < 4e6; n += 1) sum += n % 7
    times.push(performance.now() - start)
    await new Promise((done) => setTimeout(done))
  }
  return times.reduce((a, b) => a + b) / times.length / Math.min(...times)
}"""
_SEARCH = """async (text) => {
  const input = document.querySelector('input[type=search]')
  const start = performance.now()
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
  const end = await watchPhone.seen(() => {
    const found = document.querySelectorAll('.tasks .task')
    return found.length === 1 && found[0].textContent.includes(text)
  })
  input.value = ''
  input.dispatchEvent(new Event('input', { bubbles: true }))
  return end - start
}"""
_OPEN = """async (n) => {
  await watchPhone.seen(() => document.querySelectorAll('.tasks .task').length > 1)
  document.querySelectorAll('.tasks .task')[n].click()
}"""
# A screen of entries that can be answered, then all of them.
_SECTION = """(items) => watchPhone.tap(document.querySelector('.parts a'), ...[3, items].map(
  (n) => () => document.querySelectorAll('section.item input[type=radio]').length >= n * 3))"""
_TAP = """(n) => {
  const item = document.querySelectorAll('section.item')[n]
  const radio = [...item.querySelectorAll('input[type=radio]')].find((one) => !one.checked)
  return watchPhone.tap(radio, () => radio.checked,
    () => item.querySelector('.status').textContent.includes('已保存'))
}"""
_PHOTO = """(n) => {
  const item = document.querySelectorAll('section.item')[n]
  const before = item.querySelectorAll('img').length
  window.photographed = watchPhone.photo(item.querySelector('input[type=file]'), () => {
    const pictures = [...item.querySelectorAll('img')]
    return pictures.length > before && pictures.every((one) => one.complete)
  })
}"""


def _photograph(page: Any, item: int, number: int) -> float:
    page.locator("section.item").nth(item).wait_for()
    page.evaluate(_PHOTO, item)
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:  # as bytes it would block the page
        file.write(_picture(number))
        file.flush()
        camera = page.locator("section.item").nth(item).locator("input[type=file]").first
        camera.set_input_files(file.name)
        taken: float = page.evaluate("() => window.photographed")
    return taken


def _picture(number: int) -> bytes:
    """12 megapixels with as much in them as a yard has: some megabytes. Each is another."""
    from PIL import Image

    small = Image.effect_noise((PHOTO_SIZE[0] // 4, PHOTO_SIZE[1] // 4), 60 + number)
    out = BytesIO()
    small.resize(PHOTO_SIZE).convert("RGB").save(out, "JPEG", quality=92)
    return out.getvalue()
