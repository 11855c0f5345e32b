"""A real server process that can be killed, and real Chromium profiles that survive a restart."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.conftest import ROOT, free_port

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Server:
    """``suicha run`` over a home of its own. ``kill`` is SIGKILL to the whole process group."""

    home: Path
    database_url: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

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
        }

    def command(self, *words: str) -> str:
        """Runs ``suicha WORDS`` to its end; answers its output."""
        done = subprocess.run(
            [sys.executable, "-m", "server.cli", *words],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"suicha {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server.cli", "run"],
                env=self.environment,
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.home / "server.log").read_text()
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    if answer.status == 200:
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


def accounts(server: Server) -> dict[str, dict[str, Any]]:
    """The demo accounts by name, with their passwords."""
    answer = json.loads(server.command("demo", "load", "--json"))
    return {account["account"]: account for account in answer["accounts"]}


@contextmanager
def phone(
    playwright: Playwright, profile: Path, **options: Any
) -> Iterator[tuple[BrowserContext, Page]]:
    """An inspector's phone: 360×740, touch, its own profile on disk (closing = browser closed)."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        headless=True,
        args=CHROMIUM_ARGS,
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        permissions=["geolocation"],
        geolocation={"latitude": 35.48, "longitude": 112.41, "accuracy": 12},
        **options,
    )
    context.set_default_timeout(15_000)
    try:
        yield context, context.pages[0] if context.pages else context.new_page()
    finally:
        context.close()
        for lock in profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)


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
