"""Every screen of the field app at 360×740, in both languages: part of ``make screenshots``.

``docs/screenshots/field/<language>/<name>.png``; a screen that is longer than the phone goes on in
``<name>-2.png``. With ``--theme dark`` and another folder for looking only.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tools.busy_county import JOINT, NOW, TASK, County, draw_evidence, inspections_of  # noqa: E402
from tools.pictures import PATIENCE_MS, replacing  # noqa: E402
from tools.serve_county import ARGS, FAKE_CAMERA, served  # noqa: E402

OUT = ROOT / "docs" / "screenshots" / "field"
LANGUAGES = {"zh": "中文", "en": "English"}
SIZE = {"width": 360, "height": 740}
MOST_PARTS = 3
FAILING = "FRT-05"
SHOOT = re.compile("^(拍照|Take photo)")
UNDO = re.compile("^(撤销，恢复|Take back)")


@dataclass
class Camera:
    """Takes pictures of one phone's screen into one folder."""

    page: Page
    url: str
    folder: Path
    language: str

    def go(self, place: str) -> None:
        """Opens a screen by its address."""
        self.page.goto(f"{self.url}/app/#/none")
        self.page.goto(f"{self.url}/app/#{place}")
        expect(self.page.locator("main > *").first).to_be_visible()

    def take(self, name: str, at: Locator | None = None, parts: int = 1) -> None:
        """What is on the screen, from ``at`` on or from the top; ``parts`` screens downwards."""
        page = self.page
        page.wait_for_load_state("networkidle")
        if at is None:
            page.evaluate("() => scrollTo(0, 0)")
        else:
            at.evaluate("(e) => scrollTo(0, e.getBoundingClientRect().top + scrollY - 72)")
        for part in range(1, min(parts, MOST_PARTS) + 1):
            self.keep(name if part == 1 else f"{name}-{part}")
            before = page.evaluate("() => scrollY")
            page.evaluate("() => scrollBy(0, innerHeight - 150)")
            if page.evaluate("() => scrollY") - before < 60:
                break

    def keep(self, name: str) -> None:
        """The picture with few colours: text stays sharp, the file small."""
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        few = picture.quantize(64, dither=Image.Dither.NONE)
        few.save(self.folder / f"{name}.png", optimize=True)


def take_all(browser: Browser, county: County, url: str, out: Path, theme: str = "light") -> None:
    """Each language into a folder of its own, which it replaces."""
    for language in LANGUAGES:
        with replacing(out / language) as folder:
            take_language(browser, county, Camera(None, url, folder, language), theme)  # type: ignore[arg-type]
            print(f"field/{language}  {len(list(folder.iterdir()))}")


def take_language(browser: Browser, county: County, camera: Camera, theme: str) -> None:
    """Before signing in, then one officer after the other with what each has to show."""
    passenger, freight = inspections_of(county, "passenger"), inspections_of(county, TASK)
    with phone(browser, theme) as page:
        camera.page = page
        take_strangers(camera)
    work: list[tuple[int, int, Callable[[Camera, int], None]]] = [
        (freight[2], 0, take_visit),
        (freight[2], 1, take_conflict),
        (inspections_of(county, JOINT)[0], 0, take_absence),
        (passenger[3], 0, take_returned),
        (passenger[2], 0, take_results),
        (passenger[4], 0, take_entered),
    ]
    for inspection, place, taking in work:
        with phone(browser, theme) as page:
            camera.page = page
            sign_in(camera, county, officer_of(county, inspection, place))
            taking(camera, inspection)


def officer_of(county: County, inspection: int, place: int) -> str:
    """The account of the team's first or second officer."""
    from server.inspections.service import get_inspection

    with county.desk():
        team = get_inspection(county.actor("ducha"), inspection).team
        own = [one for one in team if one.department_id == team[0].department_id]
        return county.account_of(own[place].officer.name)


@contextmanager
def phone(browser: Browser, theme: str) -> Iterator[Page]:
    """A phone of its own: touch, the county's time, the theme asked for."""
    context = browser.new_context(
        viewport=SIZE,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        permissions=["geolocation", "camera"],
        geolocation={"latitude": 35.48, "longitude": 112.41, "accuracy": 12},
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        yield page
    finally:
        context.close()


def sign_in(camera: Camera, county: County, account: str) -> None:
    """Until everything is on the phone and it speaks the language."""
    page = camera.page
    page.goto(f"{camera.url}/app/")
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(county.password)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".task").first).to_be_visible()
    expect(page.get_by_text("正在下载任务")).to_have_count(0, timeout=PATIENCE_MS)
    camera.go("/settings")
    page.get_by_role("radio", name=LANGUAGES[camera.language]).check()


def take_strangers(camera: Camera) -> None:
    """What is there before anybody has signed in."""
    page = camera.page
    page.goto(f"{camera.url}/app/")
    expect(page.get_by_label("账号")).to_be_visible()
    if camera.language == "en":
        page.get_by_role("button", name="English").click()
    camera.take("sign-in")
    page.locator("input").first.fill("jiancha1")
    page.locator("input").nth(1).fill("1")
    page.locator("form button").last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    camera.take("sign-in-wrong")


def take_visit(camera: Camera, inspection: int) -> None:
    """A visit under way, step by step, at last without a network."""
    page, sheet = camera.page, f"/i/{inspection}/tr"
    camera.go("/")
    page.locator(".ready summary, details summary").first.click()
    camera.take("today", parts=2)
    page.get_by_role("searchbox").fill("没有这家")
    camera.take("today-nothing-found", page.get_by_role("searchbox"))
    camera.go(f"/i/{inspection}")
    camera.take("inspection", parts=3)
    camera.go(f"{sheet}/notice")
    camera.take("notice", parts=3)
    camera.go(f"{sheet}/outcome")
    page.get_by_role("radio").nth(1).check()
    camera.take("outcome", parts=2)
    page.locator("main button").filter(has_text=UNDO).click()
    take_items(camera, sheet)
    camera.go(f"{sheet}/sign")
    page.locator("summary").first.click()
    camera.take("record", parts=2)
    page.locator("main summary").first.click()
    page.locator(".officer button").first.click()
    camera.take("sign", page.locator(".officer").first, parts=2)
    camera.go(f"{sheet}/review")
    camera.take("review", parts=3)
    camera.go("/settings")
    camera.take("settings", parts=3)
    page.context.set_offline(True)
    camera.go(f"{sheet}/1?item={FAILING}")
    write(page.locator(f"#item-{FAILING} textarea").last, "晋E00041 货厢加高栏板约 45 厘米")
    camera.go("/queue")
    expect(page.locator("footer.sync .part")).to_have_count(2)  # it waits
    camera.take("queue-offline", parts=2)


def take_items(camera: Camera, sheet: str) -> None:
    """The list: an entry that fails, with note and photos, and the end of the section."""
    page = camera.page
    camera.go(f"{sheet}/0")
    camera.take("section-common", parts=2)
    camera.go(f"{sheet}/1")
    item = page.locator(f"#item-{FAILING}")
    numbers = item.locator("input[inputmode=numeric]")
    write(numbers.nth(0), "5")
    write(numbers.nth(1), "1")
    page.wait_for_load_state("networkidle")
    # what another phone or language has made is here already, as far as it was delivered
    for number in range(item.locator(".photo").count(), 2):
        picture = draw_evidence(f"{FAILING}-{number}", number)
        item.locator("input[type=file]").first.set_input_files(
            {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": picture}
        )
        expect(item.locator(".photo")).to_have_count(number + 1)
    expect(item.locator(".photo").nth(1)).to_be_visible()
    write(item.locator("textarea").last, "晋E00041 货厢加高栏板约 40 厘米")
    camera.take("section-item", item)
    item.locator("button").filter(has_text=SHOOT).click()
    expect(page.locator("dialog video")).to_be_visible()
    if camera.language == "zh":  # the moving picture may be the same for both: attached once
        page.locator("dialog .shutter").click()
        expect(page.locator("dialog [role=status]")).to_have_text(re.compile("1"))
    camera.keep("camera")
    page.keyboard.press("Escape")
    take_photos(camera, item)
    camera.take("section-end", page.locator("section.item").last)


def take_photos(camera: Camera, item: Locator) -> None:
    """A photo looked at and marked, a document of several pages, the phrases."""
    page = camera.page
    item.locator(".photo .open").first.click()
    expect(page.locator("dialog canvas").first).to_be_visible()
    camera.keep("photo")
    page.locator("dialog button").filter(has_text=re.compile("^(标注|Mark)$")).click()
    board = page.locator("dialog [role=application]")
    board.press("Enter")
    board.press("ArrowRight")
    camera.keep("photo-mark")
    page.go_back()
    page.locator("dialog button").filter(has_text=re.compile("放弃|^Discard")).click()
    close_dialogs(page)
    item.locator("button").filter(has_text=re.compile("^(拍资料|Photograph)")).click()
    camera.keep("document")
    close_dialogs(page)
    item.locator("button").filter(has_text=re.compile("^(常用语|Phrases)")).click()
    expect(item.locator(".phrases button, .phrase").first).to_be_visible()
    camera.take("phrases", item.locator("textarea").last)


def close_dialogs(page: Page) -> None:
    """Escape, as often as there is something to leave."""
    while page.locator("dialog[open]").count():
        page.keyboard.press("Escape")
        page.wait_for_timeout(200)


def take_absence(camera: Camera, inspection: int) -> None:
    """Before the visit: one officer is there, the other is not."""
    page = camera.page
    camera.go(f"/i/{inspection}")
    page.locator("button").filter(has_text=re.compile("^(登记未到场|Record absence)")).last.click()
    page.get_by_role("radio").first.check()
    camera.take("absence", page.locator(".officer").first)


def take_conflict(camera: Camera, inspection: int) -> None:
    """Two officers, two answers: at the item and in the queue."""
    camera.go(f"/i/{inspection}/tr/1?item=FRT-01")
    item = camera.page.locator("#item-FRT-01")
    camera.take("conflict-item", item)
    item.locator(".chooser input[type=radio]").last.check()
    camera.take("conflict-chosen", item.locator(".chooser"))
    camera.go("/queue")
    camera.take("queue-conflict", parts=2)


def take_returned(camera: Camera, inspection: int) -> None:
    """A sheet the lead has sent back."""
    camera.go("/")
    expect(camera.page.locator(".task").first).to_be_visible()
    camera.take("today-returned", camera.page.locator(".tasks"))
    camera.go(f"/i/{inspection}")
    camera.take("returned", parts=3)


def take_results(camera: Camera, inspection: int) -> None:
    """Accepted: the results to enter."""
    camera.go(f"/i/{inspection}/tr/results")
    camera.take("results", parts=2)
    camera.go("/queue")
    camera.take("queue-empty")


def take_entered(camera: Camera, inspection: int) -> None:
    """Locked, with receipt and corrections."""
    camera.go(f"/i/{inspection}")
    camera.take("entered", parts=3)
    camera.go(f"/i/{inspection}/tr/1?item=PAX-04")
    camera.take("entered-item", camera.page.locator("#item-PAX-04"))
    camera.go("/queue")
    camera.take("queue-corrections", parts=2)
    camera.page.goto(f"{camera.url}/app/recovery.html")
    expect(camera.page.locator("section").first).to_be_visible()
    camera.take("recovery")
    camera.page.add_init_script("delete window.WeakRef")  # as a browser of 2019
    camera.page.goto(f"{camera.url}/app/floor.html")
    camera.take("too-old")


def write(field: Locator, text: str) -> None:
    """Types and leaves the field."""
    field.fill(text)
    field.blur()


def main() -> int:
    """Makes the pictures; answers the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--out", type=Path, default=OUT)
    told = parser.parse_args()
    expect.set_options(timeout=PATIENCE_MS)
    with served() as (county, url), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*ARGS, FAKE_CAMERA]
        )
        take_all(browser, county, url, told.out, told.theme)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
