"""A county whose transport bureau entered a result with problems, and what the office does then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.followup import Decision, Disposal
from server.db import scope_to
from server.followup import service as followup
from server.followup.models import FollowUp
from server.publication.service import Told, record_publication
from tests.conftest import COUNTY, Beginning
from tests.integration.builders import Field, build_field
from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.entered import PROBLEMS, who_entered
from tests.integration.fieldsync.phone import Phone
from tests.integration.followup.test_cases import cases

DAY = date(2026, 3, 4)  # the clock's, and the day the visit ended
CHANNEL, ADDRESS = "国家企业信用信息公示系统", "https://www.gsxt.example/1"
NOTE = "驾驶员张三（13800001234）的车晋E12345未年检，陈经理在场"


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning:
    return PROBLEMS if "county" in request.fixturenames else COUNTY


@pytest.fixture
def field(app: Flask) -> Field:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        return build_field()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def county(app: Flask, field: Field) -> Callable[[], Office]:
    """Called when the test has made its application context."""
    return lambda: Office(app, field)


class Office:
    """What the office does about the sheet, a line each."""

    def __init__(self, app: Flask, field: Field) -> None:
        self.field, self._app = field, app
        self.wang = who_entered(PROBLEMS, app, field)
        scope_to(field.jurisdiction_id)

    def phone(self, name: str) -> Phone:
        return Phone(self._app, self.field, name)

    def publish(self, version: int = 1, *, reason: str = "", is_void: bool = False) -> None:
        told = Told(version, DAY, reason, is_void)
        actor = self.field.actor("office")
        record_publication(actor, self.field.inspection_id, "tr", told, CHANNEL, ADDRESS)

    def correct(self, item: str = "PAX-02", note: str = NOTE) -> None:
        """Version 2: another note at the item."""
        proposal = ask(self.wang, item, {"value": {"checked": 6, "failed": 1}, "note": note})
        assert decide(self.phone("head"), proposal).status_code == 200
        scope_to(self.field.jurisdiction_id)

    def tell_outcome(self, item: str, text: str) -> FollowUp:
        """Decided, done and published."""
        office, case = self.field.actor("office"), cases()[item]
        told = Decision(Disposal.NOTIFY, "县公安局", "抄告", None, "")
        followup.decide(office, case.id, told, case.revision)
        followup.finish(office, case.id, "已抄告（内部）", DAY, cases()[item].revision)
        return followup.publish(office, case.id, text, cases()[item].revision)
