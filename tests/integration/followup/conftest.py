"""A county whose sheet was entered with a problem."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.day import enter, fill, submit
from tests.integration.fieldsync.phone import Phone

FOUND = {"PAX-01": 1, "PAX-02": 8, "PAX-03": 5}


@pytest.fixture
def field(app: Flask) -> Field:
    with app.app_context():
        return build_field()


@pytest.fixture
def phone(app: Flask, field: Field) -> Callable[[str], Phone]:
    return lambda name: Phone(app, field, name)


def enter_problems(phone: Callable[[str], Phone], found: dict[str, int] | None = None) -> Phone:
    """The tr sheet from check-in to the lock; answers the phone of the officer who entered."""
    wang, lead = phone("wang"), phone("lead")
    fill(wang)
    submit(wang)
    wang.results()
    assert lead.result(lead.make("sheet.accept", "sheet:tr"))["status"] == "applied"
    wang.pull()
    told = wang.result(enter(wang, FOUND if found is None else found))
    assert told["status"] == "applied", told
    return wang
