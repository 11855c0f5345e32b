"""Lookups: draws, the public record of one, and its recomputation (DESIGN §7.4)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from domain.access import Actor
from domain.canonical import canonical_json
from domain.draw import read_pool, verify_draw
from domain.errors import fault
from domain.sampling import Quota
from server.accounts.service import get_person
from server.db import db
from server.draws.models import Draw
from server.draws.parties import parties_of


def list_draws(actor: Actor, task_id: int | None = None) -> list[Draw]:
    """The county's draws, the newest first, of one task or of all; frozen, empty and withdrawn
    ones too: what was not drawn is on record as well."""
    query = select(Draw).where(Draw.jurisdiction_id == actor.jurisdiction_id)
    if task_id is not None:
        query = query.where(Draw.task_id == task_id)
    query = query.options(joinedload(Draw.task)).order_by(Draw.frozen_at.desc(), Draw.id.desc())
    return list(db.session.scalars(query))


def count_drawn_firms(actor: Actor) -> dict[int, int]:
    """Draw → how many firms, of those drawn here; the records themselves stay where they are."""
    query = select(Draw.id, func.json_array_length(Draw.record["firms"])).where(
        Draw.jurisdiction_id == actor.jurisdiction_id
    )
    return {draw: count for draw, count in db.session.execute(query) if count}


def get_draw(actor: Actor, draw_id: int) -> Draw:
    """Raises ``draw.not_found``, also for another county's."""
    draw = db.session.get(Draw, draw_id)
    if draw is None or draw.jurisdiction_id != actor.jurisdiction_id:
        raise fault("draw.not_found")
    return draw


def find_draw(actor: Actor, public_id: str) -> Draw | None:
    """By the number that is published."""
    return db.session.scalar(
        select(Draw).where(
            Draw.public_id == public_id, Draw.jurisdiction_id == actor.jurisdiction_id
        )
    )


def export_draw(actor: Actor, public_id: str) -> dict[str, Any]:
    """The record exactly as ``domain.draw.verify_draw`` reads it. Raises ``draw.not_found``, also
    for a pool that was never drawn."""
    draw = find_draw(actor, public_id)
    if draw is None or draw.record is None:
        raise fault("draw.not_found")
    return dict(draw.record)


def record_file(record: dict[str, Any]) -> str:
    """The text of a record's file: what ``suicha draw verify`` and a visitor's browser read."""
    return canonical_json(record) + "\n"


def verify(record: Mapping[str, Any]) -> list[str]:
    """One line per difference between the record and its recomputation; empty when equal."""
    return verify_draw(record)


def verify_stored(actor: Actor, draw_id: int) -> list[str]:
    """Recomputes a stored draw, and compares its record with what was frozen and entered."""
    draw = get_draw(actor, draw_id)
    if draw.record is None:
        raise fault("draw.not_found")
    differences = verify_draw(draw.record)
    for name, stored in (
        ("pool_sha256", draw.pool_sha256),
        ("seed", draw.seed),
        ("draw_id", draw.public_id),
    ):
        if draw.record.get(name) != stored:
            differences.append(f"{name}: the record and the draw's own row disagree")
    return differences


@dataclass(frozen=True, slots=True)
class FrozenPool:
    """What a draw committed to, for people."""

    quota: Quota
    firms: int
    officers: Mapping[str, int]
    percent: str
    at_least: int
    labels: Mapping[str, str]


def frozen_pool(draw: Draw) -> FrozenPool | None:
    """The stored pool counted; officers by department name. None where nothing could be frozen."""
    data = json.loads(draw.pool)
    if not data:
        return None
    pool = read_pool(data)
    names = {one.code: one.name for one in parties_of(draw.task).departments}
    counts = Counter(officer.department for officer in pool.officers)
    return FrozenPool(
        quota=pool.quota(),
        firms=len(pool.firms),
        officers={names.get(code, code): counts[code] for code in pool.rules.departments},
        percent=data["rules"]["percent"],
        at_least=pool.rules.at_least,
        labels={names.get(code, code): label for code, label in pool.rules.required_labels.items()},
    )


def people_of(draw: Draw) -> dict[str, str]:
    """Names of who froze and who drew, ``frozen_by`` and ``drawn_by``; empty for nobody."""
    return {
        "frozen_by": get_person(draw.frozen_by).name if draw.frozen_by else "",
        "drawn_by": get_person(draw.drawn_by).name if draw.drawn_by else "",
    }
