"""Making the item list public, edition by edition (R004): what was published stays readable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from domain.access import Action, Actor
from domain.canonical import canonical_sha256
from domain.errors import fault
from domain.item_list import SIX_FIELDS, list_missing
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.registry.items.listing import list_items
from server.registry.items.models import ItemPublication
from server.registry.keeping import require_keeper
from server.registry.owner import owner_of, take_turns
from server.runtime import now


def list_publications(jurisdiction_id: int) -> Sequence[ItemPublication]:
    """The newest first."""
    query = select(ItemPublication).where(ItemPublication.jurisdiction_id == jurisdiction_id)
    return list(db.session.scalars(query.order_by(ItemPublication.edition.desc())))


def count_publications(jurisdiction_id: int) -> int:
    """How many editions there are."""
    query = select(func.count(ItemPublication.id))
    return db.session.scalar(query.where(ItemPublication.jurisdiction_id == jurisdiction_id)) or 0


def get_publication(jurisdiction_id: int, edition: int | None = None) -> ItemPublication:
    """That edition, or the newest. Raises ``item.nothing_published``."""
    for one in list_publications(jurisdiction_id):
        if edition in (None, one.edition):
            return one
    raise fault("item.nothing_published")


def count_unpublished(actor: Actor) -> int:
    """Items that the public page does not show as they are, withdrawn ones it still shows too."""
    known = list_publications(owner_of(actor))
    published = {one["code"]: one for one in known[0].items} if known else {}
    present = {one["code"]: one for one in _snapshot(actor)}
    return sum(published.get(code) != present.get(code) for code in published.keys() | present)


def publish_items(actor: Actor) -> ItemPublication:
    """The next edition: every item in use as it stands. Raises ``item.incomplete`` (R005 names six
    fields), ``item.nothing_to_publish``."""
    require_keeper(actor, Action.ITEM_WRITE)
    with unit_of_work() as work:
        take_turns(owner_of(actor))
        items = _snapshot(actor)
        if lacking := [one["name"] for one in items if list_missing(one)]:
            raise fault("item.incomplete", items=lacking)
        known = list_publications(owner_of(actor))
        if not items or (known and known[0].items == items):
            raise fault("item.nothing_to_publish")
        edition = ItemPublication(
            jurisdiction_id=owner_of(actor),
            edition=known[0].edition + 1 if known else 1,
            items=items,
            sha256=canonical_sha256(items),
            published_by=actor.person_id,
            published_at=now(),
        )
        work.add(edition)
        work.flush()
        write_event(
            owner_of(actor),
            actor.person_id,
            "items.published",
            f"item_publication:{edition.id}",
            edition=edition.edition,
            sha256=edition.sha256,
        )
    return edition


def _snapshot(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "code": row.item.code,
            "version": row.item.version,
            "name": row.item.name,
            "kind": row.item.kind,
            "ratio_percent": f"{row.ratio.normalize():f}",
            "is_claimed": row.item.province_code is not None,
            **{name: getattr(row.item, name) for name in SIX_FIELDS},
        }
        for row in list_items(actor, status="in_use")
    ]
