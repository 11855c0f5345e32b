"""A county on both databases and phones to use in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.phone import Phone


@pytest.fixture
def field(app: Flask) -> Field:
    """One county with one joint inspection."""
    with app.app_context():
        return build_field()


@pytest.fixture
def phone(app: Flask, field: Field) -> Callable[[str], Phone]:
    """Makes a signed-in phone for a person."""
    return lambda name: Phone(app, field, name)
