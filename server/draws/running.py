"""Use case: the seed is read out, firms and officers are drawn (DESIGN §7.2, R044–R048)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from domain import ceremony as rules
from domain.access import Action, Actor
from domain.draw import build_record, pool_digest, read_pool
from domain.errors import Fault, fault
from domain.reasons import parse_reason
from server.accounts.models import Department
from server.audit.service import write_event
from server.db import unit_of_work
from server.draws.ceremony import source_text
from server.draws.freezing import is_drawn_enough, lock_draw, require_frozen
from server.draws.models import Draw, DrawState
from server.draws.parties import parties_of
from server.draws.pool import officer_id_of, officer_key
from server.draws.reading import get_draw
from server.draws.redrawing import find_redraw
from server.draws.seeds import MAX_SEED_CHARACTERS, SMALLEST_SEED_CHARACTERS, readable_seed
from server.guard import require
from server.inspections.creation import NewInspection, NewTeamMember, create_inspections
from server.planning.service import lock_task
from server.registry import service as registry
from server.registry.models import Firm, Officer
from server.runtime import now, today

__all__ = [
    "MAX_SEED_CHARACTERS",
    "MAX_SOURCE_CHARACTERS",
    "SMALLEST_SEED_CHARACTERS",
    "run_ceremony",
    "run_draw",
]

MAX_SOURCE_CHARACTERS = 200
Row = TypeVar("Row")


def run_draw(actor: Actor, draw_id: int, seed: str, seed_source: str, planned_on: date) -> Draw:
    """Draws from the frozen pool and creates the inspections, their teams and sheets, and what
    the teams' phones will pull: all of it or nothing.

    ``seed`` is the public randomness as read out, at least eight letters or digits; ``seed_source``
    says where it came from and who witnessed it; every visit is first planned for ``planned_on``.
    Raises ``draw.already_drawn``, ``draw.pool_withdrawn``, ``draw.pool_changed`` when the stored
    pool no longer has its published digest, ``draw.seed_required``, ``draw.bad_text``,
    ``reason.too_long`` for the source, ``draw.randomness_begun`` where dice or a lottery have been
    begun in the room, ``draw.too_few_officers`` and ``request.bad_parameter`` for a day in the
    past.
    """
    require(actor, Action.DRAW_RUN)
    seed = readable_seed(seed)
    source = parse_reason(seed_source, MAX_SOURCE_CHARACTERS)
    if not source:
        raise fault("request.missing_field", field="seed_source")
    _require_day(planned_on)
    with unit_of_work():
        draw = _lock_frozen(actor, draw_id)
        if rules.has_begun(draw.ceremony):
            raise fault("draw.randomness_begun")
        return _draw_and_publish(actor, draw, seed, source, planned_on)


def run_ceremony(actor: Actor, draw_id: int, planned_on: date) -> Draw:
    """The same with the randomness as it is on record in the room: nobody types it again. Raises
    ``draw.seed_missing`` while it is not complete, ``redraw.open`` while a request to do it all
    again waits."""
    require(actor, Action.DRAW_RUN)
    _require_day(planned_on)
    with unit_of_work():
        draw = _lock_frozen(actor, draw_id)
        seed, source = rules.seed_of(draw.ceremony), source_text(draw.ceremony)
        return _draw_and_publish(actor, draw, seed, source[:MAX_SOURCE_CHARACTERS], planned_on)


def _require_day(planned_on: date) -> None:
    if planned_on < today():
        raise fault("request.bad_parameter", field="planned_on")


def _lock_frozen(actor: Actor, draw_id: int) -> Draw:
    """The task before the draw, as the freeze locks them. A draw may have come from elsewhere since
    the freeze: the plan's number holds for all of them."""
    lock_task(get_draw(actor, draw_id).task_id)
    draw = lock_draw(actor, draw_id)
    require_frozen(draw)
    if is_drawn_enough(actor, draw.task):
        raise fault("draw.already_drawn")
    if find_redraw(draw.id) is not None:  # nobody decides on a redraw with the result in hand
        raise fault("redraw.open")
    return draw


def _draw_and_publish(actor: Actor, draw: Draw, seed: str, source: str, planned_on: date) -> Draw:
    with unit_of_work() as work:
        record = _draw_from(draw, seed)
        draw.state, draw.seed, draw.seed_source = DrawState.DRAWN, seed, source
        draw.drawn_by, draw.drawn_at, draw.record = actor.person_id, now(), record
        work.flush()
        create_inspections(draw, _inspections_of(actor, draw, record), planned_on)
        write_event(
            actor.jurisdiction_id, actor.person_id, "draw.drawn", f"draw:{draw.public_id}",
            firms=len(record["firms"]),
        )  # fmt: skip
    return draw


def _draw_from(draw: Draw, seed: str) -> dict[str, Any]:
    frozen = json.loads(draw.pool)
    if pool_digest(frozen) != draw.pool_sha256:
        raise fault("draw.pool_changed")
    try:
        return build_record(read_pool(frozen), seed, draw.public_id)
    except Fault as refused:
        if refused.code == "draw.too_few_officers":
            raise _with_names(refused, draw) from None
        raise


def _with_names(refused: Fault, draw: Draw) -> Fault:
    """The record knows codes; a person is told the department's name."""
    names = {one.code: one.name for one in parties_of(draw.task).departments}
    details = dict(refused.details)
    code = str(details.get("department"))
    details["department"] = names.get(code, code)
    details["missing"] = int(str(details["needed"])) - int(str(details["eligible"]))
    return fault("draw.too_few_officers", **details)


def _inspections_of(actor: Actor, draw: Draw, record: Mapping[str, Any]) -> list[NewInspection]:
    """The record's keys turned back into the register's rows, in ticket order."""
    departments = {one.code: one for one in parties_of(draw.task).departments}
    firms = _firms(actor, record)
    officers = _officers(actor, record)
    teams: dict[str, list[Mapping[str, Any]]] = {}
    for one in record["assignments"]:
        teams.setdefault(one["firm"], []).append(one)
    return [
        NewInspection(
            firm=_known(firms, drawn["id"]),
            departments=tuple(
                _known(departments, code) for code in record["pool"]["rules"]["departments"]
            ),
            team=_team(teams.get(drawn["id"], ()), departments, officers),
        )
        for drawn in record["firms"]
    ]


def _firms(actor: Actor, record: Mapping[str, Any]) -> dict[str, Firm]:
    """Also a firm closed since the freeze: it was drawn, the visit records that it is closed."""
    return registry.map_firms_by_uscc(actor, [one["id"] for one in record["firms"]])


def _officers(actor: Actor, record: Mapping[str, Any]) -> dict[str, Officer]:
    keys = {key for one in record["assignments"] for key in one["officers"]}
    matched = registry.list_officers_by_id(actor, [officer_id_of(key) for key in keys])
    return {officer_key(officer): officer for officer in matched}


def _team(
    assignments: Iterable[Mapping[str, Any]],
    departments: Mapping[str, Department],
    officers: Mapping[str, Officer],
) -> tuple[NewTeamMember, ...]:
    """The officer picked first leads the department's team (组长)."""
    return tuple(
        NewTeamMember(
            officer=_known(officers, key),
            department=_known(departments, one["department"]),
            is_lead=place == 0,
        )
        for one in assignments
        for place, key in enumerate(one["officers"])
    )


def _known(rows: Mapping[str, Row], key: str) -> Row:
    """What the frozen pool names and the register no longer has: the pool cannot be drawn from."""
    if key not in rows:
        raise fault("draw.pool_changed")
    return rows[key]
