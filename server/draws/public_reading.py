"""Lookups for everybody, without sign-in: which draws there were, and what may be known of each
(docs/draw.md §10)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
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
from server.draws.change_models import OfficialDraw
from server.draws.changes import list_public_changes
from server.draws.frame import frame_of
from server.draws.models import OFFICIAL, Draw, DrawState
from server.draws.official import count_official_firms, find_official
from server.draws.parties import parties_of
from server.draws.public_firms import (
    PublicFirm,
    firms_like,
    firms_of_platform,
    firms_of_record,
    page_of_firms,
)
from server.draws.reading import record_file
from server.draws.release import are_firms_public, firms_from
from server.registry import service as registry
from server.runtime import runtime

DRAWS_PER_PAGE = 50
KEPT_SUMMARIES = 200
HELD_WITH_THE_SEED = ("rolls", "lottery")  # what was said in the room and makes the seed


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
class PublicDraw:
    """One draw. ``summary`` is None where nothing was frozen; ``has_pool`` and ``has_record`` say
    what can be taken along today; ``is_held``: the firms are not named yet, nor is what would tell
    them, and ``firms_from`` says from when; ``record_sha256`` is the digest of the record's file
    meanwhile. ``firms`` are one page of ``drawn``, ``q`` what was looked for among them; ``frame``
    is what was said in the room (``frame_of``); ``changes`` are what was approved afterwards, firms
    with their names; ``official`` is where a draw made on the platform comes from."""

    draw: Draw
    county: str
    summary: PoolSummary | None
    departments: dict[str, str]
    firms: registry.Page[PublicFirm]
    q: str
    drawn: int | None
    has_pool: bool
    has_record: bool
    is_held: bool
    firms_from: str
    record_sha256: str
    frame: dict[str, Any]
    changes: tuple[dict[str, Any], ...]
    official: OfficialDraw | None


def list_public_draws(page: int) -> registry.Page[PublicLine]:
    """The newest first, whatever became of them: what was not drawn is public as well."""
    total = db.session.scalar(select(func.count(Draw.id))) or 0
    number = min(max(1, page), max(1, -(-total // DRAWS_PER_PAGE)))
    # Pools and records are megabytes in a large county: neither is read here.
    query = (
        select(Draw)
        .options(joinedload(Draw.task))
        .order_by(Draw.frozen_at.desc(), Draw.id.desc())
        .limit(DRAWS_PER_PAGE)
        .offset((number - 1) * DRAWS_PER_PAGE)
    )
    found = list(db.session.scalars(query))
    firms = _count_firms([one.id for one in found if one.drawn_at and one.origin != OFFICIAL])
    firms |= count_official_firms([one.id for one in found if one.origin == OFFICIAL])
    rows = [
        PublicLine(
            one.public_id, one.state, one.task.task_no, one.task.name, firms.get(one.id),
            one.frozen_at, one.drawn_at,
        )
        for one in found
    ]  # fmt: skip
    return registry.Page(rows=rows, number=number, total=total, size=DRAWS_PER_PAGE)


def _count_firms(draw_ids: Sequence[int]) -> dict[int, int]:
    """Draw → firms drawn. Asked of the database once in a process: to count them it reads the whole
    record, which is megabytes in a large county, and what was drawn stays so."""
    kept = runtime().kept
    unknown = [one for one in draw_ids if ("drawn firms", one) not in kept]
    query = select(Draw.id, func.json_array_length(Draw.record["firms"]))
    for draw_id, count in db.session.execute(query.where(Draw.id.in_(unknown))) if unknown else ():
        kept["drawn firms", draw_id] = count or 0
    return {one: kept["drawn firms", one] for one in draw_ids}


def view_public_draw(public_id: str, page: int = 1, q: str = "") -> PublicDraw:
    """Raises ``draw.not_found``."""
    draw = find_draw(public_id)
    parties = {one.code: one.name for one in parties_of(draw.task).departments}
    official = find_official(draw)
    is_drawn = draw.drawn_at is not None
    is_held = not are_firms_public(draw)
    frame = frame_of(draw)
    if is_held:
        for name in HELD_WITH_THE_SEED:
            frame["ceremony"].pop(name, None)
    firms: list[PublicFirm] = []
    if is_drawn and not is_held:
        firms = firms_of_platform(official) if official else firms_of_record(draw, parties)
    return PublicDraw(
        draw=draw,
        county=get_jurisdiction(draw.jurisdiction_id).name,
        summary=_summary_of(draw),
        departments=parties,
        firms=page_of_firms(firms_like(firms, q), page),
        q=q,
        drawn=_count_drawn(draw, official),
        has_pool=may_show_pool(draw),
        has_record=is_drawn and official is None and not is_held,
        is_held=is_held,
        firms_from=firms_from(draw),
        record_sha256=_record_sha256(draw) if is_held and is_drawn and not official else "",
        frame=frame,
        changes=_changes_of(draw, is_held),
        official=official,
    )


def _count_drawn(draw: Draw, official: OfficialDraw | None) -> int | None:
    if draw.drawn_at is None:
        return None
    return len(official.content["firms"]) if official else _count_firms([draw.id])[draw.id]


def _record_sha256(draw: Draw) -> str:
    """Of the file that will be handed out: what is drawn is committed to although it is held."""
    kept = runtime().kept
    key = ("record file", draw.public_id)
    if key not in kept:
        kept[key] = hashlib.sha256(record_file(draw.record or {}).encode()).hexdigest()
    return str(kept[key])


def _changes_of(draw: Draw, is_held: bool) -> tuple[dict[str, Any], ...]:
    told = list_public_changes(draw)
    if is_held:
        return tuple({**one, "firm": "", "substitute": ""} for one in told)
    keys = {one[name] for one in told for name in ("firm", "substitute") if one[name]}
    firms = registry.map_firms_by_uscc(None, sorted(keys))
    names = {key: firm.name for key, firm in firms.items()}
    return tuple(
        {**one, "firm_name": names.get(one["firm"], one["firm"]),
         "substitute_name": names.get(one["substitute"], one["substitute"])}
        for one in told
    )  # fmt: skip


def find_draw(public_id: str) -> Draw:
    """Raises ``draw.not_found``."""
    query = select(Draw).where(Draw.public_id == public_id)
    draw = db.session.scalar(query.options(joinedload(Draw.task)))
    if draw is None:
        raise fault("draw.not_found")
    scope_to(draw.jurisdiction_id)  # a visitor has no county until it is known what they look at
    return draw


def may_show_pool(draw: Draw) -> bool:
    """Whether the pool's file is public today."""
    if not draw.pool_sha256 or draw.state == DrawState.EMPTY or draw.origin == OFFICIAL:
        return False
    if not are_firms_public(draw):
        return False
    settings = get_jurisdiction(draw.jurisdiction_id).settings
    return draw.drawn_at is not None or bool(read_setting(settings, "draw.publish_frozen_pool"))


_summaries: dict[str, PoolSummary] = {}


def _summary_of(draw: Draw) -> PoolSummary | None:
    """Counting is remembered by digest: anybody may ask, as often as they like, and what has this
    digest never counts differently."""
    if draw.state == DrawState.EMPTY or draw.origin == OFFICIAL:
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
