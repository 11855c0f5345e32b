"""Use cases of 重抽: asked for with a reason, decided by the unit's head, the first draw kept.

Only while nobody has begun with what the first one gave. The redraw itself is nothing special: the
task is free again, and freezes anew.
"""

from __future__ import annotations

from sqlalchemy import func, select

from domain.access import Action, Actor, Target, may
from domain.ceremony import has_begun
from domain.errors import fault
from domain.reasons import parse_reason
from server.accounts.service import confirm_password, list_departments
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.draws.changes import close_changes
from server.draws.freezing import MAX_REASON_CHARACTERS, lock_draw
from server.draws.models import Draw, DrawState, Redraw
from server.draws.reading import get_draw
from server.guard import require
from server.inspections import service as inspections
from server.planning.service import lock_task
from server.runtime import now

APPROVED, REFUSED = "approved", "refused"


def request_redraw(actor: Actor, draw_id: int, reason: str) -> Redraw:
    """Raises ``request.missing_field``, ``reason.too_long``, ``redraw.not_possible`` for a draw of
    which nothing random is known yet (its pool can simply be given up), ``redraw.begun`` once an
    inspection has begun, ``redraw.open`` while a request waits."""
    require(actor, Action.REDRAW_REQUEST)
    if not (reason := parse_reason(reason, MAX_REASON_CHARACTERS)):
        raise fault("request.missing_field", field="reason")
    with unit_of_work() as work:
        draw = lock_draw(actor, draw_id)
        _require_possible(draw)
        if find_redraw(draw.id) is not None:
            raise fault("redraw.open")
        if (begun := inspections.find_begun(draw.id)) is not None:
            raise fault("redraw.begun", number=begun.number)
        made = Redraw(
            jurisdiction_id=draw.jurisdiction_id,
            draw_id=draw.id,
            reason=reason,
            requested_by=actor.person_id,
            requested_at=now(),
        )
        work.add(made)
        work.flush()
        _write(actor, draw, "redraw.requested", reason=reason)
    return made


def approve_redraw(
    actor: Actor, redraw_id: int, *, password: str, reason: str, address: str
) -> Draw:
    """Sets the first draw aside, takes its inspections back from the phones, closes the changes
    that were asked for and frees the task: all of it or nothing. Raises ``redraw.not_found``,
    ``account.password_wrong``, ``redraw.own_request``, ``access.denied``, ``redraw.decided``,
    ``redraw.begun``."""
    _confirm(actor, redraw_id, password, address)
    with unit_of_work():
        draw, redraw = _lock(actor, redraw_id)
        _require_possible(draw)
        _decide(actor, redraw, APPROVED, reason)
        # Before the visits: whoever approves a change holds it first, and the visit then.
        closed = close_changes(actor, draw)
        taken = inspections.withdraw_inspections(draw.id, actor.person_id)
        if draw.state == DrawState.DRAWN:
            draw.state = DrawState.SUPERSEDED
        else:
            draw.state = DrawState.WITHDRAWN
        draw.reason = redraw.reason
        _write(
            actor, draw, "redraw.approved", reason=redraw.reason, inspections=taken,
            changes_closed=closed,
        )  # fmt: skip
    return draw


def refuse_redraw(
    actor: Actor, redraw_id: int, *, password: str, reason: str, address: str
) -> Draw:
    """The draw stands; the request is kept. Raises as ``approve_redraw``, and
    ``request.missing_field`` without a reason."""
    if not reason.strip():
        raise fault("request.missing_field", field="reason")
    _confirm(actor, redraw_id, password, address)
    with unit_of_work():
        draw, redraw = _lock(actor, redraw_id)
        _decide(actor, redraw, REFUSED, reason)
        _write(actor, draw, "redraw.refused", reason=redraw.decision_reason)
    return draw


def find_redraw(draw_id: int) -> Redraw | None:
    """The request that waits for its decision."""
    return db.session.scalar(select(Redraw).where(Redraw.draw_id == draw_id, Redraw.decision == ""))


def list_redraws(actor: Actor, draw_id: int | None = None) -> list[Redraw]:
    """The county's requests, of one draw or of all, the newest first."""
    query = select(Redraw).where(Redraw.jurisdiction_id == actor.jurisdiction_id)
    if draw_id is not None:
        query = query.where(Redraw.draw_id == draw_id)
    return list(db.session.scalars(query.order_by(Redraw.id.desc())))


def count_open_redraws(actor: Actor) -> int:
    """How many wait for the actor's decision: nobody decides on a request of their own."""
    home = next((one.id for one in list_departments() if one.is_home), None)
    others = Target(actor.jurisdiction_id, home, author_person_id=0)
    if not may(actor, Action.REDRAW_APPROVE, others):
        return 0
    query = select(func.count()).where(
        Redraw.jurisdiction_id == actor.jurisdiction_id,
        Redraw.decision == "",
        Redraw.requested_by != actor.person_id,
    )
    return db.session.scalar(query) or 0


def can_decide(actor: Actor, redraw: Redraw) -> bool:
    """Whether the actor may approve or refuse it."""
    return not redraw.decision and may(actor, Action.REDRAW_APPROVE, _target_of(redraw))


def get_redraw(actor: Actor, redraw_id: int) -> Redraw:
    """Raises ``redraw.not_found``, also for another county's."""
    found = db.session.get(Redraw, redraw_id)
    if found is None or found.jurisdiction_id != actor.jurisdiction_id:
        raise fault("redraw.not_found")
    return found


def _confirm(actor: Actor, redraw_id: int, password: str, address: str) -> None:
    redraw = get_redraw(actor, redraw_id)
    if redraw.requested_by == actor.person_id:
        raise fault("redraw.own_request")
    require(actor, Action.REDRAW_APPROVE, _target_of(redraw))
    confirm_password(actor.person_id, password, address=address)


def _lock(actor: Actor, redraw_id: int) -> tuple[Draw, Redraw]:
    """In the order in which a freeze and a draw lock: task, draw. The request hangs on the draw."""
    known = get_redraw(actor, redraw_id)
    lock_task(get_draw(actor, known.draw_id).task_id)
    draw = lock_draw(actor, known.draw_id)
    db.session.refresh(known)
    if known.decision:
        raise fault("redraw.decided")
    return draw, known


def _decide(actor: Actor, redraw: Redraw, decision: str, reason: str) -> None:
    redraw.decision = decision
    redraw.decision_reason = parse_reason(reason, MAX_REASON_CHARACTERS)
    redraw.decided_by, redraw.decided_at = actor.person_id, now()


def _require_possible(draw: Draw) -> None:
    is_begun = draw.state == DrawState.FROZEN and has_begun(draw.ceremony)
    if draw.state != DrawState.DRAWN and not is_begun:
        raise fault("redraw.not_possible")


def _target_of(redraw: Redraw) -> Target:
    """The home department draws; its head decides, never who asked."""
    home = next((one.id for one in list_departments() if one.is_home), None)
    return Target(redraw.jurisdiction_id, home, author_person_id=redraw.requested_by)


def _write(actor: Actor, draw: Draw, event: str, **details: object) -> None:
    write_event(actor.jurisdiction_id, actor.person_id, event, f"draw:{draw.public_id}", **details)
