"""A county on both databases and phones to use in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from server.db import db, unit_of_work
from server.inspections.models import Inspection
from server.registry.models import Officer
from tests.integration.archive.filed import FIRM, OFFICER
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.phone import Phone


@pytest.fixture
def field(app: Flask) -> Field:
    """One county with one joint visit, and names a face has to have."""
    with app.app_context():
        made = build_field()
        with unit_of_work() as work:
            work.get_one(Inspection, made.inspection_id).firm.name = FIRM
            work.get_one(Officer, made.officers["wang"]).name = OFFICER
        db.session.remove()
        return made


@pytest.fixture
def phone(app: Flask, field: Field) -> Callable[[str], Phone]:
    """Makes a signed-in phone for a person; people at a desk sign in the same way."""
    return lambda name: Phone(app, field, name)
