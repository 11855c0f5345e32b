"""Two who edit one entry: the second is told what the first changed and loses nothing (R001)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.accounts import service as accounts
from server.db import db, scope_to
from server.exchange.service import import_file
from server.organisation import service as organisation
from server.registry import service as registry
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.organisation.test_organisation import EXPERT

Page = tuple[int, str]


@pytest.fixture
def field(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield build_field()


@pytest.fixture
def send(sqlite_app: Flask, field: Field) -> Callable[[str, dict[str, Any]], Page]:
    client: FlaskClient = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})

    def deed(path: str, data: dict[str, Any]) -> Page:
        answer = client.post(path, data=data)
        db.session.remove()
        scope_to(field.jurisdiction_id)
        return answer.status_code, re.sub(r"\s+", " ", answer.text)

    return deed


def seen_again(page: str, name: str = "seen") -> str:
    """What the form of the refused attempt carries now."""
    found = re.search(rf'<input[^>]*id="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, page
    return found[1]


def test_expert_changed_meanwhile_is_shown_old_and_new_and_then_kept_together(
    field: Field, send: Callable[..., Page]
) -> None:
    actor = field.actor("office")
    expert = organisation.add_expert(actor, dict(EXPERT)).id
    opened = registry.version_of(actor, "experts", expert)
    first = EXPERT | {"unit": "省公路学会", "name": "梁思源"}
    organisation.edit_expert(actor, expert, first, opened)
    path = f"/registry/experts/{expert}"
    typed = {**EXPERT, "valid_until": "", "status": "active", "phone": "0000-5550021",
             "name": "梁思近", "seen": str(opened)}  # fmt: skip
    status, page = send(path, typed)
    assert status == 409 and "register.changed_meanwhile" in page
    assert "梁思远" in page and "梁思源" in page and "您也改了此栏，以您保存的为准" in page
    assert 'value="梁思近"' in page and 'value="0000-5550021"' in page, "what was typed is there"
    assert 'value="省公路学会"' in page, "what was not touched shows what is stored"
    kept = organisation.get_expert(expert)
    assert (kept.name, kept.phone) == ("梁思源", ""), "nothing was stored"
    status, _page = send(path, typed | {"unit": "省公路学会", "seen": seen_again(page)})
    kept = organisation.get_expert(expert)
    assert status == 302
    assert (kept.name, kept.unit, kept.phone) == ("梁思近", "省公路学会", "0000-5550021")
    assert kept.name_initials == "lsj"


def test_tag_changed_meanwhile_by_form_or_by_file(field: Field, send: Callable[..., Page]) -> None:
    actor = field.actor("office")
    values = {"name": "重点企业", "code": "ZD", "group_name": "", "origin": "local"}
    tag = registry.add_tag(actor, "firms", values).id
    table = "适用,编号,名称,来源\n检查对象,ZD,重点监管企业,省级\n"
    import_file("tags", "tags.csv", table.encode(), actor)
    path = f"/registry/tags/{tag}/edit"
    status, page = send(path, values | {"name": "重点户", "group_name": "规模", "seen": "0"})
    assert status == 409 and "重点监管企业" in page and 'value="重点户"' in page
    assert 'value="规模"' in page and "省级" in page
    assert registry.get_tag(actor, tag).name == "重点监管企业"
    again = values | {"name": "重点户", "group_name": "规模", "origin": "province"}
    status, _page = send(path, again | {"seen": seen_again(page, f"seen-{tag}")})
    kept = registry.get_tag(actor, tag)
    assert status == 302
    assert (kept.name, kept.group_name, kept.origin) == ("重点户", "规模", "province")


def test_team_changed_meanwhile_also_by_another_team_that_took_its_people(
    field: Field, send: Callable[..., Page]
) -> None:
    actor = field.actor("office")
    home = accounts.list_departments()[0].id
    wang, li = field.officers["wang"], field.officers["li"]
    team = organisation.add_team(actor, home, "一中队", [wang, li], wang).id
    opened = registry.version_of(actor, "teams", team)
    organisation.add_team(actor, home, "二中队", [li], li)
    path = f"/registry/organisation/teams/{team}"
    typed = {"department_id": home, "name": "城区中队", "officer_ids": [wang, li],
             "lead_officer_id": wang, "seen": opened}  # fmt: skip
    status, page = send(path, typed)
    assert status == 409 and "李检查" in page and 'value="城区中队"' in page
    assert organisation.get_team(team).name == "一中队"
    seen = seen_again(page, f"team-seen-{team}")
    status, _page = send(path, typed | {"officer_ids": [wang], "seen": seen})
    places = [one.officer_id for one in organisation.get_team(team).places]
    assert status == 302 and places == [wang] and organisation.get_team(team).name == "城区中队"


def test_member_of_the_leading_group_changed_meanwhile(
    field: Field, send: Callable[..., Page]
) -> None:
    actor = field.actor("office")
    values = {"role": "member", "name": "甲", "post": "股长", "department_id": None,
              "document_no": "1号", "since": date(2026, 1, 5), "until": None}  # fmt: skip
    member = organisation.add_member(actor, **values).id
    opened = registry.version_of(actor, "group", member)
    organisation.edit_member(actor, member, opened, **{**values, "until": date(2026, 3, 1)})
    typed = {**values, "department_id": 0, "since": "2026-01-05", "until": "", "post": "副股长"}
    path = f"/registry/organisation/group/{member}"
    status, page = send(path, typed | {"seen": opened})
    assert status == 409 and 'value="副股长"' in page and 'value="2026-03-01"' in page
    seen = seen_again(page, f"member-seen-{member}")
    status, _page = send(path, typed | {"until": "2026-03-01", "seen": seen})
    (kept,) = organisation.list_group()
    assert status == 302 and (kept.post, kept.until) == ("副股长", date(2026, 3, 1))


def test_department_renamed_by_two_is_told_to_the_second(
    field: Field, send: Callable[..., Page]
) -> None:
    market = next(one for one in accounts.list_departments() if one.code == "mr")
    seen, path = market.name, f"/registry/organisation/departments/{market.id}/name"
    accounts.rename_department(field.actor("office"), market.id, "县市场监管局", seen)
    status, page = send(path, {"name": "县市场监督管理局", "seen": seen})
    assert status == 409 and "department.changed_meanwhile" in page
    assert "别人已把该部门改名为“县市场监管局”" in page and 'value="县市场监督管理局"' in page
    assert seen_again(page, f"department-seen-{market.id}") == "县市场监管局"
    status, _page = send(path, {"name": "县市场监督管理局", "seen": "县市场监管局"})
    assert status == 302 and accounts.get_department(market.id).name == "县市场监督管理局"
