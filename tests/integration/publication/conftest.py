"""A county on both databases with one entered sheet, and browsers for its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.db import scope_to
from tests.conftest import COUNTY, Beginning
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.fieldsync.entered import ENTERED, who_entered
from tests.integration.fieldsync.phone import Phone


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning:
    return ENTERED if "wang" in request.fixturenames else COUNTY


@pytest.fixture
def field(app: Flask) -> Field:
    """One county with one joint inspection."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        return build_field()


@pytest.fixture
def phone(app: Flask, field: Field) -> Callable[[str], Phone]:
    """Makes a signed-in phone for a person; people at a desk sign in the same way."""
    return lambda name: Phone(app, field, name)


@pytest.fixture
def wang(app: Flask, field: Field) -> Iterator[Phone]:
    """The officer who entered the transport bureau's sheet today; the test stands in the county."""
    officer = who_entered(ENTERED, app, field)
    with app.app_context():
        scope_to(field.jurisdiction_id)
        yield officer


@pytest.fixture
def desk(app: Flask) -> Callable[[str], FlaskClient]:
    """Makes a signed-in browser for a person."""

    def sign_in(account: str) -> FlaskClient:
        client = app.test_client()
        done = client.post("/sign-in", data={"account": account, "password": PASSWORD})
        assert done.status_code == 302
        return client

    return sign_in
