"""The lead's phone: the day as it stood last, with its age, where there is no network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e import field_app as app
from tests.e2e import harness
from tests.e2e.harness import Server, phone

pytestmark = pytest.mark.e2e


def test_the_lead_sees_the_last_state_of_the_day_without_a_network(
    playwright: Playwright, server: Server, people: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    firm = server.sql(
        "SELECT name FROM firms WHERE id = (SELECT firm_id FROM inspections WHERE id = 1)"
    )[0][0]
    with phone(playwright, tmp_path / "phone") as (context, page):
        app.sign_in(page, server, people["zuzhang"])
        page.get_by_role("link", name="今日审核").click()
        expect(page.get_by_role("heading", name=firm)).to_be_visible()
        expect(page.get_by_text(re.compile(r"截至 \d\d:\d\d"))).to_be_visible()
        expect(page.get_by_text("未连到服务器")).to_have_count(0)
        context.set_offline(True)
        page.reload()
        expect(page.get_by_role("heading", name=firm)).to_be_visible()
        expect(page.get_by_text("未连到服务器，显示的是上次读到的情况，只能查看。")).to_be_visible()
        expect(page.get_by_text(re.compile(r"计划检查 [1-9]"))).to_be_visible()
        assert harness.small_targets(page) == [] and harness.faint_texts(page) == []
