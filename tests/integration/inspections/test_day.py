"""The lead's day: what has come, who still holds what, accepting together, returning from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, select

from server.accounts.models import Device
from server.audit.models import AuditEvent
from server.db import db, unit_of_work
from server.inspections import service as inspections
from server.inspections.models import Sheet
from server.runtime import now
from tests.conftest import ON_SQLITE
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.fieldsync.day import attach, make_jpeg
from tests.integration.fieldsync.phone import Phone
from tests.integration.fieldsync.sending import send_photo
from tests.integration.inspections.more_visits import add_visits
from tests.integration.inspections.visit import answer, do, fill, submit
from tests.statements import before_each

DAY = date(2026, 3, 4)


@pytest.fixture
def field(app: Flask) -> Iterator[Field]:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield build_field()


def sign_in(app: Flask, who: str) -> FlaskClient:
    client = app.test_client()
    assert client.post("/sign-in", data={"account": who, "password": PASSWORD}).status_code == 302
    return client


def state(field: Field) -> str:
    db.session.expire_all()
    return db.session.get_one(Sheet, field.sheet_ids["tr"]).state


def deeds(action: str) -> Sequence[AuditEvent]:
    return db.session.scalars(select(AuditEvent).where(AuditEvent.action == action)).all()


def offered(page: str) -> list[str]:
    """What the form of the clean ones would send."""
    return re.findall(r'name="sheet" value="([^"]+)" checked', page)


def test_clean_sheets_are_accepted_together_and_what_changed_since_is_named(
    app: Flask, field: Field
) -> None:
    second, third, open_one = add_visits(field, 3)
    for one in (field, second, third):
        fill(one, failed=1 if one is third else 0)
        submit(one)
    lead = sign_in(app, "lead")
    page = lead.get("/day").text
    sent = offered(page)
    visits = [int(one.partition("/")[0]) for one in sent]
    assert visits == [field.inspection_id, second.inspection_id], "the third has a finding"
    assert "可一并通过（2 张）" in page and f"内容校验值 {sent[0].split('/')[2][:16]}" in page
    # An officer takes it back to work meanwhile, with another answer than was shown.
    do(second, "lead", "sheet.return", "sheet:tr", {"reason": "请核对"})
    answer(second, "wang", "PAX-03", "台账缺页")
    submit(second)
    forged = f"{third.inspection_id}/tr/{'0' * 64}"
    unread = [forged, "x/tr/1", "99999999999999999999/tr/1", "1"]
    done = lead.post("/day/accept", data={"sheet": [*sent, *unread]}, follow_redirects=True)
    assert "已审核通过 1 张结果表" in done.text
    assert "未通过：示例客运2有限公司（2026-0002），页面打开之后内容有变化" in done.text
    assert [state(one) for one in (field, second, third)] == ["accepted", "submitted", "submitted"]
    view = inspections.view_day(field.actor("lead"), DAY)
    shown = {one.inspection.id: one.view.seen_content for one in view.sheets}
    known = [f"{one.inspection_id}/tr/{shown[one.inspection_id]}" for one in (third, open_one)]
    told = lead.post("/day/accept", data={"sheet": known}, follow_redirects=True).text
    assert "2026-0003），有不合格项" in told and "2026-0004），不在待审核状态" in told


def test_nobody_else_accepts_a_day(app: Flask, field: Field) -> None:
    fill(field)
    submit(field)
    view = inspections.view_day(field.actor("lead"), DAY)
    sent = {"sheet": f"{field.inspection_id}/tr/{view.clean[0].view.seen_content}"}
    for who in ("wang", "zhao", "office", "head", "auditor"):
        page = sign_in(app, who)
        assert page.post("/day/accept", data=sent).status_code == 403
        assert "可一并通过" not in page.get("/day").text
    assert state(field) == "submitted"


def test_one_sheet_is_accepted_from_the_day_as_it_was_shown(app: Flask, field: Field) -> None:
    fill(field, failed=1)
    submit(field)
    lead, path = sign_in(app, "lead"), f"/day/{field.inspection_id}/tr/accept"
    stale = lead.post(f"{path}?day=2026-03-04", data={"seen_content": "0" * 64})
    assert stale.status_code == 409 and "sheet.changed_since" in stale.text
    assert state(field) == "submitted"
    seen = re.findall(r'name="seen_content" value="([^"]+)"', stale.text)
    done = lead.post(f"{path}?day=2026-03-04&show=visited", data={"seen_content": seen[0]})
    assert done.headers["Location"].startswith("/day?day=2026-03-04&show=visited")
    assert state(field) == "accepted"
    assert [(one.target, one.person_id) for one in deeds("sheet.accepted")] == [
        (f"insp:{field.inspection_id}/tr", field.people["lead"])
    ]


def test_return_from_the_day_keeps_what_was_typed_and_brings_its_comments(
    app: Flask, field: Field
) -> None:
    fill(field, failed=1)
    submit(field)
    lead, path = sign_in(app, "lead"), f"/day/{field.inspection_id}/tr/return"
    typed = {"reason": " ", "comment-PAX-01": "字" * 501, "comment-PAX-02": "号牌看不清"}
    # The reader looked at another stage: what was refused is on the page all the same.
    refused = lead.post(f"{path}?day=2026-03-04&show=entered", data=typed)
    key = f"{field.inspection_id}-tr"
    assert refused.status_code == 422 and f'href="#comment-{key}-PAX-01"' in refused.text
    assert "字" * 501 in refused.text and "号牌看不清" in refused.text
    assert f'href="#reason-{key}"' in refused.text and state(field) == "submitted"
    sent = {"reason": "请补正", "comment-PAX-02": "号牌看不清"}
    assert lead.post(f"{path}?day=2026-03-04", data=sent).status_code == 302
    assert state(field) == "returned"
    page = lead.get(f"/inspections/{field.inspection_id}").text
    assert "请补正" in page and "号牌看不清" in page
    (deed,) = deeds("sheet.returned")
    assert deed.details["reason"] == "请补正"
    assert deed.details["comments"] == {"PAX-02": "号牌看不清"}


@pytest.mark.both
def test_day_counts_from_planned_to_entered_and_each_count_shows_its_sheets(
    app: Flask, field: Field
) -> None:
    second, _third = add_visits(field, 2)
    fill(field)
    submit(field)
    answer(second, "wang", "PAX-01", "pass")
    view = inspections.view_day(field.actor("lead"), DAY)
    assert {str(stage): n for stage, n in view.stages.items()} == {
        "planned": 3, "visited": 2, "received": 1, "submitted": 1, "returned": 0, "accepted": 0,
        "entered": 0,
    }  # fmt: skip
    lead = sign_in(app, "lead")
    visited = lead.get("/day?day=2026-03-04&show=visited").text
    assert "示例客运有限公司" in visited and "示例客运2有限公司" in visited
    assert "示例客运3有限公司" not in visited
    assert "没有处于此状态的结果表" in lead.get("/day?show=entered").text
    assert lead.get("/day?show=nonsense&page=-7&day=2026-02-30").status_code == 200


def test_what_waits_for_the_lead_stands_first(app: Flask, field: Field) -> None:
    second, _third = add_visits(field, 2)
    fill(second)
    submit(second)
    page = sign_in(app, "lead").get("/day?day=2026-03-04").text
    assert re.findall(r'id="visit-(\d+)"', page)[0] == str(second.inspection_id)


def test_day_says_whose_phone_still_holds_what(app: Flask, field: Field) -> None:
    fill(field)
    submit(field)
    li = Phone(app, field, "li")
    attach(li, "PAX-01", make_jpeg())
    assert {one["status"] for one in li.results()} == {"applied"}
    with unit_of_work() as work:
        phone = work.query(Device).filter_by(person_id=field.people["li"]).one()
        phone.heartbeat, phone.heartbeat_at = {"unsent": 3, "photos_waiting": 1}, now()
    page = sign_in(app, "lead").get("/day").text
    # The picture's manifest names officer 1, who is 王检查.
    assert "王检查：本表照片 1 张未收到" in page
    assert "李检查的手机 红米：未发送记录 3 条、照片 1 张（含其他检查）" in page
    assert "截至 2026-03-04 09:00" in page
    (one,) = inspections.view_day(field.actor("lead"), DAY).sheets
    assert [str(why) for why in one.hindrances] == ["photos", "phone"]


def test_findings_of_a_day_stand_by_entry_with_their_firms(app: Flask, field: Field) -> None:
    (second,) = add_visits(field, 1)
    answer(field, "wang", "PAX-01", "fail", note="未佩戴安全带")
    answer(second, "li", "PAX-01", "fail", note="标志缺失")
    answer(second, "li", "PAX-02", {"checked": 5, "failed": 2})
    groups = inspections.group_findings(inspections.view_day(field.actor("lead"), DAY))
    assert [(one.code, len(one.findings)) for one in groups] == [("PAX-01", 2), ("PAX-02", 1)]
    lead = sign_in(app, "lead")
    page = lead.get("/day/findings?day=2026-03-04").text
    assert page.index("未佩戴安全带") < page.index("标志缺失") < page.index("抽查数 5、不符数 2")
    assert "这一天没有不合格项" in lead.get("/day/findings?day=2026-03-05").text
    assert "未佩戴安全带" not in sign_in(app, "zhao").get("/day/findings?day=2026-03-04").text


def test_a_phone_is_told_the_day_in_one_answer(app: Flask, field: Field) -> None:
    answer(field, "wang", "PAX-01", "fail", note="标志缺失")
    li, pictures = Phone(app, field, "li"), [make_jpeg(colour=one) for one in ("navy", "teal")]
    here, on_the_phone = (attach(li, "PAX-01", one) for one in pictures)
    assert {one["status"] for one in li.results([here, on_the_phone])} == {"applied"}
    assert send_photo(li, here, pictures[0]).status_code == 204
    lead = sign_in(app, "lead")
    told = lead.get("/api/v1/day")
    assert told.headers["Cache-Control"] == "no-store"
    body = told.get_json()
    assert (body["person"], body["day"]) == (field.people["lead"], "2026-03-04")
    assert body["counts"]["planned"] == 1 and body["made_at"].startswith("2026-03-04T01:00")
    (sheet,) = body["sheets"]
    assert (sheet["state"], sheet["done"], sheet["total"]) == ("started", 1, 3)
    assert sheet["findings"] == [
        {
            "item": "PAX-01", "severity": "minor", "text": "检查项 PAX-01", "answer": "不合格",
            "note": "标志缺失", "photos": 2, "shown": [here["photo"]["sha256"]],
        }
    ]  # fmt: skip
    assert sign_in(app, "wang").get("/api/v1/day").status_code == 403
    assert app.test_client().get("/api/v1/day").status_code == 401


def test_two_versions_are_settled_on_the_day(app: Flask, field: Field) -> None:
    answer(field, "wang", "PAX-03", "台账齐全")
    do(field, "li", "answer.set", "answer:tr/PAX-03", {"value": "台账缺页"}, base={"value": None})
    page = sign_in(app, "lead").get("/day").text
    assert f'id="choose-{field.inspection_id}-tr-PAX-03"' in page and "采用此内容" in page
    assert "台账缺页" in page and "李检查" in page


@ON_SQLITE
def test_statements_of_the_day_do_not_grow_with_its_visits(app: Flask, field: Field) -> None:
    counted = 0

    def count(_connection: Connection, *_given: Any) -> None:
        nonlocal counted
        counted += 1

    def statements() -> int:
        """The fewest of three: a request may also tell people what was handed in before it."""
        nonlocal counted
        found = []
        for _ in range(3):
            counted = 0
            assert lead.get("/day").status_code == 200
            found.append(counted)
        return min(found)

    fill(field, failed=1)
    submit(field)
    do(field, "lead", "sheet.return", "sheet:tr", {"reason": "请核对"})
    lead = sign_in(app, "lead")
    before_each(db.engine, count)
    alone = statements()
    for one in add_visits(field, 24):
        fill(one, failed=1)
        submit(one)
    assert statements() == alone
    page = lead.get("/day").text
    assert page.count('id="visit-') == 20 and "第 1 页，共 2 页" in page
    assert "一般 25 项" in page, "counts are over the whole day"
    assert lead.get("/day?page=2").text.count('id="visit-') == 5
