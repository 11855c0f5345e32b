"""工作指引: how an item is inspected, confirmed version by version of the item (R008)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import func, select

from domain.access import Action, Actor
from domain.errors import fault
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.registry.items.models import ItemGuide
from server.registry.items.versions import get_item
from server.registry.keeping import require_keeper
from server.registry.models import InspectionItem
from server.registry.owner import owner_of, take_turns
from server.runtime import now


class GuideState(StrEnum):
    """BEHIND: the item has a newer version than the one the guide was confirmed for."""

    NONE = "none"
    BEHIND = "behind"
    IN_STEP = "in_step"


def list_guides(item: InspectionItem) -> Sequence[ItemGuide]:
    """All confirmations, the newest first."""
    query = select(ItemGuide).where(ItemGuide.item_id == item.id)
    return list(db.session.scalars(query.order_by(ItemGuide.version.desc())))


def confirmed_versions(actor: Actor | None) -> dict[int, int]:
    """Item id → the item's version its guide was last confirmed for."""
    newest = (
        select(ItemGuide.item_id, func.max(ItemGuide.version).label("version"))
        .where(ItemGuide.jurisdiction_id == owner_of(actor))
        .group_by(ItemGuide.item_id)
        .subquery()
    )
    query = select(ItemGuide.item_id, ItemGuide.item_version).join(
        newest, (ItemGuide.item_id == newest.c.item_id) & (ItemGuide.version == newest.c.version)
    )
    return {row.item_id: row.item_version for row in db.session.execute(query)}


def guide_state(item: InspectionItem, confirmed_for: int | None) -> GuideState:
    """Whether the guide goes with what the item says now."""
    if confirmed_for is None:
        return GuideState.NONE
    return GuideState.IN_STEP if confirmed_for == item.version else GuideState.BEHIND


def confirm_guide(
    actor: Actor,
    item_id: int,
    *,
    steps: str,
    materials: str,
    points: str,
    item_version: int,
    seen: int,
) -> ItemGuide:
    """The guide as confirmed for that version of the item, also where its words stay the same.
    ``seen`` is the guide's version the writer looked at, 0 for none. Raises
    ``item.changed_meanwhile`` where the item has moved on, ``draft.changed_meanwhile`` where
    somebody else wrote the guide meanwhile."""
    require_keeper(actor, Action.ITEM_WRITE)
    with unit_of_work() as work:
        take_turns(owner_of(actor))
        item = get_item(actor, item_id)
        work.refresh(item)
        if item.version != item_version:
            raise fault("item.changed_meanwhile", version=item.version)
        known = list_guides(item)
        newest = known[0].version if known else 0
        if newest != seen:
            raise fault("draft.changed_meanwhile", name="", person=known[0].confirmed_by)
        guide = ItemGuide(
            jurisdiction_id=item.jurisdiction_id,
            item_id=item.id,
            version=newest + 1,
            item_version=item.version,
            steps=steps,
            materials=materials,
            points=points,
            confirmed_by=actor.person_id,
            confirmed_at=now(),
        )
        work.add(guide)
        write_event(
            owner_of(actor),
            actor.person_id,
            "item.guide_confirmed",
            f"item:{item.id}",
            version=item.version,
        )
    return guide
