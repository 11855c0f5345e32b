"""The calendar as people get it: a month, a notice pasted, looked at and confirmed, what moved."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.db import scope_to, unit_of_work
from server.deadlines.calendar import load_calendar, seed_calendar
from server.planning.models import Plan
from tests.integration.accounts.test_every_route import client_of
from tests.integration.builders import Field, build_field
from tests.integration.deadlines.test_notices import DUE, END, FLOOD, end_visit
from tests.unit.domain.test_notice_text import NOTICE_2026

NEXT = """关于2027年部分节假日安排的通知
国办发明电〔2026〕9号
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。10月9日（周六）上班。鼓励错峰出行。
"""


@pytest.fixture
def field(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = build_field()
        seed_calendar()
        scope_to(made.jurisdiction_id)
        end_visit(made, END)
        scope_to(None)
        yield made


@pytest.fixture
def office(sqlite_app: Flask, field: Field) -> FlaskClient:
    return client_of(sqlite_app, field.people["office"])


def hidden(page: str) -> dict[str, str]:
    """What the confirmation sends along."""
    form = page[page.index('action="/calendar/notices"') :]
    found = re.findall(r'<input id="(days|source|mark)" [^>]*value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def words(page: str) -> str:
    return re.sub(r"<[^>]+>|\s+", "", re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))


def test_pasted_notice_is_looked_at_then_counts(office: FlaskClient) -> None:
    seen = office.post("/calendar/notices/preview", data={"text": NEXT})
    assert seen.status_code == 200
    told = words(seen.text)
    assert "2027-10-09周六周末补班国庆节有变化" in told and "改变的日期" in told
    assert "鼓励错峰出行" in told  # not read, and shown
    assert 'value="国办发明电〔2026〕9号"' in seen.text
    assert not load_calendar().is_known_year(2027)
    sent = hidden(seen.text)
    made = office.post("/calendar/notices", data={**sent, "document": "国办发明电〔2026〕9号"})
    assert made.status_code == 302
    assert load_calendar().is_known_year(2027)
    shown = office.get(made.headers["Location"]).text
    assert "国办发明电〔2026〕9号" in shown and "关于2027年部分节假日安排的通知" in shown
    assert "国办发明电〔2026〕9号" in office.get("/calendar/notices").text


def test_what_moved_is_listed_with_both_days_and_the_due_date_tells_its_count(
    office: FlaskClient, field: Field
) -> None:
    chosen = {"file": (io.BytesIO(FLOOD.encode()), "2026.csv"), "document": "1号"}
    sent = hidden(office.post("/calendar/notices/preview", data=chosen).text)
    made = office.post("/calendar/notices", data={**sent, "document": "1号"})
    told = words(office.get(made.headers["Location"]).text)
    assert f"{DUE}2026-04-02" in told and "示例客运有限公司" in told
    visit = words(office.get(f"/inspections/{field.inspection_id}").text)
    assert "跳过休息日9天" in visit and "03-09至03-10抗洪" in visit
    assert "补班计入：03-14" in visit and "第20个工作日2026-04-02" in visit
    month = office.get("/calendar?month=2026-03").text
    assert "补班抗洪" in words(month) and "，21 个工作日" in month
    day = words(office.get("/calendar?day=2026-04-02").text)
    assert "待录2" in day and "2026-04-02到期的录入" in day and "示例客运有限公司" in day


def test_year_without_a_notice_says_that_it_is_provisional(office: FlaskClient) -> None:
    page = office.get("/calendar?month=2027-01").text
    assert "2027 年放假通知尚未导入" in page and "暂定" in page
    assert "2027 年放假通知尚未导入" not in office.get("/calendar?month=2026-01").text
    december = office.get("/calendar?month=2026-12").text
    assert "12 月 21 日以后为暂定" in december and december.count(" provisional") == 14
    assert "暂定" not in office.get("/calendar?month=2025-12").text
    for odd in ("month=2026-13", "month=0001-01", "month=x", "day=x", "month=9999-12",
                "day=0001-01-01", "day=9999-12-31"):  # fmt: skip
        assert office.get(f"/calendar?{odd}").status_code == 200
    assert "下个月" not in office.get("/calendar?month=2099-12").text
    bundled = "国务院办公厅 2026 年放假通知（软件自带节假日数据，版本 "
    assert bundled in december and bundled in office.get("/calendar/notices").text
    assert "chinesecalendar" not in december


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"text": ""}, "请粘贴通知正文"),
        ({"text": "一、元旦：1月1日放假。"}, "请填写年份"),
        ({"text": NOTICE_2026.replace("3日（周六）", "3日（周五）")}, "当日不是周五"),
        ({"text": "一、春节：2月1日放假。", "year": "2027"}, "2027 年的放假通知尚未导入"),
        ({"text": NEXT, "year": "二〇二七"}, "二〇二七"),
        (
            {"text": "关于9999年部分节假日安排的通知 一、国庆节：10月1日放假。"},
            "9999-10-01”不是有效日期",
        ),
        ({"text": "一、春节：２月１日Feb放假调休🎉，上班", "year": "２０２６"}, "没有读出放假安排"),
    ],
)
def test_refused_notice_says_why_and_keeps_what_was_typed(
    office: FlaskClient, sent: dict[str, str], told: str
) -> None:
    refused = office.post("/calendar/notices/preview", data={**sent, "document": "暂记"})
    assert refused.status_code == 422
    assert told in refused.text and 'value="暂记"' in refused.text
    assert sent["text"][:40] in refused.text


def test_confirmation_of_an_older_preview_shows_the_new_one(office: FlaskClient) -> None:
    seen = office.post("/calendar/notices/preview", data={"text": NEXT}).text
    first = hidden(seen)
    office.post("/calendar/notices", data={**first, "document": "1号"})
    again = office.post("/calendar/notices", data={**first, "document": "2号"})
    assert again.status_code == 409 and "calendar.changed_meanwhile" in again.text
    assert 'value="2号"' in again.text and hidden(again.text)["mark"] != first["mark"]
    blank = office.post("/calendar/notices", data={**hidden(again.text), "document": ""})
    assert blank.status_code == 422 and "请填写通知的发文字号" in blank.text


def test_officers_read_the_calendar_and_not_what_is_due(sqlite_app: Flask, field: Field) -> None:
    wang = client_of(sqlite_app, field.people["wang"])
    page = wang.get(f"/calendar?day={DUE}").text
    assert "劳动节" in wang.get("/calendar?month=2026-05").text
    assert "待录" not in page and "示例客运有限公司" not in page
    assert "导入放假通知" not in wang.get("/calendar/notices").text
    assert wang.post("/calendar/notices/preview", data={"text": NEXT}).status_code == 403
    assert wang.get("/calendar/notices/7").status_code == 404
    assert date(2026, 5, 9) in load_calendar().makeup_days


def test_phase_that_ends_on_a_saturday_is_done_the_working_day_before(
    office: FlaskClient, field: Field
) -> None:
    """R123–R126: the four phases of Pingluo 2018, the second of which ends on 2018-12-08."""
    with unit_of_work() as work:
        work.query(Plan).first().phases = [
            {"name": name, "starts_on": starts, "ends_on": ends}
            for name, starts, ends in (
                ("制定工作方案", "2018-11-28", "2018-11-30"),
                ("抽取", "2018-12-03", "2018-12-08"),
                ("实施抽查检查", "2018-12-10", "2018-12-20"),
                ("公示抽查结果", "2018-12-21", "2018-12-31"),
            )
        ]
    told = words(office.get("/calendar?month=2018-12").text)
    assert "制定工作方案" not in told and "公示抽查结果" in told
    assert "2018-12-032018-12-082018-12-07结束日是休息日" in told
    # 2018-12-31 was off by the notice for 2019, the Saturday before it was worked
    assert "2018-12-312018-12-29结束日是休息日" in told
    assert "制定工作方案" in office.get("/calendar?month=2018-11").text
