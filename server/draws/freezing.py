"""Use case: committing to a pool before any seed exists (DESIGN §7.1)."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import func, select

from domain.access import Action, Actor
from domain.canonical import canonical_json
from domain.ceremony import has_begun, rolls_needed
from domain.draw import Pool, canonical_pool, pool_digest
from domain.errors import fault
from domain.reasons import parse_reason
from server.accounts.service import get_jurisdiction
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.draws.models import Draw, DrawState
from server.draws.pool import PoolView, pool_of
from server.draws.ratios import dump_ratio
from server.guard import require
from server.planning.models import PlanTask
from server.planning.service import lock_task
from server.runtime import SITE_ZONE, now

# Without 0/O, 1/I/L: the number is read out loud and copied by hand.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
MAX_REASON_CHARACTERS = 200


def freeze_pool(actor: Actor, task_id: int) -> Draw:
    """Stores the pool and its SHA-256; from here on neither can change.

    A task has one open frozen pool at a time, so nobody can freeze several and pick one once the
    seed is known: a second call answers the first one's draw. Raises ``draw.already_drawn`` when
    the task was drawn as often as its plan says, ``draw.pool_empty`` (then ``record_no_draw``) and
    ``draw.too_few_officers``, and stores nothing.
    """
    require(actor, Action.DRAW_RUN)
    with unit_of_work() as work:
        lock_task(task_id)
        view = pool_of(actor, task_id)
        if (open_draw := find_open_draw(task_id)) is not None:
            return open_draw
        if is_drawn_enough(actor, view.task):
            raise fault("draw.already_drawn")
        if view.obstacles:
            raise _joined(view)
        assert view.pool is not None
        draw = _new_draw(actor, view.task.id, DrawState.FROZEN, view.pool)
        raised = dump_ratio(view.ratio)
        needed = {"needed": rolls_needed(_setting(actor, "draw.dice_rolls"))}
        draw.ceremony = {**needed, "ratio": raised} if raised else needed
        draw.replaces_id = _find_unreplaced(task_id)
        work.add(draw)
        work.flush()
        write_event(
            actor.jurisdiction_id, actor.person_id, "draw.frozen", f"draw:{draw.public_id}",
            pool_sha256=draw.pool_sha256, firms=len(view.firms), ratio=raised,
        )  # fmt: skip
    return draw


def record_no_draw(actor: Actor, task_id: int, reason: str) -> Draw:
    """R036 with N = 0: no draw, but the reason on record. Raises ``request.missing_field`` without
    a reason, ``reason.too_long``, ``request.conflict`` when there are firms after all or the task
    is not ours."""
    require(actor, Action.DRAW_RUN)
    if not (reason := parse_reason(reason, MAX_REASON_CHARACTERS)):
        raise fault("request.missing_field", field="reason")
    with unit_of_work() as work:
        view = pool_of(actor, task_id)
        if view.firms or not view.is_own:
            raise fault("request.conflict")
        draw = _new_draw(actor, view.task.id, DrawState.EMPTY, None)
        draw.reason = reason
        work.add(draw)
        work.flush()
        write_event(actor.jurisdiction_id, actor.person_id, "draw.none", f"draw:{draw.public_id}")
    return draw


def withdraw_pool(actor: Actor, draw_id: int, reason: str) -> Draw:
    """Gives up a frozen pool that was never drawn; it stays visible with its reason. Raises
    ``draw.already_drawn``, ``draw.pool_withdrawn``, ``request.missing_field``,
    ``reason.too_long``, and, once the randomness
    was begun, ``draw.randomness_begun``: whoever runs the draw could give up what does not please.
    """
    require(actor, Action.DRAW_RUN)
    if not (reason := parse_reason(reason, MAX_REASON_CHARACTERS)):
        raise fault("request.missing_field", field="reason")
    with unit_of_work():
        draw = lock_draw(actor, draw_id)
        require_frozen(draw)
        if has_begun(draw.ceremony):
            raise fault("draw.randomness_begun")
        draw.state, draw.reason = DrawState.WITHDRAWN, reason
        write_event(
            actor.jurisdiction_id, actor.person_id, "draw.withdrawn", f"draw:{draw.public_id}"
        )
    return draw


def is_drawn_enough(actor: Actor, task: PlanTask) -> bool:
    """Whether the task was drawn as often as the plan says (R032), once where it does not say
    (part 7 row 15): drawing on until the result pleases is what the draw is there to prevent. A
    draw that was set aside for a redraw does not count."""
    query = (
        select(func.count())
        .select_from(Draw)
        .where(
            Draw.jurisdiction_id == actor.jurisdiction_id,
            Draw.task_id == task.id,
            Draw.state == DrawState.DRAWN,
        )
    )
    return (db.session.scalar(query) or 0) >= (task.times_per_year or 1)


def find_open_draw(task_id: int) -> Draw | None:
    """The frozen pool of a task that waits for its seed."""
    return db.session.scalar(
        select(Draw).where(Draw.task_id == task_id, Draw.state == DrawState.FROZEN)
    )


def lock_draw(actor: Actor, draw_id: int) -> Draw:
    """The draw with its row locked, so that two clicks cannot both draw. Raises
    ``draw.not_found``."""
    draw = db.session.scalar(
        select(Draw)
        .where(Draw.id == draw_id, Draw.jurisdiction_id == actor.jurisdiction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if draw is None:
        raise fault("draw.not_found")
    return draw


def require_frozen(draw: Draw) -> None:
    """Raises ``draw.pool_withdrawn`` or ``draw.already_drawn``: a page may be old."""
    if draw.state == DrawState.WITHDRAWN:
        raise fault("draw.pool_withdrawn")
    if draw.state != DrawState.FROZEN:
        raise fault("draw.already_drawn")


def _find_unreplaced(task_id: int) -> int | None:
    """The draw of this task that was set aside and has no successor yet; pools that were given up
    are none."""
    taken = select(Draw.replaces_id).where(
        Draw.task_id == task_id,
        Draw.replaces_id.is_not(None),
        Draw.state != DrawState.WITHDRAWN,
    )
    query = select(Draw.id).where(
        Draw.task_id == task_id, Draw.state == DrawState.SUPERSEDED, Draw.id.not_in(taken)
    )
    return db.session.scalar(query.order_by(Draw.id).limit(1))


def _setting(actor: Actor, name: str) -> object:
    return get_jurisdiction(actor.jurisdiction_id).settings.get(name)


def _new_draw(actor: Actor, task_id: int, state: DrawState, pool: Pool | None) -> Draw:
    at = now()
    canonical = canonical_pool(pool) if pool else {}
    return Draw(
        jurisdiction_id=actor.jurisdiction_id,
        public_id=_public_id(at),
        task_id=task_id,
        state=state,
        pool=canonical_json(canonical),
        pool_sha256=pool_digest(canonical),
        frozen_by=actor.person_id,
        frozen_at=at,
    )


def _public_id(at: datetime) -> str:
    """Part of every ticket, so it is random and taken before the seed."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"CQ{at.astimezone(SITE_ZONE):%Y%m%d}-{letters}"


def _joined(view: PoolView) -> Exception:
    """The first obstacle, with all of them in its details."""
    first = view.obstacles[0]
    if len(view.obstacles) > 1:
        first.details["lacks"] = [one.details for one in view.obstacles]
    return first
