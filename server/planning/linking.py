"""Use cases: one task in the bureau's own joint plan and in the county's (part 7 rows 6–8, 30)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from domain.access import Action, Actor
from domain.errors import fault
from domain.plan_links import Pair, PlannedRow, compare, propose_pairs
from domain.plans import Ownership, PlanKind
from server.accounts.service import find_department
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require
from server.planning.models import PlanTask, TaskLink
from server.planning.reading import (
    count_draws,
    get_task,
    hold_task,
    home_target,
    list_plans,
    lock_plan,
    takes_part,
)
from server.planning.values import values_of
from server.runtime import now

OWN_KINDS = (PlanKind.JOINT, PlanKind.NUMBERED_JOINT)


@dataclass(frozen=True, slots=True)
class SeenPair:
    """Two rows side by side; ``link`` once it is confirmed, ``ruling`` the row that counts."""

    own: PlanTask
    county: PlanTask
    pair: Pair
    link: TaskLink | None
    ruling: PlanTask


@dataclass(frozen=True, slots=True)
class LinkBoard:
    """The year's joint tasks of the two plans. ``county_alone`` are rows of the county's plan in
    which the bureau takes part and which its own plan does not have."""

    confirmed: tuple[SeenPair, ...]
    proposed: tuple[SeenPair, ...]
    county_alone: tuple[PlanTask, ...]
    own_alone: tuple[PlanTask, ...]


def see_links(actor: Actor, year: int) -> LinkBoard:
    """What is linked, what might be, and what stands alone."""
    own, county = _rows(actor, year)
    known = {(one.own_task_id, one.county_task_id): one for one in _links(actor)}
    confirmed = [
        _seen(own[mine], county[theirs], link)
        for (mine, theirs), link in known.items()
        if link.state == "confirmed" and mine in own and theirs in county
    ]
    taken = {task.id for one in confirmed for task in (one.own, one.county)}
    rejected = {pair for pair, link in known.items() if link.state == "rejected"}
    proposed = _propose(own, county, taken, rejected)
    taken |= {task.id for one in proposed for task in (one.own, one.county)}
    return LinkBoard(
        confirmed=tuple(confirmed),
        proposed=tuple(proposed),
        county_alone=tuple(task for task in county.values() if task.id not in taken),
        own_alone=tuple(task for task in own.values() if task.id not in taken),
    )


def count_undecided(actor: Actor, year: int | None) -> int:
    """Pairs that are still counted twice because nobody has said whether they are one task."""
    years = {one.year for one in list_plans(actor, year)}
    return sum(len(see_links(actor, one).proposed) for one in years)


def confirm_link(actor: Actor, own_id: int, county_id: int) -> TaskLink:
    """From now on the two are one task, counted and drawn once: by the county's row, unless the
    bureau's was drawn already. Raises ``plan.link_impossible`` and ``plan.link_drawn_twice``."""
    with unit_of_work():
        own, county = _hold_pair(actor, own_id, county_id)
        if {own.counted_as_id, county.counted_as_id} != {None} or _stands_for(own, county):
            raise fault("plan.link_impossible")
        own_draws, county_draws = count_draws(actor, own_id), count_draws(actor, county_id)
        if own_draws and county_draws:
            raise fault("plan.link_drawn_twice")
        ruling, other = (own, county) if own_draws else (county, own)
        other.counted_as_id = ruling.id
        return _decide(actor, own, county, "confirmed")


def reject_link(actor: Actor, own_id: int, county_id: int) -> TaskLink:
    """They are two tasks; the pair is not proposed again. Raises ``plan.link_impossible``."""
    with unit_of_work():
        own, county = _hold_pair(actor, own_id, county_id)
        if own.counted_as_id == county.id or county.counted_as_id == own.id:
            raise fault("plan.link_impossible")
        return _decide(actor, own, county, "rejected")


def undo_link(actor: Actor, own_id: int, county_id: int) -> None:
    """Takes a decision back: each counts by itself, and the pair is proposed again."""
    with unit_of_work() as work:
        own, county = _hold_pair(actor, own_id, county_id)
        link = _find(own_id, county_id)
        if link is None:
            raise fault("plan.link_impossible")
        for one, other in ((own, county), (county, own)):
            if one.counted_as_id == other.id:
                one.counted_as_id = None
        work.delete(link)
        _note(actor, "plan.link_undone", own, county)


def release_task(task: PlanTask) -> None:
    """Inside a unit of work, when a row leaves its plan: nothing is counted as it any more."""
    task.counted_as_id = None
    for other in list_counted_as(task):
        other.counted_as_id = None
    pairs = or_(TaskLink.own_task_id == task.id, TaskLink.county_task_id == task.id)
    for link in db.session.scalars(select(TaskLink).where(pairs)):
        db.session.delete(link)


def list_counted_as(task: PlanTask) -> list[PlanTask]:
    """The rows of other plans this one stands for."""
    return list(db.session.scalars(select(PlanTask).where(PlanTask.counted_as_id == task.id)))


def _rows(actor: Actor, year: int) -> tuple[dict[int, PlanTask], dict[int, PlanTask]]:
    own: dict[int, PlanTask] = {}
    county: dict[int, PlanTask] = {}
    for plan in list_plans(actor, year):
        if plan.state == "draft":
            continue
        side = county if plan.kind == PlanKind.COUNTY_JOINT else own
        if side is county or plan.kind in OWN_KINDS:
            side.update({task.id: task for task in plan.standing_tasks if takes_part(task)})
    return own, county


def _propose(
    own: dict[int, PlanTask],
    county: dict[int, PlanTask],
    taken: set[int],
    rejected: set[tuple[int, int]],
) -> list[SeenPair]:
    mine = [_planned(task) for task in own.values() if task.id not in taken]
    theirs = [_planned(task) for task in county.values() if task.id not in taken]
    found = []
    for row in mine:
        open_to_it = [other for other in theirs if (row.id, other.id) not in rejected]
        for pair in propose_pairs([row], open_to_it):
            theirs.remove(pair.county)
            found.append(_seen(own[row.id], county[pair.county.id], None))
    return found


def _seen(own: PlanTask, county: PlanTask, link: TaskLink | None) -> SeenPair:
    pair = compare(_planned(own), _planned(county))
    ruling = own if county.counted_as_id == own.id else county
    return SeenPair(own, county, pair, link, ruling)


def _planned(task: PlanTask) -> PlannedRow:
    return PlannedRow(
        id=task.id,
        category=task.category,
        parties={"initiators": _codes(task.initiators), "cooperators": _codes(task.cooperators)},
        is_initiating=task.ownership == Ownership.INITIATING,
        values=values_of(task),
    )


def _codes(names: list[str]) -> frozenset[str]:
    found = {name: find_department(name) for name in names}
    return frozenset(one.code if one is not None else name for name, one in found.items())


def _hold_pair(actor: Actor, own_id: int, county_id: int) -> tuple[PlanTask, PlanTask]:
    require(actor, Action.PLAN_WRITE, home_target(actor.jurisdiction_id))
    plans = {get_task(actor, one).plan_id for one in (own_id, county_id)}
    for plan_id in sorted(plans):
        lock_plan(actor, plan_id)
    held = {one: hold_task(actor, one) for one in sorted({own_id, county_id})}
    own, county = held[own_id], held[county_id]
    is_pair = (
        own.plan.kind in OWN_KINDS
        and county.plan.kind == PlanKind.COUNTY_JOINT
        and own.plan.year == county.plan.year
        and own.plan.state != "draft"
        and own.dropped_at is None
        and county.dropped_at is None
        and takes_part(own)
        and takes_part(county)
    )
    if not is_pair:
        raise fault("plan.link_impossible")
    return own, county


def _stands_for(*tasks: PlanTask) -> bool:
    return any(list_counted_as(task) for task in tasks)


def _links(actor: Actor) -> list[TaskLink]:
    query = select(TaskLink).where(TaskLink.jurisdiction_id == actor.jurisdiction_id)
    return list(db.session.scalars(query.order_by(TaskLink.id)))


def _find(own_id: int, county_id: int) -> TaskLink | None:
    return db.session.scalar(
        select(TaskLink).where(TaskLink.own_task_id == own_id, TaskLink.county_task_id == county_id)
    )


def _decide(actor: Actor, own: PlanTask, county: PlanTask, state: str) -> TaskLink:
    link = _find(own.id, county.id)
    if link is None:
        link = TaskLink(
            jurisdiction_id=actor.jurisdiction_id, own_task_id=own.id, county_task_id=county.id
        )
        db.session.add(link)
    link.state, link.decided_by, link.decided_at = state, actor.person_id, now()
    db.session.flush()
    _note(actor, f"plan.link_{state}", own, county)
    return link


def _note(actor: Actor, event: str, own: PlanTask, county: PlanTask) -> None:
    """Into the history of both plans."""
    for task, other in ((own, county), (county, own)):
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            event,
            f"plan:{task.plan_id}",
            task_no=task.task_no,
            name=f"{other.task_no} {other.name}",
        )
