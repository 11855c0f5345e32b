"""A county of a story's own whose clock the story winds: phones as the server sees them, people at
their pages in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from server.runtime import SITE_ZONE
from tests.e2e.serving import serve
from tools.busy_county import WITNESS, County, Visit, inspections_of


class Story:
    """The county, where its pages are, and who opens them."""

    def __init__(self, county: County, url: str, browser: Browser) -> None:
        self.county, self.url, self.browser = county, url, browser

    def wind(self, day: date, hour: int = 9) -> None:
        """It is that hour of that day at the site."""
        at = datetime(day.year, day.month, day.day, hour, tzinfo=SITE_ZONE)
        self.county.clock.at = at.astimezone(UTC)

    def draw(self, category: str, seed: str) -> list[int]:
        """Draws a task for today; answers its visits."""
        from server.draws.service import freeze_pool, run_draw
        from server.planning.service import list_own_tasks

        with self.county.desk():
            office = self.county.actor("bangong")
            task = next(one for one in list_own_tasks(office) if one.category == category)
            today = self.county.clock().astimezone(SITE_ZONE).date()
            run_draw(office, freeze_pool(office, task.id).id, seed, WITNESS, today)
        return inspections_of(self.county, category)

    def visit(self, inspection_id: int, code: str = "tr") -> Visit:
        """One department's part of a visit."""
        return Visit(self.county, inspection_id, code)

    def firm_of(self, inspection_id: int) -> str:
        """The name of the firm that is visited."""
        from server.inspections.service import get_inspection

        with self.county.desk():
            return get_inspection(self.county.actor("ducha"), inspection_id).firm.name

    @contextmanager
    def desk(self, account: str) -> Iterator[Page]:
        """The person's browser at a PC, signed in; a visitor's for the empty account."""
        context = self.browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(30_000)
        try:
            page = context.new_page()
            if account:
                page.goto(f"{self.url}/sign-in")
                page.get_by_label("账号").fill(account)
                page.get_by_label("密码").fill(self.county.password)
                page.get_by_role("button", name="登录").click()
                expect(page.get_by_role("link", name="账号")).to_be_visible()
            yield page
        finally:
            context.close()

    def open(self, page: Page, path: str) -> None:
        """Opens a page; a refusal fails here."""
        answer = page.goto(f"{self.url}{path}")
        assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"


@contextmanager
def story_in(home: Path, browser: Browser) -> Iterator[Story]:
    """A demo county with plans, and its first draw."""
    county = County(home)
    try:
        with serve(county.app) as url:
            yield Story(county, url, browser)
    finally:
        county.close()
