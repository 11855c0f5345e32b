"""The same phone in two browsers: Chromium and Firefox ESR, each over a profile on disk."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright
from playwright.sync_api import Error as PlaywrightError

from tests.e2e import harness

FIREFOX = "/usr/bin/firefox-esr"
# Each run takes Firefox over the whole road once (test_firefox_road.py); the bad roads, too, take
# a third of all browsers' time, and are for the soak.
ENGINES = ("chromium", pytest.param("firefox", marks=pytest.mark.soak))


@contextmanager
def phone_with(
    engine: str, playwright: Playwright, profile: Path
) -> Iterator[tuple[BrowserContext, Page]]:
    """A phone-sized window; closing it is closing the browser, the profile stays."""
    if engine == "chromium":
        with harness.phone(playwright, profile) as opened:
            yield opened
        return
    context = playwright.firefox.launch_persistent_context(
        profile,
        channel="moz-firefox",  # Debian's own, driven over WebDriver BiDi
        executable_path=FIREFOX,
        headless=True,
        viewport={"width": 360, "height": 740},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        firefox_user_prefs={"permissions.default.persistent-storage": 1},
    )
    context.set_default_timeout(30_000)
    try:
        yield context, context.pages[0] if context.pages else context.new_page()
    finally:
        with suppress(PlaywrightError):  # it may have been killed
            context.close()


def kill_browser(engine: str, profile: Path) -> None:
    """SIGKILL, no goodbye."""
    if engine == "chromium":
        harness.kill_browser(profile)
        return
    for process in _browser_processes(profile):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _browser_processes(profile: Path) -> list[int]:
    mark = str(profile).encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        words = _command_line(process)
        if any(mark == word or word == b"--user-data-dir=" + mark for word in words):
            found.append(int(process.name))
    assert found, f"no browser runs over {profile}"
    return found


def _command_line(process: Path) -> list[bytes]:
    try:
        return (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
