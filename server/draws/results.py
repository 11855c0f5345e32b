"""Lookup: a draw's outcome with names, for people. The record itself carries keys only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.access import Actor
from server.draws.models import OFFICIAL, Draw
from server.draws.parties import parties_of
from server.draws.pool import officer_id_of, officer_key
from server.inspections import service as inspections
from server.inspections.models import Inspection
from server.registry import service as registry
from server.registry.models import Firm, Officer


@dataclass(frozen=True, slots=True)
class MatchedTeam:
    """The officers of one department, the first one leads."""

    department: str
    officers: tuple[Officer, ...]


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One drawn firm, in ticket order from 1."""

    place: int
    ticket: str
    tier: str
    firm: Firm
    teams: tuple[MatchedTeam, ...]
    inspection: Inspection | None


def list_drawn(actor: Actor, draw: Draw) -> list[DrawnRow]:
    """The drawn firms with their teams and inspections; empty for a pool not drawn yet. Of a draw
    made on the platform there are no tickets and no order."""
    if draw.origin == OFFICIAL:
        return list_official_rows(draw)
    record: dict[str, Any] = draw.record or {}
    drawn = record.get("firms", [])
    firms = registry.map_firms_by_uscc(actor, [one["id"] for one in drawn])
    made = {one.firm_id: one for one in inspections.list_of_draw(draw.id)}
    teams = _teams(actor, draw, record)
    return [
        DrawnRow(
            place=place,
            ticket=one["ticket"],
            tier=one["tier"],
            firm=firms[one["id"]],
            teams=teams.get(one["id"], ()),
            inspection=made.get(firms[one["id"]].id),
        )
        for place, one in enumerate(drawn, start=1)
    ]


def list_official_rows(draw: Draw) -> list[DrawnRow]:
    """By inspection, in the order of the file; the teams as they are now."""
    return [
        DrawnRow(
            place=place,
            ticket="",
            tier=one.firm.tier or "",
            firm=one.firm,
            teams=tuple(
                MatchedTeam(
                    sheet.department.name,
                    tuple(
                        m.officer
                        for m in inspections.last_team(one)
                        if m.department_id == sheet.department_id
                    ),
                )
                for sheet in one.sheets
            ),
            inspection=one,
        )
        for place, one in enumerate(inspections.list_of_draw(draw.id), start=1)
    ]


def _teams(actor: Actor, draw: Draw, record: dict[str, Any]) -> dict[str, tuple[MatchedTeam, ...]]:
    assignments = record.get("assignments", [])
    ids = {officer_id_of(key) for one in assignments for key in one["officers"]}
    officers = {officer_key(one): one for one in registry.list_officers_by_id(actor, sorted(ids))}
    names = {one.code: one.name for one in parties_of(draw.task).departments}
    teams: dict[str, tuple[MatchedTeam, ...]] = {}
    for one in assignments:
        team = MatchedTeam(
            names.get(one["department"], one["department"]),
            tuple(officers[key] for key in one["officers"]),
        )
        teams[one["firm"]] = (*teams.get(one["firm"], ()), team)
    return teams
