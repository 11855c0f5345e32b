"""A real server process that can be killed, and real Chromium profiles that survive a restart."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright
from playwright.sync_api import Error as PlaywrightError

from server.app import create_app
from server.config import load_config
from tests.apps import close_app
from tests.conftest import ROOT, free_port
from tests.e2e.serving import serve
from tests.processes import Forked

CHROMIUM = "/usr/bin/chromium"
# The same engine without a window of its own: it starts in a quarter of the time. For people at a
# desk, and for phones that are neither killed nor asked for a permission.
LIGHT_CHROMIUM = "/usr/bin/chromium-headless-shell"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What draws moving pictures has no screen here to draw them for: a sixth of its time.
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-lcd-text",
    "--disable-smooth-scrolling",
    "--disable-threaded-animation",
    "--disable-partial-raster",
    "--num-raster-threads=1",
]
FAKE_CAMERA = "--use-fake-device-for-media-stream=fps=5"


@dataclass
class Server:
    """``suicha run`` over a home of its own. ``kill`` is SIGKILL to the whole process group.
    ``workers``: one starts sooner; None for as many as the product takes by itself."""

    home: Path
    database_url: str
    port: int = field(default_factory=free_port)
    workers: int | None = 1
    process: Forked | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SUICHA_")}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "SUICHA_HOME": str(self.home),
            "SUICHA_DATABASE_URL": self.database_url,
            "SUICHA_PORT": str(self.port),
            "SUICHA_WORKERS": "" if self.workers is None else str(self.workers),
        }

    def command(self, *words: str) -> str:
        """Runs ``suicha WORDS`` to its end; answers its output."""
        told, failed = self.home / "command.out", self.home / "command.log"
        done = Forked("server.cli", words, self.environment, failed, told).wait(120)
        assert done == 0, f"suicha {' '.join(words)}: {failed.read_text()}"
        return told.read_text()

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        log = self.home / "server.log"
        self.process = Forked("server.cli", ["run"], self.environment, log)
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.home / "server.log").read_text()
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        # or somebody else answers there, and ours has ended
                        assert self.process.poll() is None, (self.home / "server.log").read_text()
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """SIGKILL, no goodbye: what was not committed is gone."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of a SELECT, from outside the server."""
        from sqlalchemy import create_engine, text

        engine = create_engine(self.database_url)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(statement))]
        finally:
            engine.dispose()

    def change(self, statement: str) -> None:
        """An UPDATE or DELETE behind the server's back: what only time or an accident would do."""
        from sqlalchemy import create_engine, text

        engine = create_engine(self.database_url)
        try:
            with engine.begin() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()


class Inside(Server):
    """The same county served by a thread of the test's own process: what does not have to be
    killed need not load the product once more. ``kill`` takes the port away."""

    _ending: ExitStack

    def start(self) -> None:
        self._ending = ExitStack()
        app = create_app(load_config(self.environment))
        self._ending.callback(close_app, app)
        self._ending.enter_context(serve(app, self.port))

    def kill(self) -> None:
        self._ending.close()


@dataclass(frozen=True)
class DemoHome:
    """A home with the demo county in SQLite, nobody running over it, and its people by account."""

    home: Path
    people: dict[str, dict[str, Any]]

    def copy(self, home: Path, kind: type[Server] = Server) -> Server:
        """The same county once more; start it."""
        shutil.copytree(self.home, home)
        return kind(home, sqlite_in(home))


def sqlite_in(home: Path) -> str:
    return f"sqlite:///{home}/suicha.sqlite3"


def set_up(home: Path) -> DemoHome:
    """``suicha setup`` in an empty folder."""
    told = json.loads(Server(home, sqlite_in(home)).command("setup", "--without-results", "--json"))
    return DemoHome(home, by_account(told["demo"]))


def by_account(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The accounts a command told of, with their passwords."""
    return {account["account"]: account for account in told["accounts"]}


@contextmanager
def phone(
    playwright: Playwright,
    profile: Path,
    *,
    browser: str = CHROMIUM,
    camera: str = "none",
    **options: Any,
) -> Iterator[tuple[BrowserContext, Page]]:
    """An inspector's phone: 360×740, touch, its own profile on disk (closing = browser closed).
    ``camera``: none, or Chromium's own moving test picture, granted or denied."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=browser,
        headless=True,
        args=[*CHROMIUM_ARGS, *([] if camera == "none" else [FAKE_CAMERA])],
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        permissions=["geolocation", *(["camera"] if camera == "granted" else [])],
        geolocation={"latitude": 35.48, "longitude": 112.41, "accuracy": 12},
        **options,
    )
    context.set_default_timeout(30_000)
    try:
        yield context, context.pages[0] if context.pages else context.new_page()
    finally:
        with suppress(PlaywrightError):  # it may have been killed
            context.close()
        for lock in profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)


def kill_browser(profile: Path) -> None:
    """SIGKILL to the browser over this profile, no goodbye: what it had not flushed is gone."""
    mark = f"--user-data-dir={profile}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark in words and not any(word.startswith(b"--type=") for word in words):
            os.kill(int(process.name), signal.SIGKILL)
            return
    raise AssertionError(f"no browser runs over {profile}")


def jpeg(text: str, *, width: int = 1200, height: int = 900) -> bytes:
    """A picture a camera could have made; different text, different bytes."""
    image = Image.new("RGB", (width, height), "#8899aa")
    draw = ImageDraw.Draw(image)
    for line in range(0, height, 30):
        draw.line(
            [(0, line), (width, (line * 7) % height)], fill="#%06x" % (line * 4099 % 0xFFFFFF)
        )
    draw.text((40, 40), text, fill="white")
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def plain_picture(kind: str, width: int, height: int) -> bytes:
    """One grey area of any size: many pixels, few bytes."""
    out = BytesIO()
    Image.new("L", (width, height), 128).save(out, kind)
    return out.getvalue()


@contextmanager
def page_errors(page: Page) -> Iterator[list[str]]:
    """What the browser complains about meanwhile; a breach of the content policy is among it."""
    errors: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    def catch(fault: PlaywrightError) -> None:
        errors.append(str(fault))

    page.on("console", hear)
    page.on("pageerror", catch)
    yield errors
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", catch)


def chinese_words(page: Page) -> list[str]:
    """Every run of Chinese characters on the screen: texts, names, hints."""
    said = page.evaluate(
        """() => {
          const names = ['aria-label', 'placeholder', 'title', 'alt']
          const hints = [...document.querySelectorAll('*')].flatMap((e) =>
            names.map((name) => e.getAttribute(name) ?? ''))
          return [document.title, document.body.innerText, ...hints].join('\\n')
        }"""
    )
    return sorted(set(re.findall(r"[\u4e00-\u9fff]+", said)))


def small_targets(page: Page, least: int = 44) -> list[str]:
    """What can be tapped and is smaller than a gloved finger; a box counts as its label."""
    return list(
        page.evaluate(
            """(least) =>
              [...document.querySelectorAll('a, button, summary, input, select, textarea')]
              .map((e) => e.closest('label.check, label.version') ?? e)
              .map((e) => [e, e.getBoundingClientRect()])
              .filter(([, box]) => box.width > 0 && (box.width < least || box.height < least))
              .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width}×${box.height}`)""",
            least,
        )
    )


def faint_texts(page: Page, least: float = 7.0) -> list[str]:
    """Texts whose contrast (WCAG) to the ground they stand on is below ``least``, as measured."""
    return list(page.evaluate(_FAINT_TEXTS, least))


_FAINT_TEXTS = """(least) => {
  const rgba = (text) => (text.match(/[0-9.]+/g) ?? []).map(Number)
  const linear = (c) => (c <= 10 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const [r, g, b, a = 1] = rgba(getComputedStyle(at).backgroundColor)
      if (a === 1) return [r, g, b]
    }
    return [255, 255, 255]
  }
  const found = new Set()
  const measure = (e, colour, text) => {
    if (!text.trim() || e.getClientRects().length === 0) return
    const [dark, bright] = [light(rgba(colour)), light(ground(e))].sort((x, y) => x - y)
    const contrast = (bright + 0.05) / (dark + 0.05)
    if (contrast < least) found.add(`${contrast.toFixed(2)} ${e.className} ${text.trim()}`)
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const { parentElement: e, data } = walker.currentNode
    measure(e, getComputedStyle(e).color, data)
  }
  for (const e of document.querySelectorAll('input.input, textarea')) {
    measure(e, getComputedStyle(e).color, e.value)
    measure(e, getComputedStyle(e, '::placeholder').color, e.placeholder)
  }
  return [...found]
}"""
