"""What somebody types on the page of a correction is taken whole or refused with a sentence and
given back; nothing is cut, and nothing typed is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.db import db
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal
from sync.messages.field_shapes import MAX_NOTE
from tests.integration.builders import PASSWORD, Field
from tests.integration.corrections.conftest import Entered
from tests.integration.corrections.desk import SIGNED, ask, code_of, decide, step
from tests.integration.corrections.test_correction_pages import hidden, last_order
from tests.integration.fieldsync.phone import Phone
from tests.integration.inspections.test_inspection_pages import sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Make = Callable[[str], Phone]
LONG = "字" * MAX_NOTE + "。"
SENTENCES = {
    "zh_CN": "最多填写 2000 字，现有 2001 字，请删减后重新提交。",
    "en": "At most 2000 characters; this text has 2001.",
}


@pytest.fixture
def desk(app: Flask, field: Field, entered: Entered) -> Iterator[Field]:
    """The tr sheet is entered; everybody is at a page."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield field


def draft(field: Field, phone: Make) -> str:
    """A late edit of li, not handed in yet."""
    li = phone("li")
    li.result(li.set("PAX-03", {"value": "台账缺页"}))
    return last_order(field, "li")


def stale(field: Field, phone: Make) -> str:
    """The same after somebody else's correction was approved."""
    found = draft(field, phone)
    decide(phone("head"), ask(phone("wang"), "PAX-03", {"value": "台账不全"}))
    return found


def asked(field: Field, phone: Make) -> str:
    return ask(phone("wang"), "PAX-03", {"value": "台账不全"})


def stray(field: Field, phone: Make) -> str:
    sender = phone("stranger")
    told = sender.result(sender.set("PAX-03", {"value": "门卫登记缺失"}))
    found: str = told["proposal"]
    return found


# form, who sends it, what it is about, the field's label
FORMS = [
    ("submit", "li", draft, "更正理由"),
    ("again", "li", stale, "更正理由"),
    ("decide", "head", asked, "审批意见"),
    ("take-over", "wang", stray, "核对情况"),
    ("return", "lead", stray, "退回理由"),
]


def given_back(page: str, form: str) -> tuple[str, str]:
    """What stands in a form's field and the sentence at it, as a browser reads them."""
    own = page.split(f'id="in-reason-{form}"')[1]
    typed = unescape(own[own.index(">") + 1 : own.index("</textarea>")])
    error = re.search(rf'id="in-reason-{form}-error">.*?<span>(.*?)</span>', own, re.DOTALL)
    return typed.removeprefix("\n"), unescape(error[1]) if error else ""


def post(client: FlaskClient, order: str, form: str, **more: str) -> tuple[int, str]:
    data = {"decision": "approve", "password": PASSWORD, "signature": json.dumps(SIGNED), **more}
    if form == "decide":
        data["against"] = hidden(client.get(f"/corrections/{order}").text, "against")
    answer = client.post(f"/corrections/{order}/{form}", data=data)
    return answer.status_code, answer.text


@pytest.mark.parametrize("locale", list(SENTENCES))
@pytest.mark.parametrize(("form", "who", "make", "label"), FORMS, ids=[one[0] for one in FORMS])
def test_text_that_is_too_long_is_refused_at_its_field_and_given_back_whole(
    app: Flask,
    desk: Field,
    phone: Make,
    form: str,
    who: str,
    make: Callable[[Field, Make], str],
    label: str,
    locale: str,
) -> None:
    order = make(desk, phone)
    client = sign_in(app, who)
    client.post("/language", data={"locale": locale})
    before = [(one.id, one.state, one.reason) for one in db.session.query(Proposal)]
    for decision in ("approve", "refuse") if form == "decide" else ("",):
        status, page = post(client, order, form, reason=LONG, decision=decision)
        assert status == 422 and "reason.too_long" in page
        typed, error = given_back(page, form)
        assert typed == LONG and error.startswith(SENTENCES[locale])
        assert f'href="#in-reason-{form}"' in page, "the notice on top leads to the field"
    db.session.expire_all()
    assert [(one.id, one.state, one.reason) for one in db.session.query(Proposal)] == before
    status, _page = post(client, order, form, reason=f"  {LONG[1:]}\r\n")
    assert status == 302, "2,000 characters are taken"
    if locale == "zh_CN":
        assert label in page


def test_typed_text_comes_back_in_its_own_form_and_in_no_other(
    app: Flask, desk: Field, phone: Make
) -> None:
    order = draft(desk, phone)
    client = sign_in(app, "li")
    _status, page = post(client, order, "submit", reason=" ", result="5")
    assert given_back(page, "submit")[1] == "请填写更正理由。"
    assert '<option value="5" selected>' in page, "the code that was chosen stays chosen"
    order, head = asked(desk, phone), sign_in(app, "head")
    status, page = post(head, order, "decide", reason="情况属实", password="wrong")
    assert status == 403 and given_back(page, "decide") == ("情况属实", "")
    assert 'id="in-password-error"' in page


def test_text_whose_form_is_gone_meanwhile_is_shown_with_the_refusal(
    app: Flask, desk: Field, phone: Make
) -> None:
    order = stray(desk, phone)
    wang, li = sign_in(app, "wang"), sign_in(app, "li")
    assert post(wang, order, "take-over", reason="现场核对属实")[0] == 302
    status, page = post(li, order, "take-over", reason="我也核对过\n<b>属实</b>")
    assert status == 409 and "in-reason-take-over" not in page
    assert "您刚才填写的内容" in page and "我也核对过\n&lt;b&gt;属实&lt;/b&gt;" in page


def test_json_refuses_a_long_reason_with_the_same_code_and_words(
    app: Flask, desk: Field, phone: Make
) -> None:
    order, li, head = draft(desk, phone), phone("li"), phone("head")
    refused = step(li, order, "submit", {"reason": LONG})
    assert (refused.status_code, code_of(refused)) == (422, "reason.too_long")
    assert refused.get_json()["error"]["message"] == SENTENCES["zh_CN"]
    assert refused.get_json()["error"]["details"] == {"max": 2000, "length": 2001}
    assert step(li, order, "submit", {"reason": LONG[1:]}).status_code == 200
    for action in ("approve", "refuse"):
        assert code_of(decide(head, order, action, reason=LONG)) == "reason.too_long"
    found = fieldsync.list_proposals(desk.actor("li"), desk.inspection_id)[0]
    assert (found.state, found.reason) == ("submitted", LONG[1:])
