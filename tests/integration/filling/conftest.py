"""The county of every test, with a check entry of each type on the tr sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from server.db import db, unit_of_work
from server.fieldsync.service import write_rows
from server.inspections.models import Sheet
from server.inspections.publishing import sheet_row
from server.registry.models import CheckEntry
from tests.integration.builders import AT, PASSWORD, Field, build_field

MORE: list[tuple[str, dict[str, Any], bool]] = [
    ("PAX-04", {"type": "number", "unit": "人", "pass": ">=ceil(接入车辆数/100)"}, False),
    ("PAX-05", {"type": "date", "pass": ">=检查日期"}, False),
    ("PAX-06", {"type": "photo", "min": 1}, False),
    ("PAX-07", {"type": "number", "unit": "只", "pass": ">=规范要求"}, True),
]


@pytest.fixture
def field(app: Flask) -> Iterator[Field]:
    """One county, open, within its application."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        made = build_field()
        with unit_of_work() as work:
            sheet = db.session.get_one(Sheet, made.sheet_ids["tr"])
            first = db.session.scalars(select(CheckEntry).filter_by(code="PAX-01")).one()
            for position, (code, answer, photo_on_fail) in enumerate(MORE, 10):
                work.add(
                    CheckEntry(
                        jurisdiction_id=first.jurisdiction_id,
                        checklist_id=first.checklist_id,
                        inspection_item_id=first.inspection_item_id,
                        position=position,
                        code=code,
                        text=f"检查项 {code}",
                        basis=first.basis,
                        methods=first.methods,
                        answer=answer,
                        photo_on_fail=photo_on_fail,
                        severity="minor",
                    )
                )
            items = [*sheet.lists[0]["items"], *(code for code, _, _ in MORE)]
            sheet.lists = [{**sheet.lists[0], "items": items}]
            work.flush()
            write_rows(
                jurisdiction_id=made.jurisdiction_id, space=made.space, kind="sheet.lists",
                person_id=made.people["office"], rows=[sheet_row(sheet)], at=AT,
            )  # fmt: skip
        db.session.remove()
        yield made


@pytest.fixture
def browser(app: Flask) -> Callable[[str], FlaskClient]:
    """A signed-in browser of a person."""

    def make(who: str) -> FlaskClient:
        client = app.test_client()
        done = client.post("/sign-in", data={"account": who, "password": PASSWORD})
        assert done.status_code == 302
        return client

    return make
