"""A newer version of its checklist for a visit: given where nothing was recorded, else refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from domain.errors import Fault
from server.accounts.models import Device
from server.db import db, scope_to, unit_of_work
from server.fieldsync import service as fieldsync
from server.inspections import service as inspections
from server.inspections.models import Sheet
from server.registry.editing.drafts import seen_of, start_draft
from server.registry.editing.publishing import publish_draft
from server.registry.editing.saving import remove_entry, save_entry, save_head
from server.registry.items.versions import find_item
from tests.apps import Clock
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.phone import Phone
from tests.integration.inspections.visit import answer, check_in

NEW: dict[str, Any] = {
    "code": "PAX-90",
    "text": "新增的检查项",
    "basis": [{"law": "道路运输条例", "article": None, "confidence": "C"}],
    "method": ["实地核查"],
    "answer": {"type": "judge"},
    "severity": "一般",
}


@pytest.fixture
def field(app: Flask, clock: Clock) -> Iterator[Field]:
    """Two days before the planned visit; ``tr-list`` has a version 2 with PAX-90 for PAX-03."""
    clock.at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    with app.app_context():
        made = build_field()
        scope_to(made.jurisdiction_id)
        office = made.actor("office")
        draft = start_draft(office, "tr-list")
        item = find_item(office, "T-tr")
        assert item is not None
        save_entry(office, "tr-list", None, NEW, item.id)
        last = next(entry for entry in draft.entries if entry.code == "PAX-03")
        remove_entry(office, "tr-list", last.id, seen_of(last))
        save_head(office, "tr-list", "检查表", "客运企业", seen_of(draft))
        publish_draft(office, "tr-list", "调整", over=1)
        yield made


def take(field: Field, who: str = "office") -> Sheet:
    return inspections.take_newest_lists(field.actor(who), field.inspection_id, "tr")


def offers(field: Field, who: str = "office") -> list[inspections.Offer]:
    actor = field.actor(who)
    return inspections.list_offers(actor, inspections.get_inspection(actor, field.inspection_id))


def codes_of(field: Field) -> tuple[str, list[str]]:
    (part,) = db.session.get_one(Sheet, field.sheet_ids["tr"]).lists
    return part["list"], part["items"]


def test_an_open_visit_keeps_its_version_until_the_newer_one_is_given(field: Field) -> None:
    assert codes_of(field) == ("tr-list@1", ["PAX-01", "PAX-02", "PAX-03"])
    (offer,) = offers(field)
    assert (offer.old, offer.new, offer.obstacle) == (("tr-list@1",), ("tr-list@2",), None)
    told = [(str(one.kind), one.code) for _, changes in offer.changes for one in changes]
    assert told == [("added", "PAX-90"), ("removed", "PAX-03")]


@pytest.mark.parametrize("who", ["office", "lead"])
def test_lead_or_office_gives_it_and_the_team_s_phones_hear_of_it(
    field: Field, app: Flask, who: str
) -> None:
    wang = Phone(app, field, "wang")
    wang.pull()
    before = wang.row("sheet:tr")["fields"]
    take(field, who)
    assert codes_of(field) == ("tr-list@2", ["PAX-01", "PAX-02", "PAX-90"])
    wang.pull()
    after = wang.row("sheet:tr")["fields"]
    assert after == {**before, "lists": [{"list": "tr-list@2", "items": codes_of(field)[1]}]}
    items = {one["code"] for one in wang.client.get("/api/v1/lib/tr-list@2").get_json()["items"]}
    assert "PAX-90" in items
    wang.set("PAX-90", {"value": "pass"})
    wang.set("PAX-03", {"value": "台账齐全"})
    told = [one["status"] for one in wang.push().get_json()["results"]]
    assert told == ["applied", "invalid"]
    assert fieldsync.verify_ledger() == []


def test_it_is_given_once(field: Field) -> None:
    take(field)
    with pytest.raises(Fault) as refused:
        take(field)
    assert refused.value.code == "sheet.lists_newest"
    assert offers(field) == []


@pytest.mark.both
@pytest.mark.parametrize(
    "deed",
    [lambda f: answer(f, "wang", "PAX-01", "pass"), lambda f: check_in(f, "wang")],
    ids=["an answer", "a check-in"],
)
def test_a_sheet_on_which_something_stands_keeps_its_version(
    field: Field, deed: Callable[[Field], object]
) -> None:
    deed(field)
    with pytest.raises(Fault) as refused:
        take(field)
    assert refused.value.code == "sheet.begun"
    assert codes_of(field)[0] == "tr-list@1"
    (offer,) = offers(field)
    assert offer.obstacle is not None and offer.obstacle.code == "sheet.begun"


def test_from_the_planned_day_on_it_is_not_changed_under_officers_without_a_network(
    field: Field, clock: Clock
) -> None:
    clock.at = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)  # the 4th has begun at the site
    with pytest.raises(Fault) as refused:
        take(field)
    assert refused.value.code == "sheet.visit_day"


def test_nor_while_a_phone_of_the_team_said_it_has_not_sent_all(field: Field, app: Flask) -> None:
    Phone(app, field, "li")
    with unit_of_work() as work:
        work.execute(update(Device).values(heartbeat={"unsent": 2}))
    with pytest.raises(Fault) as refused:
        take(field)
    assert refused.value.code == "sheet.phone_holds"
    assert refused.value.details["name"] == "李检查"


@pytest.mark.parametrize("who", ["wang", "zhao", "auditor", "head"])
def test_nobody_else_gives_it(field: Field, who: str) -> None:
    with pytest.raises(Fault) as refused:
        take(field, who)
    assert refused.value.code in ("access.denied", "inspection.not_found")
    assert codes_of(field)[0] == "tr-list@1"
