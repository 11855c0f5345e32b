"""Work of somebody without the right to it: visible, taken over or refused, never dropped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from server.accounts.models import Person, PersonRole
from server.corrections.models import CorrectionStep
from server.db import db, scope_to, unit_of_work
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal
from tests.conftest import ON_SQLITE
from tests.integration.builders import PASSWORD, Field
from tests.integration.corrections.conftest import Entered
from tests.integration.corrections.desk import ask, code_of, decide
from tests.integration.fieldsync.phone import Phone
from tests.integration.inspections.test_inspection_pages import sign_in

Make = Callable[[str], Phone]


def stray(phone: Make, value: str) -> str:
    sender = phone("stranger")
    told = sender.result(sender.set("PAX-03", {"value": value}))
    assert told["status"] == "forbidden"
    found: str = told["proposal"]
    return found


@pytest.mark.proves("I4 I8 I17", "F33")
def test_team_takes_it_over_on_an_open_sheet_and_both_names_stay(
    app: Flask, field: Field, phone: Make
) -> None:
    order = stray(phone, "门卫登记缺失")
    app.config["WTF_CSRF_ENABLED"] = False
    wang, sender = sign_in(app, "wang"), sign_in(app, "stranger")
    assert "核对无误，采用" not in sender.get(f"/corrections/{order}").text
    assert "门卫登记缺失" in wang.get(f"/corrections/{order}").text
    path = f"/corrections/{order}/take-over"
    assert wang.post(path, data={"reason": " "}).status_code == 422
    assert sender.post(path, data={"reason": "自己"}).status_code == 403
    assert wang.post(path, data={"reason": "现场核对属实"}).status_code == 302
    assert wang.post(path, data={"reason": "再来一次"}).status_code == 409
    with app.app_context():
        row = fieldsync.read_sheet(field.inspection_id, "tr").answers["PAX-03"]
        assert row.fields["value"] == "门卫登记缺失"
        (writer,) = fieldsync.map_writers([row]).values()
        assert writer[0] == field.people["wang"]
        kept = db.session.scalars(select(Proposal)).one()
        assert (kept.state, kept.person_id) == ("approved", field.people["stranger"])
        taken = db.session.scalars(select(CorrectionStep)).one()
        assert (taken.action, taken.person_id) == ("take_over", field.people["wang"])
        assert fieldsync.verify_ledger() == []


@pytest.mark.proves("I3 I4", "F33 F34")
def test_on_an_entered_sheet_it_becomes_a_correction_of_who_took_it_over(
    app: Flask, field: Field, phone: Make, entered: Entered
) -> None:
    order = stray(phone, "门卫登记缺失")
    app.config["WTF_CSRF_ENABLED"] = False
    done = sign_in(app, "wang").post(f"/corrections/{order}/take-over", data={"reason": "属实"})
    assert done.status_code == 302
    with app.app_context():
        found = db.session.scalars(select(Proposal).where(Proposal.id != order)).one()
        assert (found.kind, found.state) == ("correction.propose", "submitted")
        assert found.person_id == field.people["wang"]
        now = fieldsync.read_standing(field.inspection_id, "tr").now
        assert now.answers["PAX-03"].fields["value"] == "台账齐全"


@pytest.mark.proves("I10", "F33")
def test_neither_whose_words_they_were_nor_who_took_them_over_decides_on_them(
    app: Flask, field: Field, phone: Make, entered: Entered
) -> None:
    """Or a head could send words without a right to it, have them taken over and approve them."""
    wang, _lead = entered
    head, sent = phone("head"), stray(phone, "门卫登记缺失")
    app.config["WTF_CSRF_ENABLED"] = False
    desk = sign_in(app, "wang")
    take = f"/corrections/{sent}/take-over"
    assert desk.post(take, data={"reason": "核对属实"}).status_code == 302
    order = order_of(app, field, "wang")
    promote(app, field, "wang", "stranger")
    sender = phone("stranger")
    rivals = ((sender, "correction.own_words"), (wang, "correction.own_proposal"))
    for action in ("approve", "refuse"):
        for person, code in rivals:
            answer = decide(person, order, action)
            assert (answer.status_code, code_of(answer)) == (403, code)
    # Written again on what holds now it is still the same words.
    decide(head, ask(phone("li"), "PAX-03", {"value": "登记不全"}))
    done = desk.post(f"/corrections/{order}/again", data={"reason": "属实"})
    again = done.headers["Location"].rpartition("/")[2]
    assert again != order and code_of(decide(sender, again)) == "correction.own_words"
    assert decide(head, again, "refuse").get_json()["state"] == "refused"
    with app.app_context():
        assert fieldsync.verify_ledger() == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh_CN", ("最初由您本人送达", "可审批人员：主要负责人、chief", "须由其他人员审批")),
        (
            "en",
            ("your own words before", "Who may decide: 主要负责人, chief", "somebody else decides"),
        ),
    ],
)
def test_page_says_why_somebody_may_not_decide_and_who_may(
    app: Flask,
    field: Field,
    phone: Make,
    locale: str,
    words: tuple[str, str, str],
    entered: Entered,
) -> None:
    take = f"/corrections/{stray(phone, '门卫登记缺失')}/take-over"
    app.config["WTF_CSRF_ENABLED"] = False
    promote(app, field, "stranger")
    sign_in(app, "wang").post(take, data={"reason": "核对属实"})
    at = f"/corrections/{order_of(app, field, 'wang')}"
    sender, head = sign_in(app, "stranger"), sign_in(app, "head")
    assert (waiting(head), waiting(sender)) == ("1", "0")
    sender.post("/language", data={"locale": locale})
    page = sender.get(at).text
    assert words[0] in page and words[1] in page and 'name="against"' not in page
    for decision in ("approve", "refuse"):
        form = {"decision": decision, "reason": "属实", "password": PASSWORD, "against": "{}"}
        refused = sender.post(f"{at}/decide", data=form)
        assert refused.status_code == 403 and "correction.own_words" in refused.text
        assert words[2] in refused.text and words[1] in refused.text
    shown = head.get(at).text
    assert 'name="against"' in shown and "原送达人" in shown and "可审批人员" not in shown
    with app.app_context(), unit_of_work() as work:
        scope_to(field.jurisdiction_id)
        for name in ("head", "chief"):
            work.get_one(Person, field.people[name]).is_active = False
    nobody = ("没有其他可审批人员", "Nobody else of this department may decide")
    assert any(one in sender.get(at).text for one in nobody)


def waiting(client: FlaskClient) -> str:
    """The number on the start page's card of orders to decide on."""
    return client.get("/").text.split("待审批的更正</span>")[1].split('card-number">')[1][0]


def promote(app: Flask, field: Field, *names: str) -> None:
    """They become unit heads beside what they are."""
    with app.app_context(), unit_of_work() as work:
        scope_to(field.jurisdiction_id)
        for name in names:
            person = work.get_one(Person, field.people[name])
            person.roles = [*person.roles, PersonRole(role="unit_head")]


def order_of(app: Flask, field: Field, name: str) -> str:
    """The one this person asked for."""
    with app.app_context():
        query = select(Proposal.id).where(Proposal.person_id == field.people[name])
        return db.session.scalars(query).one()


@pytest.mark.proves("I4 I17", "F33")
def test_lead_refuses_it_and_it_is_kept(app: Flask, field: Field, phone: Make) -> None:
    order = stray(phone, "听说的")
    app.config["WTF_CSRF_ENABLED"] = False
    path = f"/corrections/{order}/return"
    assert sign_in(app, "wang").post(path, data={"reason": "无依据"}).status_code == 403
    assert sign_in(app, "lead").post(path, data={"reason": "无依据"}).status_code == 302
    with app.app_context():
        kept = db.session.scalars(select(Proposal)).one()
        assert kept.state == "refused" and kept.payload["fields"] == {"value": "听说的"}
        assert "PAX-03" not in fieldsync.read_sheet(field.inspection_id, "tr").answers
