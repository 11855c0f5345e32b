"""The checklists' editor: a draft, two at once, the next version, and the file it exports."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from domain.access import Actor, Role
from domain.errors import Fault
from server.accounts.service import add_person, find_department, get_jurisdiction
from server.accounts.sessions import actor_of
from server.db import db, unit_of_work
from server.registry import service as registry
from server.registry.editing.drafts import (
    check_items_of,
    create_list,
    discard_draft,
    find_draft,
    get_draft,
    seen_of,
    start_draft,
)
from server.registry.editing.models import DraftEntry
from server.registry.editing.publishing import newest_items, publish_draft
from server.registry.editing.saving import move_entry, remove_entry, save_entry, save_head
from server.registry.items.versions import add_item, find_item, set_status
from server.registry.models import InspectionItem
from tests.conftest import ON_SQLITE, Beginning
from tests.integration.registry.county import CHECKLISTS, LISTED, enter_listed

NEW: dict[str, Any] = {
    "code": "PAX-90",
    "text": "抽查驾驶室：未放置妨碍安全驾驶的物品",
    "basis": [{"law": "道路运输条例", "article": "第三十条", "confidence": "B"}],
    "method": ["实地核查"],
    "answer": {"type": "judge"},
    "photo_on_fail": True,
    "severity": "一般",
}


@pytest.fixture
def beginning() -> Beginning:
    """All lists imported."""
    return LISTED


@pytest.fixture
def people(app: Flask) -> Iterator[tuple[Actor, Actor]]:
    """Two of the office; all lists imported."""
    with app.app_context():
        county = enter_listed(app)
        home = find_department("tr")
        assert home is not None
        made = [
            add_person(get_jurisdiction(county), home, name, name, "a long password", [role])
            for name, role in (("jia", Role.OFFICE_STAFF), ("yi", Role.ADMIN))
        ]
        yield actor_of(made[0]), actor_of(made[1])


def own_item(actor: Actor, code: str = "passenger") -> InspectionItem:
    item = find_item(actor, code)
    assert item is not None
    return item


@pytest.mark.both
def test_draft_becomes_the_next_version_and_the_old_one_stays(people: tuple[Actor, Actor]) -> None:
    actor, _ = people
    before = registry.checklist_document("passenger@1").body
    draft = start_draft(actor, "passenger")
    assert check_items_of(draft) == newest_items("passenger")[1]
    save_entry(actor, "passenger", None, NEW, own_item(actor).id, position=2)
    made = publish_draft(actor, "passenger", "增加一项", over=1)
    assert (made.reference, made.reason) == ("passenger@2", "增加一项")
    assert [entry.code for entry in made.entries][:3] == ["PAX-01", "PAX-90", "PAX-02"]
    assert registry.checklist_document("passenger@1").body == before
    assert find_draft(actor, "passenger") is None
    found = registry.find_checklist("passenger")
    assert found is not None and found.version == 2


def test_a_draft_that_changes_nothing_is_not_published(people: tuple[Actor, Actor]) -> None:
    actor, _ = people
    start_draft(actor, "passenger")
    with pytest.raises(Fault) as refused:
        publish_draft(actor, "passenger", "x", over=1)
    assert refused.value.code == "draft.unchanged"
    discard_draft(actor, "passenger")
    assert db.session.scalars(select(DraftEntry)).all() == []


def test_entry_without_an_item_in_use_is_refused_also_by_the_database(
    people: tuple[Actor, Actor],
) -> None:
    actor, _ = people
    draft = start_draft(actor, "passenger")
    gone = add_item(actor, "gone", {"name": "已取消"})
    set_status(actor, gone.id, "withdrawn", "取消")
    for item_id in (None, gone.id):
        with pytest.raises(Fault) as refused:
            save_entry(actor, "passenger", None, NEW, item_id)
        told = refused.value.details
        assert (told["field"], told["reason"]) == ("item", "checklist.no_item")
    change = text("UPDATE draft_entries SET inspection_item_id = NULL WHERE draft_id = :draft")
    with pytest.raises(IntegrityError), unit_of_work() as work:
        work.execute(change, {"draft": draft.id})


def test_item_withdrawn_after_the_entry_was_written_stops_publication(
    people: tuple[Actor, Actor],
) -> None:
    actor, _ = people
    start_draft(actor, "passenger")
    other = add_item(actor, "AF", {"name": "安全防范"})
    save_entry(actor, "passenger", None, NEW, other.id)
    set_status(actor, other.id, "withdrawn", "取消")
    with pytest.raises(Fault) as refused:
        publish_draft(actor, "passenger", "x", over=1)
    assert refused.value.code == "item.withdrawn"
    assert find_draft(actor, "passenger") is not None


def test_second_of_two_writers_is_told_by_name_and_overwrites_nothing(
    people: tuple[Actor, Actor],
) -> None:
    jia, yi = people
    entry = start_draft(jia, "passenger").entries[0]
    seen, item = seen_of(entry), own_item(jia).id
    said = {"code": entry.code, **deepcopy(entry.content)}
    save_entry(jia, "passenger", entry.id, {**said, "text": "甲写的"}, item, seen=seen)
    for deed in (
        lambda: save_entry(yi, "passenger", entry.id, {**said, "text": "乙"}, item, seen=seen),
        lambda: remove_entry(yi, "passenger", entry.id, seen),
    ):
        with pytest.raises(Fault) as refused:
            deed()
        assert refused.value.code == "draft.changed_meanwhile"
        assert refused.value.details["name"] == "jia"
    stands = get_draft(yi, "passenger").entries[0]
    assert stands.content["text"] == "甲写的"
    save_entry(yi, "passenger", entry.id, {**said, "text": "乙"}, item, seen=seen_of(stands))
    assert stands.content["text"] == "乙"


def test_two_who_write_different_entries_do_not_meet(people: tuple[Actor, Actor]) -> None:
    jia, yi = people
    first, second = start_draft(jia, "passenger").entries[:2]
    seen, item = seen_of(second), own_item(jia).id
    said = {"code": first.code, **first.content, "text": "甲"}
    save_entry(jia, "passenger", first.id, said, item, position=5, seen=seen_of(first))
    other = {"code": second.code, **second.content, "text": "乙"}
    save_entry(yi, "passenger", second.id, other, item, seen=seen)
    draft = get_draft(jia, "passenger")
    head = seen_of(draft)
    save_head(jia, "passenger", "客运", draft.objects, head)
    with pytest.raises(Fault):
        save_head(yi, "passenger", "旅客运输", draft.objects, head)
    assert [e.content["text"] for e in draft.entries][0:5:4] == ["乙", "甲"]


def test_order_is_whole_numbers_without_gaps_whatever_is_moved(
    people: tuple[Actor, Actor],
) -> None:
    actor, _ = people
    draft = start_draft(actor, "passenger")
    codes = [entry.code for entry in draft.entries]
    move_entry(actor, "passenger", draft.entries[0].id, -1)
    move_entry(actor, "passenger", draft.entries[0].id, 1)
    remove_entry(actor, "passenger", draft.entries[-1].id, seen_of(draft.entries[-1]))
    db.session.refresh(draft)
    assert [e.code for e in draft.entries] == [codes[1], codes[0], *codes[2:-1]]
    assert [e.position for e in draft.entries] == list(range(1, len(codes)))


@ON_SQLITE
@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"text": " "}, "text", "checklist.blank"),
        ({"code": "检-1"}, "code", "checklist.unknown_value"),
        ({"code": "PAX-02"}, "code", "checklist.repeated"),
        ({"basis": []}, "basis", "checklist.blank"),
        ({"answer": {"type": "judge", "pass": ">=1"}}, "pass", "checklist.rule_does_not_fit"),
        ({"answer": {"type": "number", "pass": "=>1"}}, "pass", "checklist.bad_rule"),
        ({"answer": {"type": "text", "known": "officers"}}, "known", "checklist.unknown_value"),
        ({"severity": "很严重"}, "severity", "checklist.unknown_value"),
    ],
)
def test_what_a_file_may_not_say_a_draft_may_not_either(
    people: tuple[Actor, Actor], change: dict[str, Any], field: str, reason: str
) -> None:
    actor, _ = people
    start_draft(actor, "passenger")
    with pytest.raises(Fault) as refused:
        save_entry(actor, "passenger", None, {**NEW, **change}, own_item(actor).id)
    told = refused.value.details
    assert (told["field"], told["reason"]) == (field, reason)
    assert len(get_draft(actor, "passenger").entries) == 15


def test_version_imported_meanwhile_is_told_before_it_is_overtaken(
    people: tuple[Actor, Actor],
) -> None:
    actor, _ = people
    start_draft(actor, "passenger")
    save_entry(actor, "passenger", None, NEW, own_item(actor).id)
    changed = CHECKLISTS.read_text("utf-8").replace("title: 道路旅客运输\n", "title: 客运\n")
    registry.import_checklists(changed.encode(), actor)
    with pytest.raises(Fault) as refused:
        publish_draft(actor, "passenger", "x", over=1)
    assert (refused.value.code, refused.value.details["version"]) == ("draft.outdated", 2)
    assert publish_draft(actor, "passenger", "x", over=2).version == 3


def test_new_list_is_written_from_nothing(people: tuple[Actor, Actor]) -> None:
    actor, _ = people
    with pytest.raises(Fault) as refused:
        create_list(actor, "passenger", "客运", "企业")
    assert refused.value.code == "checklist.exists"
    create_list(actor, "ferry", "渡口渡船", "渡口经营者")
    with pytest.raises(Fault) as empty:
        publish_draft(actor, "ferry", "", over=0)
    assert empty.value.code == "draft.empty"
    item = add_item(actor, "DK", {"name": "渡口渡船"})
    save_entry(actor, "ferry", None, {**NEW, "code": "FER-01"}, item.id)
    made = publish_draft(actor, "ferry", "新设", over=0)
    assert made.reference == "ferry@1" and made.entries[0].inspection_item_id == item.id


@ON_SQLITE
def test_exported_lists_come_back_unchanged(people: tuple[Actor, Actor]) -> None:
    actor, _ = people
    draft = start_draft(actor, "passenger")
    other = add_item(actor, "AF", {"name": "安全防范"})
    save_entry(actor, "passenger", None, {**NEW, "is_required": False}, other.id, position=1)
    save_head(actor, "passenger", "道路旅客运输（修订）", draft.objects, seen_of(draft))
    publish_draft(actor, "passenger", "x", over=1)
    data = registry.export_checklists(registry.list_checklists(actor))
    again = registry.import_checklists(data, actor)
    assert {one.outcome for one in again.lists} == {"unchanged"}
    assert len(again.lists) == 14
    entry = yaml.safe_load(data)["checklists"][-1]["items"][0]
    assert (entry["item"], entry["is_required"]) == ("AF", False)


def test_file_that_names_an_item_outside_the_list_is_refused_whole(
    people: tuple[Actor, Actor],
) -> None:
    actor, _ = people
    data = registry.export_checklists([registry.get_checklist("passenger@1")])
    named = data.replace(b"severity:", b"item: nowhere\n    severity:", 1)
    with pytest.raises(Fault) as refused:
        registry.import_checklists(named, actor)
    assert refused.value.details["reason"] == "checklist.no_item"
    found = registry.find_checklist("passenger")
    assert found is not None and found.version == 1
