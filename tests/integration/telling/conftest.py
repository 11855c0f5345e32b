"""A county whose sheet was entered with two problems, its office, and firms' browsers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.errors import Fault
from server.db import scope_to
from server.telling import service
from tests.conftest import COUNTY, Beginning
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.fieldsync.entered import PROBLEMS, who_entered
from tests.integration.fieldsync.phone import Phone

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n29\n%%EOF\n"
Desk = Callable[[str], FlaskClient]


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning:
    return PROBLEMS if "wang" in request.fixturenames else COUNTY


@pytest.fixture
def field(app: Flask) -> Field:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        return build_field()


@pytest.fixture
def phone(app: Flask, field: Field) -> Callable[[str], Phone]:
    return lambda name: Phone(app, field, name)


@pytest.fixture
def wang(app: Flask, field: Field) -> Phone:
    """The officer who entered the transport bureau's sheet with two problems."""
    return who_entered(PROBLEMS, app, field)


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Makes a signed-in browser for a person."""

    def sign_in(account: str) -> FlaskClient:
        client = app.test_client()
        done = client.post("/sign-in", data={"account": account, "password": PASSWORD})
        assert done.status_code == 302
        return client

    return sign_in


@pytest.fixture
def told(app: Flask, field: Field, wang: Phone) -> tuple[str, str]:
    """(token, code) of a link whose notice was just made."""
    with app.app_context():
        return make_link(field)


def make_link(field: Field) -> tuple[str, str]:
    """In an application context."""
    scope_to(field.jurisdiction_id)
    office = field.actor("office")
    version = service.view_telling(office, field.inspection_id, "tr").version
    assert version is not None
    service.make_notice(office, field.inspection_id, "tr", version.version)
    digits = service.issue_code(office, field.inspection_id, "tr")
    link = service.view_telling(office, field.inspection_id, "tr").link
    assert link is not None and re.fullmatch(r"\d{8}", digits)
    return link.token, digits


def enter(app: Flask, token: str, code: str) -> FlaskClient:
    """A firm's browser behind its link."""
    firm = app.test_client()
    done = firm.post(f"/firm/{token}", data={"code": code})
    assert done.status_code == 302, done.text
    return firm


def wrong(code: str) -> str:
    """Another code of the right form."""
    return str((int(code[0]) + 1) % 10) + code[1:]


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is done in it must be refused with this code."""
    with pytest.raises(Fault) as told:
        yield
    assert told.value.code == code
