"""The room as the office clicks it: each step a form, nothing typed lost; a screen that shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.accounts.models import Jurisdiction
from server.db import db, unit_of_work
from server.draws.models import Draw
from server.runtime import site_url
from tests.integration.draws.test_draw_pages import sign_in
from tests.integration.draws.test_redraw import with_heads
from tests.integration.draws.world import World, build_world
from tests.integration.fieldsync.phone import PASSWORD

MEETING = {
    "place": "局三楼会议室",
    "began_at": "2026-03-04T09:00",
    "witness_name": "甲",
    "witness_unit": "县督查室",
    "present-mr": "乙、丙",
    "held_on": "2026-03-02",
    "scheme_no": "泽交发〔2026〕3 号",
}


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = with_heads(build_world())
        with unit_of_work() as work:
            work.get_one(Jurisdiction, made.county).settings = {"draw.dice_rolls": 8}
        yield made


@pytest.fixture
def office(sqlite_app: Flask, world: World) -> FlaskClient:
    client = sign_in(sqlite_app, "office")
    client.post(f"/tasks/{world.joint_task}/freeze")
    return client


def test_office_walks_the_room_step_by_step(office: FlaskClient, world: World) -> None:
    page = office.get("/draws/1").text
    assert "公开页面的二维码" in page and "先登记会议情况和监督人" in page
    assert office.post("/draws/1/meeting", data=MEETING).status_code == 302
    page = office.get("/draws/1").text
    assert "县督查室 甲" in page and "乙、丙" in page and "还差 8 次" in page
    assert office.post("/draws/1/rolls", data={"rolls": "3", "seen": "0"}).status_code == 302
    office.post("/draws/1/rolls", data={"rolls": "5162441", "seen": "1"})
    struck = {"number": "2", "reason": "骰子落地"}
    assert office.post("/draws/1/rolls/strike", data=struck).status_code == 302
    assert "第 2 次 5 点已划去：骰子落地" in office.get("/draws/1").text
    early = office.post("/draws/1/rolls/done")
    assert early.status_code == 409 and "draw.dice_missing" in early.text
    office.post("/draws/1/rolls", data={"rolls": "6", "seen": "8"})
    office.post("/draws/1/rolls/done")
    page = office.get("/draws/1").text
    assert "31624416" in page and "都是同一个随机数" in page
    assert office.post("/draws/1/draw", data={"planned_on": "2026-03-09"}).status_code == 302
    page = office.get("/draws/1").text
    assert "联2026001-01" in page and "监督人签字的抽取记录单存放位置" in page
    assert page.index('id="signing"') < page.index('id="result"')
    assert "打印记录单、登记签字" in office.get(f"/tasks/{world.joint_task}").text
    assert office.post("/draws/1/signed", data={"note": "卷一第三页"}).status_code == 302
    assert "卷一第三页" in office.get("/draws/1").text


def test_refused_steps_give_back_what_was_typed(office: FlaskClient) -> None:
    page = office.post("/draws/1/meeting", data={**MEETING, "witness_name": "", "held_on": "x"})
    assert page.status_code == 422 and "请填写此项" in page.text
    for typed in ("局三楼会议室", "2026-03-04T09:00", "乙、丙", "泽交发〔2026〕3 号"):
        assert f'value="{typed}"' in page.text, typed
    for mistyped in ("2062-03-04T09:00", "2026-10-04T09:00"):
        page = office.post("/draws/1/meeting", data={**MEETING, "began_at": mistyped})
        assert page.status_code == 422 and "请核对年月日" in page.text, mistyped
        assert f'value="{mistyped}"' in page.text
    before = office.post("/draws/1/rolls", data={"rolls": "3", "seen": "0"})
    assert before.status_code == 409 and "draw.meeting_missing" in before.text
    office.post("/draws/1/meeting", data=MEETING)
    for rolls, code in (("7", 422), ("", 422), ("123456123", 422)):
        page = office.post("/draws/1/rolls", data={"rolls": rolls, "seen": "0"})
        assert page.status_code == code and f'value="{rolls}"' in page.text, rolls
    page = office.post("/draws/1/rolls/strike", data={"number": "9", "reason": "落地"})
    assert page.status_code == 409
    page = office.post("/draws/1/lottery", data={"name": "双色球", "issue": ""})
    assert page.status_code == 422 and 'value="双色球"' in page.text
    office.post("/draws/1/lottery", data={"name": "双色球", "issue": "2026031"})
    result = {"numbers": "03 09 12 18", "published_at": "2026-03-03T21:15"}
    page = office.post("/draws/1/lottery/result", data=result)
    assert page.status_code == 422 and "draw.lottery_early" in page.text
    assert 'value="03 09 12 18"' in page.text and 'value="2026-03-03T21:15"' in page.text


def test_big_screen_shows_and_cannot_draw(
    sqlite_app: Flask, office: FlaskClient, world: World
) -> None:
    guest = sign_in(sqlite_app, "tr1")  # whoever is signed in may look

    def told() -> dict[str, Any]:
        return guest.get("/draws/1/screen.json").get_json()

    first = told()
    assert (first["state"], first["rolls"]) == ("frozen", [])
    office.post("/draws/1/meeting", data=MEETING)
    office.post("/draws/1/rolls", data={"rolls": "3 5", "seen": "0"})
    office.post("/draws/1/rolls/strike", data={"number": "1", "reason": "落地"})
    second = told()
    assert second["rolls"] == [5] and second["mark"] != first["mark"]
    assert told() == second, "nothing new, the same mark"
    page = guest.get("/draws/1/screen").text
    assert 'method="post" action="/draws' not in page and "掷骰子，还差 7 次" in page
    office.post("/draws/1/rolls", data={"rolls": "1234561", "seen": "2"})
    office.post("/draws/1/rolls/done")
    office.post("/draws/1/draw", data={"planned_on": "2026-03-09"})
    page = guest.get("/draws/1/screen").text
    assert told()["state"] == "drawn" and page.count("data-turn>") >= 4 * 3
    assert sign_in(sqlite_app, "head").post("/draws/1/rolls").status_code == 403


def test_redraw_is_asked_for_and_decided_on_the_draws_page(
    sqlite_app: Flask, office: FlaskClient, world: World
) -> None:
    run = {"seed": "35162441", "seed_source": "掷骰子", "planned_on": "2026-03-09"}
    office.post("/draws/1/run", data=run)
    page = office.post("/draws/1/redraw", data={"reason": ""})
    assert page.status_code == 422 and "请填写此项" in page.text
    assert office.post("/draws/1/redraw", data={"reason": "通知有误"}).status_code == 302
    assert "等待主要负责人审批" in office.get("/draws/1").text
    assert office.post("/redraws/1/decide", data={"password": PASSWORD}).status_code == 403
    head = sign_in(sqlite_app, "head")
    assert "待审批的重抽" in head.get("/").text and "通知有误" in head.get("/redraws").text
    for pressed in ({"decision": "refuse"}, {}):  # nothing is approved by default
        blank = head.post("/redraws/1/decide", data={**pressed, "password": PASSWORD})
        assert blank.status_code == 422 and "请填写此项" in blank.text
    said = {"reason": "同意", "decision": "approve"}
    wrong = head.post("/redraws/1/decide", data={**said, "password": "wrong"})
    assert wrong.status_code in {401, 403, 422} and 'value="同意"' in wrong.text
    done = head.post("/redraws/1/decide", data={**said, "password": PASSWORD})
    assert done.status_code == 302
    page = office.get("/draws/1").text
    assert "已被重抽代替" in page and "办公室员 申请，head 批准" in page
    assert "冻结抽取池" in office.get(f"/tasks/{world.joint_task}").text
    withdrawn = office.get("/inspections/1")
    assert withdrawn.status_code == 200 and "已随抽取重抽而撤回" in withdrawn.text
    moved = office.post("/inspections/1/plan", data={"planned_on": "2026-03-10"})
    assert moved.status_code == 409
    assert "待审批的重抽" not in head.get("/").text
    db.session.expire_all()
    assert db.session.get_one(Draw, 1).state == "superseded"


def test_addresses_on_paper_are_https_where_people_come_by_https(sqlite_app: Flask) -> None:
    """A proxy that ends HTTPS hands the request on as plain HTTP."""
    known = sqlite_app.extensions["suicha"]
    with sqlite_app.test_request_context("/", base_url="http://suicha.example"):
        assert site_url() == "http://suicha.example"
        sqlite_app.extensions["suicha"] = replace(
            known, config=replace(known.config, is_https=True)
        )
        assert site_url() == "https://suicha.example"
