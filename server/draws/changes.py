"""Changes after a draw: lookups, and what both kinds of them share (R049; part 7 row 17)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from domain.access import Action, Actor, Role, Target, may
from domain.draw import plain_seed
from domain.draw_changes import ChangeKind, ChangeState
from domain.draw_withdrawals import effect_of
from domain.errors import fault
from domain.reasons import parse_reason
from server.accounts.directory import list_holders
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.draws.change_models import DrawChange
from server.draws.change_notices import tell_change
from server.draws.models import Draw
from server.guard import require
from server.runtime import SITE_ZONE, now

MAX_WORDS = 500
MAX_SEED_CHARACTERS = 200
SMALLEST_SEED_CHARACTERS = 8
APPROVE: Mapping[str, Action] = {
    ChangeKind.REPLACEMENT: Action.REPLACEMENT_APPROVE,
    ChangeKind.WITHDRAWAL: Action.WITHDRAWAL_APPROVE,
}
# Without 0/O, 1/I/L, as the numbers of draws.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def get_change(actor: Actor, change_id: int) -> DrawChange:
    """Raises ``change.not_found``, also for another county's."""
    change = db.session.get(DrawChange, change_id)
    if change is None or change.jurisdiction_id != actor.jurisdiction_id:
        raise fault("change.not_found")
    return change


def list_changes(actor: Actor, state: str = "") -> list[DrawChange]:
    """The county's, those that wait first, then the newest."""
    query = select(DrawChange).where(DrawChange.jurisdiction_id == actor.jurisdiction_id)
    if state:
        query = query.where(DrawChange.state == state)
    is_waiting = DrawChange.state == ChangeState.REQUESTED
    return list(db.session.scalars(query.order_by(is_waiting.desc(), DrawChange.id.desc())))


def list_of_draw(draw_id: int) -> list[DrawChange]:
    """Of one draw, in the order in which they were asked for."""
    query = select(DrawChange).where(DrawChange.draw_id == draw_id).order_by(DrawChange.id)
    return list(db.session.scalars(query))


def list_of_inspection(inspection_id: int) -> list[DrawChange]:
    """Of one visit, and the one by which it came in another's place."""
    is_its = (DrawChange.inspection_id == inspection_id) | (
        DrawChange.substitute_id == inspection_id
    )
    return list(db.session.scalars(select(DrawChange).where(is_its).order_by(DrawChange.id)))


def list_waiting(actor: Actor) -> list[DrawChange]:
    """Those this person may decide now."""
    return [one for one in list_changes(actor, ChangeState.REQUESTED) if can_decide(actor, one)]


def count_waiting(actor: Actor) -> int:
    """How many they are."""
    return len(list_waiting(actor))


def list_effects(draw: Draw) -> list[dict[str, Any]]:
    """What the approved changes did, in the order of their approval."""
    done = [one for one in list_of_draw(draw.id) if one.state == ChangeState.APPROVED]
    done.sort(key=lambda one: (one.decided_at, one.id))
    return [effect_of(one.record) for one in done if one.record is not None]


def list_public_changes(draw: Draw) -> list[dict[str, Any]]:
    """The approved ones as they may be published: keys as in the draw's own record, the category
    of the reason, never its words."""
    found = []
    for one in list_of_draw(draw.id):
        if one.state != ChangeState.APPROVED or one.record is None or one.decided_at is None:
            continue
        effect = effect_of(one.record)
        found.append(
            {
                "change_id": one.public_id,
                "kind": one.kind,
                "on": one.decided_at.astimezone(SITE_ZONE).date().isoformat(),
                "reason": one.reason,
                "department": one.department.name,
                "firm": effect["firm"],
                "leaves": effect.get("leaves"),
                "joins": effect.get("joins"),
                "substitute": effect.get("substitute"),
            }
        )
    return found


def export_change(actor: Actor, public_id: str) -> dict[str, Any] | None:
    """The record as ``domain.draw_files`` verifies it, a withdrawal with its draw; None where no
    approved change has this number."""
    change = db.session.scalar(
        select(DrawChange).where(
            DrawChange.public_id == public_id,
            DrawChange.jurisdiction_id == actor.jurisdiction_id,
        )
    )
    if change is None or change.record is None:
        return None
    if change.kind == ChangeKind.WITHDRAWAL:
        return {**change.record, "draw": change.draw.record}
    return dict(change.record)


def refuse_change(actor: Actor, change_id: int, words: str) -> DrawChange:
    """The unit head says no, and why. Raises ``request.missing_field``, ``reason.too_long``,
    ``change.own_request``, ``change.wrong_state``."""
    if not (words := parse_reason(words, MAX_WORDS)):
        raise fault("request.missing_field", field="words")
    with unit_of_work():
        change = lock_change(actor, change_id)
        require_decider(actor, change)
        decide(actor, change, ChangeState.REFUSED, words)
    return change


def drop_change(actor: Actor, change_id: int) -> DrawChange:
    """Who asked takes it back. Raises ``access.denied``, ``change.wrong_state``."""
    with unit_of_work():
        change = lock_change(actor, change_id)
        if change.requested_by != actor.person_id:
            raise fault("access.denied")
        decide(actor, change, ChangeState.DROPPED, "")
    return change


def target_of(change: DrawChange) -> Target:
    """As the access rules see it."""
    return Target(
        change.jurisdiction_id, change.department_id, author_person_id=change.requested_by
    )


def can_decide(actor: Actor, change: DrawChange) -> bool:
    """Whether this person may approve or refuse it now."""
    is_open = change.state == ChangeState.REQUESTED
    is_own = change.requested_by == actor.person_id or _is_about(actor, change)
    return is_open and not is_own and may(actor, APPROVE[change.kind], target_of(change))


def list_deciders(change: DrawChange) -> list[int]:
    """The unit heads of its department, but not who asked."""
    holders = list_holders(change.department_id, {Role.UNIT_HEAD})
    return [one for one in holders if one != change.requested_by]


def require_decider(actor: Actor, change: DrawChange) -> None:
    """Raises ``change.own_request`` for who asked and for the officer it is about,
    ``access.denied``."""
    if change.requested_by == actor.person_id or _is_about(actor, change):
        raise fault("change.own_request")
    require(actor, APPROVE[change.kind], target_of(change))


def lock_change(actor: Actor, change_id: int, kind: ChangeKind | None = None) -> DrawChange:
    """Locked, so that two clicks cannot both decide. Raises ``change.not_found``, also for one of
    another ``kind``, and ``change.wrong_state`` for one that was decided already."""
    change = db.session.scalar(
        select(DrawChange)
        .where(DrawChange.id == change_id, DrawChange.jurisdiction_id == actor.jurisdiction_id)
        .with_for_update(of=DrawChange)
        .execution_options(populate_existing=True)
    )
    if change is None or (kind is not None and change.kind != kind):
        raise fault("change.not_found")
    if change.state != ChangeState.REQUESTED:
        raise fault("change.wrong_state")
    return change


def decide(actor: Actor, change: DrawChange, state: ChangeState, words: str) -> None:
    """Writes the decision, the audit event and whom it concerns."""
    change.state, change.decision = state.value, words
    change.decided_by, change.decided_at = actor.person_id, now()
    write_change(actor, change, state)
    tell_change(actor, change, list_deciders(change))


def close_changes(actor: Actor, draw: Draw) -> int:
    """Refuses what still waits because the draw itself was set aside; who asked is told as of any
    refusal. The caller holds the draw, as each request and each withdrawal does: none is added
    meanwhile. Answers how many."""
    words = f"{draw.public_id} 已批准重抽，本次申请随原抽取一并终止。"
    waiting = [one for one in list_of_draw(draw.id) if one.state == ChangeState.REQUESTED]
    closed = 0
    for one in waiting:
        query = select(DrawChange).where(DrawChange.id == one.id).with_for_update(of=DrawChange)
        change = db.session.scalars(query.execution_options(populate_existing=True)).one()
        if change.state == ChangeState.REQUESTED:
            decide(actor, change, ChangeState.REFUSED, words)
            closed += 1
    return closed


def add_change(actor: Actor, change: DrawChange) -> DrawChange:
    """Stores a request under a number of its own. Raises ``change.open`` where the department has
    one for this visit that waits."""
    with unit_of_work() as work:
        waiting = select(func.count()).select_from(DrawChange).where(
            DrawChange.inspection_id == change.inspection_id,
            DrawChange.department_id == change.department_id,
            DrawChange.state == ChangeState.REQUESTED,
        )  # fmt: skip
        if work.scalar(waiting):
            raise fault("change.open")
        # Part of every ticket of a replacement, so it is random and taken before the seed.
        change.public_id = make_number("BG")
        change.jurisdiction_id = actor.jurisdiction_id
        change.requested_by, change.requested_at = actor.person_id, now()
        change.state = ChangeState.REQUESTED.value
        work.add(change)
        work.flush()
        write_change(actor, change, ChangeState.REQUESTED)
        tell_change(actor, change, list_deciders(change))
    return change


def make_number(prefix: str) -> str:
    """A number nobody could know before: prefix, day, eight letters."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{prefix}{now().astimezone(SITE_ZONE):%Y%m%d}-{letters}"


def write_change(actor: Actor, change: DrawChange, state: ChangeState) -> None:
    """The audit event of a step."""
    write_event(
        actor.jurisdiction_id, actor.person_id, f"change.{state.value}",
        f"change:{change.public_id}",
        kind=change.kind, inspection=change.inspection_id, reason=change.reason,
    )  # fmt: skip


def parse_words(words: str) -> str:
    """What happened, in words. Raises ``request.missing_field``, ``reason.too_long``."""
    if not (words := parse_reason(words, MAX_WORDS)):
        raise fault("request.missing_field", field="words")
    return words


def read_seed(seed: str, used: Sequence[str | None]) -> str:
    """Public randomness in its one spelling. Raises ``draw.seed_required`` below eight letters or
    digits, ``draw.bad_text``, ``change.seed_reused`` for one that decided something already."""
    if len(seed) > MAX_SEED_CHARACTERS:
        raise fault("draw.bad_text", field=seed[:20])
    plain = plain_seed(seed)
    if len(plain) < SMALLEST_SEED_CHARACTERS:
        raise fault("draw.seed_required", minimum=SMALLEST_SEED_CHARACTERS)
    if plain in used:
        raise fault("change.seed_reused")
    return plain


def _is_about(actor: Actor, change: DrawChange) -> bool:
    return actor.officer_id is not None and actor.officer_id == change.officer_id
