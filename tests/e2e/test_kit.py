"""``/kit`` in a real browser: both languages, both themes, a phone and a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT, Clock, make_app
from tests.e2e.serving import serve

pytestmark = pytest.mark.e2e

PASSWORD = "correct horse battery"
PHONE, DESK = (360, 740), (1280, 800)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_empty: Path) -> Iterator[str]:
    """The application with one team lead, served on a free port; answers its address."""
    import shutil

    home = tmp_path_factory.mktemp("kit")
    database = home / "suicha.sqlite3"
    shutil.copy(sqlite_empty, database)
    app = make_app(f"sqlite:///{database}", home / "home", Clock())
    with app.app_context():
        add_lead()
    with serve(app) as url:
        yield url


def add_lead() -> None:
    from server.accounts.models import Department, Jurisdiction, Person, PersonRole
    from server.accounts.passwords import hash_password
    from server.db import db

    county = Jurisdiction(code="140522", name="阳城县")
    db.session.add(county)
    db.session.flush()
    bureau = Department(jurisdiction_id=county.id, code="tr", name="阳城县交通运输局", is_home=True)
    db.session.add(bureau)
    db.session.flush()
    lead = Person(
        jurisdiction_id=county.id,
        department_id=bureau.id,
        account="lead",
        name="王海涛",
        password_hash=hash_password(PASSWORD),
        roles=[PersonRole(role="team_lead")],
    )
    db.session.add(lead)
    db.session.commit()
    db.session.remove()


@pytest.fixture(params=[("zh_CN", "light"), ("zh_CN", "dark"), ("en", "light"), ("en", "dark")])
def manner(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Language and theme."""
    return request.param


def open_page(
    browser: Browser, address: str, size: tuple[int, int], theme: str = "light"
) -> tuple[Page, list[str]]:
    """A page and the complaints its console has made so far."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=theme
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto(address)
    return page, complaints


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in?next=/account")
    page.fill("[name=account]", "lead")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(f"{site}/account")


# Colours are asked of the browser: the text's colour against the first ground behind it that is
# not transparent. Disabled controls are exempt (WCAG 1.4.3); so is what is not shown.
CONTRAST = """
() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data]
  }
  const light = ([r, g, b]) => [r, g, b]
    .map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor)
      if (colour[3] === 255) return colour
    }
    return [255, 255, 255, 255]
  }
  const poor = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement
    if (!walker.currentNode.data.trim() || e.closest('template, script, svg, :disabled')) continue
    if (!e.checkVisibility()) continue
    const [a, b] = [light(rgba(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x)
    const ratio = (a + 0.05) / (b + 0.05)
    if (ratio < 7) poor.push(`${ratio.toFixed(2)} ${walker.currentNode.data.trim().slice(0, 30)}`)
  }
  return poor
}
"""

# Links inside running text are exempt (WCAG 2.5.8); a choice is as large as its label.
SMALL_TARGETS = """
() => [...document.querySelectorAll('a, button, summary, input, select, textarea')]
  .filter((e) => e.checkVisibility() && e.type !== 'hidden' && !e.closest('p, li.plain, .skip'))
  .filter((e) => !e.closest('.notice li') && !e.classList.contains('skip'))
  .map((e) => [e, (e.closest('label.choice') ?? e).getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
  .map(([e, box]) => `${box.width}x${box.height} ${e.outerHTML.slice(0, 80)}`)
"""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_slides_sideways_and_no_console_complains(
    browser: Browser, site: str, manner: tuple[str, str], size: tuple[int, int]
) -> None:
    locale, theme = manner
    page, complaints = open_page(browser, f"{site}/kit?lang={locale}", size, theme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.get_attribute("html", "lang") == {"zh_CN": "zh-CN", "en": "en"}[locale]
    assert complaints == []
    page.context.close()


def test_all_text_has_contrast_seven(browser: Browser, site: str, manner: tuple[str, str]) -> None:
    locale, theme = manner
    page, _ = open_page(browser, f"{site}/kit?lang={locale}", DESK, theme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    assert page.evaluate(CONTRAST) == []
    page.context.close()


def test_theme_attribute_rules_over_the_system(browser: Browser, site: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    dark, _ = open_page(browser, f"{site}/kit?theme=dark", DESK, "light")
    light, _ = open_page(browser, f"{site}/kit?theme=light", DESK, "dark")
    assert dark.evaluate(ground) == "rgb(20, 23, 28)"
    assert light.evaluate(ground) == "rgb(250, 248, 243)"
    dark.context.close()
    light.context.close()


def test_targets_on_a_phone_are_as_large_as_a_thumb(
    browser: Browser, site: str, manner: tuple[str, str]
) -> None:
    page, _ = open_page(browser, f"{site}/kit?lang={manner[0]}", PHONE, manner[1])
    assert page.evaluate(SMALL_TARGETS) == []
    sign_in(page, site)
    page.click(".nav-fold > summary")
    assert page.evaluate(SMALL_TARGETS) == []
    page.context.close()


def test_without_scripts_everything_can_be_read_and_opened(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{site}/kit")
    assert page.locator("#inspections tbody tr:not(.table-none)").count() == 6
    assert not page.locator("label.quick").first.is_visible()
    page.click("#dialog > summary")
    assert page.locator("#dialog textarea").is_visible()
    context.close()


def test_quick_filter_shows_fitting_rows_and_says_how_many(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, f"{site}/kit", DESK)
    page.fill("#inspections .quick input", "危险 JC2026")
    rows = page.locator("#inspections tbody tr:visible")
    assert rows.count() == 1
    assert "晋运" in rows.first.inner_text()
    assert page.inner_text("#inspections .count") == "显示 1 条，共 6 条"
    page.fill("#inspections .quick input", "没有这家")
    assert page.locator("#inspections tbody tr:visible").inner_text() == "本页没有符合条件的记录"
    page.context.close()


def test_client_sort_orders_numbers_as_numbers(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, f"{site}/kit", DESK)
    head = page.locator("#monthly thead th").nth(7)
    head.locator("button").click()
    first = page.locator("#monthly tbody tr").first
    assert first.inner_text().startswith("市场监督管理局")
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert first.inner_text().startswith("交通运输局")
    page.context.close()


def test_typed_text_survives_an_expired_session(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, f"{site}/kit", DESK)
    sign_in(page, site)
    page.goto(f"{site}/kit")
    page.fill("form[data-draft] [name=name]", "道路旅客运输企业检查")
    page.check("form[data-draft] [name=is_key]")
    page.context.clear_cookies()
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("form[data-draft] button:has-text('保存')")
    page.wait_for_selector("body[data-page=error]")  # the CSRF token went with the session
    sign_in(page, site)
    page.goto(f"{site}/kit")
    assert page.input_value("form[data-draft] [name=name]") == "道路旅客运输企业检查"
    assert page.is_checked("form[data-draft] [name=is_key]")
    assert page.is_visible("text=已恢复上次填写的内容")
    page.context.close()


def test_the_next_person_at_the_desk_sees_no_draft(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, f"{site}/kit", DESK)
    sign_in(page, site)
    page.goto(f"{site}/kit")
    page.fill("form[data-draft] [name=name]", "草稿")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site}/account")
    page.click("form[data-sign-out] button")
    page.wait_for_selector("body[data-page=sign-in]")
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    page.context.close()


def test_paper_shows_the_content_alone(browser: Browser, site: str) -> None:
    page, _ = open_page(browser, f"{site}/kit", DESK, "dark")
    page.emulate_media(media="print")
    for chrome in (".head", ".foot", ".filter", ".toolbar"):
        assert not page.locator(chrome).first.is_visible(), chrome
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.context.close()


def test_dark_values_stand_twice_and_equal() -> None:
    css = (ROOT / "pwa" / "static" / "tokens.css").read_text(encoding="utf-8")
    system = re.search(r'not\(\[data-theme="light"\]\) \{(.*?)\}', css, re.S)
    chosen = re.search(r'\n:root\[data-theme="dark"\] \{(.*?)\}', css, re.S)
    assert system and chosen
    assert system[1].split() == chosen[1].split()


def test_no_template_holds_inline_style_or_script() -> None:
    for path in (ROOT / "pwa" / "templates").rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", source), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", source), path
