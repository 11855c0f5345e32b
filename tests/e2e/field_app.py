"""What an inspector does on the phone, in the words of the screen."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.harness import Server, jpeg

SENT = "全部已送达"


def sign_in(page: Page, server: Server, account: dict[str, str]) -> None:
    """Signs in online and waits until the worker controls the page and all is fetched."""
    page.goto(f"{server.url}/app/")
    page.get_by_label("账号").fill(account["account"])
    page.get_by_label("密码").fill(account["password"])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="检查任务")).to_be_visible()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def expect_fetched(page: Page, firm: str, items: int) -> None:
    """The firm is on the list with its whole checklist: now one may lose the network."""
    card = page.get_by_role("link").filter(has_text=firm)
    expect(card.get_by_text(f"已填 0/{items}")).to_be_visible()


def first_fetched(page: Page, task: str, items: int) -> tuple[str, str]:
    """Name of the first firm of such a task whose whole checklist is here, and its inspection."""
    cards = page.get_by_role("link").filter(has_text=task)
    return first_of(cards.filter(has_text=f"已填 0/{items}"))


def first_of(cards: Locator) -> tuple[str, str]:
    """Name of the firm on the first of these cards, and its inspection."""
    card = cards.first
    firm = (card.get_by_role("heading").text_content() or "").strip()  # drawn or not yet
    address = card.page.get_by_role("link").filter(has_text=firm).get_attribute("href")
    return firm, (address or "").removeprefix("#/i/")


def open_app(page: Page, server: Server) -> None:
    """Opens the installed app (with or without a network)."""
    page.goto(f"{server.url}/app/")
    expect(page.get_by_role("heading", name="检查任务")).to_be_visible()


def open_inspection(page: Page, firm: str) -> None:
    """From the list to one firm's inspection."""
    page.goto(f"{page.url.split('#')[0]}#/")
    page.get_by_role("link").filter(has_text=firm).first.click()
    expect(page.get_by_role("heading", name=firm)).to_be_visible()


def item(page: Page, code: str) -> Locator:
    """The section of one check entry."""
    return page.locator(f"#item-{code}")


def open_section(page: Page, title: str) -> None:
    """From the inspection to one list of its sheet."""
    page.get_by_role("link").filter(has_text=title).first.click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_label("检查表各部分")).to_be_visible()  # drawn to its end


def judge(page: Page, code: str, word: str) -> None:
    """合格, 不合格 or 不适用; done when the app says that it is kept."""
    item(page, code).get_by_role("radio", name=word, exact=True).check()
    expect_kept(page, code)


def expect_kept(page: Page, code: str) -> None:
    """The item says 已保存 (on this phone) or 已送达 (at the server)."""
    expect(
        item(page, code).locator(".status").get_by_text(re.compile("已保存|已送达"))
    ).to_be_visible()


def note(page: Page, code: str, text: str) -> None:
    """A note at the item, left by tapping elsewhere."""
    field = item(page, code).get_by_label("备注", exact=True)
    field.fill(text)
    field.dispatch_event("change")  # Firefox tells of no change that a program made
    field.blur()
    expect_kept(page, code)


def photograph(page: Page, code: str, text: str) -> None:
    """Takes a picture with the camera and waits until the app says that it is kept."""
    section = item(page, code)
    photos = section.get_by_role("img")
    before = photos.count()
    section.get_by_label("拍照").set_input_files(
        {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": jpeg(text)}
    )
    expect(photos).to_have_count(before + 1)
    expect(section.get_by_text("照片已保存")).to_be_visible()


def fill(page: Page, code: str, label: str | re.Pattern[str], value: str) -> None:
    """Types into a field of the item; the first half of a pair is kept with the second."""
    field = item(page, code).get_by_label(label)
    field.fill(value)
    field.blur()
    if label != "抽查数":
        expect_kept(page, code)


def fill_rest_of_section(page: Page, skip: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    """Answers every entry of the open section that is not in ``skip`` so that it passes."""
    for section in page.locator("section.item").all():
        code = (section.get_attribute("id") or "").removeprefix("item-")
        if code in skip:
            continue
        _pass(page, code, section)


def _pass(page: Page, code: str, section: Locator) -> None:
    if section.get_by_label("抽查数").count():
        fill(page, code, "抽查数", "5")
        section.get_by_role("button", name="全部相符").click()
        expect_kept(page, code)
    elif section.get_by_label(re.compile("^数值")).count():
        is_share = section.get_by_label("数值（%）").count()
        fill(page, code, re.compile("^数值"), "100" if is_share else "12")
        for given in section.get_by_label("接入车辆数").all():
            given.fill("60")
            given.blur()
        if section.get_by_role("radio").count():
            section.get_by_role("radio", name="合格", exact=True).check()
    elif section.locator("input[type=date]").count():
        date = "2027-06-30" if "止期" in section.inner_text() else today(page)
        fill(page, code, "日期", date)
    elif section.get_by_label("填写内容").count():
        fill(page, code, "填写内容", "检查情况属实，当事人无异议。")
    elif section.get_by_role("radio").count():
        judge(page, code, "合格")
    else:
        photograph(page, code, f"{code} 现场照片")


def today(page: Page) -> str:
    """The phone's date in Asia/Shanghai."""
    return str(page.evaluate("() => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)"))


def draw_signature(page: Page, pad: Locator) -> None:
    """Writes something into a signature pad."""
    expect(pad).to_be_visible()
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    x, y = box["x"], box["y"] + box["height"] / 2
    page.mouse.move(x + 20, y)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(x + 20 + step * 15, y + (20 if step % 2 else -20))
    page.mouse.up()


def check_in_everybody(page: Page) -> None:
    """Registers each officer of the team as present."""
    page.get_by_label("附当前位置").uncheck()
    buttons = page.get_by_role("button", name=re.compile("^到场登记"))
    expect(buttons.first).to_be_visible()
    names = [(button.get_attribute("aria-label") or "")[5:] for button in buttons.all()]
    for done, name in enumerate(names, start=1):
        page.get_by_role("button", name=f"到场登记：{name}").click()
        expect(page.get_by_text("已到场")).to_have_count(done)


def sign_everybody(page: Page, firm_person: str) -> None:
    """Each officer of the team and the firm's person sign."""
    page.get_by_role("link", name="签字", exact=True).click()
    expect(page.get_by_role("heading", name="签字", exact=True)).to_be_visible()
    sign_officers(page)
    firm = page.get_by_label("被检查单位签字", exact=True)
    firm.get_by_label("姓名").fill(firm_person)
    firm.get_by_label("职务").fill("安全员")
    draw_signature(page, firm.get_by_role("img", name=re.compile("签名区$")))
    firm.get_by_role("button", name="保存签名").click()
    expect(firm.get_by_role("button", name="保存签名")).to_have_count(0)


def sign_officers(page: Page) -> None:
    """Each officer who has not signed, or whose signature is void, signs."""
    officers = page.get_by_label("检查人员签名")
    buttons = officers.get_by_role("button", name=re.compile("^签字："))
    expect(buttons.first).to_be_visible()
    names = [(button.get_attribute("aria-label") or "")[3:] for button in buttons.all()]
    for name in names:
        officers.get_by_role("button", name=f"签字：{name}").click()
        draw_signature(page, officers.get_by_role("img", name=f"{name} 签名区"))
        officers.get_by_role("button", name="保存签名").click()
        expect(officers.get_by_role("button", name="保存签名")).to_have_count(0)
        expect(officers.get_by_role("img", name=f"{name} 已签名")).to_be_visible()


def submit(page: Page) -> None:
    """Reviews and submits; nothing may be missing."""
    page.get_by_role("link", name="核对并提交").click()
    expect(page.get_by_text("各项已填写齐全，可以提交。")).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text(re.compile("已在本机提交|已提交，等待"))).to_be_visible()


def wait_until_all_sent(page: Page) -> None:
    """Until the sync bar says that nothing is left on the phone."""
    wait_until_bar_says(page, SENT)


def wait_until_bar_says(page: Page, text: str) -> None:
    """``text`` is the beginning of what the sync bar says."""
    expect(page.get_by_label(re.compile(f"同步状态: {text}"))).to_be_visible(timeout=60_000)


def screens(inspection: str) -> list[str]:
    """The address of every screen of an inspection of two lists, and of the rest of the app."""
    sheet = f"/i/{inspection}/tr"
    parts = ("0", "1", "notice", "outcome", "sign", "review", "results")
    of_sheet = [f"{sheet}/{part}" for part in parts]
    return ["/", f"/i/{inspection}", *of_sheet, "/queue", "/settings"]


def visit(page: Page, server: Server, place: str) -> None:
    """Opens a screen, with a signature pad where there is one, and waits until it stands still."""
    page.goto(f"{server.url}/app/#/none")
    page.goto(f"{server.url}/app/#{place}")
    expect(page.locator("main > *").first).to_be_visible()
    if place.endswith("/sign"):
        page.get_by_role("button", name=re.compile("^(签字：|Sign: )")).first.click()
        expect(page.locator("canvas").first).to_be_visible()


def ask_store(page: Page, store: str, method: str, *given: Any) -> Any:
    """Calls one method of a store of this person's database on the phone; answers its result."""
    return page.evaluate(
        """async ([store, method, given]) => {
          const known = await indexedDB.databases()
          const { name } = known.find((one) => /^suicha-[0-9]+$/.test(one.name))
          const opening = indexedDB.open(name)
          await new Promise((done) => (opening.onsuccess = done))
          const change = opening.result.transaction(store, 'readwrite')
          const asking = change.objectStore(store)[method](...given)
          await new Promise((done) => (asking.onsuccess = done))
          opening.result.close()
          return asking.result ?? null
        }""",
        [store, method, list(given)],
    )


def stored(page: Page, store: str) -> int:
    """How many entries a store of this person's database on the phone has."""
    return int(ask_store(page, store, "count"))


def hold_photos(page: Page, person: int) -> None:
    """Writes to the person's store of photos until ``window.isHeld`` is false: no other tab reads
    them meanwhile."""
    page.evaluate(
        """async (name) => {
          window.isHeld = true
          const opening = indexedDB.open(name)
          await new Promise((done) => (opening.onsuccess = done))
          const change = opening.result.transaction('photos_meta', 'readwrite')
          const store = change.objectStore('photos_meta')
          const again = () => { if (window.isHeld) store.count().onsuccess = again }
          change.oncomplete = () => opening.result.close()
          again()
        }""",
        f"suicha-{person}",
    )


def kept_work(page: Page) -> tuple[int, int, int]:
    """The last operation's number and how many photos are kept: grows with all that is recorded."""
    seq = ask_store(page, "meta", "get", "counter")["seq"]
    return seq, stored(page, "photos_meta"), stored(page, "photo_bytes")


def data_on_phone(page: Page) -> str:
    """All pulled rows and lists as one text: what is data and not the app's own words."""
    both = [ask_store(page, store, "getAll") for store in ("rows", "lib")]
    return json.dumps(both, ensure_ascii=False)


def spoil_csrf_token(page: Page) -> None:
    """The phone remembers a token the server never gave."""
    server = ask_store(page, "meta", "get", "server")
    ask_store(page, "meta", "put", {**server, "csrf": "wrong"}, "server")


@dataclass
class Field:
    """One officer's phone, signed in, with the day's firms on it."""

    server: Server
    context: BrowserContext
    page: Page
    account: dict[str, Any]
    firm: str
    inspection: str

    def open_part(self) -> None:
        """The second list of the firm's sheet (通用项目 is the first), online."""
        self.context.set_offline(False)
        self.page.goto(f"{self.server.url}/app/#/i/{self.inspection}/tr/1")
        expect(self.page.locator("section.item").first).to_be_visible()

    def go(self, place: str) -> None:
        self.page.goto(f"{self.server.url}/app/#{place}")

    def speak(self, language: str) -> None:
        self.go("/settings")
        self.page.get_by_role("radio", name=language).check()

    def stored_note(self, code: str) -> str | None:
        """The note as the server has it."""
        where = f"id = 'answer:tr/{code}' AND space = 'insp:{self.inspection}'"
        ((fields,),) = self.server.sql(f"SELECT fields FROM entities WHERE {where}")
        return (fields if isinstance(fields, dict) else json.loads(fields)).get("note")
