"""The inbox: complete whatever became of messages, read up to what was shown, in one's language."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from server.db import db, unit_of_work
from server.notifications.noting import note
from server.notifications.reminder_models import InboxMark
from server.notifications.service import (
    count_unread,
    list_inbox,
    mark_read,
    remind,
    send_due,
    write_due,
)
from tests.conftest import Clock
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.notifications.reminding import Listing, end_visit
from tests.statements import before_each


@pytest.fixture
def county(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield build_field()


@pytest.fixture
def wang(sqlite_app: Flask, county: Field) -> FlaskClient:
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "wang", "password": PASSWORD})
    return client


def add_notice(county: Field, clock: Clock, op: str = "op-1") -> None:
    details = {"number": "内2026001-01", "firm": "示例客运公司", "by": {"name": "钱组长"},
               "reason": "照片不清"}  # fmt: skip
    payload = {"space": county.space, "details": details}
    with unit_of_work():
        note(
            county.jurisdiction_id, op, "sheet.returned", [county.people["wang"]], payload, clock()
        )


def test_reminders_and_notices_stand_there_with_why_and_where(
    wang: FlaskClient, county: Field, clock: Clock
) -> None:
    add_notice(county, clock)
    clock.advance(minutes=1)
    end_visit(county, date(2026, 2, 10))
    clock.advance(hours=12)  # nobody sends at this hour: the inbox is not asked
    write_due()
    remind([county.people["wang"]], "内2026001-01", "/inspections/1", county.actor("office"))
    page = wang.get("/inbox").text
    for told in (
        "须在 2026-03-10 前录入检查结果，提醒时还剩 4 个工作日",
        "提醒您，是因为这件检查由您办理；按设置，到期前 5 个工作日提醒。"
        "期限自 2026-02-10 次日起算 20 个工作日，跳过休息日 8 天",
        "检查记录被退回：照片不清",
        "请尽快办理",
        "在期限看板上催办",
        "3 条未读",
        f'href="/inspections/{county.inspection_id}"',
    ):
        assert told in page, told
    assert "未读消息" in wang.get("/").text


def test_what_comes_while_the_page_is_read_stays_unread(
    wang: FlaskClient, county: Field, clock: Clock
) -> None:
    office = county.actor("office")
    remind([county.people["wang"]], "甲", "/inspections/1", office)
    shown = wang.get("/api/v1/inbox").get_json()
    assert shown["unread"] == 1 and shown["items"][0]["unread"] is True
    clock.advance(seconds=1)
    remind([county.people["wang"]], "乙", "/inspections/2", office)
    assert wang.post("/api/v1/inbox/read", json={"until": shown["until"]}).status_code == 204
    left = wang.get("/api/v1/inbox").get_json()
    assert [(one["about"], one["unread"]) for one in left["items"]] == [("乙", True), ("甲", False)]
    assert wang.post("/inbox/read", data={"until": "yesterday"}).status_code == 400
    wang.post("/inbox/read", data={"until": clock().isoformat()})
    assert wang.get("/api/v1/inbox").get_json()["unread"] == 0
    wang.post("/inbox/read", data={"until": "2020-01-01T00:00:00+00:00"})
    assert wang.get("/api/v1/inbox").get_json()["unread"] == 0, "never backwards"
    assert "没有未读消息" in wang.get("/inbox").text and "未读消息" not in wang.get("/").text


def test_what_was_begun_before_the_page_and_written_after_it_stays_unread(
    wang: FlaskClient, county: Field, clock: Clock
) -> None:
    """A long transaction names the instant at which it wrote, and commits later."""
    add_notice(county, clock)
    remind([county.people["wang"]], "甲", "/inspections/1", county.actor("office"))
    clock.advance(minutes=1)
    shown = wang.get("/api/v1/inbox").get_json()
    page = wang.get("/inbox").text
    clock.advance(seconds=-30)
    remind([county.people["wang"]], "乙", "/inspections/2", county.actor("office"))
    add_notice(county, clock, "op-2")
    clock.advance(minutes=1)
    told = {key: shown[key] for key in ("until", "shown") if key in shown}
    assert wang.post("/api/v1/inbox/read", json=told).status_code == 204
    left = wang.get("/api/v1/inbox").get_json()
    assert [one["unread"] for one in left["items"]] == [True, True, False, False]
    fields = dict(re.findall(r'name="(until|shown)" value="([^"]*)"', page))
    assert wang.post("/inbox/read", data=fields).status_code == 302
    assert wang.get("/api/v1/inbox").get_json()["unread"] == left["unread"] == 2
    for bad in ("x", "1", "1.2.3", "9" * 30 + ".1"):
        assert wang.post("/inbox/read", data={**fields, "shown": bad}).status_code == 400, bad
    wang.post("/inbox/read", data={"until": clock().isoformat()})  # a page of before
    assert wang.get("/api/v1/inbox").get_json()["unread"] == 0


@pytest.mark.both
def test_what_was_read_before_the_upgrade_is_read_after_it(app: Flask, clock: Clock) -> None:
    upgrade = importlib.import_module("server.migrations.versions.20261130_90_read_by_number")
    with app.app_context():
        county = build_field()
        wang, office = county.actor("wang"), county.actor("office")
        for person in ("li", "wang", "wang"):
            remind([county.people[person]], person, f"/inspections/{clock.at}", office)
            add_notice(county, clock, f"op-{clock.at}")
            clock.advance(minutes=1)
        mark_read(wang, clock() - timedelta(seconds=90))
        assert count_unread(wang.person_id) == 2
        with unit_of_work() as work:
            work.execute(update(InboxMark).values(reminder_id=0, notice_id=0))
        assert count_unread(wang.person_id) == 5
        with (
            unit_of_work() as work,
            Operations.context(MigrationContext.configure(work.connection())),
        ):
            upgrade._fill()
        assert count_unread(wang.person_id) == 2


def test_nothing_is_missing_where_every_channel_failed_and_old_ones_have_pages(
    wang: FlaskClient, county: Field, clock: Clock
) -> None:
    for n in range(60):
        remind([county.people["wang"]], f"第{n}件", f"/inspections/{n}", county.actor("office"))
    with pytest.raises(KeyboardInterrupt):
        send_due([Listing(dies_before=0)])
    first, second = wang.get("/inbox").text, wang.get("/inbox?page=2").text
    assert "60 条未读" in first and "第59件" in first and "第9件" not in first
    assert "第9件" in second and "第0件" in second and "第59件" not in second
    assert wang.get("/inbox?page=99999").status_code == wang.get("/inbox?page=x").status_code == 200


def test_days_with_one_overdue_each_are_read_with_as_many_statements_as_one(
    county: Field, clock: Clock
) -> None:
    end_visit(county, date(2026, 1, 5))
    clock.advance(hours=1)
    lead, said = county.actor("lead"), list[object]()
    before_each(db.engine, lambda *_told: said.append(None))
    counts = []
    for _day in range(12):
        write_due()
        said.clear()
        lines = [one for one in list_inbox(lead).items if "超期" in one.text]
        counts.append((len(lines), len(said)))
        clock.advance(days=1)
    few, many = counts[0], counts[-1]
    assert many[0] >= few[0] + 6 and many[1] <= few[1], counts
    assert not any("：" in one.text for one in lines), "no list of one"


def test_each_reads_their_own_in_their_own_language(
    sqlite_app: Flask, wang: FlaskClient, county: Field
) -> None:
    remind([county.people["wang"]], "内2026001-01", "/inspections/1", county.actor("office"))
    li = sqlite_app.test_client()
    li.post("/sign-in", data={"account": "li", "password": PASSWORD})
    assert "内2026001-01" not in li.get("/inbox").text
    wang.post("/language", data={"locale": "en"})
    assert "Please see to it soon" in wang.get("/inbox").text
    assert sqlite_app.test_client().get("/inbox").status_code == 302


def test_channels_are_turned_off_and_a_wrong_address_is_told_at_its_field(
    wang: FlaskClient, county: Field
) -> None:
    page = wang.get("/account/channels").text
    assert page.count("checked") == 3
    kept = {"email": "y", "address": "w@example"}
    answer = wang.post("/account/channels", data=kept)
    assert answer.status_code == 422 and 'value="w@example"' in answer.text
    assert "请填写一个完整的邮箱地址" in answer.text
    for bad in ("a@b.cn\r\nBcc: c@d.cn", "a@b.cn,c@d.cn", "甲@b.cn"):
        assert wang.post("/account/channels", data={"address": bad}).status_code == 422, bad
    assert wang.get("/account/channels").text.count("checked") == 3, "nothing was stored"
    assert (
        wang.post("/account/channels", data=kept | {"address": "w@example.cn"}).status_code == 302
    )
    page = wang.get("/account/channels").text
    assert page.count("checked") == 1 and 'value="w@example.cn"' in page
