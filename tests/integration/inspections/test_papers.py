"""The on-site record and the notice on paper: whole, for whom they may be, in the phone's words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.registry.models import Officer
from tests.conftest import ROOT
from tests.integration.builders import Field, build_field
from tests.integration.inspections.test_inspection_pages import sign_in
from tests.integration.inspections.visit import SIZE, check_in, do, fill

APP = ROOT / "pwa" / "app"


@pytest.fixture
def field(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield build_field()


def paper(app: Flask, field: Field, name: str, who: str = "wang", locale: str = "zh_CN") -> str:
    client = sign_in(app, who)
    client.post("/language", data={"locale": locale})
    page = client.get(f"/inspections/{field.inspection_id}/tr/{name}")
    assert page.status_code == 200
    return page.text.partition('<article class="paper">')[2]


def words_of_phone(screen: str, locale: str) -> list[str]:
    """The labels of the phone's list of facts, in their order, in the phone's language."""
    text = (APP / screen).read_text("utf-8")
    told = (APP / "i18n" / f"{locale}.ts").read_text("utf-8")
    keys = re.findall(r"<dt>\{\{ t\('([\w.]+)'\) \}\}</dt>", text)
    assert len(keys) > 5
    return [re.findall(rf"'{re.escape(key)}': '([^']*)'", told)[0] for key in keys]


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize(
    ("name", "screen"), [("record", "elements/SiteRecord.vue"), ("notice", "screens/Notice.vue")]
)
def test_paper_has_the_order_and_the_words_of_the_phone(
    sqlite_app: Flask, field: Field, name: str, screen: str, locale: str
) -> None:
    text = paper(sqlite_app, field, name, locale="zh_CN" if locale == "zh" else "en")
    facts = text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert re.findall(r'<th scope="row">(.*?)</th>', facts) == words_of_phone(screen, locale)


def test_the_notice_says_word_for_word_what_the_phone_says(sqlite_app: Flask, field: Field) -> None:
    text = paper(sqlite_app, field, "notice")
    told = (APP / "i18n" / "zh.ts").read_text("utf-8")
    for key in ("heading", "papers_list", "right_1", "right_2", "right_3", "right_4", "duty"):
        (words,) = re.findall(rf"'notice\.{key}': '([^']*)'", told)
        assert words in text, key


def test_the_record_has_everything_that_was_recorded(sqlite_app: Flask, field: Field) -> None:
    fill(field, failed=1)
    sha256 = "ab" * 32
    photo = {
        "sha256": sha256, "bytes": 9, "mime": "image/jpeg", "width": 4, "height": 3,
        "manifest": {"at": "2026-03-04T01:00:00Z", "officer_id": field.officers["li"],
                     "source": "gallery"},
    }  # fmt: skip
    fieldsync.perform_page_op(
        field.actor("li"),
        field.space,
        fieldsync.PageOp("p1", "photo.attach", "answer:tr/PAX-02", {}, {}, photo=photo),
    )
    text = paper(sqlite_app, field, "record")
    for part in (
        "示例客运有限公司", "2026-0001", "91140522MA0K0001XX", "道路客运企业检查", "王检查", "到场",
        "检查项 PAX-02", "道路运输条例第五十九条", "抽查数 5、不符数 1", "不合格", "抽查五台",
        "台账齐全", sha256, "相册选取 尚在手机，未收到", "2026年3月4日",
        fieldsync.read_sheet(field.inspection_id, "tr").digest({}),
    ):  # fmt: skip
        assert part in text, part
    assert text.count("<svg viewBox") == 3 and "（签字）" not in text


def test_what_is_not_signed_yet_leaves_room_for_it(sqlite_app: Flask, field: Field) -> None:
    text = paper(sqlite_app, field, "record")
    assert text.count("检查人员（签字）：") == 2 and text.count("被检查单位（签字）：") == 1


def test_a_refusal_stands_on_the_notice_with_its_reason(sqlite_app: Flask, field: Field) -> None:
    do(
        field, "wang", "signature.add", "signature:0b9cfd0e-37b1-4a43-9d20-3c1d4f0a4a11",
        {"sheet": "tr", "role": "notice", "name": "门卫", "refused": True, "reason": "负责人外出",
         "strokes": [], "size": SIZE},
    )  # fmt: skip
    assert "负责人外出" in paper(sqlite_app, field, "notice")
    assert "负责人外出" not in paper(sqlite_app, field, "record")


def test_papers_of_another_department_are_refused(sqlite_app: Flask, field: Field) -> None:
    for who in ("zhao", "stranger"):
        client = sign_in(sqlite_app, who)
        for name in ("record", "notice"):
            answer = client.get(f"/inspections/{field.inspection_id}/tr/{name}")
            assert answer.status_code == 403


def test_the_record_names_who_was_not_there_without_the_bureaus_note(
    sqlite_app: Flask, field: Field
) -> None:
    do(
        field, "wang", "checkin.add", "checkin:0b9cfd0e-37b1-4a43-9d20-3c1d4f0a4a12",
        {"sheet": "tr", "absent": field.officers["li"], "reason": "leave", "note": "家中有事"},
    )  # fmt: skip
    text = paper(sqlite_app, field, "record")
    assert "李检查（未到场，请假）" in text and "家中有事" not in text


def test_two_officers_of_one_name_are_not_taken_for_each_other(
    sqlite_app: Flask, field: Field
) -> None:
    with unit_of_work():
        wang, li = (db.session.get_one(Officer, field.officers[who]) for who in ("wang", "li"))
        li.name = wang.name
        numbers = wang.cert_no, li.cert_no
    check_in(field, "wang")
    do(
        field, "wang", "checkin.add", "checkin:0b9cfd0e-37b1-4a43-9d20-3c1d4f0a4a13",
        {"sheet": "tr", "absent": field.officers["li"], "reason": "leave", "note": ""},
    )  # fmt: skip
    text = paper(sqlite_app, field, "record")
    assert text.count("未到场") == 1 and f"执法证号 {numbers[0]}，" in text
    assert numbers[1] not in text
    page = sign_in(sqlite_app, "wang").get(f"/fill/{field.inspection_id}/tr").text
    first, second = (page.partition(no)[2].partition("</li>")[0] for no in numbers)
    assert "未到场" not in first and "已到场" in first
    assert "未到场" in second and "已到场" not in second
