"""A county with an entered sheet, and the people who decide on corrections of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from domain.access import Role
from server.accounts.models import Department, Person, PersonRole
from server.db import db, scope_to, unit_of_work
from tests.conftest import COUNTY, Beginning
from tests.integration.builders import Field, _hash, build_field
from tests.integration.fieldsync.entered import ENTERED, who_entered
from tests.integration.fieldsync.phone import Phone

Entered = tuple[Phone, Phone]
DECIDERS = {"deputy": Role.DEPUTY_HEAD, "chief": Role.UNIT_HEAD}


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning:
    return ENTERED if "entered" in request.fixturenames else COUNTY


@pytest.fixture
def field(app: Flask) -> Field:
    """One county; beside the builder's people a deputy head and a second unit head."""
    with app.app_context():
        made = build_field()
        with unit_of_work() as work:
            own = db.session.query(Department).filter_by(code="tr").one()
            for name, role in DECIDERS.items():
                person = Person(
                    jurisdiction_id=made.jurisdiction_id,
                    department_id=own.id,
                    account=name,
                    name=name,
                    password_hash=_hash(),
                    roles=[PersonRole(role=str(role))],
                )
                work.add(person)
                work.flush()
                made.people[name] = person.id
        db.session.remove()
        return made


@pytest.fixture
def phone(app: Flask, field: Field) -> Callable[[str], Phone]:
    """Makes a signed-in phone for a person; people at a desk sign in the same way."""
    return lambda name: Phone(app, field, name)


@pytest.fixture
def entered(app: Flask, field: Field, phone: Callable[[str], Phone]) -> Entered:
    """The tr sheet is entered: (the officer who entered, the lead)."""
    return who_entered(ENTERED, app, field), phone("lead")


@pytest.fixture
def desk(app: Flask, field: Field, entered: Entered) -> Iterator[Field]:
    """The tr sheet is entered; everybody is at a page."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        scope_to(field.jurisdiction_id)
        yield field
