"""A county with an office, a unit head and an inspector, and browsers for them."""

from __future__ import annotations

import io
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from domain.access import Actor, Role
from server.accounts.models import Person
from server.accounts.service import add_person, find_department, get_jurisdiction, list_people
from server.accounts.sessions import actor_of
from server.db import db, scope_to
from server.planning.models import PlanTask
from server.planning.service import import_plan
from server.registry.service import import_checklists
from tests.conftest import Beginning
from tests.integration.registry.county import CHECKLISTS, DATA, build_county

PASSWORD = "a long password"
SIGNED = {"password": PASSWORD, "address": "127.0.0.1"}
APPROVED = {"decision": "approve", "password": PASSWORD}
PEOPLE = {
    "office": Role.OFFICE_STAFF,
    "office2": Role.OFFICE_STAFF,
    "head": Role.UNIT_HEAD,
    "head2": Role.UNIT_HEAD,
    "field": Role.INSPECTOR,
    "partner": Role.OFFICE_STAFF,
}
INTERNAL = "yangcheng-transport-2024-internal.csv"
JOINT = "yangcheng-transport-2024-joint.csv"
COUNTY = "yangcheng-county-2024-joint.csv"
TYPED = {
    "name": "对道路客运站的监管",
    "draw_type": "directed",
    "item_codes": ["station"],
    "object_scope": "县内道路客运站",
    "category": "station",
    "ratio_text": "不低于50% 1次/年",
    "window_text": "3月-10月",
    "initiators": "法制办",
    "lead_units": "交通运输事业发展中心",
    "inspecting_bodies": "综合执法队",
    "checklist_codes": ["common", "station"],
    "responsible_unit": "法制办",
    "completion_text": "全年",
}


class Browser(FlaskClient):
    """A request inside a test's own context leaves that context's session scoped to the person who
    asked; afterwards the test looks at its county again, freshly."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        again(self.application.config["TEST_COUNTY"])
        return answer


def _build_office() -> int:
    county = build_county()
    home, partner = find_department("tr"), find_department("mr")
    assert home is not None and partner is not None
    for account, role in PEOPLE.items():
        roles = [role, Role.OFFICE_STAFF] if account == "head2" else [role]
        department = partner if account == "partner" else home
        add_person(get_jurisdiction(county), department, account, account, PASSWORD, roles)
    import_checklists(CHECKLISTS.read_bytes())
    return county


OFFICE = Beginning("planning_office", _build_office)


def open_county(app: Flask) -> int:
    """Of a database that begins with ``OFFICE``; call inside an application context. Answers the
    county's id, in scope afterwards."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    county: int = OFFICE.told(app)
    app.config["TEST_COUNTY"] = county
    again(county)
    return county


def actor(account: str) -> Actor:
    """As the access rules see the person."""
    found: Person = next(one for one in list_people() if one.account == account)
    return actor_of(found)


def take_in(*names: str, year: int = 2026) -> list[int]:
    """Imports published tables; answers their plans' ids."""
    made = [import_plan(None, one, (DATA / "plans" / one).read_bytes(), year=year) for one in names]
    return [one.plan_id or 0 for one in made]


def task_of(plan_id: int, row_no: int) -> PlanTask:
    """A row of a plan."""
    query = db.select(PlanTask).where(PlanTask.plan_id == plan_id, PlanTask.row_no == row_no)
    found: PlanTask = db.session.scalars(query).one()
    return found


def browser(app: Flask, account: str = "") -> FlaskClient:
    """Signed in as this person; a visitor without one."""
    client = app.test_client()
    if account:
        answer = client.post("/sign-in", data={"account": account, "password": PASSWORD})
        assert answer.status_code == 302
    return client


def sealed(name: str = "请示.jpg", data: bytes | None = None) -> tuple[io.BytesIO, str]:
    """A photo of a sealed sheet, as a form sends it."""
    if data is None:
        paper = io.BytesIO()
        Image.new("RGB", (60, 80), "white").save(paper, "JPEG")
        data = paper.getvalue()
    return io.BytesIO(data), name


def send(client: FlaskClient, path: str, data: dict[str, Any]) -> TestResponse:
    """A form, followed to where it leads."""
    return client.post(path, data=data, follow_redirects=True)


def again(county: int) -> None:
    """A fresh look at the database, of this county."""
    db.session.remove()
    scope_to(county)
