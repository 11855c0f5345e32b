"""What the product hashes with; all other tests hash cheaply (``tests/once.py``)."""

from __future__ import annotations

import pytest
from flask import Flask

from server.accounts import passwords
from server.accounts.models import Person
from server.db import db
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.fieldsync.phone import Phone
from tests.once import REAL_HASHER

OWASP = "$argon2id$v=19$m=19456,t=2,p=1$"


@pytest.fixture
def field(app: Flask) -> Field:
    with app.app_context():
        return build_field()


def hash_of(app: Flask, field: Field, name: str) -> str:
    with app.app_context():
        return db.session.get_one(Person, field.people[name]).password_hash


def test_a_hash_made_with_lower_parameters_is_renewed_at_sign_in(
    app: Flask, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = hash_of(app, field, "wang")
    monkeypatch.setattr(passwords, "_hasher", REAL_HASHER)
    Phone(app, field, "wang")
    renewed = hash_of(app, field, "wang")
    assert renewed.startswith(OWASP) and not before.startswith(OWASP)
    Phone(app, field, "wang")
    assert hash_of(app, field, "wang") == renewed  # once
    assert passwords.is_right_password(renewed, PASSWORD)
    assert not passwords.is_right_password(renewed, f"{PASSWORD}!")
    assert hash_of(app, field, "li") == before  # whoever did not come is left alone


def test_nobody_is_verified_as_expensively_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the time of the refusal would tell which accounts there are."""
    monkeypatch.setattr(passwords, "_hasher", REAL_HASHER)
    assert passwords.dummy_hash.__wrapped__().startswith(OWASP)
    assert passwords.hash_password(PASSWORD).startswith(OWASP)
    assert not passwords.is_right_password(None, "nobody has this password")
