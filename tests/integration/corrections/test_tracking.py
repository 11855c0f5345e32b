"""An approved correction is not done until the platform and the public have its version."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask

from server.db import db, scope_to
from server.publication import service as publication
from server.publication.service import Told
from tests.integration.builders import Field
from tests.integration.corrections.conftest import Entered
from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.phone import Phone
from tests.integration.inspections.test_inspection_pages import sign_in

DAY = date(2026, 3, 4)
Make = Callable[[str], Phone]


@pytest.fixture
def desk(app: Flask, field: Field, entered: Entered) -> Iterator[Field]:
    """The tr sheet is entered, on the platform and public; the test stands in the county."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        scope_to(field.jurisdiction_id)
        record(field, 1)
        announce(field, 1)
        yield field


def record(field: Field, version: int) -> None:
    told = Told(version=version, day=DAY)
    publication.record_receipt(field.actor("office"), field.inspection_id, "tr", told, "SX-1")


def announce(field: Field, version: int) -> None:
    told = Told(version=version, day=DAY)
    office = field.actor("office")
    publication.record_publication(office, field.inspection_id, "tr", told, "公示系统", "")


def test_order_waits_for_the_platform_then_for_the_public_then_is_done(
    app: Flask, desk: Field, phone: Make
) -> None:
    wang, head, office = phone("wang"), phone("head"), sign_in(app, "office")
    assert "尚未在平台更正" not in office.get("/corrections").text
    first = ask(wang, "PAX-03", {"value": "台账不全"})
    assert decide(head, first).status_code == 200
    refused = ask(wang, "PAX-01", {"note": "另记"})
    assert decide(head, refused, "refuse").status_code == 200
    listed = office.get("/corrections?platform=open").text
    assert "1 份已批准的更正尚未在平台更正或重新公示" in listed and "待平台更正" in listed
    assert first in listed and refused not in listed
    page = office.get(f"/corrections/{first}").text
    assert "平台更正：待办" in page and f"/publication/{desk.inspection_id}/tr" in page
    assert "平台更正：待办" not in office.get(f"/corrections/{refused}").text
    db.session.expire_all()
    record(desk, 2)
    assert "平台已更正，待重新公示" in office.get(f"/corrections/{first}").text
    announce(desk, 2)
    assert "平台已更正并公示" in office.get(f"/corrections/{first}").text
    paper = office.get(f"/corrections/{first}/paper").text
    assert "平台已更正 2026年3月4日；已重新公示 2026年3月4日" in paper
    assert "尚未在平台更正" not in office.get("/corrections").text


@pytest.mark.both
def test_later_version_on_the_platform_covers_the_earlier_correction(
    app: Flask, desk: Field, phone: Make
) -> None:
    wang, head, office = phone("wang"), phone("head"), sign_in(app, "office")
    for value in ("台账不全", "台账缺页"):
        assert decide(head, ask(wang, "PAX-03", {"value": value})).status_code == 200
    assert "2 份已批准的更正" in office.get("/corrections").text
    db.session.expire_all()
    record(desk, 3)
    announce(desk, 3)
    assert "尚未在平台更正" not in office.get("/corrections").text
