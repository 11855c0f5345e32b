"""Use cases: the draw in its room, from who is present to the last roll of the die (R044, R051).

``domain.ceremony`` holds the rules; each step is read and written under the draw's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain import ceremony as rules
from domain.access import Action, Actor
from domain.draw import plain_seed
from domain.errors import fault
from server.accounts.service import get_person
from server.audit.service import write_event
from server.db import unit_of_work
from server.draws.freezing import lock_draw, require_frozen
from server.draws.models import Draw
from server.draws.seeds import readable_seed
from server.guard import require
from server.runtime import SITE_ZONE, now


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the record sheet asks about the room. ``present`` is department name → names as typed;
    the joint meeting (部门联席会议) has a day, and may have people and a document number."""

    place: str
    began_at: datetime
    witness_name: str
    witness_unit: str
    platform: str = ""
    present: Mapping[str, str] | None = None
    held_on: date | None = None
    participants: str = ""
    scheme_no: str = ""


def note_meeting(actor: Actor, draw_id: int, meeting: Meeting) -> Draw:
    """Records or mends who was there; possible until the draw. Raises ``draw.already_drawn``,
    ``request.missing_field``."""
    require(actor, Action.DRAW_RUN)
    for name in ("place", "witness_name", "witness_unit"):
        if not getattr(meeting, name).strip():
            raise fault("request.missing_field", field=name)
    told: dict[str, Any] = {
        "place": meeting.place.strip(),
        "began_at": _text_of(meeting.began_at),
        "operator": get_person(actor.person_id).name,
        "witness": {"name": meeting.witness_name.strip(), "unit": meeting.witness_unit.strip()},
        "platform": meeting.platform.strip(),
        "present": [
            {"department": name, "names": names.strip()}
            for name, names in (meeting.present or {}).items()
            if names.strip()
        ],
        "meeting": {
            "held_on": meeting.held_on.isoformat() if meeting.held_on else None,
            "participants": meeting.participants.strip(),
            "scheme_no": meeting.scheme_no.strip(),
        },
    }
    return _step(actor, draw_id, "draw.meeting", lambda kept, _at: {**kept, **told})


def add_rolls(actor: Actor, draw_id: int, text: str, seen: int) -> Draw:
    """The die as read out; ``seen`` is how many rolls the page showed. Raises what
    ``domain.ceremony.with_rolls`` and ``parse_rolls`` raise."""
    values = rules.parse_rolls(text)
    return _step(
        actor, draw_id, "draw.rolled", lambda kept, at: rules.with_rolls(kept, values, seen, at)
    )


def strike_roll(actor: Actor, draw_id: int, number: int, reason: str) -> Draw:
    """A roll was mistyped or fell off the table. Raises ``request.missing_field`` without a reason,
    and what ``domain.ceremony.with_struck`` raises."""
    if not (reason := reason.strip()):
        raise fault("request.missing_field", field="reason")
    return _step(
        actor, draw_id, "draw.roll_struck",
        lambda kept, at: rules.with_struck(kept, number, reason, at),
    )  # fmt: skip


def close_dice(actor: Actor, draw_id: int) -> Draw:
    """The witness agrees to the rolls. Raises ``draw.dice_missing`` and ``draw.dice_closed``."""
    return _step(actor, draw_id, "draw.dice_closed", rules.with_dice_closed)


def declare_lottery(actor: Actor, draw_id: int, name: str, issue: str) -> Draw:
    """Names the public lottery whose result will count, before it is published. Raises
    ``request.missing_field`` and ``draw.randomness_begun``."""
    name, issue = name.strip(), issue.strip()
    for field, value in (("name", name), ("issue", issue)):
        if not value:
            raise fault("request.missing_field", field=field)
    return _step(
        actor, draw_id, "draw.lottery_named",
        lambda kept, at: rules.with_lottery(kept, name, issue, at),
    )  # fmt: skip


def enter_lottery(actor: Actor, draw_id: int, numbers: str, published_at: datetime) -> Draw:
    """The result of the named lottery, entered once. Raises ``draw.lottery_early`` for one that was
    published before it was named, ``draw.lottery_future``, ``draw.seed_required``,
    ``draw.bad_text``."""
    readable_seed(numbers)

    def enter(kept: rules.Ceremony, at: str) -> dict[str, Any]:
        lottery = dict(kept.get("lottery") or {})
        if not lottery or lottery.get("numbers"):
            raise fault("draw.randomness_begun" if lottery else "draw.seed_missing")
        # never before the freeze: a lottery is named on the page of a frozen pool
        earliest = datetime.fromisoformat(lottery["declared_at"])
        if published_at <= earliest:
            raise fault("draw.lottery_early", earliest=f"{earliest:%Y-%m-%d %H:%M}")
        if published_at > now():
            raise fault("draw.lottery_future")
        told = {"numbers": numbers.strip(), "published_at": _text_of(published_at)}
        return {**kept, "lottery": {**lottery, **told, "entered_at": at}}

    return _step(actor, draw_id, "draw.lottery_entered", enter)


def note_signature(actor: Actor, draw_id: int, note: str) -> Draw:
    """The witness has signed the printed record sheet; where it is kept. Raises
    ``request.missing_field`` and, for a draw not made yet, ``draw.seed_missing``."""
    require(actor, Action.DRAW_RUN)
    if not (note := note.strip()):
        raise fault("request.missing_field", field="note")
    with unit_of_work():
        draw = lock_draw(actor, draw_id)
        if draw.record is None:
            raise fault("draw.seed_missing")
        draw.ceremony = {**draw.ceremony, "signed": {"at": _text_of(now()), "note": note}}
        _write(actor, draw, "draw.signed", {})
    return draw


def current_step(draw: Draw) -> int:
    """Which of the six steps is being walked; 6 when all is done. 0 is the pool, on the task's
    page, 1 the freeze, 2 the meeting, 3 the randomness, 4 the draw, 5 the signed record sheet."""
    if draw.record is not None:
        # a seed typed as text needs no witness on record, so there is no sheet to wait for
        return 5 if draw.ceremony.get("witness") and not draw.ceremony.get("signed") else 6
    if rules.has_seed(draw.ceremony):
        return 4
    return 3 if draw.ceremony.get("witness") else 2


def source_text(ceremony: rules.Ceremony) -> str:
    """The source as the record keeps it, in the language of the record."""
    witness = ceremony.get("witness") or {}
    seen_by = f"{witness.get('unit', '')} {witness.get('name', '')} 监督"
    if ceremony.get("source") == rules.LOTTERY:
        lottery = ceremony["lottery"]
        published = datetime.fromisoformat(lottery["published_at"])
        when = f"{published:%Y-%m-%d %H:%M}"
        return f"{lottery['name']} 第 {lottery['issue']} 期，{when} 开奖；{seen_by}"
    return f"现场掷骰子 {len(rules.standing_rolls(ceremony))} 次，{seen_by}"


def plain_seed_of(draw: Draw) -> str:
    """What will be hashed; for rolls not complete yet, as far as they go."""
    if rules.has_seed(draw.ceremony):
        return rules.seed_of(draw.ceremony)
    return plain_seed("".join(map(str, rules.standing_rolls(draw.ceremony))))


def _step(
    actor: Actor, draw_id: int, event: str, change: Callable[[rules.Ceremony, str], dict[str, Any]]
) -> Draw:
    require(actor, Action.DRAW_RUN)
    with unit_of_work():
        draw = lock_draw(actor, draw_id)
        require_frozen(draw)
        before = draw.ceremony
        draw.ceremony = change(before, _text_of(now()))
        told = {key: value for key, value in draw.ceremony.items() if before.get(key) != value}
        _write(actor, draw, event, told)
    return draw


def _write(actor: Actor, draw: Draw, event: str, told: Mapping[str, Any]) -> None:
    write_event(actor.jurisdiction_id, actor.person_id, event, f"draw:{draw.public_id}", **told)


def _text_of(at: datetime) -> str:
    return at.astimezone(SITE_ZONE).isoformat(timespec="seconds")
