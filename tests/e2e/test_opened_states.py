"""What opens on the field app's screens (dialogs, panels, questions) can be read by everybody, in
both languages and both themes. The screens as they open by themselves: test_field_app.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Playwright, expect

from tests.e2e import field_app as app
from tests.e2e.accessible import cut_off, expect_readable, violations
from tests.e2e.harness import Server, phone
from tests.e2e.short_sheets import shorten

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
LANGUAGES = ("中文", "English")


@pytest.fixture(scope="module")
def field(
    playwright: Playwright,
    server: Server,
    people: dict[str, dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[app.Field]:
    entries = shorten(server, common=["COM-06"], passenger=["PAX-01", "PAX-02", "PAX-13", "PAX-14"])
    profile = tmp_path_factory.mktemp("phone")
    with phone(playwright, profile, camera="granted", reduced_motion="reduce") as (context, page):
        app.sign_in(page, server, people["jiancha1"])
        firm, inspection = app.first_fetched(page, LIST, entries)
        yield app.Field(server, context, page, people["jiancha1"], firm, inspection)


# Each at an entry of its own: the camera's test picture begins anew, and comes to the same photo.
@pytest.mark.soak
@pytest.mark.parametrize(("language", "code"), [("中文", "PAX-01"), ("English", "PAX-02")])
def test_what_opens_on_an_entry_can_be_read_by_everybody(
    field: app.Field, language: str, code: str
) -> None:
    page = field.page
    field.speak(language)
    place = f"/i/{field.inspection}/tr/1"
    app.visit(page, field.server, place)
    entry = app.item(page, code)
    note = entry.locator("textarea")
    note.fill("晋E00001")
    note.blur()
    app.visit(page, field.server, place)  # shows what was kept
    expect(note).to_have_value("晋E00001")
    # The rest of the section, asked for.
    page.locator(".rest button").click()
    expect(page.locator(".rest .actions")).to_be_visible()
    expect_readable(page)
    page.locator(".rest .actions button").first.click()
    # Phrases open; a note emptied, and the way back.
    entry.locator("button[aria-expanded]").last.click()
    expect(entry.locator(".phrases")).to_be_visible()
    note.fill("")
    note.blur()
    expect(entry.locator(".field ~ button.quiet")).to_have_count(2)
    entry.locator("details summary").click()
    expect_readable(page)
    # The camera, and what it took: looked at, drawn on, left with marks.
    entry.locator(".trio button").first.click()
    camera = page.locator("dialog.camera")
    camera.locator(".shutter").click()
    expect(camera.get_by_role("status")).to_contain_text("1")
    expect_readable(page)
    camera.locator("button").first.click()
    tile = entry.locator(".photo").last
    tile.locator(".remove").click()
    expect(tile.locator(".confirm")).to_be_visible()
    expect_readable(page)
    tile.locator(".open").click()
    viewer = page.locator("dialog.viewer")
    expect(viewer.locator("canvas")).to_be_visible()
    expect_readable(page)
    viewer.locator(".pair button").first.click()
    board = viewer.get_by_role("application")
    board.press("Enter")
    page.go_back()
    expect(viewer.get_by_role("alert")).to_be_visible()
    expect_readable(page)
    viewer.get_by_role("alert").locator("button").last.click()
    page.go_back()
    expect(viewer).to_have_count(0)
    # The pages of a document.
    entry.locator(".trio button").last.click()
    expect(entry.locator(".document-panel")).to_be_visible()
    expect_readable(page)
    entry.locator(".document-panel button").last.click()
    field.speak("中文")


@pytest.mark.parametrize(
    "language", [LANGUAGES[0], pytest.param(LANGUAGES[1], marks=pytest.mark.soak)]
)
def test_what_opens_on_the_visit_can_be_read_by_everybody(field: app.Field, language: str) -> None:
    page, visit = field.page, f"/i/{field.inspection}"
    field.speak(language)
    # The list: each check before leaving, and a search without a hit.
    app.visit(page, field.server, "/")
    page.locator(".ready summary").click()
    page.locator("input[type=search]").fill("没有这一户")
    expect(page.locator(".empty")).to_be_visible()
    expect_readable(page)
    # The visit: an entry that is found and one that is not, an officer who is not there.
    app.visit(page, field.server, visit)
    search = page.locator("input[type=search]")
    search.fill("PAX")
    expect(page.locator("a.goto").first).to_be_visible()
    page.locator("main .officer ~ button.quiet").first.click()
    page.locator("form .actions button[type=submit]").click()
    expect(page.locator("form").get_by_role("alert")).to_be_visible()
    in_the_middle(page.locator("form fieldset"))
    expect_readable(page)
    page.locator("form .actions button").first.click()
    search.fill("没有这一项")
    expect(page.locator("a.goto")).to_have_count(0)
    expect_readable(page)
    # The notice with its code, refused without a reason.
    app.visit(page, field.server, f"{visit}/tr/notice")
    page.locator("form input[type=checkbox]").check()
    page.locator("form button[type=submit]").click()
    expect(page.locator("form").get_by_role("alert")).to_be_visible()
    expect_readable(page)
    # The record opened, the refusal to sign.
    app.visit(page, field.server, f"{visit}/tr/sign")
    page.locator("details.record summary").click()
    page.locator("form input[type=checkbox]").check()
    expect(page.locator("form textarea")).to_have_count(2)
    expect_readable(page)
    # Nothing can be checked: what is asked for then.
    app.visit(page, field.server, f"{visit}/tr/outcome")
    page.locator("input[name=outcome]").first.check()
    expect(page.locator("main .actions")).to_be_visible()
    expect_readable(page)
    page.locator("main .actions button").first.click()
    expect(page.locator("main .actions")).to_have_count(0)
    # Letters twice as large by the app's own setting.
    field.speak(language)
    page.locator("input[name=text]").last.check()
    for place in ("/settings", f"{visit}/tr/1"):
        app.visit(page, field.server, place)
        assert (cut_off(page), violations(page)) == ([], []), place
    app.visit(page, field.server, "/settings")
    page.locator("input[name=text]").first.check()
    field.speak("中文")


def test_a_window_that_holds_the_stores_is_told_of_so_that_everybody_can_read_it(
    field: app.Field,
) -> None:
    """The last of this file: the older window begins with empty stores."""
    page = field.page
    app.wait_until_all_sent(page)
    person = app.ask_store(page, "meta", "get", "person")
    page.goto(f"{field.server.url}/healthz")
    with field.context.new_page() as older:
        older.goto(f"{field.server.url}/healthz")
        older.evaluate(HOLD_AS_OLDER, f"suicha-{person}")
        page.goto(f"{field.server.url}/app/")
        expect(page.get_by_test_id("stores")).to_contain_text("另一个窗口正在使用旧版本")
        expect_readable(page)
    expect(page.get_by_test_id("stores")).to_have_count(0)


# As the first version of the stores was.
HOLD_AS_OLDER = """async (name) => {
  await new Promise((done) => (indexedDB.deleteDatabase(name).onsuccess = done))
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => {
    const make = (store, keyPath, options = { keyPath }) =>
      opening.result.createObjectStore(store, options)
    make('outbox', 'seq').createIndex('op', 'op', { unique: true })
    make('rows', ['space', 'id']).createIndex('space', 'space')
    make('photos_meta', 'sha256').createIndex('state', 'state')
    for (const store of ['photo_bytes', 'meta']) make(store, '', {})
    make('cursors', 'space')
    make('lib', 'key')
    make('contacts', '', { autoIncrement: true })
  }
  await new Promise((done) => (opening.onsuccess = done))
}"""


def in_the_middle(part: Locator) -> None:
    """Away from the bar at the foot, which hides what it is scrolled under."""
    part.evaluate("(e) => e.scrollIntoView({ block: 'center' })")
