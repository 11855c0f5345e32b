"""Pictures of the screens for README and guides: ``make screenshots`` → ``docs/screenshots/``.

Runs a server of its own over a temporary folder, with the demo county in the middle of a working
week, and leaves nothing behind but the pictures.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tools.busy_county import NOW, TASK, County, draw_evidence, inspections_of  # noqa: E402
from tools.field_screens import take_all  # noqa: E402
from tools.pictures import PATIENCE_MS, replacing  # noqa: E402
from tools.serve_county import ARGS, FAKE_CAMERA, served  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
MAX_BYTES = 250_000
FAILING = "FRT-05"


def main() -> int:
    """Makes every picture; answers the exit code."""
    expect.set_options(timeout=PATIENCE_MS)
    with replacing(OUT) as out, served() as (county, url), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*ARGS, FAKE_CAMERA]
        )
        take_office(browser, county, url, out)
        take_phone(browser, county, url, out)
        take_all(browser, county, url, out / "field")
        browser.close()
    return 0


def take_office(browser: Browser, county: County, url: str, out: Path) -> None:
    """The office's Monday, the lead's day, a draw, whose phone holds what, and a correction to
    decide on, as they stand on a PC."""
    with county.desk():
        from server.corrections.listing import list_orders

        waiting = list_orders(county.actor("zhuyao"), "submitted")
    order = next(one.proposal.id for one in waiting if one.item.startswith("PAX-05"))
    for account, path, name in (
        ("bangong", "/", "home"),
        ("bangong", "/board", "board"),
        ("bangong", "/reports/4", "report"),
        ("bangong", "/indicators", "indicators"),
        ("zuzhang", "/day", "day"),
        ("bangong", "/draws/1", "draw"),
        ("bangong", "/draws/1/screen", "screen"),
        ("bangong", "/plans/2", "plan"),
        ("bangong", "/registry/imports/4", "import"),
        ("bangong", "/devices", "devices"),
        ("bangong", "/publication", "publication"),
        ("zhuyao", f"/corrections/{order}", "correction"),
    ):
        with screen(browser, 1280, 800) as page:
            page.goto(f"{url}/sign-in?next={path}")
            sign_in(page, county, account)
            page.wait_for_url(f"{url}{path}")
            if name == "screen":  # it asks for news for ever
                for _ in range(3):
                    page.keyboard.press("Space")
                page.wait_for_load_state("load")
            else:
                page.wait_for_load_state("networkidle")
            save(page, out, name)
    with county.desk():
        from server.draws.reading import get_draw

        shown = f"{url}/public/draws/{get_draw(county.actor('bangong'), 1).public_id}"
    with screen(browser, 1280, 800) as page:
        page.goto(shown)
        page.get_by_role("button", name="在本机重新计算").click()
        expect(page.get_by_text("一致").first).to_be_visible()
        save(page, out, "public-draw")
        page.goto(f"{url}/public/results")
        result = page.get_by_role("row").get_by_role("link").first.get_attribute("href") or ""
        page.goto(f"{url}{result.partition('#')[0]}")
        save(page, out, "public-result")


def take_phone(browser: Browser, county: County, url: str, out: Path) -> None:
    """A checklist under way: an entry that fails, with its note and two photos."""
    with county.desk():
        from server.inspections.service import get_inspection

        under_way = inspections_of(county, TASK)[2]
        visit = get_inspection(county.actor("ducha"), under_way)
        firm, account = visit.firm.name, county.account_of(visit.team[0].officer.name)
    with screen(browser, 360, 740, is_mobile=True, has_touch=True, device_scale_factor=2) as page:
        page.clock.set_fixed_time(NOW)
        page.goto(f"{url}/app/")
        sign_in(page, county, account)
        page.get_by_role("link").filter(has_text=firm).first.click()
        page.get_by_role("link").filter(has_text="道路货物运输").first.click()
        item = page.locator(f"#item-{FAILING}")
        write(item.get_by_label("抽查数"), "5")
        write(item.get_by_label("不符数"), "1")
        for number in range(2):
            picture = draw_evidence(f"{FAILING}-{number}", number)
            item.get_by_label("相册选取").set_input_files(
                {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": picture}
            )
            expect(item.get_by_role("img")).to_have_count(number + 1)
        write(item.get_by_label("备注", exact=True), "晋E00041 货厢加高栏板约 40 厘米")
        status = item.locator(".status").get_by_text(re.compile("已保存|已送达"))
        expect(status).to_be_visible()
        page.wait_for_load_state("networkidle")
        item.evaluate("node => scrollTo(0, node.getBoundingClientRect().top + scrollY - 72)")
        save(page, out, "phone")


@contextmanager
def screen(browser: Browser, width: int, height: int, **options: Any) -> Iterator[Page]:
    """A page of this size in a context of its own: Chinese, light, the county's time."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="light",
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context.new_page()
    finally:
        context.close()


def sign_in(page: Page, county: County, account: str) -> None:
    """Office and field app ask alike."""
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(county.password)
    page.get_by_role("button", name="登录").click()


def write(field: Any, text: str) -> None:
    """Types and leaves the field."""
    field.fill(text)
    field.blur()


def save(page: Page, out: Path, name: str) -> None:
    """What is on the screen, with few colours: text stays sharp, the file small."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = out / f"{name}.png"
    picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.name}  {picture.width}×{picture.height}  {size // 1024} KB")
    assert size < MAX_BYTES, f"{path.name}: {size} bytes"


if __name__ == "__main__":
    sys.exit(main())
