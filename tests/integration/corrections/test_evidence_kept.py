"""What was chosen as evidence outlives a refusal, for whoever chose it and for nobody else."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

from flask import Flask
from sqlalchemy import select

from server.corrections.models import CorrectionEvidence
from server.db import db
from tests.conftest import ON_SQLITE
from tests.integration.builders import Field
from tests.integration.corrections.test_request import TWO, address_of, order_of, send
from tests.integration.fieldsync.day import make_jpeg
from tests.integration.fieldsync.phone import Phone
from tests.integration.inspections.test_inspection_pages import sign_in

pytestmark = ON_SQLITE
NAME = "台账 & 登记.jpg"


def photo(name: str = NAME, cut: int = 0) -> tuple[io.BytesIO, str]:
    whole = make_jpeg()
    return io.BytesIO(whole[: len(whole) - cut]), name


def vouchers(page: str) -> list[str]:
    found = re.findall(r'name="evidence_kept" value="([^"]*)" checked', page)
    return [unescape(one) for one in found]


def test_file_comes_back_with_every_refusal_and_is_handed_in_without_choosing_it_again(
    app: Flask, desk: Field
) -> None:
    wang, address = sign_in(app, "wang"), address_of(desk, "PAX-02", "PAX-03")
    typed: dict[str, Any] = {**TWO, "reason": " "}
    refused = send(wang, address, **typed, evidence=[photo(), photo("坏.jpg", cut=40)])
    assert refused.status_code == 422 and "坏.jpg：" in refused.text
    assert "已收到：台账 &amp; 登记.jpg" in refused.text
    (kept,) = vouchers(refused.text)
    added = send(wang, address, **typed, evidence_kept=[kept], step="add", add="PAX-01")
    assert vouchers(added.text) == [kept] and added.status_code == 200
    typed["reason"] = "抄录有误"
    order = order_of(send(wang, address, **typed, evidence_kept=[kept], evidence=[photo("同.jpg")]))
    row = db.session.scalars(select(CorrectionEvidence)).one()
    assert (row.order_id, row.name, row.mime) == (order, NAME, "image/jpeg")
    with wang.get(f"/corrections/{order}/evidence/{row.id}") as sent:
        assert sent.data == make_jpeg()


def test_nobody_hands_in_what_they_did_not_send(app: Flask, desk: Field) -> None:
    wang, li, address = sign_in(app, "wang"), sign_in(app, "li"), address_of(desk, "PAX-03")
    one = {"PAX-03.text": "台账缺页"}
    (kept,) = vouchers(send(wang, address, **one, reason="", evidence=[photo()]).text)
    sha256, mac, name = kept.split(".", 2)
    for forged in (f"{sha256}.{mac}.别的.jpg", f"{'0' * 64}.{mac}.{name}", "", "..", "x"):
        again = send(wang, address, **one, reason="", evidence_kept=[forged])
        assert vouchers(again.text) == [], forged
    assert vouchers(send(li, address, **one, reason="", evidence_kept=[kept]).text) == []


def test_draft_made_by_a_late_edit_keeps_its_evidence_through_a_refusal_too(
    app: Flask, desk: Field, phone: Callable[[str], Phone]
) -> None:
    late = beside_the_lock(phone("wang"))
    wang, where = sign_in(app, "wang"), f"/corrections/{late}"
    page = wang.get(where).text
    assert 'name="evidence" accept="image/*" capture="environment"' in page
    sent = {"reason": "", "result": "8", "evidence": [photo(), photo("坏.jpg", cut=40)]}
    refused = wang.post(f"{where}/submit", data=sent)
    assert refused.status_code == 422 and "坏.jpg：" in refused.text
    (kept,) = vouchers(refused.text)
    done = wang.post(f"{where}/submit", data={"reason": "复核", "evidence_kept": kept})
    assert done.status_code == 302, done.text
    assert db.session.scalars(select(CorrectionEvidence)).one().name == NAME


def beside_the_lock(phone: Phone) -> str:
    """The proposal that an edit after the entry became."""
    told = phone.result(phone.set("PAX-03", {"value": "台账缺页"}))
    found: str = told["proposal"]
    return found
