"""Every office page, full and empty, in both languages, both themes, on a phone and at a desk.

Each page is opened in a browser once: twice of three times on a phone, where things do not fit, in
one language and one theme; the next page in the next of ``ROUND``. Its English is read from what
the server answers, whatever the browser shows. What was seen is collected first and judged by one
test per promise. Of the many addresses of one view, each shows another state of it, or
another role's: `make test` opens the first of each, `make soak` all.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response
from sqlalchemy import text
from werkzeug.exceptions import HTTPException

from server.db import db
from tests.conftest import ROOT
from tests.e2e.serving import serve
from tools.busy_county import FROZEN, JOINT, TASK, County, fill, inspections_of

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]  # all pages are opened in one fixture

PLAN = ROOT / "data" / "plans" / "pingluo-2018-items.csv"
BAD_DAY = "/public/results?from=1.1.2026&result=problem"
LANGUAGES = ("zh_CN", "en")
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
# A window for each size: to change the size of one takes longer than to open the page.
THEMES = {("zh_CN", "phone"): "light", ("zh_CN", "desk"): "dark",
          ("en", "desk"): "light", ("en", "phone"): "dark"}  # fmt: skip
ROUND = [("en", "phone"), ("zh_CN", "phone"), ("zh_CN", "desk"),
         ("en", "phone"), ("zh_CN", "phone"), ("en", "desk")]  # fmt: skip
TASK_NO = re.compile(r"[内联]20\d{5}(-\d+-[告更][\d-]+)?")  # papers are numbered after the visit
# Written in English pages too: the heads of the files a person imports, the words of a pass rule,
# and a previewed title.
HEADS = [
    "县",  # the word a report puts before 有关部门
    "检查日期",
    "规范要求",
    "统一社会信用代码",
    "纬度",
    "经度",
    "名称",
    "类别",
    "姓名",
    "单位",
    "执法证号",
    "事项编码",
    "抽查事项",
    "事项类型",
    "抽查类别",
    "检查对象",
    "检查依据",
    "检查主体",
    "检查内容",
    "检查方式",
    "抽查比例",
    "适用",
    "检查对象",
    "执法检查人员",
    "编号",
    "分组",
    "来源",
    "2018 年跨部门联合随机抽查",
    "政府信息公开条例",
    "道路运输条例",
    "未随车携带道路运输证",  # of a finding whose plate is masked
]
CJK = re.compile(r"[\u3400-\u9fff]")

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
        data, pages = data_texts(county), pages_of(county)
        if not request.param:
            pages = first_of_each_view(county, pages)
        with desk_of(browser, county, url) as desk:
            for account, paths in pages.items():
                look(found, desk, account, paths, data)
    with served(tmp_path_factory.mktemp("empty"), is_full=False) as (county, url):
        empty = [
            "/",
            "/day",
            "/board",
            "/calendar",
            "/calendar/notices",
            "/publication",
            "/inspections",
            "/tasks",
            "/draws",
            "/redraws",
            "/draw-changes",
            "/pauses",
            "/plans",
            "/plans/new",
            "/plans/links",
            "/plans/coverage",
            "/plans/supervision",
            "/plans/adjustments",
            "/inbox",
            "/follow-up",
            "/clues",
            "/reports",
            "/reports/entries",
            "/telling",
            "/revisits",
            "/indicators",
            "/statistics",
            "/statistics/warnings",
            "/corrections",
            "/devices",
            "/public/plans",
            "/public/items",
            "/public/draws",
            "/public/results",
            "/public/trail",
        ]
        with desk_of(browser, county, url) as desk:
            look(found, desk, "bangong", empty, data_texts(county))
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


def pages_of(county: County) -> dict[str, list[str]]:
    """Account → the pages it opens; the empty account is a visitor."""
    passenger, freight = inspections_of(county, "passenger"), inspections_of(county, TASK)
    joint = inspections_of(county, JOINT)
    with county.desk():
        rows = db.session.execute(text("SELECT id, task_id, state FROM draws")).all()
        draws = [f"/draws/{row.id}" for row in rows]
        shown_to_all = [
            f"/public/draws/{one}"
            for one in db.session.scalars(text("SELECT max(public_id) FROM draws GROUP BY state"))
        ]
        tasks = {row.state: row.task_id for row in rows}
        own = dict(
            db.session.execute(text("SELECT category, min(id) FROM plan_tasks GROUP BY 1")).all()
        )
        kept = db.session.execute(text("SELECT id, state, status FROM proposals")).all()
        orders = [row.id for row in kept]
        paper, asking = db.session.execute(
            text(
                "SELECT order_id, account FROM correction_evidence e "
                "JOIN people ON people.id = e.person_id"
            )
        ).one()
        changes = db.session.execute(text("SELECT id FROM draw_changes ORDER BY id")).scalars()
        changes = list(changes)
        phones = db.session.execute(text("SELECT id FROM devices ORDER BY rowid")).scalars().all()
        other = db.session.execute(
            text("SELECT id FROM plan_tasks WHERE ownership NOT IN ('initiating', 'cooperating')")
        ).scalar()
        items = dict(db.session.execute(text("SELECT code, id FROM inspection_items")).all())
        published = db.session.scalar(text("SELECT min(uscc) FROM public_results"))
        drafted = draft_pages(county)
        entering = people_of(county, passenger[2]), people_of(county, freight[0])
    strays = [f"/corrections/{row.id}" for row in kept if row.status == "forbidden"]
    asked = [f"/corrections/{row.id}" for row in kept if row.status != "forbidden"]
    matters = phones[-4:]  # holds data, waits for a number, lost and to be wiped, wiped
    shown = [*passenger, freight[0], freight[2], joint[0]]
    task_ids = {*tasks.values(), own["driver_training"], own[FROZEN], other}
    found = {
        "": [
            "/sign-in",
            "/board",
            "/nowhere",
            "/public",
            "/public/plans",
            "/public/plans/1",
            "/public/plans/1/1",
            "/public/items",
            "/public/draws",
            "/public/trail",
            "/public/report",
            "/public/check",
            "/public/report/XS2026-0001",
            f"/firm/{'x' * 32}",
            "/public/results",
            BAD_DAY,
            "/public/results/shown",
            f"/public/results/visits/{passenger[4]}",
            f"/public/results/{published}",
            *shown_to_all,
        ],
        "bangong": [
            "/",
            "/day",
            "/day?day=2026-03-23",
            "/day?day=2026-01-01",
            "/board",
            "/board?state=done",
            "/board/groups?by=officer",
            "/board/pictures",
            "/board/screen",
            "/board/paper",
            "/calendar",
            "/calendar?month=2027-02",
            "/calendar?day=2026-04-28",
            "/calendar/notices",
            "/publication",
            "/publication?by=officer",
            "/publication/missing?step=publication",
            f"/publication/{passenger[4]}/tr",
            "/inspections",
            "/inspections?q=没有这一家",
            *(f"/inspections/{one}" for one in shown),
            *(f"/inspections/{one}/archive" for one in (passenger[4], joint[0])),
            "/inspections/999",
            "/corrections",
            "/corrections?platform=open",
            *(f"/corrections/{one}" for one in orders),
            "/corrections/none",
            "/follow-up",
            "/follow-up?state=done&q=zyx",
            "/follow-up/1",
            "/follow-up/2",
            "/follow-up/999",
            "/reports",
            "/reports/3",
            "/reports/3/behind?of=joint/drawn",
            "/reports/2",
            "/reports/4",
            "/reports/entries",
            "/reports/dates/2026",
            "/telling",
            "/telling?state=overdue&q=zyx",
            *(f"/telling/{one}/tr" for one in (passenger[0], passenger[4], passenger[3])),
            "/revisits",
            "/revisits/1",
            "/indicators",
            "/statistics",
            "/statistics?by=month&first=2025-01-01",
            "/statistics?by=firm&first=1.1.2026",
            "/statistics/warnings",
            "/statistics/warning?kind=trade&code=passenger&month=2026-04",
            "/registry/firms/1/past",
            "/clues",
            "/clues?state=closed&q=zyx",
            "/clues/1",
            "/clues/2",
            "/clues/4",
            "/devices",
            "/devices?show=closed",
            "/devices?q=没有这一部",
            *(f"/devices/{one}" for one in matters),
            "/tasks",
            *(f"/tasks/{one}" for one in sorted(task_ids)),
            "/draws",
            *draws,
            *(f"{one}/screen" for one in draws),
            "/redraws",
            "/draw-changes",
            *(f"/draw-changes/{one}" for one in changes),
            f"/inspections/{joint[0]}/replace",
            f"/inspections/{joint[0]}/withdraw",
            f"/tasks/{own['driver_training']}/official",
            "/inspections?state=withdrawn",
            f"{draws[0]}/documents",
            f"{draws[-1]}/documents",
            f"/inspections/{shown[0]}/documents",
            "/plans",
            "/plans/1",
            "/plans/3",
            "preview",
            "/plans/new",
            "/plans/3/edit",
            "/plans/3/tasks/new",
            "/plans/1/versions/2",
            "/plans/1/adjust/add",
            "/plans/tasks/4/adjust/change",
            "/plans/tasks/2/adjust/drop",
            "/plans/adjustments",
            "/plans/adjustments/1/paper",
            "/plans/links",
            "/plans/coverage",
            "/plans/supervision",
            "/draws/reached",
            "/draws/reached/firms",
            "/registry/firms",
            "/registry/firms?q=没有这一家",
            "/registry/firms/1",
            "/registry/firms/1/edit",
            "/registry/firms/new",
            "/registry/firms?status=mistaken",
            "/registry/vehicles",
            "/registry/vehicles?q=zyx",
            "/registry/officers",
            "/registry/officers/handovers",
            "/registry/risk",
            "/registry/experts",
            "/registry/experts/new",
            "/registry/organisation",
            "/registry/organisation?q=zyx&state=past",
            "/registry/history/departments/1",
            "/registry/history/teams/1",
            "/settings",
            "/registry/imports",
            "/registry/imports/new/firms",
            "/registry/imports/new/tiers",
            "/registry/imports/new/teams",
            *(f"/registry/imports/{one}" for one in (1, 4, 5)),  # done, columns, preview
            "/registry/officers?certificate=expired",
            "/registry/officers/12?firm=zyx",
            "/registry/officers/12/edit",
            "/registry/tags",
            "/registry/tags?for=officers",
            "/registry/tags?for=firms&q=zyx&state=retired",
            "/registry/checklists",
            "/registry/checklists/passenger@1",
            "/registry/checklists/versions/passenger@1/phone",
            *drafted,
            "/registry/items",
            *(f"/registry/items/{items['hazmat']}{more}" for more in ("", "/edit", "/guide")),
            "/registry/items/province",
            "/account",
            "/account/channels",
            "/inbox",
            "/registry/officers/new",
            "/registry/items/new",
            "/registry/checklists/drafts/new",
            "/registry/experts/1",
            "/registry/firms?lacks=new_class",
        ],
        "zuzhang": [
            "/",
            "/day",
            "/day/findings",
            "/day/summary",
            "/day/summary/1",
            f"/inspections/{freight[0]}",
            *strays,
            "/settings",
            "/registry/experts/1",
            "/registry/imports",
        ],
        entering[0]: ["/", "/inspections", f"/inspections/{passenger[2]}/tr/enter", "/account"],
        entering[1]: [f"/inspections/{freight[0]}/tr/enter"],
        "shichangban": ["/", "/registry/officers/handovers", "/registry/officers/13/edit"],
        "shichang2": ["/day", f"/inspections/{joint[0]}"],
        "zhuyao": [
            "/",
            f"/inspections/{passenger[0]}",
            *asked,
            *draws,
            *(f"/draw-changes/{one}" for one in changes[2:3]),
            "/plans/adjustments/2",
        ],
        "ducha": [
            f"/inspections/{passenger[4]}",
            "/audit",
            "/audit?target=zyx",
            "/audit/1",
            "/audit/sample?seed=7f3a",
        ],
        "guanli": [
            "/",
            "/accounts",
            "/settings",
            "/jobs",
            "/reminders/failures",
            "/board",
            "/devices",
            *(f"/devices/{one}" for one in matters),
        ],
    }
    asked_on = f"/corrections/new/{passenger[4]}/tr"
    own_pages = [asked_on, f"{asked_on}?item=PAX-02&item=PAX-03", f"/corrections/{paper}/paper"]
    found[asking] = [*found.get(asking, []), *own_pages]
    return found


def draft_pages(county: County) -> list[str]:
    """A draft with one entry changed and one taken out; at the desk."""
    from server.registry.editing.drafts import seen_of, start_draft
    from server.registry.editing.saving import remove_entry, save_entry

    office = county.actor("bangong")
    draft = start_draft(office, "hazmat")
    first, last = draft.entries[0], draft.entries[-1]
    said = {"code": first.code, **first.content, "severity": "一般"}
    save_entry(office, "hazmat", first.id, said, first.inspection_item_id, seen=seen_of(first))
    remove_entry(office, "hazmat", last.id, seen_of(last))
    here = "/registry/checklists/drafts"
    return [f"{here}/hazmat", f"{here}/hazmat/entries/{first.id}"]


def first_of_each_view(county: County, pages: dict[str, list[str]]) -> dict[str, list[str]]:
    """One address of each view, whoever opens it; the start page of everybody. What has no view is
    a page of its own."""
    views: set[str] = set()
    routes = county.app.url_map.bind("")

    def is_first(path: str) -> bool:
        try:
            view, _ = routes.match(path.split("?")[0])
        except HTTPException:
            view = path
        is_new = path == "/" or view not in views
        views.add(view)
        return is_new

    return {account: [one for one in paths if is_first(one)] for account, paths in pages.items()}


def people_of(county: County, inspection_id: int) -> str:
    """The account of an officer of the visit who is nobody's lead."""
    from server.inspections.service import get_inspection

    team = get_inspection(county.actor("ducha"), inspection_id).team
    accounts = [county.account_of(one.officer.name) for one in team]
    return next(one for one in accounts if one != "zuzhang")


def look(seen: Seen, desk: Desk, account: str, paths: list[str], data: list[str]) -> None:
    """Opens the pages as this person in both languages and notes what is wrong."""
    desk.sign_in(account)
    for language in LANGUAGES:
        desk.speak(account, language)
        for place, path in enumerate(paths):
            spoken, size = ROUND[place % len(ROUND)]
            who = f"{account or 'visitor'} {path}"
            if language == "en" and (spoken != "en" or path == "preview"):
                note_english(seen, who, ask_for(desk, path), data)
            if language != spoken:
                continue
            page, name = desk.windows[size], f"{who} {language} {size}"
            opening = open_preview if path == "preview" else open_path
            answer = opening(page, desk.url, path)
            status = answer.status
            if language == "en" and path != "preview":
                note_english(seen, who, answer.text(), data)
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


def note_english(seen: Seen, name: str, page: str, data: list[str]) -> None:
    """What of the page is Chinese although English was asked for."""
    reader = Reader()
    reader.feed(page)
    left = {rest for one in reader.texts if CJK.search(rest := without(one, data))}
    seen.chinese += [f"{name}: {one}" for one in sorted(left)]


def ask_for(desk: Desk, path: str) -> str:
    """The page as the server sends it, without a window."""
    if path != "preview":
        return desk.context.request.get(f"{desk.url}{path}").text()
    with PLAN.open("rb") as file:
        sent = {"name": PLAN.name, "mimeType": "text/csv", "buffer": file.read()}
    return desk.post("/plans/preview", "/plans", file=sent)


class Reader(HTMLParser):
    """Texts a reader meets: what is shown, and what is said by titles and labels. What is marked as
    Chinese may be: the language switch names the other language in that language."""

    SAID = ("title", "aria-label", "placeholder", "alt", "data-label")
    EMPTY = ("meta", "link", "input", "img", "br", "hr", "path", "use", "source", "wbr", "col")

    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self._silent: list[str] = []  # the open elements from the one that is not read on

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_foreign = tag != "html" and given.get("lang") == "zh-CN"
        if self._silent or is_foreign or tag in ("template", "script", "style"):
            if tag not in self.EMPTY:
                self._silent.append(tag)
            return
        self.texts.update(text.strip() for name in self.SAID if (text := given.get(name)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.add(data.strip())


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


def expected_status(account: str, path: str) -> int:
    if path in ("/nowhere", "/inspections/999", "/corrections/none", "/follow-up/999"):
        return 404
    if path == BAD_DAY:
        return 422
    return (
        403 if (account, path) in {("guanli", "/board"), ("zuzhang", "/registry/imports")} else 200
    )


def data_texts(county: County) -> list[str]:
    """Every Chinese text that is the county's own: names, plans, checklists, whatever people wrote.
    The longest first, so that none hides in another."""
    found: set[str] = set(HEADS)
    with PLAN.open(encoding="utf-8-sig", newline="") as file:  # previewed, not stored
        collect([cell for row in csv.reader(file) for cell in row], found)
    with county.desk():
        from server.registry.service import list_checklists, task_references

        for one in list_checklists(county.actor("bangong")):
            found.update(task_references(one))
        connection = db.session.connection()
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        for (table,) in tables.all():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                for value in row:
                    collect(value, found)
    return sorted((one for one in found if CJK.search(one)), key=len, reverse=True)


def collect(value: Any, found: set[str]) -> None:
    """Strings of a column, also those inside JSON."""
    if isinstance(value, str):
        if value[:1] in ("{", "["):
            try:
                value = json.loads(value)
            except ValueError:
                found.add(value.strip())
            else:
                collect(value, found)
            return
        found.update((value.strip(), *(line.strip() for line in value.splitlines())))
    elif isinstance(value, dict):
        for key, inner in value.items():
            collect(key, found)
            collect(inner, found)
    elif isinstance(value, list):
        for inner in value:
            collect(inner, found)


def without(shown: str, data: list[str]) -> str:
    """The text without the county's own words."""
    shown = TASK_NO.sub("", shown)
    for one in data:
        if one in shown:
            shown = shown.replace(one, "")
            if not CJK.search(shown):
                break
    return shown.strip()


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
