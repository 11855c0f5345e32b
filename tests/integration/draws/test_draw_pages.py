"""From the task to the verified draw, the way the office clicks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.draw import verify_draw
from domain.errors import Fault
from server.accounts.models import Person
from server.accounts.passwords import hash_password
from server.db import db, unit_of_work
from server.draws.freezing import withdraw_pool
from server.draws.models import Draw
from server.planning.models import PlanTask
from server.registry.models import Officer
from server.registry.service import confirm_officers
from tests.integration.draws.world import World, build_world

PASSWORD = "correct horse battery"


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = build_world()
        with unit_of_work() as work:
            for account in ("office", "tr1"):
                person = work.get_one(Person, made.people[account])
                person.password_hash = hash_password(PASSWORD)
        yield made


def sign_in(app: Flask, who: str) -> FlaskClient:
    client = app.test_client()
    done = client.post("/sign-in", data={"account": who, "password": PASSWORD})
    assert done.status_code == 302
    return client


def test_office_freezes_draws_verifies_and_downloads(sqlite_app: Flask, world: World) -> None:
    client = sign_in(sqlite_app, "office")
    task = client.get(f"/tasks/{world.joint_task}").text
    assert "从 12 户中抽取" in task and "冻结抽取池" in task
    warning = "配合部门尚未确认执法人员数据：市场监督管理局"
    assert warning in task and "尚未确认" not in client.get(f"/tasks/{world.internal_task}").text
    confirm_officers(world.actor("mr_office"), world.other)
    assert warning not in client.get(f"/tasks/{world.joint_task}").text
    assert f'href="/tasks/{world.joint_task}/official"' in task  # drawn on the platform instead
    frozen = client.post(f"/tasks/{world.joint_task}/freeze")
    page = client.get(frozen.headers["Location"]).text
    assert "抽取池摘要" in page and "现场随机数" in page
    draw_id = int(frozen.headers["Location"].rsplit("/", 1)[1])
    form = {"seed": "3 5 1 6 2 4 4 1", "seed_source": "掷骰子，甲见证", "planned_on": "2026-03-09"}
    assert client.post(f"/draws/{draw_id}/run", data=form).status_code == 302
    drawn = client.get(f"/draws/{draw_id}").text
    assert "联2026001-01" in drawn and "（组长）" in drawn
    assert "复核一致" in client.post(f"/draws/{draw_id}/verify").text
    record = client.get(f"/draws/{draw_id}/record.json")
    assert verify_draw(record.get_json()) == []
    again = client.post(f"/draws/{draw_id}/run", data=form)
    assert again.status_code == 409 and "不得重复抽取" in again.text


def test_verification_names_what_differs(sqlite_app: Flask, world: World) -> None:
    client = sign_in(sqlite_app, "office")
    client.post(f"/tasks/{world.joint_task}/freeze")
    form = {"seed": "3 5 1 6 2 4 4 1", "seed_source": "掷骰子", "planned_on": "2026-03-09"}
    client.post("/draws/1/run", data=form)
    with unit_of_work() as work:
        draw = work.get_one(Draw, 1)
        record = dict(draw.record or {})
        record["firms"] = list(reversed(record["firms"]))
        draw.record = record
    text = client.post("/draws/1/verify").text
    assert "复核不一致" in text and "firms[0]" in text


def test_refused_form_keeps_what_was_typed(sqlite_app: Flask, world: World) -> None:
    client = sign_in(sqlite_app, "office")
    client.post(f"/tasks/{world.joint_task}/freeze")
    form = {"seed": "12", "seed_source": "掷骰子", "planned_on": "2026-02-30"}
    page = client.post("/draws/1/run", data=form)
    assert page.status_code == 422
    assert "至少 8 位" in page.text and "请填写真实日期" in page.text
    assert 'value="掷骰子"' in page.text
    late = client.post(
        "/draws/1/run", data={**form, "seed": "12345678", "planned_on": "2026-03-01"}
    )
    assert late.status_code == 422 and "不能早于今天" in late.text


@pytest.mark.parametrize(
    ("locale", "sentence"), [("zh_CN", "最多填写 200 字"), ("en", "At most 200 characters")]
)
def test_long_text_is_refused_and_given_back_and_nothing_of_it_is_cut(
    sqlite_app: Flask, world: World, locale: str, sentence: str
) -> None:
    with unit_of_work() as work:
        work.get_one(PlanTask, world.internal_task).category = "station"
    client = sign_in(sqlite_app, "office")
    client.post("/language", data={"locale": locale})
    client.post(f"/tasks/{world.joint_task}/freeze")
    long, run = "字" * 201, {"seed": "12345678", "planned_on": "2026-03-04"}
    for path, form in (
        ("/draws/1/run", {**run, "seed_source": long}),
        ("/draws/1/withdraw", {"reason": long}),
        (f"/tasks/{world.internal_task}/no-draw", {"reason": long}),
    ):
        page = client.post(path, data=form)
        assert page.status_code == 422 and sentence in page.text, path
        assert f'value="{long}"' in page.text and "maxlength" not in page.text
    with pytest.raises(Fault, match="200"):
        withdraw_pool(world.actor("office"), 1, long)
    assert db.session.query(Draw).one().state == "frozen"
    assert client.post("/draws/1/run", data={**run, "seed_source": long[1:]}).status_code == 302
    db.session.expire_all()
    assert db.session.query(Draw).one().seed_source == long[1:]


def test_missing_officers_are_named_before_anything_is_frozen(
    sqlite_app: Flask, world: World
) -> None:
    with unit_of_work() as work:
        for n in (2, 3):
            work.get_one(Officer, world.officers[f"mr{n}"]).is_active = False
    client = sign_in(sqlite_app, "office")
    assert "缺 1 人" in client.get(f"/tasks/{world.joint_task}").text
    refused = client.post(f"/tasks/{world.joint_task}/freeze")
    assert refused.status_code == 422 and "市场监督管理局" in refused.text


def test_empty_register_asks_for_a_reason(sqlite_app: Flask, world: World) -> None:
    with unit_of_work() as work:
        work.get_one(PlanTask, world.internal_task).category = "station"
    client = sign_in(sqlite_app, "office")
    path = f"/tasks/{world.internal_task}"
    assert "未抽取的原因" in client.get(path).text
    assert client.post(f"{path}/no-draw", data={"reason": ""}).status_code == 422
    noted = client.post(f"{path}/no-draw", data={"reason": "本县无此类单位"})
    assert "本县无此类单位" in client.get(noted.headers["Location"]).text


def test_inspector_reads_draws_but_cannot_run_them(sqlite_app: Flask, world: World) -> None:
    client = sign_in(sqlite_app, "tr1")
    assert client.get(f"/tasks/{world.joint_task}").status_code == 200
    assert client.post(f"/tasks/{world.joint_task}/freeze").status_code == 403
    db.session.expire_all()
    assert db.session.query(Draw).count() == 0


def test_list_of_tasks_filters(sqlite_app: Flask, world: World) -> None:
    client = sign_in(sqlite_app, "office")
    assert "内2026001" in client.get("/tasks").text
    text = client.get("/tasks?year=2026&ownership=own&state=waiting&q=联2026").text
    assert "联2026001" in text and "内2026001" not in text
    assert client.get("/draws").status_code == 200
