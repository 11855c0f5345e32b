"""Days on which something goes wrong, told end to end: nothing is lost, and each place where work
waits for a person says what to do."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from server.accounts.models import Person
from server.accounts.sessions import actor_of
from server.db import db, scope_to
from server.draws.service import freeze_pool, run_draw
from server.planning.service import list_own_tasks
from server.registry.service import import_checklists
from server.runtime import today
from tests.conftest import ROOT
from tests.e2e import field_app as app
from tests.e2e.harness import Server
from tests.e2e.on_record import rows_of, stored_photos
from tests.soak.copies import application

pytestmark = pytest.mark.e2e

LIST = "道路旅客运输"
ITEMS = 8 + 15


def test_a_new_version_of_a_list_leaves_the_open_inspection_its_own(
    page: Page, server: Server
) -> None:
    _firm, inspection = app.first_fetched(page, LIST, ITEMS)
    page.context.set_offline(True)
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/at?item=COM-06")
    with application(server):
        staff = db.session.scalars(select(Person).where(Person.account == "bangong")).one()
        scope_to(staff.jurisdiction_id)
        lists = (ROOT / "data" / "checklists.yaml").read_text()
        new_text = "检查情况与当事人意见（新版）"
        changed = lists.replace("检查情况与当事人意见（当事人可陈述）", new_text)
        import_checklists(changed.encode())
        actor = actor_of(staff)
        task = next(one for one in list_own_tasks(actor) if one.category == "freight")
        draw = run_draw(actor, freeze_pool(actor, task.id).id, "3 5 1 6 2 4 4 1", "掷骰子", today())
        newer = {key: one for (one,) in sheets_of(server, draw.id) for key in list_keys(one)}
    assert "common@2" in newer and "common@1" not in newer
    # On the phone, and when it has come back online, the visit stays with what it began with.
    app.fill(page, "COM-06", "填写内容", "属实，无异议")
    page.context.set_offline(False)
    app.wait_until_all_sent(page)
    item = app.item(page, "COM-06")
    expect(item.get_by_role("heading")).to_contain_text("当事人可陈述")
    app.fill(page, "COM-06", "填写内容", "属实，无异议，已签字")
    app.wait_until_all_sent(page)
    ((kept,),) = server.sql(f"SELECT lists FROM sheets WHERE inspection_id = {inspection}")
    assert list_keys(kept) == ["common@1", "passenger@1"]
    fields = rows_of(server, inspection)["answer:tr/COM-06"]["fields"]
    assert fields["value"] == "属实，无异议，已签字"


def test_thirty_days_offline_end_with_a_sign_in_and_nothing_is_lost(
    page: Page, server: Server, officer: dict[str, Any]
) -> None:
    _firm, inspection = app.first_fetched(page, LIST, ITEMS)
    app.wait_until_all_sent(page)
    page.context.set_offline(True)
    server.change("UPDATE sign_in_sessions SET expires_at = datetime('now', '-1 day')")
    page.clock.set_system_time(datetime.now() + timedelta(days=30))
    page.goto(f"{server.url}/app/#/i/{inspection}/tr/at?item=PAX-13")
    page.reload()
    app.judge(page, "PAX-13", "合格")
    app.note(page, "PAX-13", "月末补记")
    app.photograph(page, "PAX-13", "月末")
    expect(page.get_by_label(re.compile("同步状态: 待送 3 条"))).to_be_visible()
    expect(page.get_by_label("密码")).to_have_count(0)
    page.context.set_offline(False)
    page.goto(f"{server.url}/app/#/queue")
    page.get_by_role("button", name="立即发送").click()
    expect(page.get_by_label(re.compile("同步状态: 待送 3 条.*需重新登录"))).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_text("等您处理，重新登录后即发送").first).to_be_visible()
    page.get_by_label("账号").fill(officer["account"])
    page.get_by_label("密码").fill(officer["password"])
    page.get_by_role("button", name="登录").click()
    app.wait_until_all_sent(page)
    rows = rows_of(server, inspection)
    fields = rows["answer:tr/PAX-13"]["fields"]
    assert (fields["value"], fields["note"]) == ("pass", "月末补记")
    assert len(stored_photos(server, inspection, "PAX-13")) == 1


def sheets_of(server: Server, draw_id: int) -> list[tuple[Any, ...]]:
    return server.sql(
        "SELECT s.lists FROM sheets s JOIN inspections i ON i.id = s.inspection_id"
        f" WHERE i.draw_id = {draw_id} AND s.code = 'tr'"
    )


def list_keys(lists: str) -> list[str]:
    """The references of a sheet's lists, in order."""
    return [one["list"] for one in json.loads(lists)]
