"""A county with firms and officers, and somebody of its office at a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.access import Role
from server.accounts.service import add_person, find_department, get_jurisdiction
from server.db import db, scope_to
from tests.integration.exchange.tables import Road
from tests.integration.registry.county import build_county

PASSWORD = "a long password"


def open_office(app: Flask) -> FlaskClient:
    """A county of its own; somebody of its office has signed in."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        county = build_county()
        home = find_department("tr")
        assert home is not None
        owner = get_jurisdiction(county)
        add_person(owner, home, "office", "办事员", PASSWORD, [Role.OFFICE_STAFF])
        db.session.remove()
    client = app.test_client()
    answer = client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def client(sqlite_app: Flask) -> FlaskClient:
    return open_office(sqlite_app)


@pytest.fixture
def road(client: FlaskClient) -> Road:
    return Road(client)


@pytest.fixture
def desk(client: FlaskClient, sqlite_app: Flask) -> Iterator[None]:
    """The county in scope, for looking at what is stored."""
    with sqlite_app.app_context():
        from server.accounts.models import Jurisdiction

        scope_to(db.session.query(Jurisdiction.id).scalar())
        yield
        db.session.remove()
