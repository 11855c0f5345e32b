"""The firm's person signs for the notice at the desk: kept, shown, printed and filed."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import docx
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from server.archive.telling_paper import telling_paper
from server.audit.models import AuditEvent
from server.db import db, scope_to, unit_of_work
from server.documents.content import Signed
from server.telling.models import DeliverySignature, NoticeDelivery
from tests.integration.archive.test_later import dossier_of
from tests.integration.builders import Field
from tests.integration.fieldsync.day import STROKES
from tests.integration.telling.conftest import Desk
from tests.integration.telling.test_notice import DELIVERY, base, read_pdf

DRAWN = {"strokes": STROKES, "size": [300, 120]}


def send(desk: Desk, field: Field, drawn: object, **change: str) -> tuple[int, str]:
    office = desk("office")
    where = re.search(r"/telling/\d+/tr/notices/\d+/deliver", office.get(base(field)).text)
    assert where is not None
    signed = drawn if isinstance(drawn, str) else json.dumps(drawn)
    answer = office.post(where[0], data={**DELIVERY, "signature": signed, **change})
    return answer.status_code, answer.text


def test_receiver_signs_on_the_pad_and_page_pdf_word_and_file_show_it(
    app: Flask, field: Field, told: tuple[str, str], desk: Desk, tmp_path: Path
) -> None:
    assert send(desk, field, DRAWN)[0] == 302
    office = desk("office")
    page = office.get(base(field)).text
    assert page.count("陈经理的签名") == 2 and 'd="M0 0L40 12"' in page
    with app.app_context():
        scope_to(field.jurisdiction_id)
        kept = db.session.scalars(select(DeliverySignature)).one()
        assert kept.strokes == STROKES and (kept.width, kept.height) == (300, 120)
        delivery = db.session.scalars(select(NoticeDelivery)).one()
        where = f"{base(field)}/notices/{delivery.notice_id}"
        noted = db.session.scalars(select(AuditEvent).filter_by(action="telling.delivered")).one()
        assert noted.details["signed"] == kept.digest and kept.digest in page
        (sheet,) = (one for one in dossier_of(field).sheets if one.sheet.code == "tr")
        (signed,) = (one for one in telling_paper(sheet.later) if isinstance(one, Signed))
        assert signed.strokes == STROKES and "陈经理" in signed.lines[0]
        for verb in ("UPDATE delivery_signatures SET width = 1", "DELETE FROM delivery_signatures"):
            with pytest.raises(DBAPIError, match="append_only"), unit_of_work() as work:
                work.execute(text(verb))
        digest = kept.digest
    told_by, _fonts = read_pdf(office.get(f"{where}.pdf").data, tmp_path)
    assert "签收人：陈经理" in told_by and digest in told_by and "送达地点" not in told_by
    word = docx.Document(io.BytesIO(office.get(f"{where}.docx").data))
    assert any("签收人：陈经理" in one.text for one in word.paragraphs)
    assert len(word.inline_shapes) == 2  # the code and what was drawn


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_signature_of_a_receiver_is_told_at_the_pad_and_what_was_drawn_comes_back(
    app: Flask, field: Field, told: tuple[str, str], desk: Desk
) -> None:
    dot = {"strokes": [[[5, 5, 0]]], "size": [300, 120]}
    for drawn, change, words in (
        (dot, {}, "签名太小"),
        (DRAWN, {"way": "post", "post_no": "EM100000000CN"}, "手写签名只用于直接送达"),
        ("[" * 40_000, {}, "id=\"in-signature-error\""),
        ({"strokes": "x", "size": 1}, {}, "id=\"in-signature-error\""),
        (DRAWN, {"receiver": ""}, "请填写签收人"),
    ):  # fmt: skip
        status, page = send(desk, field, drawn, **change)
        assert status == 422 and words in page and "王检查、李检查" in page, (drawn, page)
        if drawn is DRAWN:
            assert "&#34;strokes&#34;" in page
    with app.app_context():
        scope_to(field.jurisdiction_id)
        assert db.session.scalars(select(NoticeDelivery)).all() == []
