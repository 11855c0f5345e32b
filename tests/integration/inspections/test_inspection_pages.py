"""The pages as people get them: signed in, in Chinese, with what is theirs and nothing else."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.errors import Fault
from server.db import db
from server.inspections.models import Sheet
from server.inspections.reviewing import return_sheet
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.fieldsync.day import attach, claim, make_jpeg
from tests.integration.fieldsync.phone import Phone
from tests.integration.inspections.visit import answer, fill, submit


@pytest.fixture
def field(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield build_field()


def sign_in(app: Flask, who: str) -> FlaskClient:
    client = app.test_client()
    done = client.post("/sign-in", data={"account": who, "password": PASSWORD})
    assert done.status_code == 302
    return client


def state(field: Field) -> str:
    db.session.expire_all()
    return db.session.get_one(Sheet, field.sheet_ids["tr"]).state


def test_visit_shows_answers_signatures_and_gaps(sqlite_app: Flask, field: Field) -> None:
    fill(field, failed=1)
    page = sign_in(sqlite_app, "lead").get(f"/inspections/{field.inspection_id}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    for part in (
        "示例客运有限公司",
        "抽查数 5、不符数 1",
        "台账齐全",
        "<svg viewBox",
        "录入前还需要",
    ):
        assert part in text


def test_other_department_gets_no_word_of_the_fill(sqlite_app: Flask, field: Field) -> None:
    fill(field)
    answer(field, "li", "PAX-03", "只给本部门看")
    text = sign_in(sqlite_app, "zhao").get(f"/inspections/{field.inspection_id}").text
    assert "只给本部门看" not in text
    assert "其他部门的填写内容不在此显示" in text


def test_lead_returns_and_accepts_on_the_page(sqlite_app: Flask, field: Field) -> None:
    fill(field)
    submit(field)
    client = sign_in(sqlite_app, "lead")
    path = f"/inspections/{field.inspection_id}/tr"
    empty = client.post(f"{path}/return", data={"reason": " "})
    assert empty.status_code == 422 and "请填写此项" in empty.text
    assert client.post(f"{path}/return", data={"reason": "补拍"}).status_code == 302
    assert state(field) == "returned"
    submit(field)
    assert client.post(f"{path}/accept").status_code == 302
    assert state(field) == "accepted"


def next_steps(client: FlaskClient, field: Field) -> str:
    """What stands under 下一步 at the top of the visit's page, without markup."""
    page = client.get(f"/inspections/{field.inspection_id}").text
    told = re.search(r'<section class="panel" id="next">(.*?)</section>', page, re.DOTALL)
    assert told, "the page says no next step"
    return re.sub(r"<[^>]+>|\s+", "", re.sub(r"<svg.*?</svg>", "", told[1], flags=re.DOTALL))


def test_the_visit_says_first_what_is_next_and_whose_turn_it_is(
    sqlite_app: Flask, field: Field
) -> None:
    lead, office = sign_in(sqlite_app, "lead"), sign_in(sqlite_app, "office")
    assert next_steps(lead, field) == "下一步待检查。"
    fill(field, failed=1)
    assert "检查进行中，待检查人员提交" in next_steps(lead, field)
    listed = lead.get("/inspections").text
    assert listed.count("<span>检查中</span>") == 1, "the other department has not begun"
    submit(field)
    assert next_steps(lead, field) == "下一步审核结果表"
    assert next_steps(office, field) == "下一步结果表待组长审核。"
    lead.post(f"/inspections/{field.inspection_id}/tr/accept")
    wang = sign_in(sqlite_app, "wang")
    assert "录入检查结果" in next_steps(wang, field)
    assert "待录入" in wang.get("/").text and "待录入" not in office.get("/").text
    assert "检查结果待检查人员录入" in next_steps(office, field)


def test_lead_says_at_single_entries_what_is_wanted_and_it_is_kept(
    sqlite_app: Flask, field: Field
) -> None:
    fill(field)
    submit(field)
    client = sign_in(sqlite_app, "lead")
    path = f"/inspections/{field.inspection_id}"
    typed = {"reason": "补正", "comment-PAX-01": "字" * 501, "comment-PAX-02": "号牌看不清"}
    refused = client.post(f"{path}/tr/return", data=typed)
    assert refused.status_code == 422 and 'href="#comment-tr-PAX-01"' in refused.text
    assert "字" * 501 in refused.text and "号牌看不清" in refused.text
    for item, is_open in (("PAX-01", True), ("PAX-02", True), ("PAX-03", False)):
        # Beside its answer, in the row of the item; sent with the form of the return.
        row = re.split(rf"检查项 {item}\s*</th>", refused.text)[1].partition("</tr>")[0]
        assert f'name="comment-{item}"' in row and 'form="return-form-tr"' in row
        assert ('disclosure" open' in row) is is_open
    assert 'id="return-form-tr"' in refused.text and refused.text.count("<textarea") == 3 + 1
    assert state(field) == "submitted"
    assert (
        client.post(f"{path}/tr/return", data={**typed, "comment-PAX-01": " "}).status_code == 302
    )
    page = client.get(path).text
    assert "历次退回（1 次）" in page and page.count("号牌看不清") == 2
    submit(field)
    page = client.get(path).text
    assert page.count("号牌看不清") == 1, "no longer at the entry, still in the history"


@pytest.mark.parametrize(
    ("locale", "sentence"), [("zh_CN", "最多填写 500 字"), ("en", "At most 500 characters")]
)
def test_long_reason_of_a_return_is_refused_in_the_readers_language_and_given_back(
    sqlite_app: Flask, field: Field, locale: str, sentence: str
) -> None:
    fill(field)
    submit(field)
    client = sign_in(sqlite_app, "lead")
    client.post("/language", data={"locale": locale})
    path = f"/inspections/{field.inspection_id}/tr/return"
    refused = client.post(path, data={"reason": "字" * 501})
    assert refused.status_code == 422 and sentence in refused.text
    assert "字" * 501 in refused.text and 'href="#reason-tr"' in refused.text
    assert "maxlength" not in refused.text, "a browser would cut what is pasted"
    assert state(field) == "submitted"
    with pytest.raises(Fault, match="500"):
        return_sheet(field.actor("lead"), field.inspection_id, "tr", "字" * 501)
    assert client.post(path, data={"reason": "一\r\n" * 250}).status_code == 302


def test_entry_page_lists_everything_unmet_and_offers_codes(
    sqlite_app: Flask, field: Field
) -> None:
    fill(field, failed=1)
    client = sign_in(sqlite_app, "wang")
    text = client.get(f"/inspections/{field.inspection_id}/tr/enter").text
    assert "该户检查尚未结束" in text and "组长尚未审核通过" in text
    assert 'name="result-PAX-02"' in text
    refused = client.post(f"/inspections/{field.inspection_id}/tr/enter", data={})
    assert refused.status_code == 409


def test_entry_on_the_page_locks(sqlite_app: Flask, field: Field) -> None:
    fill(field)
    submit(field)
    sign_in(sqlite_app, "lead").post(f"/inspections/{field.inspection_id}/tr/accept")
    client = sign_in(sqlite_app, "wang")
    path = f"/inspections/{field.inspection_id}/tr/enter"
    page = client.get(path).text
    seen = page.split('name="seen_content" value="')[1].split('"')[0]
    data = {"seen_content": seen, "result-PAX-01": "1", "result-PAX-02": "1", "result-PAX-03": "1"}
    assert client.post(path, data=data).status_code == 302
    assert state(field) == "entered"
    text = client.get(f"/inspections/{field.inspection_id}").text
    assert "已录入并锁定" in text and "1 未发现问题" in text


def test_day_page_and_list_answer(sqlite_app: Flask, field: Field) -> None:
    fill(field)
    submit(field)
    client = sign_in(sqlite_app, "lead")
    day = client.get("/day?day=2026-03-04")
    assert day.status_code == 200 and "通过审核" in day.text
    assert "示例客运有限公司" in client.get("/inspections?state=submitted&q=客运").text
    assert client.get("/inspections?day=nonsense&task=x&page=-3").status_code == 200


def test_pages_are_complete_in_english(sqlite_app: Flask, field: Field) -> None:
    fill(field)
    client = sign_in(sqlite_app, "lead")
    client.post("/language", data={"locale": "en"})
    text = client.get(f"/inspections/{field.inspection_id}").text
    assert "Needed before entry" in text and "录入前" not in text


def test_photos_say_where_they_come_from_and_which_was_drawn_on(
    sqlite_app: Flask, field: Field
) -> None:
    li = Phone(sqlite_app, field, "li")
    own, taken = make_jpeg(), make_jpeg(colour="green")
    said = claim(own)["manifest"]
    page = {"id": str(uuid.uuid4()), "page": 2, "title": "动态监控台账"}
    manifest = {**said, "officer_id": field.officers["li"], "source": "gallery", "document": page}
    li.make("photo.attach", "answer:tr/PAX-01", photo=claim(taken, manifest=manifest))
    attach(li, "PAX-01", own)
    sha256 = claim(own)["sha256"]
    marks = [{"kind": "blur", "points": [[10, 10], [500, 500]]}]
    for colour, of in (("red", sha256), ("blue", "b" * 64)):
        manifest = {**said, "source": "marked", "of": of, "marks": marks}
        copy = claim(make_jpeg(colour=colour), manifest=manifest)
        li.make("photo.attach", "answer:tr/PAX-01", photo=copy)
    assert {one["status"] for one in li.results()} == {"applied"}
    client = sign_in(sqlite_app, "lead")
    text = client.get(f"/inspections/{field.inspection_id}").text
    assert text.count("相册选取") == 1 and "动态监控台账 第 2 页" in text
    assert text.count("<span>标注件</span>") == 1
    assert text.count("<span>标注件（原图已删除）</span>") == 1
    assert "35.50000, 112.40000 ±8 m" in text
    assert f'title="{sha256}"' in text
