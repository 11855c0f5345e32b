"""Finding vehicles: by plate or its end, certificate, or what finds the firm that runs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select

from domain.access import Actor
from domain.identifiers import normalise_plate
from server.db import db
from server.registry.entry_models import Vehicle
from server.registry.firm_search import words_of
from server.registry.models import Firm
from server.registry.owner import owner_of
from server.registry.paging import Page, like_pattern, page_of
from server.registry.vehicles import COLORS

MAX_KINDS = 100


@dataclass(frozen=True, slots=True)
class FleetRow:
    """A vehicle and its firm."""

    vehicle: Vehicle
    firm: Firm


def list_fleet(
    actor: Actor | None, q: str = "", color: str = "", kind: str = "", page: int = 1
) -> Page[FleetRow]:
    """By plate."""
    found = page_of(_filtered(actor, q, color, kind), page)
    ids = {one.firm_id for one in found.rows}
    firms = {one.id: one for one in db.session.scalars(select(Firm).where(Firm.id.in_(ids)))}
    rows = [FleetRow(one, firms[one.firm_id]) for one in found.rows]
    return Page(rows=rows, number=found.number, total=found.total, size=found.size)


def list_vehicle_ids(
    actor: Actor | None, q: str = "", color: str = "", kind: str = ""
) -> list[int]:
    """The same as ids, in the same order."""
    return [one.id for one in db.session.scalars(_filtered(actor, q, color, kind))]


def list_vehicle_kinds(actor: Actor | None) -> list[str]:
    """What the register calls its vehicles."""
    query = select(Vehicle.kind).where(Vehicle.jurisdiction_id == owner_of(actor))
    query = query.where(Vehicle.kind != "").distinct().order_by(Vehicle.kind)
    return list(db.session.scalars(query.limit(MAX_KINDS)))


def _filtered(actor: Actor | None, q: str, color: str, kind: str) -> Select[Any]:
    query = select(Vehicle).where(Vehicle.jurisdiction_id == owner_of(actor))
    if color in COLORS:
        query = query.where(Vehicle.color == color)
    if kind:
        query = query.where(Vehicle.kind == kind)
    if q := q.strip():
        plate = Vehicle.plate.contains(normalise_plate(q), autoescape=True)
        permit = Vehicle.permit_no.ilike(like_pattern(q), escape="\\")
        firms = select(Firm.id).where(Firm.jurisdiction_id == owner_of(actor), *words_of(q))
        query = query.where(or_(plate, permit, Vehicle.firm_id.in_(firms)))
    return query.order_by(Vehicle.plate)
