"""Writing items: every change of what an item says is a new version with its day and reason.

Nothing else writes ``inspection_items`` but a file, which tells ``keep_versions``. Checklists and
sheets keep the version they were made by.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from domain.item_list import FIELDS, compare_fields
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.registry.changes import apply_change
from server.registry.items.models import ItemVersion
from server.registry.keeping import require_keeper
from server.registry.models import CheckEntry, InspectionItem
from server.registry.owner import owner_of, person_id_of, take_turns
from server.runtime import now, today

Fields = Mapping[str, Any]
Written = Sequence[tuple[InspectionItem, Mapping[str, list[Any]]]]


def find_item(actor: Actor | None, code: str) -> InspectionItem | None:
    """By its code, withdrawn ones too."""
    query = select(InspectionItem).where(
        InspectionItem.jurisdiction_id == owner_of(actor), InspectionItem.code == code
    )
    return db.session.scalar(query)


def get_item(actor: Actor | None, item_id: int) -> InspectionItem:
    """Raises ``item.not_found``, also for another county's."""
    item = db.session.get(InspectionItem, item_id)
    if item is None or item.jurisdiction_id != owner_of(actor):
        raise fault("item.not_found")
    return item


def fields_of(item: InspectionItem) -> dict[str, Any]:
    """What a version keeps: JSON-ready, the ratio as text."""
    fields = {name: getattr(item, name) for name in FIELDS}
    ratio = item.ratio_percent
    return {**fields, "ratio_percent": None if ratio is None else f"{ratio.normalize():f}"}


def list_versions_of(item: InspectionItem) -> Sequence[ItemVersion]:
    """The newest first."""
    query = select(ItemVersion).where(ItemVersion.item_id == item.id)
    return list(db.session.scalars(query.order_by(ItemVersion.version.desc())))


def add_item(
    actor: Actor | None,
    code: str,
    fields: Fields,
    *,
    reason: str = "",
    in_force_on: date | None = None,
    province_code: str | None = None,
) -> InspectionItem:
    """A new item in its first version. ``fields`` may lack some of ``FIELDS``. Raises
    ``item.code_taken``."""
    require_keeper(actor, Action.ITEM_WRITE)
    with unit_of_work() as work:
        take_turns(owner_of(actor))
        if find_item(actor, code) is not None:
            raise fault("item.code_taken", code=code)
        item = InspectionItem(
            jurisdiction_id=owner_of(actor),
            code=code,
            province_code=province_code,
            status="in_use",
            version=1,
            **_columns(fields),
        )
        work.add(item)
        work.flush()
        _keep(actor, item, reason, in_force_on)
        write_event(owner_of(actor), person_id_of(actor), "item.added", f"item:{item.id}")
    return item


def change_item(
    actor: Actor | None,
    item_id: int,
    fields: Fields,
    *,
    seen: int,
    reason: str,
    in_force_on: date | None = None,
    province_code: str | None = None,
) -> InspectionItem:
    """The next version. ``seen`` is the version the writer looked at. Raises ``item.not_found``,
    ``item.changed_meanwhile``, ``item.unchanged``."""
    require_keeper(actor, Action.ITEM_WRITE)
    with unit_of_work() as work:
        take_turns(owner_of(actor))
        item = get_item(actor, item_id)
        work.refresh(item)
        if item.version != seen:
            raise fault("item.changed_meanwhile", version=item.version)
        before = fields_of(item)
        is_claimed = province_code is not None and province_code != item.province_code
        if not compare_fields(before, {**before, **fields}) and not is_claimed:
            raise fault("item.unchanged")
        for name, value in _columns(fields).items():
            setattr(item, name, value)
        item.province_code = province_code or item.province_code
        item.version += 1
        work.flush()
        _keep(actor, item, reason, in_force_on)
        write_event(
            owner_of(actor),
            person_id_of(actor),
            "item.changed",
            f"item:{item.id}",
            version=item.version,
            reason=reason,
        )
    return item


def set_status(actor: Actor, item_id: int, status: str, reason: str) -> InspectionItem:
    """``withdrawn``: neither drawn nor put on a checklist from now on; ``in_use``: again. What was
    drawn stays. It is no new version; the register's history keeps it."""
    require_keeper(actor, Action.ITEM_WRITE)
    with unit_of_work():
        take_turns(owner_of(actor))
        item = get_item(actor, item_id)
        change = apply_change(actor, "items", item, {"status": status}, "form", reason)
        if change is not None:
            verb = "item.withdrawn" if status == "withdrawn" else "item.restored"
            write_event(owner_of(actor), actor.person_id, verb, f"item:{item.id}", reason=reason)
    return item


def keep_versions(actor: Actor | None, written: Written, source: str) -> None:
    """What a file, or its undoing, wrote of items, as the next version of each. Which of them is
    used or withdrawn makes none."""
    kind, _colon, number = source.partition(":")
    why = "撤销第 {n} 号导入" if kind == "undo" else "第 {n} 号导入"
    for item, changes in written:
        if not any(name in changes for name in FIELDS):
            continue
        if changes.get("code", [""])[0] is not None:
            item.version += 1
            db.session.flush()
        _keep(actor, item, why.format(n=number), None)


def list_listed_items(_actor: Actor | None, ids: Collection[int]) -> set[int]:
    """Which of these a checklist has entries of."""
    query = select(CheckEntry.inspection_item_id).where(CheckEntry.inspection_item_id.in_(ids))
    return set(db.session.scalars(query.distinct()))


def _keep(actor: Actor | None, item: InspectionItem, reason: str, on: date | None) -> None:
    db.session.add(
        ItemVersion(
            jurisdiction_id=item.jurisdiction_id,
            item_id=item.id,
            version=item.version,
            fields=fields_of(item),
            in_force_on=on or today(),
            reason=reason,
            changed_by=person_id_of(actor),
            changed_at=now(),
        )
    )
    db.session.flush()


def _columns(fields: Fields) -> dict[str, Any]:
    found = {name: fields[name] for name in FIELDS if name in fields}
    if "methods" in found:
        found["methods"] = list(found["methods"])
    if found.get("ratio_percent") is not None:
        found["ratio_percent"] = Decimal(str(found["ratio_percent"]))
    return found
