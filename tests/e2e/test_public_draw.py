"""A citizen's browser recomputes a draw: equal on the page, and a forged file is found out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Clock, make_app
from tests.e2e.serving import serve
from tests.integration.draws.world import PLANNED_ON, SEED, SOURCE, build_world

pytestmark = pytest.mark.e2e
Drawn = tuple[str, Any]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory, sqlite_empty: Path) -> Iterator[Drawn]:
    """Address of a draw's public page, and its record."""
    from server.db import db
    from server.draws import service as draws

    home = tmp_path_factory.mktemp("public")
    shutil.copy(sqlite_empty, home / "suicha.sqlite3")
    app = make_app(f"sqlite:///{home / 'suicha.sqlite3'}", home / "home", Clock())
    with app.app_context():
        world = build_world()
        frozen = draws.freeze_pool(world.clerk, world.joint_task)
        done = draws.run_draw(world.clerk, frozen.id, SEED, SOURCE, PLANNED_ON)
        public_id, record = done.public_id, json.loads(json.dumps(done.record))
        db.session.remove()
    with serve(app) as url:
        yield f"{url}/public/draws/{public_id}", record


def test_visitors_browser_says_equal_and_finds_the_forged_officer(
    browser: Browser, drawn: Drawn, tmp_path: Path
) -> None:
    url, record = drawn
    page = browser.new_page(viewport={"width": 360, "height": 740}, locale="zh-CN")
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    page.get_by_role("button", name="在本机重新计算").click()
    outcome = page.locator("[data-outcome]")
    expect(outcome.locator(".notice.ok")).to_contain_text(record["draw_id"])
    expect(outcome.locator("li")).to_have_count(4)
    expect(outcome).to_contain_text(record["pool_sha256"])

    team = record["assignments"][0]["officers"]
    forged = json.loads(json.dumps(record))
    forged["assignments"][0]["officers"] = team[::-1]
    path = tmp_path / "forged.json"
    path.write_text(json.dumps(forged), encoding="utf-8")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.locator("input[type=file]").set_input_files(path)
    expect(outcome.locator(".notice.error")).to_contain_text("不一致")
    expect(outcome).to_contain_text(
        f'第一处差异：第 1 组执法检查人员：记录为 "{team[1]}"，重新计算得 "{team[0]}"'
    )
    expect(outcome.locator(".dot.ok")).to_have_count(3)

    path.write_text("no record", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(path)
    expect(outcome).to_contain_text("这个文件不是抽取记录")
    assert sent == [] and complaints == []
    page.close()
