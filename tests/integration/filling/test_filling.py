"""A sheet filled on plain pages: the same operations, receipts and ledger as a phone's."""

from __future__ import annotations

import hashlib
import io
import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.fieldsync.models import LedgerEntry, Receipt
from server.inspections import service as inspections
from server.inspections.models import Sheet, TeamMember
from tests.conftest import ON_SQLITE
from tests.integration.builders import Field
from tests.integration.filling.plain import (
    forms,
    item_path,
    open_item,
    save,
    send,
    sheet_path,
)
from tests.integration.inspections.visit import answer, check_in, fill, sign, submit

# The pages; what the phone's operations do to each database is fieldsync's.
pytestmark = ON_SQLITE

Browser = Callable[[str], FlaskClient]


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def fields_of(field: Field, item: str) -> dict[str, object]:
    db.session.expire_all()
    rows = fieldsync.read_sheet(field.inspection_id, "tr")
    return dict(rows.answers[item].fields) if item in rows.answers else {}


def receipts(kind: str = "answer.set") -> list[Receipt]:
    db.session.expire_all()
    return list(db.session.scalars(select(Receipt).filter_by(kind=kind)))


def effects_of(ops: set[str]) -> int:
    db.session.expire_all()
    return len(db.session.scalars(select(LedgerEntry).where(LedgerEntry.op.in_(ops))).all())


def test_every_type_of_entry_is_filled_and_the_sheet_handed_in(
    app: Flask, field: Field, browser: Browser
) -> None:
    wang = browser("wang")
    assert sheet_path(field) in wang.get("/fill").text
    raw = picture()
    for item, typed, value in (
        ("PAX-01", {"judge": "pass"}, "pass"),
        ("PAX-02", {"checked": "５", "failed": "0"}, {"checked": 5, "failed": 0}),
        ("PAX-03", {"text": "台账齐全\r\n两份"}, "台账齐全\n两份"),
        (
            "PAX-04",
            {"number": "3.0", "given0": "240"},
            {"number": "3", "given": {"接入车辆数": "240"}},
        ),
        ("PAX-05", {"day": "2026-12-31"}, "2026-12-31"),
        ("PAX-07", {"number": "4", "verdict": "pass"}, {"number": "4"}),
    ):
        assert save(wang, field, item, **typed).status_code == 302
        assert fields_of(field, item)["value"] == value
    done = save(wang, field, "PAX-06", photo=(io.BytesIO(raw), "door.jpg"), note="门头")
    assert done.status_code == 302 and "已保存" in wang.get(done.location).text
    rows = fieldsync.read_sheet(field.inspection_id, "tr")
    (photo,) = rows.photos
    assert photo.fields["sha256"] == hashlib.sha256(raw).hexdigest() and photo.fields["stored"]
    with wang.get(f"/api/v1/photos/{photo.fields['sha256']}") as stored:
        assert stored.data == raw

    for day, why in (
        ("2026-02-28", "不能早于任务下达日期（2026-03-01）"),
        ("2926-03-04", "不能晚于今天"),
    ):
        form = {**submit_form(wang, field), "ended_on": day}
        wrong = wang.post(f"{sheet_path(field)}/submit", data=form)
        assert wrong.status_code == 422 and why in wrong.text and f'value="{day}"' in wrong.text
    early = {**submit_form(wang, field), "ended_on": "2026-03-04"}
    too_early = wang.post(f"{sheet_path(field)}/submit", data=early)
    assert too_early.status_code == 409 and "到场执法人员 0 人" in too_early.text
    assert 'value="2026-03-04"' in too_early.text
    for _ in range(2):
        form = forms(wang.get(sheet_path(field)).text)[f"{sheet_path(field)}/check-in"]
        assert wang.post(f"{sheet_path(field)}/check-in", data=form).status_code == 302
    done = wang.post(f"{sheet_path(field)}/submit", data=submit_form(wang, field))
    assert done.status_code == 302
    page = wang.get(done.location).text
    assert "已提交，等待组长审核" in page and "网页上不能签字" in page
    assert db.session.get_one(Sheet, field.sheet_ids["tr"]).state == "submitted"
    assert fieldsync.verify_ledger() == []


def submit_form(client: FlaskClient, field: Field) -> dict[str, str]:
    return forms(client.get(sheet_path(field)).text)[f"{sheet_path(field)}/submit"]


def test_a_form_sent_twice_applies_once(app: Flask, field: Field, browser: Browser) -> None:
    wang, raw = browser("wang"), picture()
    shown = open_item(wang, field, "PAX-01")
    for _ in range(2):
        sent = send(wang, field, "PAX-01", shown, judge="fail", photo=(io.BytesIO(raw), "a.jpg"))
        assert sent.status_code == 302
    arrival = forms(wang.get(sheet_path(field)).text)[f"{sheet_path(field)}/check-in"]
    for _ in range(2):
        wang.post(f"{sheet_path(field)}/check-in", data=arrival)
    for kind in ("answer.set", "photo.attach", "checkin.add"):
        (one,) = receipts(kind)
        assert one.status == "applied" and effects_of({one.op}) == 1
    assert fieldsync.verify_ledger() == []


def test_two_clicks_at_once_apply_once(app: Flask, field: Field, browser: Browser) -> None:
    clients = [browser("wang"), browser("wang")]
    shown = open_item(clients[0], field, "PAX-01")
    barrier = threading.Barrier(2)
    codes: list[int] = []

    def click(client: FlaskClient) -> None:
        barrier.wait(60)
        codes.append(send(client, field, "PAX-01", shown, judge="pass").status_code)

    threads = [threading.Thread(target=click, args=[one]) for one in clients]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert codes == [302, 302]
    db.session.rollback()  # what this thread had begun to read
    assert len(receipts()) == 1 and fieldsync.verify_ledger() == []


def test_who_goes_back_and_corrects_is_in_conflict_with_nobody(
    app: Flask, field: Field, browser: Browser
) -> None:
    wang = browser("wang")
    shown = open_item(wang, field, "PAX-03")
    for text, note in (("甲", "一"), ("乙", ""), ("甲", "一"), ("甲", "一")):
        assert send(wang, field, "PAX-03", shown, text=text, note=note).status_code == 302
        now = fields_of(field, "PAX-03")
        assert (now["value"], now.get("note") or "") == (text, note)
    assert len(receipts()) == 3, "the last one said nothing new"
    assert fieldsync.verify_ledger() == []


def test_a_stale_form_is_told_and_keeps_both(app: Flask, field: Field, browser: Browser) -> None:
    wang = browser("wang")
    shown = open_item(wang, field, "PAX-03")
    answer(field, "li", "PAX-03", "李的内容")
    lost = send(wang, field, "PAX-03", shown, text="王的内容")
    assert lost.status_code == 409
    assert "他人已填写了不同内容" in lost.text and "李的内容" in lost.text
    assert ">王的内容</textarea>" in lost.text.replace("\r\n", "")
    assert fields_of(field, "PAX-03")["value"] == "李的内容"

    # by the same page: what was typed stands after all
    again = forms(lost.text)[item_path(field, "PAX-03")]
    assert send(wang, field, "PAX-03", again).status_code == 302
    assert fields_of(field, "PAX-03")["value"] == "王的内容"
    assert fieldsync.read_sheet(field.inspection_id, "tr").answers["PAX-03"].siblings == ()
    assert fieldsync.verify_ledger() == []


def test_the_version_of_the_other_can_be_chosen(app: Flask, field: Field, browser: Browser) -> None:
    wang = browser("wang")
    shown = open_item(wang, field, "PAX-03")
    answer(field, "li", "PAX-03", "李的内容")
    lost = send(wang, field, "PAX-03", shown, text="王的内容")
    choice = forms(lost.text)[f"{item_path(field, 'PAX-03')}/choose"]
    assert choice["choice"] == "current"
    assert wang.post(f"{item_path(field, 'PAX-03')}/choose", data=choice).status_code == 302
    assert fields_of(field, "PAX-03")["value"] == "李的内容"
    assert fieldsync.read_sheet(field.inspection_id, "tr").answers["PAX-03"].siblings == ()


def test_an_untouched_field_of_a_stale_form_overwrites_nothing(
    app: Flask, field: Field, browser: Browser
) -> None:
    wang = browser("wang")
    shown = open_item(wang, field, "PAX-01")
    answer(field, "li", "PAX-01", "pass", note="李的说明")
    assert send(wang, field, "PAX-01", shown, judge="pass").status_code == 302
    assert fields_of(field, "PAX-01")["note"] == "李的说明"


@pytest.mark.parametrize(
    ("item", "typed", "sentence", "kept"),
    [
        ("PAX-02", {"checked": "3", "failed": "5"}, "不符数不大于抽查数", 'value="5"'),
        ("PAX-02", {"checked": "3"}, "请填写此项", 'value="3"'),
        ("PAX-04", {"number": "三", "given0": "240"}, "请填写数字", 'value="三"'),
        ("PAX-04", {"number": "-3", "given0": "240"}, "请填写 0 至 1000000 的整数", 'value="-3"'),
        ("PAX-04", {"number": "3", "given0": "2.5"}, "请填写 0 至 1000000 的整数", 'value="2.5"'),
        ("PAX-04", {"given0": "240"}, "请填写此项", 'value="240"'),
        ("PAX-05", {"day": "2926-01-01"}, "请核对年份", 'value="2926-01-01"'),
        ("PAX-05", {"day": "二月三十"}, "请填写真实日期", 'value="二月三十"'),
        ("PAX-03", {"text": "长" * 2001}, "最多填写 2000 字", "长" * 2001),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_stays_typed(
    app: Flask,
    field: Field,
    browser: Browser,
    item: str,
    typed: dict[str, str],
    sentence: str,
    kept: str,
) -> None:
    wang = browser("wang")
    page = save(wang, field, item, **typed, note="说明还在")
    assert page.status_code == 422
    assert re.search(rf'class="field-error"[^>]*>.*?{sentence}', page.text, re.S)
    assert kept in page.text and "说明还在" in page.text
    assert receipts() == []


def test_what_is_no_picture_keeps_nothing_and_loses_no_word(
    app: Flask, field: Field, browser: Browser
) -> None:
    wang = browser("wang")
    page = save(
        wang,
        field,
        "PAX-01",
        judge="fail",
        note="雨天",
        photo=(io.BytesIO(b"not a picture"), "a.jpg"),
    )
    assert page.status_code == 422 and "雨天" in page.text
    assert re.search(r'value="fail" checked', page.text)
    assert receipts() == [] and receipts("photo.attach") == []


def test_a_form_that_meets_the_lock_becomes_a_draft_correction(
    app: Flask, field: Field, browser: Browser
) -> None:
    wang = browser("wang")
    shown = open_item(wang, field, "PAX-03")
    lock(field)
    sent = send(
        wang, field, "PAX-03", shown, text="锁定之后", photo=(io.BytesIO(picture("blue")), "b.jpg")
    )
    assert sent.status_code == 302
    text = wang.get(sent.location).text
    assert "留作更正申请草稿" in text and "/corrections/" in text
    assert fields_of(field, "PAX-03")["value"] == "台账齐全"
    assert {one.kind for one in fieldsync.list_proposals(field.actor("wang"))} == {
        "answer.set",
        "photo.attach",
    }
    assert item_path(field, "PAX-03") not in forms(wang.get(item_path(field, "PAX-03")).text)
    assert fieldsync.verify_ledger() == []


def hand_in(field: Field) -> None:
    """The sheet filled as in the main road, and submitted."""
    fill(field)
    for item, value in (
        ("PAX-04", {"number": "3", "given": {"接入车辆数": "240"}}),
        ("PAX-05", "2026-12-31"),
        ("PAX-07", {"number": "4"}),
    ):
        answer(field, "wang", item, value, **({"verdict": "pass"} if item == "PAX-07" else {}))
    answer(field, "wang", "PAX-06", None, verdict="na")
    submit(field)


def lock(field: Field) -> None:
    """The sheet entered as in the main road."""
    hand_in(field)
    inspections.accept_sheet(field.actor("lead"), field.inspection_id, "tr")
    codes = [f"PAX-0{n}" for n in range(1, 8)]
    rows = fieldsync.read_sheet(field.inspection_id, "tr")
    results = dict.fromkeys(codes, 1)
    inspections.enter_sheet(
        field.actor("wang"), field.inspection_id, "tr", results, rows.digest({})
    )


def test_words_of_who_left_the_team_go_to_the_office(
    app: Flask, field: Field, browser: Browser, clock: Callable[[], object]
) -> None:
    wang = browser("wang")
    shown = open_item(wang, field, "PAX-03")
    with unit_of_work():
        member = db.session.get_one(TeamMember, (field.inspection_id, field.officers["wang"]))
        member.removed_at = clock()  # type: ignore[assignment]
    assert wang.get(item_path(field, "PAX-03")).status_code == 403
    sent = send(wang, field, "PAX-03", shown, text="来得晚")
    assert sent.status_code == 302 and "交由办公室处理" in wang.get(sent.location).text
    assert fields_of(field, "PAX-03") == {}
    (one,) = receipts()
    assert one.status == "forbidden"


def test_others_fill_nothing(app: Flask, field: Field, browser: Browser) -> None:
    for who in ("zhao", "stranger", "lead", "office"):
        client = browser(who)
        assert client.get(sheet_path(field)).status_code == 403
        assert client.get(item_path(field, "PAX-01")).status_code == 403
    assert sheet_path(field) not in browser("stranger").get("/fill").text
    page = {"page": "0b9cfd0e-37b1-4a43-9d20-3c1d4f0a4a11", "officer": field.officers["wang"]}
    assert browser("zhao").post(f"{sheet_path(field)}/check-in", data=page).status_code == 403
    assert app.test_client().get("/fill").headers["Location"].startswith("/sign-in?next=/fill")


def test_a_page_of_another_person_cannot_be_sent_as_ones_own(
    app: Flask, field: Field, browser: Browser
) -> None:
    shown = open_item(browser("wang"), field, "PAX-01")
    assert send(browser("wang"), field, "PAX-01", shown, judge="pass").status_code == 302
    assert send(browser("li"), field, "PAX-01", shown, judge="pass").status_code == 409


def test_a_photo_can_still_come_after_the_handing_in(
    app: Flask, field: Field, browser: Browser
) -> None:
    answer(field, "wang", "PAX-03", "先填")
    submit(field)
    wang = browser("wang")
    page = wang.get(item_path(field, "PAX-03")).text
    assert "<textarea" not in page.split("<template")[0]
    sent = save(wang, field, "PAX-03", photo=(io.BytesIO(picture("green")), "c.jpg"))
    assert sent.status_code == 302
    assert len(fieldsync.read_sheet(field.inspection_id, "tr").list_photos("PAX-03")) == 1
    assert fields_of(field, "PAX-03")["value"] == "先填"


def test_signatures_made_elsewhere_leave_the_list(
    app: Flask, field: Field, browser: Browser
) -> None:
    wang = browser("wang")
    assert "签名已齐" not in wang.get(sheet_path(field)).text
    for who in ("wang", "li"):
        check_in(field, who)
        sign(field, who)
    sign(field, "wang", role="firm")
    assert "签名已齐" in wang.get(sheet_path(field)).text


def test_who_comes_after_answers_were_given_came_late(
    app: Flask, field: Field, browser: Browser
) -> None:
    check_in(field, "wang")
    answer(field, "wang", "PAX-01", "pass")
    li = browser("li")
    form = forms(li.get(sheet_path(field)).text)[f"{sheet_path(field)}/check-in"]
    assert form["officer"] == str(field.officers["li"])
    assert li.post(f"{sheet_path(field)}/check-in", data=form).status_code == 302
    rows = fieldsync.read_sheet(field.inspection_id, "tr").checkins
    assert [row.fields.get("late") for row in rows if "late" in row.fields] == [True]


def test_the_leads_comment_stands_at_its_entry_until_the_sheet_is_handed_in_again(
    app: Flask, field: Field, browser: Browser
) -> None:
    answer(field, "wang", "PAX-03", "台账齐全")
    submit(field)
    told = {"PAX-03": "台账缺三月份"}
    inspections.return_sheet(field.actor("lead"), field.inspection_id, "tr", "请补正", told)
    wang = browser("wang")
    sheet, item = wang.get(sheet_path(field)).text, wang.get(item_path(field, "PAX-03")).text
    for page in (sheet, item):
        assert page.count("组长意见") == page.count("台账缺三月份") == 1
    assert "请补正" in sheet and "组长意见" not in wang.get(item_path(field, "PAX-02")).text
    submit(field)
    assert "组长意见" not in wang.get(sheet_path(field)).text
