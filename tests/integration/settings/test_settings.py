"""The county's settings: who may change them, what is refused, and what a change does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.sampling import RiskTier
from server.accounts.models import Jurisdiction, Person, PersonRole
from server.audit.models import AuditEvent
from server.corrections.rules import approval_rule
from server.db import db, unit_of_work
from server.deadlines.service import term_of
from server.draws.pool import multipliers_of
from server.registry import service as registry
from server.registry.changes import apply_change
from server.registry.models import Firm
from server.settings.words import cells_of
from tests.integration.builders import PASSWORD, Field, build_field

MULTIPLIERS = {
    "draw.multipliers.low": "0.5",
    "draw.multipliers.normal": "1",
    "draw.multipliers.elevated": "３.0",
    "draw.multipliers.high": "全部",
    "risk.combination.rule": "higher",
}

ENTRY = {
    "entry.working_days": "20",
    "entry.acceptance_required": "1",
    "board.screen_names_firms": "1",
    "entry.met_by": "entered",
}


@pytest.fixture
def field(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        found = build_field()
        with unit_of_work():
            person = db.session.get_one(Person, found.people["office"])
            person.roles.append(PersonRole(role="admin"))
        yield found


def signed_in(app: Flask, account: str) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in", data={"account": account, "password": PASSWORD})
    return client


@pytest.fixture
def admin(sqlite_app: Flask, field: Field) -> FlaskClient:
    return signed_in(sqlite_app, "office")


def stored() -> dict[str, object]:
    return dict(db.session.scalars(select(Jurisdiction)).one().settings)


def save(client: FlaskClient, group: str, **values: object) -> tuple[int, str]:
    answer = client.post(f"/settings/{group}", data={"version": version(client), **values})
    return answer.status_code, answer.get_data(as_text=True)


def version(client: FlaskClient) -> str:
    page = client.get("/settings").get_data(as_text=True)
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found.group(1)


def test_saved_values_hold_where_they_are_used_and_each_change_is_on_record(
    admin: FlaskClient, field: Field
) -> None:
    status, _ = save(admin, "risk", **MULTIPLIERS)
    assert status == 302
    values = {**ENTRY, "entry.working_days": "10"}
    assert save(admin, "entry", **values)[0] == 302
    roles = {"correction.approver_roles": "deputy_head"}
    assert save(admin, "correction", **roles)[0] == 302

    assert multipliers_of(stored())[RiskTier.ELEVATED] == 3
    history = admin.get("/settings").get_data(as_text=True).partition("改动记录")[2]
    assert "低风险 0.5 · 一般风险 1 · 较高风险 3 · 高风险 全部" in history
    assert term_of(field.actor("office")) == 10
    assert [str(one) for one in approval_rule(field.jurisdiction_id).approver_roles] == [
        "deputy_head"
    ]
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "setting.changed").order_by(AuditEvent.id)
    ).all()
    assert [(one.details["key"], one.details["old"], one.details["new"]) for one in events][1:] == [
        ("entry.working_days", 20, 10),
        ("correction.approver_roles", ["unit_head"], ["deputy_head"]),
    ]
    page = admin.get("/settings").get_data(as_text=True)
    assert "分管负责人" in page and "检查结果确有错误的，经分管负责人签字确认后及时更正" in page


def test_default_is_not_stored_so_that_a_later_default_holds(
    admin: FlaskClient, field: Field
) -> None:
    values = {**ENTRY, "entry.working_days": "10"}
    save(admin, "entry", **values)
    save(admin, "entry", **{**values, "entry.working_days": "20"})
    assert "entry.working_days" not in stored()


def test_one_wrong_value_stores_nothing_and_keeps_all_that_was_typed(
    admin: FlaskClient, field: Field
) -> None:
    before = stored()
    status, page = save(
        admin,
        "risk",
        **{**MULTIPLIERS, "draw.multipliers.elevated": "1", "risk.combination.rule": "credit_only"},
    )
    assert status == 422
    assert "抽查力度须随风险等级递加" in page
    assert re.search(r'name="risk.combination.rule" value="credit_only" checked', page)
    assert re.search(r'name="draw.multipliers.elevated"[^>]* value="1"', page)
    assert stored() == before


def test_two_who_change_at_once_are_told_and_lose_nothing(
    sqlite_app: Flask, admin: FlaskClient, field: Field
) -> None:
    seen = version(admin)
    save(admin, "platform", **{"platform.name": "山西省“双随机、一公开”监管平台"})
    late = admin.post(
        "/settings/platform", data={"version": seen, "platform.name": "河北双随机执法监管平台"}
    )
    assert late.status_code == 409
    assert "河北双随机执法监管平台" in late.get_data(as_text=True)
    assert stored()["platform.name"] == "山西省“双随机、一公开”监管平台"


def test_who_may_not_change_sees_the_values_without_a_form(sqlite_app: Flask, field: Field) -> None:
    lead = signed_in(sqlite_app, "lead")
    page = lead.get("/settings").get_data(as_text=True)
    assert "各风险等级的抽查力度" in page
    assert "/settings/risk" not in page
    assert lead.post("/settings/entry", data={"version": "0"}).status_code == 403


def test_preview_shows_numbers_now_and_then_and_stores_nothing(
    admin: FlaskClient, field: Field
) -> None:
    before = stored()
    status, page = save(admin, "risk", preview="1", **MULTIPLIERS)
    assert status == 200 and "改动后的影响" in page
    assert stored() == before


def first_firm() -> Firm:
    return db.session.scalars(select(Firm).order_by(Firm.id)).all()[0]


def give(field: Field, **values: object) -> None:
    with unit_of_work():
        apply_change(field.actor("office"), "firms", first_firm(), values, "form")


def test_a_rising_class_warns_until_the_firm_is_classed_down_again(field: Field) -> None:
    office, firm = field.actor("office"), first_firm()
    assert registry.list_tiers(office, firm.id) == []
    give(field, tier="low")
    give(field, tier="elevated", industry_tier="normal")
    found = registry.list_worsened(office)
    assert [(one.firm_id, one.kind, one.old, one.tier) for one in found] == [
        (firm.id, "credit", "low", "elevated")
    ]
    give(field, tier="normal")
    assert registry.list_worsened(office) == []
    kept = [one.tier for one in registry.list_tiers(office, firm.id) if one.kind == "credit"]
    assert kept == ["normal", "elevated", "low"]


def test_draw_goes_by_both_classes_as_the_county_combines_them(
    admin: FlaskClient, field: Field
) -> None:
    give(field, tier="low", industry_tier="high")
    table = registry.combination_of(field.jurisdiction_id)
    assert registry.draw_tier(first_firm(), table) is RiskTier.HIGH
    save(admin, "risk", **{**MULTIPLIERS, "risk.combination.rule": "credit_only"})
    table = registry.combination_of(field.jurisdiction_id)
    assert registry.draw_tier(first_firm(), table) is RiskTier.LOW
    own = {**MULTIPLIERS, "risk.combination.rule": "table", "risk.combination.low/high": "elevated"}
    save(admin, "risk", **own)
    table = registry.combination_of(field.jurisdiction_id)
    assert registry.draw_tier(first_firm(), table) is RiskTier.ELEVATED


def test_history_names_each_cell_of_the_table_that_changed_and_departments(
    admin: FlaskClient, field: Field
) -> None:
    cells = cells_of({"rule": "higher"}) | {"elevated/elevated": "high"}
    cells = {f"risk.combination.{pair}": tier for pair, tier in cells.items()}
    table = {**MULTIPLIERS, "risk.combination.rule": "table", **cells}
    assert save(admin, "risk", **table)[0] == 302
    days = dict(ENTRY)
    days["entry.working_days_by_department.tr"] = "15"
    assert save(admin, "entry", **days)[0] == 302
    page = admin.get("/settings").get_data(as_text=True)
    history = page[page.index('id="history"') :]
    assert "信用风险“较高风险”、行业风险“较高风险”：较高风险 → 高风险" in history
    assert history.count(" → ") == 1, "cells that came to the same tier are no change"
    assert "交通运输局 15" in history and ">tr 15" not in history


def test_when_firms_are_named_is_one_of_three(admin: FlaskClient, field: Field) -> None:
    draw = {
        "draw.dice_rolls": "8",
        "draw.publish_frozen_pool": "1",
        "officers.confirmed_within_days": "0",
        "training.within_days": "90",
    }
    status, _page = save(admin, "draw", **draw, **{"public.firms_from": "never"})
    assert status == 422 and "public.firms_from" not in stored()
    assert save(admin, "draw", **draw, **{"public.firms_from": "visited"})[0] == 302
    assert stored()["public.firms_from"] == "visited"
    assert "检查完成后" in admin.get("/settings").get_data(as_text=True)


def test_a_county_says_how_its_platform_numbers_results(admin: FlaskClient, field: Field) -> None:
    typed = {
        "platform.name": "示例平台",
        "platform.channel": "国家企业信用信息公示系统",
        "platform.result_codes.8.number": "A",
        "platform.result_codes.8.text": "待后续处理",
        "platform.local_results.closed": "4",
    }
    long = {**typed, "platform.result_codes.1.number": "123456789"}
    status, page = save(admin, "platform", **long)
    assert status == 422 and 'value="123456789"' in page and 'value="待后续处理"' in page
    assert save(admin, "platform", **typed)[0] == 302
    assert stored()["platform.result_codes"] == {"8": {"number": "A", "text": "待后续处理"}}
    assert stored()["platform.local_results"] == {"closed": 4}
    history = admin.get("/settings").get_data(as_text=True).partition('id="history"')[2]
    assert "8 → A 待后续处理" in history and "已关闭停业或正在清算 → 4" in history
