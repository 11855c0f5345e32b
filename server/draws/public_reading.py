"""Lookups for everybody, without sign-in: which draws there were, and what may be known of each
(docs/draw.md §10)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from domain.county_settings import read_setting
from domain.draw_reading import read_pool
from domain.errors import fault
from domain.sampling import Quota
from server.accounts.service import get_jurisdiction
from server.db import db, scope_to
from server.draws.changes import list_public_changes
from server.draws.frame import frame_of
from server.draws.models import Draw, DrawState
from server.draws.parties import parties_of
from server.registry import service as registry

DRAWS_PER_PAGE = 50
KEPT_SUMMARIES = 200


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A draw in the list. ``firms`` is None until it was drawn."""

    public_id: str
    state: str
    task_no: str
    task: str
    firms: int | None
    frozen_at: datetime
    drawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class PoolSummary:
    """A frozen pool counted. ``officers`` by department code."""

    firms: int
    officers: dict[str, int]
    quota: Quota
    percent: str
    at_least: int
    algorithm: str


@dataclass(frozen=True, slots=True)
class PublicFirm:
    """A drawn firm, in ticket order from 1; ``teams`` are (department, opaque officer keys)."""

    place: int
    id: str
    name: str
    tier: str
    ticket: str
    teams: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class PublicDraw:
    """One draw. ``summary`` is None where nothing was frozen; ``has_pool`` and ``has_record`` say
    what can be taken along today; ``frame`` is what was said in the room (``frame_of``);
    ``changes`` are what was approved afterwards, firms with their names."""

    draw: Draw
    county: str
    summary: PoolSummary | None
    departments: dict[str, str]
    firms: tuple[PublicFirm, ...]
    has_pool: bool
    has_record: bool
    frame: dict[str, Any]
    changes: tuple[dict[str, Any], ...]


def list_public_draws(page: int) -> registry.Page[PublicLine]:
    """The newest first, whatever became of them: what was not drawn is public as well."""
    total = db.session.scalar(select(func.count(Draw.id))) or 0
    number = min(max(1, page), max(1, -(-total // DRAWS_PER_PAGE)))
    # Pools and records are megabytes in a large county: only their length is asked for.
    query = (
        select(Draw, func.json_array_length(Draw.record["firms"]))
        .options(joinedload(Draw.task))
        .order_by(Draw.frozen_at.desc(), Draw.id.desc())
        .limit(DRAWS_PER_PAGE)
        .offset((number - 1) * DRAWS_PER_PAGE)
    )
    rows = [
        PublicLine(
            draw.public_id, draw.state, draw.task.task_no, draw.task.name, firms or None,
            draw.frozen_at, draw.drawn_at,
        )
        for draw, firms in db.session.execute(query)
    ]  # fmt: skip
    return registry.Page(rows=rows, number=number, total=total, size=DRAWS_PER_PAGE)


def view_public_draw(public_id: str) -> PublicDraw:
    """Raises ``draw.not_found``."""
    draw = _find(public_id)
    parties = {one.code: one.name for one in parties_of(draw.task).departments}
    return PublicDraw(
        draw=draw,
        county=get_jurisdiction(draw.jurisdiction_id).name,
        summary=_summary_of(draw),
        departments=parties,
        firms=_firms_of(draw, parties),
        has_pool=_may_show_pool(draw),
        has_record=draw.record is not None,
        frame=frame_of(draw),
        changes=_changes_of(draw),
    )


def _changes_of(draw: Draw) -> tuple[dict[str, Any], ...]:
    told = list_public_changes(draw)
    keys = {one[name] for one in told for name in ("firm", "substitute") if one[name]}
    firms = registry.map_firms_by_uscc(None, sorted(keys))
    names = {key: firm.name for key, firm in firms.items()}
    return tuple(
        {**one, "firm_name": names.get(one["firm"], one["firm"]),
         "substitute_name": names.get(one["substitute"], one["substitute"])}
        for one in told
    )  # fmt: skip


def public_pool(public_id: str) -> str:
    """The canonical text whose SHA-256 is the digest, to the byte. Raises ``draw.not_found`` also
    where there is none, or none yet for the public."""
    draw = _find(public_id)
    if not _may_show_pool(draw):
        raise fault("draw.not_found")
    return draw.pool


def public_record(public_id: str) -> dict[str, Any]:
    """Raises ``draw.not_found`` also for what was not drawn."""
    draw = _find(public_id)
    if draw.record is None:
        raise fault("draw.not_found")
    return draw.record


def _find(public_id: str) -> Draw:
    query = select(Draw).where(Draw.public_id == public_id)
    draw = db.session.scalar(query.options(joinedload(Draw.task)))
    if draw is None:
        raise fault("draw.not_found")
    scope_to(draw.jurisdiction_id)  # a visitor has no county until it is known what they look at
    return draw


def _may_show_pool(draw: Draw) -> bool:
    if not draw.pool_sha256 or draw.state == DrawState.EMPTY:
        return False
    settings = get_jurisdiction(draw.jurisdiction_id).settings
    return draw.record is not None or bool(read_setting(settings, "draw.publish_frozen_pool"))


_summaries: dict[str, PoolSummary] = {}


def _summary_of(draw: Draw) -> PoolSummary | None:
    """Counting is remembered by digest: anybody may ask, as often as they like, and what has this
    digest never counts differently."""
    if draw.state == DrawState.EMPTY:
        return None
    known = _summaries.get(draw.pool_sha256)
    if known is None:
        data = json.loads(draw.pool)
        if not data:
            return None
        pool = read_pool(data)
        known = PoolSummary(
            firms=len(pool.firms),
            officers=dict(Counter(one.department for one in pool.officers)),
            quota=pool.quota(),
            percent=data["rules"]["percent"],
            at_least=pool.rules.at_least,
            algorithm=pool.algorithm,
        )
        if len(_summaries) >= KEPT_SUMMARIES:
            _summaries.clear()
        _summaries[draw.pool_sha256] = known
    return known


def _firms_of(draw: Draw, departments: dict[str, str]) -> tuple[PublicFirm, ...]:
    record = draw.record or {}
    drawn = record.get("firms", [])
    teams: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for one in record.get("assignments", []):
        name = departments.get(one["department"], one["department"])
        teams.setdefault(one["firm"], []).append((name, tuple(one["officers"])))
    known = registry.map_firms_by_uscc(None, [one["id"] for one in drawn])
    return tuple(
        PublicFirm(
            place=place,
            id=one["id"],
            name=known[one["id"]].name if one["id"] in known else one["id"],
            tier=one["tier"],
            ticket=one["ticket"],
            teams=tuple(teams.get(one["id"], ())),
        )
        for place, one in enumerate(drawn, start=1)
    )
