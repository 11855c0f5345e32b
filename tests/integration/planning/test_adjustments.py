"""A published plan changes by an approved adjustment only, and every version stays readable."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from domain.errors import Fault, message
from domain.plan_changes import AdjustmentKind
from server.audit.service import list_events
from server.db import db, scope_to
from server.draws.models import Draw
from server.planning import adjusting, versions
from server.planning.models import PlanAdjustment
from server.planning.service import get_plan, values_of
from server.runtime import now
from tests.conftest import Beginning
from tests.integration.planning.office import (
    APPROVED,
    INTERNAL,
    OFFICE,
    PASSWORD,
    SIGNED,
    TYPED,
    actor,
    again,
    browser,
    open_county,
    sealed,
    send,
    take_in,
    task_of,
)

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n29\n%%EOF\n"


@pytest.fixture
def beginning() -> Beginning:
    return OFFICE


@pytest.fixture
def county(app: Flask) -> Iterator[int]:
    """On both databases: for what is decided under locks."""
    with app.app_context():
        yield open_county(app)


@pytest.fixture
def desk(sqlite_app: Flask) -> Iterator[int]:
    with sqlite_app.app_context():
        yield open_county(sqlite_app)


def published() -> int:
    (plan_id,) = take_in(INTERNAL)
    versions.publish_plan(actor("office"), plan_id)
    return plan_id


def ask(plan_id: int, row_no: int = 2, **changed: object) -> PlanAdjustment:
    task = task_of(plan_id, row_no)
    values = values_of(task) | changed
    stream, name = sealed()
    return adjusting.request_adjustment(
        actor("office"), plan_id, AdjustmentKind.CHANGE, task.id, values, "监管需要", stream, name
    )


def mark_drawn(task_id: int, county: int, public_id: str = "CQ-1") -> None:
    draw = Draw(
        jurisdiction_id=county, public_id=public_id, task_id=task_id, state="drawn", pool="{}",
        pool_sha256="0" * 64, frozen_at=now(),
    )  # fmt: skip
    db.session.add(draw)
    db.session.commit()


def test_request_approval_report_and_republication_on_the_pages(
    sqlite_app: Flask, desk: int
) -> None:
    plan_id = published()
    office, head, visitor = (browser(sqlite_app, who) for who in ("office", "head", ""))
    task = task_of(plan_id, 2)
    path = f"/plans/tasks/{task.id}/adjust/change"
    typed = TYPED | {"reason": "货运车辆增多", "document": sealed()}
    asked = send(office, path, typed)
    assert "已提交，等待主要负责人审批" in asked.text and "货运车辆增多" in asked.text
    order = asked.request.path
    assert "批准</span>" not in office.get(order).text
    assert "第 2 版" not in visitor.get(f"/public/plans/{plan_id}").text
    refusal = {"decision": "refuse", "reason": " ", "password": PASSWORD}
    blank = head.post(f"{order}/decide", data=refusal)
    assert blank.status_code == 422 and "请填写此项" in blank.text
    unsigned = head.post(f"{order}/decide", data={"decision": "approve"})
    assert unsigned.status_code == 422 and "登录密码" in unsigned.text
    guessed = head.post(f"{order}/decide", data=APPROVED | {"password": "guess", "reason": "同意"})
    assert guessed.status_code == 403 and "account.password_wrong" in guessed.text
    assert "同意" in guessed.text and "guess" not in guessed.text
    assert "已批准，计划形成新版本" in send(head, f"{order}/decide", APPROVED).text
    waiting = visitor.get(f"/public/plans/{plan_id}").text  # not republished yet
    assert "20%" in waiting and "不低于50% 1次/年" not in waiting
    assert visitor.get(f"/public/plans/{plan_id}/2").status_code == 404
    report = {"reported_on": "2026-03-03", "report_no": "泽交字〔2026〕12号"}
    assert "已登记上报" in send(office, f"/plans/{plan_id}/versions/2/report", report).text
    late = report | {"reported_on": "2026-03-05"}
    assert office.post(f"/plans/{plan_id}/versions/2/report", data=late).status_code == 422
    assert "第 2 版已公布" in send(office, f"/plans/{plan_id}/publish", {}).text
    now_public = visitor.get(f"/public/plans/{plan_id}").text
    for words in ("不低于50% 1次/年", "货运车辆增多", "第 2 版", "与第 1 版比较"):
        assert words in now_public
    first = visitor.get(f"/public/plans/{plan_id}/1").text
    assert "20%" in first and "这是以前的版本" in first
    assert "泽交字〔2026〕12号" in office.get(f"{order}/paper").text
    paper = office.get(f"{order}/document")
    assert paper.mimetype == "image/jpeg" and "sandbox" in paper.headers["Content-Security-Policy"]
    assert paper.headers["Content-Disposition"].startswith("attachment")
    paper.close()


def test_drawn_task_is_neither_dropped_nor_changed_in_what_it_was_drawn_with(
    sqlite_app: Flask, desk: int
) -> None:
    plan_id = published()
    task = task_of(plan_id, 2)
    mark_drawn(task.id, desk)
    for changed, part in (
        ({"ratio_percent": "30", "ratio_text": "30%"}, "plan.part_ratio"),
        ({"category": "passenger"}, "plan.part_trade"),
        ({"end_month": 10, "window_text": "3月-10月"}, "plan.part_window"),
    ):
        with pytest.raises(Fault) as refused:
            ask(plan_id, **changed)
        assert refused.value.code == "plan.drawn_part"
        assert refused.value.details["parts"] == [part]
    stream, name = sealed()
    with pytest.raises(Fault) as dropped:
        adjusting.request_adjustment(
            actor("office"), plan_id, AdjustmentKind.DROP, task.id, {}, "不再需要", stream, name
        )
    assert dropped.value.code == "plan.task_drawn"
    assert ask(plan_id, responsible_unit="综合执法队").state == "requested"
    db.session.scalars(db.select(Draw)).one().state = "superseded"  # set aside for a redraw
    db.session.commit()
    with pytest.raises(Fault) as between:
        ask(plan_id, ratio_percent="30", ratio_text="30%")
    assert between.value.code == "plan.drawn_part"


def test_a_task_drawn_between_request_and_approval_keeps_its_ratio(
    sqlite_app: Flask, desk: int
) -> None:
    plan_id = published()
    order_id = ask(plan_id, ratio_percent="30", ratio_text="30%").id
    mark_drawn(task_of(plan_id, 2).id, desk)
    with pytest.raises(Fault) as refused:
        adjusting.approve_adjustment(actor("head"), order_id, **SIGNED)
    assert refused.value.code == "plan.drawn_part"
    again(desk)
    assert values_of(task_of(plan_id, 2))["ratio_percent"] == "20"
    assert adjusting.get_adjustment(actor("head"), order_id).state == "requested"


def test_add_and_drop_make_a_version_each_and_each_is_readable(
    sqlite_app: Flask, desk: int
) -> None:
    plan_id = published()
    office, head = browser(sqlite_app, "office"), browser(sqlite_app, "head")
    add = TYPED | {"reason": "新建客运站", "document": sealed("请示.pdf", PDF)}
    asked = send(office, f"/plans/{plan_id}/adjust/add", add)
    assert send(head, f"{asked.request.path}/decide", APPROVED).status_code == 200
    drop = {"reason": "已无此类企业", "document": sealed()}
    task = task_of(plan_id, 4)
    asked = send(office, f"/plans/tasks/{task.id}/adjust/drop", drop)
    assert send(head, f"{asked.request.path}/decide", APPROVED).status_code == 200
    again(desk)
    every = versions.list_versions(plan_id)
    assert [len(one.content["tasks"]) for one in every] == [4, 5, 4]
    assert [one.kind for one in versions.diff_versions(every[1], every[0])] == ["drop"]
    assert [one.kind for one in versions.diff_versions(every[2], every[1])] == ["add"]
    assert every[1].content["tasks"][4]["task_no"] == "内2026005"
    assert every[0].content["columns"][2] == "抽查类型"
    deeds = {one.action for one in list_events(f"plan:{plan_id}")}
    assert {"plan.published", "plan.adjustment_requested", "plan.adjustment_approved"} <= deeds


def test_refused_and_withdrawn_requests_are_kept_and_change_nothing(
    sqlite_app: Flask, desk: int
) -> None:
    plan_id = published()
    order_id = ask(plan_id, ratio_percent="30", ratio_text="30%").id
    with pytest.raises(Fault) as silent:
        adjusting.refuse_adjustment(actor("head"), order_id, "  ", **SIGNED)
    assert silent.value.code == "request.missing_field"
    adjusting.refuse_adjustment(actor("head"), order_id, "依据不足", **SIGNED)
    other = ask(plan_id, ratio_percent="40", ratio_text="40%")
    with pytest.raises(Fault) as stranger:
        adjusting.withdraw_adjustment(actor("office2"), other.id)
    assert stranger.value.code == "access.denied"
    adjusting.withdraw_adjustment(actor("office"), other.id)
    again(desk)
    states = [(one.state, one.decision_reason) for one in adjusting.list_adjustments(plan_id)]
    assert states == [("withdrawn", ""), ("refused", "依据不足")]
    assert len(versions.list_versions(plan_id)) == 1
    shown = browser(sqlite_app, "office").get(f"/plans/adjustments/{order_id}").text
    assert "未批准" in shown and "依据不足" in shown


def test_nobody_approves_what_they_asked_for_themselves(sqlite_app: Flask, desk: int) -> None:
    plan_id = published()
    task = task_of(plan_id, 1)
    stream, name = sealed()
    order = adjusting.request_adjustment(
        actor("head2"), plan_id, AdjustmentKind.DROP, task.id, {}, "监管需要", stream, name
    )
    for who in ("head2", "office"):
        with pytest.raises(Fault) as refused:
            adjusting.approve_adjustment(actor(who), order.id, **SIGNED)
        assert refused.value.code == "access.denied"
    assert adjusting.approve_adjustment(actor("head"), order.id, **SIGNED).version_number == 2


def test_of_two_approvers_at_once_one_wins_and_the_other_is_told(app: Flask, county: int) -> None:
    plan_id = published()
    order_id = ask(plan_id, ratio_percent="30", ratio_text="30%").id
    db.session.remove()

    def decide(account: str) -> str:
        with app.app_context():
            scope_to(county)
            try:
                adjusting.approve_adjustment(actor(account), order_id, **SIGNED)
            except Fault as refused:
                return f"{refused.code} {refused.details['who']}"
            return account

    with ThreadPoolExecutor(2) as threads:
        told = sorted(threads.map(decide, ("head", "head2")))
    winner = next(one for one in told if not one.startswith("plan."))
    assert f"plan.adjustment_decided {winner}" in told
    again(county)
    assert [one.number for one in versions.list_versions(plan_id)] == [2, 1]


def test_second_request_on_old_content_is_told_to_ask_again(sqlite_app: Flask, desk: int) -> None:
    plan_id = published()
    first, second = (
        ask(plan_id, ratio_percent=one, ratio_text=f"{one}%").id for one in ("30", "40")
    )
    adjusting.approve_adjustment(actor("head"), first, **SIGNED)
    with pytest.raises(Fault) as stale:
        adjusting.approve_adjustment(actor("head"), second, **SIGNED)
    assert stale.value.code == "plan.adjustment_stale"
    with pytest.raises(Fault) as same:
        ask(plan_id)
    assert same.value.code == "plan.adjustment_unchanged"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("请示.pdf", b"MZ\x90\x00 a program", "document.unknown_type"),
        ("请示.pdf", PDF[:-8], "document.bad_pdf"),
        ("请示.pdf", PDF.replace(b"29", b"12"), "document.bad_pdf"),
        ("请示.jpg", b"%PDF-1.4 and nothing", "document.bad_pdf"),
        ("请示.jpg", b"", "document.unknown_type"),
        ("page.svg", b"<svg onload='x()'/>", "document.unknown_type"),
    ],
)
def test_sealed_document_is_what_it_is_whatever_its_name(
    sqlite_app: Flask, desk: int, name: str, data: bytes, code: str
) -> None:
    plan_id = published()
    office = browser(sqlite_app, "office")
    task = task_of(plan_id, 1)
    drop = {"reason": "已无此类企业", "document": sealed(name, data)}
    refused = office.post(f"/plans/tasks/{task.id}/adjust/drop", data=drop)
    assert refused.status_code == 422 and "已无此类企业" in refused.text
    told = message(code, "zh_CN", {})
    assert told in refused.text[refused.text.index('id="document-error"') :]
    assert 'href="#document"' in refused.text
    assert adjusting.list_adjustments(plan_id) == []
    stored = Path(sqlite_app.extensions["suicha"].config.blob_dir).rglob("*")
    assert not [one for one in stored if one.is_file()]


def test_a_published_plan_is_not_edited_and_a_draft_not_adjusted(
    sqlite_app: Flask, desk: int
) -> None:
    (plan_id,) = take_in(INTERNAL)
    with pytest.raises(Fault) as early:
        ask(plan_id, ratio_percent="30", ratio_text="30%")
    assert early.value.code == "plan.not_published"
    versions.publish_plan(actor("office"), plan_id)
    office = browser(sqlite_app, "office")
    edited = office.post(f"/plans/tasks/{task_of(plan_id, 1).id}/edit", data=TYPED)
    assert edited.status_code == 409 and "只能通过计划调整修改" in edited.text
    with pytest.raises(Fault) as twice:
        versions.publish_plan(actor("office"), plan_id)
    assert twice.value.code == "plan.nothing_to_publish"
    assert get_plan(actor("office"), plan_id).state == "published"
    done = versions.report_version(actor("office"), plan_id, 1, date(2026, 3, 4), "1号")
    assert done.report_no == "1号"


def test_visitors_see_published_versions_only(sqlite_app: Flask, desk: int) -> None:
    (plan_id,) = take_in(INTERNAL)
    visitor = browser(sqlite_app)
    assert "还没有公布的计划" in visitor.get("/public/plans").text
    assert visitor.get(f"/public/plans/{plan_id}").status_code == 404
    versions.publish_plan(actor("office"), plan_id)
    assert "2026 年度部门内部随机抽查工作计划" in visitor.get("/public/plans").text
    shown = visitor.get(f"/public/plans/{plan_id}").text
    assert "法治办发起/交通运输事业发展中心牵头" in shown and "主导航" not in shown
    assert visitor.get(f"/public/plans/{plan_id}/2").status_code == 404
