"""Whether the firms of a draw may be named to everybody yet (setting ``public.firms_from``)."""

from __future__ import annotations

from sqlalchemy import select

from domain.county_settings import read_setting
from domain.draw_release import FirmsFrom, are_named
from server.accounts.service import get_jurisdiction
from server.db import db
from server.draws.models import Draw, DrawState
from server.inspections.service import progress_of_draw


def firms_from(draw: Draw) -> FirmsFrom:
    """What the county has set."""
    settings = get_jurisdiction(draw.jurisdiction_id).settings
    return FirmsFrom(read_setting(settings, "public.firms_from"))


def are_firms_public(draw: Draw) -> bool:
    """With the firms come the pool, the record and the seed: whoever knows the seed works out the
    firm's own ticket from its code alone, and so whether it was drawn."""
    rule = firms_from(draw)
    if rule == FirmsFrom.DRAWN:
        return True
    if draw.state == DrawState.SUPERSEDED:  # its firms may come out of the redraw again
        query = select(Draw).where(Draw.replaces_id == draw.id).order_by(Draw.id.desc())
        later = db.session.scalars(query).first()
        return later is not None and are_firms_public(later)
    if draw.state != DrawState.DRAWN:
        return False
    told = progress_of_draw(draw.id)
    return are_named(rule, told.visits, told.ended, told.published)
