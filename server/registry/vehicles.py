"""Use cases: a firm's vehicles 车辆; what is added, changed and taken off stands in its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from domain.identifiers import normalise_plate
from server.db import db, unit_of_work
from server.registry.changes import note_change, note_written, remove_entries, said_of
from server.registry.entry_models import Vehicle
from server.registry.firms import get_firm
from server.registry.keeping import require_keeper
from server.registry.models import Firm
from server.registry.owner import take_turns

# 蓝/黄/绿/黄绿 (domain.md 3.4), and the white of trailers' and police plates.
COLORS = {
    "blue": "蓝",
    "yellow": "黄",
    "green": "绿",
    "yellow_green": "黄绿",
    "white": "白",
    "black": "黑",
}
PARTS = ("color", "kind", "permit_no")
FIELDS = ("plate", "firm_id", *PARTS)
Written = Sequence[tuple[Vehicle, Mapping[str, list[Any]]]]


def list_vehicles(actor: Actor | None, firm: Firm) -> Sequence[Vehicle]:
    """By plate."""
    query = select(Vehicle).where(Vehicle.firm_id == firm.id)
    return list(db.session.scalars(query.order_by(Vehicle.plate)))


def save_vehicle(
    actor: Actor, firm_id: int, values: Mapping[str, str], vehicle_id: int | None = None
) -> None:
    """Adds one, or changes it. ``values`` are ``plate`` and ``PARTS``, checked. Raises
    ``firm.not_found``, ``vehicle.not_found``, ``vehicle.duplicate``."""
    require_keeper(actor, Action.FIRM_WRITE)
    plate = normalise_plate(values["plate"])
    with unit_of_work() as work:
        take_turns(actor.jurisdiction_id)
        firm = get_firm(actor, firm_id)
        _refuse_second(actor, plate, vehicle_id)
        if vehicle_id is None:
            vehicle = Vehicle(jurisdiction_id=actor.jurisdiction_id, firm_id=firm.id)
            work.add(vehicle)
            changes = {f"vehicle:{plate}": [None, words_of(values)]}
        else:
            vehicle = _get(firm, vehicle_id)
            before = words_of({name: getattr(vehicle, name) for name in PARTS})
            changes = {f"vehicle:{plate}": [before, words_of(values)]}
            if vehicle.plate != plate:
                changes = {
                    f"vehicle:{vehicle.plate}": [before, None],
                    f"vehicle:{plate}": [None, words_of(values)],
                }
            elif before == words_of(values):
                return
        said = said_of(vehicle, FIELDS) if vehicle_id else None
        vehicle.plate, vehicle.tail = plate, plate[2:]
        for name in PARTS:
            setattr(vehicle, name, values[name])
        work.flush()
        note_change(actor, "firms", firm.id, changes, "form")
        note_written(actor, "vehicles", vehicle, FIELDS, said)


def remove_vehicle(actor: Actor, firm_id: int, vehicle_id: int, reason: str = "") -> None:
    """Off the register; its history stays. Raises as ``save_vehicle``."""
    require_keeper(actor, Action.FIRM_WRITE)
    with unit_of_work():
        take_turns(actor.jurisdiction_id)
        firm = get_firm(actor, firm_id)
        vehicle = _get(firm, vehicle_id)
        before = words_of({name: getattr(vehicle, name) for name in PARTS})
        changes = {f"vehicle:{vehicle.plate}": [before, None]}
        note_change(actor, "firms", firm.id, changes, "form", reason)
        remove_entries(actor, "vehicles", [vehicle], FIELDS, "form", reason)


def tell_vehicles(actor: Actor | None, written: Written, source: str) -> None:
    """What a file wrote of vehicles stands in the history of their firms, too: of both where one
    changed hands."""
    for vehicle, changes in written:
        plate = f"vehicle:{vehicle.plate}"
        now = {name: getattr(vehicle, name) for name in PARTS}
        old = {name: changes.get(name, [value])[0] or "" for name, value in now.items()}
        new = {name: changes.get(name, [None, value])[-1] for name, value in now.items()}
        had, has = changes.get("firm_id", [vehicle.firm_id, vehicle.firm_id])
        before, after = words_of(old), words_of({n: v or "" for n, v in new.items()})
        if had == has:
            note_change(actor, "firms", has, {plate: [before, after]}, source)
            continue
        if had is not None:
            note_change(actor, "firms", had, {plate: [before, None]}, source)
        if has is not None:
            note_change(actor, "firms", has, {plate: [None, after]}, source)


def words_of(values: Mapping[str, str]) -> str:
    """A vehicle in history: colour, kind and certificate, what is known of them."""
    color = COLORS.get(values["color"], "")
    parts = (color and f"{color}牌", values["kind"], values["permit_no"])
    return "，".join(part for part in parts if part) or "已登记"


def _get(firm: Firm, vehicle_id: int) -> Vehicle:
    vehicle = db.session.get(Vehicle, vehicle_id)
    if vehicle is None or vehicle.firm_id != firm.id:
        raise fault("vehicle.not_found")
    return vehicle


def _refuse_second(actor: Actor, plate: str, vehicle_id: int | None) -> None:
    query = select(Vehicle).where(
        Vehicle.jurisdiction_id == actor.jurisdiction_id, Vehicle.plate == plate
    )
    other = db.session.scalar(query)
    if other is not None and other.id != vehicle_id:
        raise fault("vehicle.duplicate", plate=plate, name=get_firm(actor, other.firm_id).name)
