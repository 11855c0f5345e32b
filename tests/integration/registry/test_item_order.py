"""Checklists and the provincial list come in either order: the item list is the same (R012)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from domain.access import Actor
from server.registry import service as registry
from server.registry.checklist_export import export_checklists
from server.registry.items.listing import list_items
from server.registry.items.province import claim_items, import_province_list, list_claims
from server.registry.items.versions import change_item, fields_of, find_item
from tests.integration.registry.county import CHECKLISTS, build_county, office_of

PROVINCE = (CHECKLISTS.parent / "demo" / "items.csv").read_bytes()
LISTS = CHECKLISTS.read_bytes()


@pytest.fixture
def actor(app: Flask) -> Iterator[Actor]:
    with app.app_context():
        yield office_of(build_county())


def claim_all(actor: Actor) -> None:
    import_province_list(actor, "省级清单.csv", PROVINCE)
    claims = [row.province.code for row in list_claims(actor) if row.province is not None]
    claim_items(actor, claims)


def said(actor: Actor) -> dict[str, Any]:
    """What the list says by name: its contents, what is missing, the checklists on each item."""
    return {
        row.item.name: (fields_of(row.item), row.item.province_code, row.missing, row.lists)
        for row in list_items(actor)
    }


@pytest.mark.both
def test_either_order_gives_the_same_item_list(actor: Actor) -> None:
    registry.import_checklists(LISTS)
    claim_all(actor)
    checklists_first = said(actor)

    other = office_of(build_county("140597", "另一县"), "office2")
    claim_all(other)
    registry.import_checklists(LISTS)

    assert len(list_items(other)) == len(said(other)), "a name stands twice"
    assert said(other) == checklists_first


def test_list_on_a_claimed_item_comes_again_unchanged_from_both_its_files(actor: Actor) -> None:
    claim_all(actor)
    registry.import_checklists(LISTS)
    assert registry.import_checklists(LISTS).imported == 0
    exported = export_checklists(registry.list_checklists(actor))
    assert registry.import_checklists(exported).imported == 0


def test_next_version_stays_with_the_claimed_item_under_its_new_name(actor: Actor) -> None:
    claim_all(actor)
    registry.import_checklists(LISTS)
    item = find_item(actor, "JT-001")
    assert item is not None
    change_item(
        actor, item.id, {"name": "道路客运经营"}, seen=item.version, reason="省级清单改了名"
    )
    before = len(list_items(actor))
    changed = LISTS.decode().replace("许可证件、客运标志牌无转让", "客运标志牌无转让", 1)
    assert registry.import_checklists(changed.encode()).imported == 1
    assert len(list_items(actor)) == before
    newest = registry.list_versions(actor, "passenger")[0]
    assert {entry.item.code for entry in newest.entries} == {"JT-001"}
