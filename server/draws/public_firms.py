"""The drawn firms as everybody may see them, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from server.db import db
from server.draws.change_models import OfficialDraw
from server.draws.models import Draw
from server.registry import service as registry

FIRMS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class PublicFirm:
    """A drawn firm, in ticket order from 1; ``teams`` are (department, opaque officer keys)."""

    place: int
    id: str
    name: str
    tier: str
    ticket: str
    teams: tuple[tuple[str, tuple[str, ...]], ...]


def firms_of_record(draw: Draw, departments: dict[str, str]) -> list[PublicFirm]:
    """By ticket; each is named by its code until ``page_of_firms`` asks the register."""
    query = select(Draw.record["firms"], Draw.record["assignments"]).where(Draw.id == draw.id)
    drawn, assignments = db.session.execute(query).one()
    teams: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for one in assignments:
        name = departments.get(one["department"], one["department"])
        teams.setdefault(one["firm"], []).append((name, tuple(one["officers"])))
    return [
        PublicFirm(
            place=place,
            id=one["id"],
            name=one["id"],
            tier=one["tier"],
            ticket=one["ticket"],
            teams=tuple(teams.get(one["id"], ())),
        )
        for place, one in enumerate(drawn, start=1)
    ]


def firms_of_platform(official: OfficialDraw) -> list[PublicFirm]:
    """In the order of the platform's file; it has no tickets."""
    return [
        PublicFirm(place, one["uscc"], one["name"], "", "", ())
        for place, one in enumerate(official.content["firms"], start=1)
    ]


def firms_like(firms: list[PublicFirm], q: str) -> list[PublicFirm]:
    """Those whose name or code holds ``q``; the names are looked up only for that."""
    if not q:
        return firms
    return [one for one in _with_names(firms) if q in one.name or q.upper() in one.id]


def _with_names(firms: Sequence[PublicFirm]) -> list[PublicFirm]:
    known = registry.map_firms_by_uscc(None, [one.id for one in firms if one.name == one.id])
    return [replace(one, name=known[one.id].name) if one.id in known else one for one in firms]


def page_of_firms(firms: Sequence[PublicFirm], page: int) -> registry.Page[PublicFirm]:
    number = min(max(1, page), max(1, -(-len(firms) // FIRMS_PER_PAGE)))
    shown = firms[(number - 1) * FIRMS_PER_PAGE : number * FIRMS_PER_PAGE]
    return registry.Page(_with_names(shown), number, len(firms), FIRMS_PER_PAGE)
