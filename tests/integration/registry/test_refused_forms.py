"""A refused form says where: each line of its summary leads to a field of the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from domain.access import Role
from server.accounts.service import add_person, find_department, get_jurisdiction
from server.db import unit_of_work
from server.demo.county import DEMO
from tests.integration.registry.county import (
    CHECKLISTS,
    PASSWORD,
    build_county,
    import_firms,
    import_officers,
)

# Address, and what is sent that is wrong.
REFUSED = [
    ("/registry/firms/new", {"uscc": "12", "vehicle_count": "多", "lat": "99"}),
    ("/registry/firms/1/status", {"status": "closed"}),
    ("/registry/firms/1/vehicles", {"plate": "晋E1"}),
    ("/registry/officers/new", {"department_id": "1", "cert_no": "1-2"}),
    ("/registry/items/new", {"code": "编号", "kind": "none", "ratio_percent": "300"}),
    ("/registry/experts/new", {"kind": "expert", "valid_until": "明年", "labels": "none"}),
    ("/registry/tags/firms", {"origin": "local"}),
    ("/registry/checklists/drafts/new", {"code": "渡口"}),
    ("/registry/organisation/departments", {"code": ""}),
    ("/registry/organisation/departments/1/name", {"name": ""}),
    ("/registry/organisation/departments/1/aliases", {"name": ""}),
    ("/registry/organisation/teams", {"department_id": "1", "officer_ids": "999"}),
    ("/registry/organisation/group", {"role": "head", "since": "昨天"}),
    ("/settings/entry", {"entry.working_days": "二十", "correction.approver_roles": ""}),
    ("/settings/risk", {"draw.multipliers.low": "5", "risk.combination.rule": "higher"}),
]


@pytest.fixture
def client(sqlite_app: Flask) -> Iterator[FlaskClient]:
    """An office clerk who is the administrator too; the demo's firms and one officer."""
    from server.registry.service import import_checklists

    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        county = get_jurisdiction(build_county())
        home = find_department("tr")
        assert home is not None
        add_person(county, home, "office", "甲乙", PASSWORD, [Role.OFFICE_STAFF, Role.ADMIN])
        import_checklists(CHECKLISTS.read_bytes())
        import_firms((DEMO / "firms.csv").read_bytes())
        import_officers("姓名,单位,执法证号\n甲乙,县交通局,ZF000001\n".encode())
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    yield client


def test_every_line_of_a_summary_leads_to_its_field(client: FlaskClient) -> None:
    for path, sent in REFUSED:
        answer = client.post(path, data=sent)
        assert answer.status_code == 422, path
        ids = Counter(re.findall(r'<[a-z][^>]* id="([^"]+)"', answer.text))
        assert [one for one, n in ids.items() if n > 1] == [], path
        summary = re.search(r'<div class="notice error".*?</ul>', answer.text, re.DOTALL)
        assert summary, path
        targets = re.findall(r'href="#([^"]+)"', summary[0])
        assert targets and len(targets) == summary[0].count("<li>"), path
        assert [one for one in targets if one not in ids] == [], path


def test_an_empty_register_says_how_to_fill_it(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        county = get_jurisdiction(build_county())
        home = find_department("tr")
        assert home is not None
        add_person(county, home, "office", "甲乙", PASSWORD, [Role.OFFICE_STAFF])
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    for register in ("firms", "officers", "experts"):
        page = client.get(f"/registry/{register}").text
        assert f'href="/registry/imports/new/{register}"' in page
        assert f"/registry/imports/templates/{register}.xlsx" in page
        assert 'class="filter"' not in page
    assert "/registry/items/province" in client.get("/registry/items").text


def test_firms_with_an_old_class_are_counted_and_listed_alike(
    client: FlaskClient, sqlite_app: Flask
) -> None:
    with sqlite_app.app_context(), unit_of_work() as work:
        work.execute(text("UPDATE firms SET tier = 'low', tier_as_of = NULL WHERE id <= 3"))
        work.execute(text("UPDATE firms SET is_active = false, status = 'closed' WHERE id = 3"))
    risk = client.get("/registry/risk").text
    card = re.search(r'href="/registry/firms\?lacks=new_class[^"]*".*?</a>', risk, re.DOTALL)
    assert card
    number = re.search(r">(\d+)<", card[0])
    assert number and int(number[1]) >= 2
    listed = client.get("/registry/firms?lacks=new_class&status=open").text
    assert f"共 {number[1]} 条" in listed
