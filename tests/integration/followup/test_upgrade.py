"""Problems that were entered before there was follow-up get their cases with the upgrade."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask

from server.db import db, unit_of_work
from server.results import service as results
from tests.integration.builders import Field
from tests.integration.fieldsync.phone import Phone
from tests.integration.followup.conftest import enter_problems
from tests.integration.followup.test_cases import cases

Make = Callable[[str], Phone]


@pytest.mark.both
def test_upgrade_opens_the_cases_of_what_was_entered_before(
    app: Flask, field: Field, phone: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(results, "follow_version", lambda **_version: None)
        enter_problems(phone)
    upgrade = importlib.import_module("server.migrations.versions.20261130_31_followup")
    with app.app_context():
        assert cases() == {}
        with (
            unit_of_work() as work,
            Operations.context(MigrationContext.configure(work.connection())),
        ):
            upgrade._open_cases()
        db.session.remove()
        found = cases()
        assert {code: (one.state, one.result_code) for code, one in found.items()} == {
            "PAX-02": ("open", 8),
            "PAX-03": ("open", 5),
        }
        assert found["PAX-02"].finding == "抽查5台"
        (step,) = found["PAX-02"].steps
        assert (step.action, step.person_id) == ("open", field.people["wang"])
