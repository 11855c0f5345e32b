"""A page gone back to and sent again: what it said once is told as what stands now."""

from __future__ import annotations

import hashlib
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.db import db
from server.fieldsync import service as fieldsync
from server.fieldsync.entities import find_entity
from server.inspections import service as inspections
from server.inspections.models import Sheet
from tests.integration.builders import Field
from tests.integration.filling.plain import forms, item_path, open_item, send, sheet_path
from tests.integration.filling.test_filling import (
    Browser,
    fields_of,
    hand_in,
    picture,
    receipts,
    submit_form,
)
from tests.integration.inspections.visit import answer, do


def put_photo(
    client: FlaskClient, field: Field, shown: dict[str, str], **typed: str
) -> TestResponse:
    photo = (io.BytesIO(picture()), "a.jpg")
    return send(client, field, "PAX-03", shown, photo=photo, **typed)


def remove_photo(field: Field) -> None:
    entity = f"photo:{hashlib.sha256(picture()).hexdigest()}"
    do(field, "li", "photo.remove", entity, {"from": "answer:tr/PAX-03"}, base=heads(field, entity))


def heads(field: Field, entity: str) -> dict[str, str]:
    db.session.expire_all()
    found = find_entity(field.space, entity)
    assert found is not None
    return {"attached": found.heads["attached"]}


def photos(field: Field) -> int:
    db.session.expire_all()
    return len(fieldsync.read_sheet(field.inspection_id, "tr").list_photos("PAX-03"))


@pytest.mark.both
def test_a_photo_that_was_removed_can_be_chosen_again(
    app: Flask, field: Field, browser: Browser
) -> None:
    wang = browser("wang")
    assert put_photo(wang, field, open_item(wang, field, "PAX-03")).status_code == 302
    remove_photo(field)
    assert photos(field) == 0
    assert put_photo(wang, field, open_item(wang, field, "PAX-03")).status_code == 302
    assert photos(field) == 1 and fieldsync.verify_ledger() == []


def test_a_page_sent_again_after_its_photo_was_removed_says_that_the_photo_alone_is_not_kept(
    app: Flask, field: Field, browser: Browser
) -> None:
    wang = browser("wang")
    shown = open_item(wang, field, "PAX-03")
    assert put_photo(wang, field, shown, text="甲").status_code == 302
    remove_photo(field)
    again = put_photo(wang, field, shown, text="乙")
    assert again.status_code == 409 and "照片未能保存，其余内容已保存" in again.text
    assert photos(field) == 0 and fields_of(field, "PAX-03")["value"] == "乙"
    anew = forms(again.text)[item_path(field, "PAX-03")]
    assert put_photo(wang, field, anew).status_code == 302
    assert photos(field) == 1 and fieldsync.verify_ledger() == []


def test_what_a_colleague_has_overwritten_is_not_called_saved_when_it_is_sent_again(
    app: Flask, field: Field, browser: Browser
) -> None:
    wang = browser("wang")
    shown = open_item(wang, field, "PAX-03")
    assert send(wang, field, "PAX-03", shown, text="王的内容").status_code == 302
    answer(field, "li", "PAX-03", "李的内容")
    again = send(wang, field, "PAX-03", shown, text="王的内容")
    assert again.status_code == 409 and "现有内容：李的内容" in again.text
    assert fields_of(field, "PAX-03")["value"] == "李的内容"
    assert (
        send(wang, field, "PAX-03", forms(again.text)[item_path(field, "PAX-03")]).status_code
        == 302
    )
    assert fields_of(field, "PAX-03")["value"] == "王的内容"


def test_a_page_gone_back_to_after_a_return_hands_in_again(
    app: Flask, field: Field, browser: Browser
) -> None:
    hand_in(field)
    wang = browser("wang")
    inspections.return_sheet(field.actor("lead"), field.inspection_id, "tr", "缺记录")
    form = submit_form(wang, field)
    for _ in range(2):
        assert wang.post(f"{sheet_path(field)}/submit", data=form).status_code == 302
        assert state(field) == "submitted"
    inspections.return_sheet(field.actor("lead"), field.inspection_id, "tr", "仍缺记录")
    assert state(field) == "returned"
    for _ in range(2):
        done = wang.post(f"{sheet_path(field)}/submit", data=form)
        assert "已提交" in wang.get(done.location).text and state(field) == "submitted"
    by_page = [one for one in receipts("sheet.submit") if form["page"] in one.payload]
    assert [one.status for one in by_page] == ["applied", "applied"]
    assert fieldsync.verify_ledger() == []


def state(field: Field) -> str:
    db.session.expire_all()
    return db.session.get_one(Sheet, field.sheet_ids["tr"]).state
