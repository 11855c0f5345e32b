"""Every office page, full and empty, in both languages, both themes, on a phone and at a desk.

Each page is opened in a browser once: twice of three times on a phone, where things do not fit, in
one language and one theme; the next page in the next of ``ROUND``. Its English is read from what
the server answers, whatever the browser shows. What was seen is collected first and judged by one
test per promise. Of the many addresses of one view, each shows another state of it, or
another role's: `make test` opens the first of each, `make soak` all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.e2e.own_words import PLAN, OwnWords
from tests.e2e.page_addresses import EMPTY_COUNTY, expected_status, first_of_each_view, pages_of
from tests.e2e.serving import serve
from tools.busy_county import County, fill

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]  # all pages are opened in one fixture

LANGUAGES = ("zh_CN", "en")
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
# A window for each size: to change the size of one takes longer than to open the page.
THEMES = {("zh_CN", "phone"): "light", ("zh_CN", "desk"): "dark",
          ("en", "desk"): "light", ("en", "phone"): "dark"}  # fmt: skip
ROUND = [("en", "phone"), ("zh_CN", "phone"), ("zh_CN", "desk"),
         ("en", "phone"), ("zh_CN", "phone"), ("en", "desk")]  # fmt: skip
# Every fold is opened: what lies in it must fit too. Answers by how much it does not.
OVER = """
() => {
  document.querySelectorAll('details').forEach((d) => { d.open = true })
  return document.documentElement.scrollWidth - document.documentElement.clientWidth
}
"""


@dataclass
class Desk:
    """One browser for everybody, one after the other, with a window for each size."""

    county: County
    url: str
    context: BrowserContext
    windows: dict[str, Page]
    noise: list[str]  # what the browser complained of on the page it shows

    def sign_in(self, account: str) -> None:
        """As this person, without a window; a visitor has no account."""
        self.context.clear_cookies()
        if account:
            self.post("/sign-in", "/sign-in", account=account, password=self.county.password)

    def post(self, path: str, asked_on: str, **form: Any) -> str:
        """What the server answers to the form of a page."""
        shown = self.context.request.get(f"{self.url}{asked_on}").text()
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
        assert token
        sent = {"csrf_token": token[1], **form}
        answer = self.context.request.post(f"{self.url}{path}", multipart=sent)
        assert answer.ok
        return answer.text()

    def speak(self, account: str, language: str) -> None:
        """The person's language, or the visitor's."""
        from server.accounts.service import set_locale

        cookie = {"name": "suicha_locale", "value": language, "url": self.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]
        if account:
            with self.county.desk():
                set_locale(self.county.actor(account).person_id, language)
        for size, page in self.windows.items():
            page.emulate_media(color_scheme=THEMES[language, size])  # type: ignore[arg-type]


@contextmanager
def desk_of(browser: Browser, county: County, url: str) -> Iterator[Desk]:
    context = browser.new_context(timezone_id="Asia/Shanghai")
    noise: list[str] = []
    windows = {"phone": context.new_page(), "desk": context.new_page()}
    for page, size in zip(windows.values(), (PHONE, DESK), strict=True):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.on(
            "console", lambda m: noise.append(m.text) if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: noise.append(str(error)))
    yield Desk(county, url, context, windows, noise)
    context.close()


@dataclass
class Seen:
    """What the visit of all pages brought; each entry says which page it is about."""

    pages: int = 0
    statuses: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    chinese: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(False, id="first"),
        pytest.param(True, id="all", marks=pytest.mark.soak),
    ],
)
def seen(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Seen:
    """The pages of a county at work, and of one where nothing has been imported yet."""
    found = Seen()
    with served(tmp_path_factory.mktemp("full"), is_full=True) as (county, url):
        words, pages = OwnWords(county), pages_of(county)
        if not request.param:
            pages = first_of_each_view(county, pages)
        with desk_of(browser, county, url) as desk:
            for account, paths in pages.items():
                look(found, desk, account, paths, words)
    home = tmp_path_factory.mktemp("empty")
    with served(home, is_full=False) as (county, url), desk_of(browser, county, url) as desk:
        look(found, desk, "bangong", EMPTY_COUNTY, OwnWords(county))
    return found


@contextmanager
def served(home: Path, *, is_full: bool) -> Iterator[tuple[County, str]]:
    county = County(home, has_plans=is_full)
    if is_full:
        fill(county)
    try:
        with serve(county.app) as url:
            yield county, url
    finally:
        county.close()


def look(seen: Seen, desk: Desk, account: str, paths: list[str], words: OwnWords) -> None:
    """Opens the pages as this person in both languages and notes what is wrong."""
    desk.sign_in(account)
    for language in LANGUAGES:
        desk.speak(account, language)
        for place, path in enumerate(paths):
            spoken, size = ROUND[place % len(ROUND)]
            who = f"{account or 'visitor'} {path}"
            if language == "en" and (spoken != "en" or path == "preview"):
                note_english(seen, who, ask_for(desk, path), words)
            if language != spoken:
                continue
            page, name = desk.windows[size], f"{who} {language} {size}"
            opening = open_preview if path == "preview" else open_path
            answer = opening(page, desk.url, path)
            status = answer.status
            if language == "en" and path != "preview":
                note_english(seen, who, answer.text(), words)
            seen.pages += 1
            if status != expected_status(account, path):
                seen.statuses.append(f"{name}: {status}")
            note_page(seen, page, name)
            # Chromium complains of a page that is refused; that it is, is the point.
            seen.complaints += [
                f"{name}: {one}" for one in desk.noise if f"status of {status}" not in one
            ]
            desk.noise.clear()


def note_page(seen: Seen, page: Page, name: str) -> None:
    """One open page."""
    if page.locator("h1").count() != 1 or not page.title().split(" · ")[0].strip():
        seen.heads.append(f"{name}: {page.locator('h1').count()} h1, title {page.title()!r}")
    if (over := page.evaluate(OVER)) > 0:
        seen.sideways.append(f"{name}: {over} px")


def note_english(seen: Seen, name: str, page: str, words: OwnWords) -> None:
    """What of the page is Chinese although English was asked for."""
    seen.chinese += [f"{name}: {one}" for one in words.chinese_beside(page)]


def ask_for(desk: Desk, path: str) -> str:
    """The page as the server sends it, without a window."""
    if path != "preview":
        return desk.context.request.get(f"{desk.url}{path}").text()
    with PLAN.open("rb") as file:
        sent = {"name": PLAN.name, "mimeType": "text/csv", "buffer": file.read()}
    return desk.post("/plans/preview", "/plans", file=sent)


def open_path(page: Page, url: str, path: str) -> Response:
    answer = page.goto(f"{url}{path}", wait_until="domcontentloaded")
    assert answer is not None
    return answer


def open_preview(page: Page, url: str, _: str) -> Response:
    """A plan's preview; nothing is stored."""
    page.goto(f"{url}/plans")
    page.locator("input[type=file]").set_input_files(PLAN)
    with page.expect_response(lambda answer: answer.request.method == "POST") as response:
        page.click("main button.primary")
    page.wait_for_load_state()
    return response.value


def test_every_page_answers(seen: Seen) -> None:
    assert seen.pages > 90
    assert seen.statuses == []


def test_no_page_slides_sideways(seen: Seen) -> None:
    assert seen.sideways == []


def test_no_console_complains(seen: Seen) -> None:
    assert seen.complaints == []


def test_english_pages_are_english_but_for_the_countys_own_words(seen: Seen) -> None:
    assert seen.chinese == []


def test_every_page_has_one_heading_and_a_title(seen: Seen) -> None:
    assert seen.heads == []
