"""抽查事项清单 as the office looks at it: each item with what is still to be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from domain.access import Actor
from domain.item_list import list_missing, ratio_of
from server.accounts.service import get_jurisdiction
from server.db import db
from server.registry.initials import fits
from server.registry.items.guides import GuideState, confirmed_versions, guide_state
from server.registry.items.versions import fields_of
from server.registry.models import CheckEntry, Checklist, InspectionItem
from server.registry.owner import owner_of


@dataclass(frozen=True, slots=True)
class ItemRow:
    """``ratio`` in percent, its own or its kind's; ``missing`` of the six fields; ``lists`` are the
    checklists whose newest version has entries of it, as reference and title."""

    item: InspectionItem
    ratio: Decimal
    missing: tuple[str, ...]
    guide: GuideState
    guide_version: int | None
    lists: tuple[tuple[str, str], ...]


def list_items(
    actor: Actor | None,
    *,
    q: str = "",
    kind: str = "",
    status: str = "",
    origin: str = "",
    guide: str = "",
    missing: str = "",
) -> list[ItemRow]:
    """By order of entry. ``q`` looks in code, name, category and objects, their initials, and in
    the content; ``origin`` is ``claimed`` or ``own``; ``guide`` a state; ``missing`` not empty:
    those in use that lack one of the six fields."""
    query = select(InspectionItem).where(InspectionItem.jurisdiction_id == owner_of(actor))
    if kind:
        query = query.where(InspectionItem.kind == kind)
    if status:
        query = query.where(InspectionItem.status == status)
    if origin:
        is_own = InspectionItem.province_code.is_(None)
        query = query.where(is_own if origin == "own" else ~is_own)
    found = [
        one
        for one in db.session.scalars(query.order_by(InspectionItem.id))
        if fits(q, one.name, one.code, one.category, one.objects) or _says(one, q)
    ]
    return [
        row
        for row in _rows(actor, found)
        if guide in ("", row.guide) and (not missing or (row.missing and row.item.is_in_use))
    ]


def _says(item: InspectionItem, q: str) -> bool:
    return q.strip().lower() in item.content.lower()


def ratio_text(row: ItemRow) -> str:
    """In percent, as written."""
    return f"{row.ratio.normalize():f}%"


def row_of(actor: Actor | None, item: InspectionItem) -> ItemRow:
    """One item as the list shows it."""
    return _rows(actor, [item])[0]


def _rows(actor: Actor | None, items: list[InspectionItem]) -> list[ItemRow]:
    settings = get_jurisdiction(owner_of(actor)).settings
    confirmed = confirmed_versions(actor)
    lists = _lists_by_item(actor)
    return [
        ItemRow(
            item=item,
            ratio=ratio_of(item.kind, item.ratio_percent, settings),
            missing=list_missing(fields_of(item)),
            guide=guide_state(item, confirmed.get(item.id)),
            guide_version=confirmed.get(item.id),
            lists=lists.get(item.id, ()),
        )
        for item in items
    ]


def _lists_by_item(actor: Actor | None) -> dict[int, tuple[tuple[str, str], ...]]:
    query = (
        select(CheckEntry.inspection_item_id, Checklist.code, Checklist.version, Checklist.title)
        .join(Checklist, Checklist.id == CheckEntry.checklist_id)
        .where(Checklist.jurisdiction_id == owner_of(actor))
        .distinct()
        .order_by(Checklist.code)
    )
    rows = db.session.execute(query).all()
    newest: dict[str, int] = {}
    for row in rows:
        newest[row.code] = max(row.version, newest.get(row.code, 0))
    found: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        if row.version == newest[row.code]:
            reference = f"{row.code}@{row.version}"
            found.setdefault(row.inspection_item_id, []).append((reference, row.title))
    return {item: tuple(lists) for item, lists in found.items()}
