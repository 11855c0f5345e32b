"""Use cases: at a revisit each problem of the first visit is looked at again, and the result it has
now recorded beside the first one; once per item, by the department whose problem it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from domain.reasons import parse_reason
from domain.results import RESULTS, is_problem
from domain.revisits import RevisitOutcome, judge_revisit
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.followup.models import FollowUp, Revisit, RevisitItem
from server.followup.reading import can_decide, can_read, target_of
from server.followup.revisiting import MAX_NOTE_CHARACTERS, list_problems, lock_revisit
from server.guard import require
from server.runtime import now, today


@dataclass(frozen=True, slots=True)
class Compared:
    """A problem of the first visit and what it is now; ``item`` is empty until that is recorded,
    ``can_enter`` whether this person may."""

    case: FollowUp
    item: RevisitItem | None
    can_enter: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """``rows`` are those in sight, ``others`` problems of other departments; ``outcome`` follows
    from the items and is empty while one is missing (``missing``: by whom)."""

    rows: tuple[Compared, ...]
    others: int
    missing: tuple[str, ...]
    outcome: RevisitOutcome | None


@dataclass(frozen=True, slots=True)
class ItemNow:
    """As typed."""

    result: int
    note: str


def compare(actor: Actor, revisit: Revisit) -> Comparison:
    """Before and after, item by item."""
    problems, known = list_problems(revisit), _entered(revisit.id)
    waits = [one for one in problems if one.id not in known]
    seen = [one for one in problems if can_read(actor, one)]
    return Comparison(
        rows=tuple(
            Compared(
                one,
                known.get(one.id),
                one.id not in known and not revisit.outcome and can_decide(actor, one),
            )
            for one in seen
        ),
        others=len(problems) - len(seen),
        missing=tuple(dict.fromkeys(one.department.name for one in waits)),
        outcome=None if waits else judge_revisit(known[one.id].now_result for one in problems),
    )


def enter_items(actor: Actor, revisit_id: int, items: Mapping[int, ItemNow]) -> int:
    """Case → what it is now, whole or not at all; answers how many. Raises ``revisit.no_items``,
    ``follow_up.not_found`` for a case of another visit, ``access.denied`` for another
    department's, ``revisit.item_entered``, ``revisit.recorded``, ``revisit.needs_note`` for a
    problem that is still one."""
    if not items:
        raise fault("revisit.no_items")
    told = {key: parse_reason(one.note, MAX_NOTE_CHARACTERS) for key, one in items.items()}
    with unit_of_work() as work:
        revisit = lock_revisit(actor, revisit_id)
        cases, known = {one.id: one for one in list_problems(revisit)}, _entered(revisit_id)
        for key, one in items.items():
            if key not in cases or one.result not in RESULTS:
                raise fault("follow_up.not_found")
            require(actor, Action.FOLLOW_UP_DECIDE, target_of(cases[key]))
            if key in known:
                raise fault("revisit.item_entered", item=cases[key].item_code)
            if is_problem(one.result) and not told[key]:
                raise fault("revisit.needs_note", item=cases[key].item_code)
        for key, one in items.items():
            work.add(
                RevisitItem(
                    jurisdiction_id=revisit.jurisdiction_id,
                    revisit_id=revisit.id,
                    follow_up_id=key,
                    item_code=cases[key].item_code,
                    first_result=cases[key].result_code,
                    now_result=one.result,
                    note=told[key],
                    person_id=actor.person_id,
                    at=now(),
                )
            )
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            "revisit.compared",
            f"revisit:{revisit_id}",
            items={cases[key].item_code: one.result for key, one in items.items()},
        )
        work.flush()
    return len(items)


def conclude(actor: Actor, revisit_id: int, note: str, visited_on: date) -> Revisit:
    """回访结论, once: it follows from the items. Raises ``revisit.items_missing`` naming the
    departments, ``revisit.recorded``, ``follow_up.needs_outcome`` without words,
    ``follow_up.done_in_future``."""
    require(actor, Action.REVISIT_DRAW)
    if not (note := parse_reason(note, MAX_NOTE_CHARACTERS)):
        raise fault("follow_up.needs_outcome")
    if visited_on > today():
        raise fault("follow_up.done_in_future")
    with unit_of_work() as work:
        revisit = lock_revisit(actor, revisit_id)
        found = compare(actor, revisit)
        if found.outcome is None:
            raise fault("revisit.items_missing", departments="、".join(found.missing))
        revisit.outcome, revisit.note, revisit.visited_on = found.outcome.value, note, visited_on
        revisit.recorded_by, revisit.recorded_at = actor.person_id, now()
        write_event(
            actor.jurisdiction_id, actor.person_id, "revisit.recorded", f"revisit:{revisit_id}",
            outcome=revisit.outcome, visited_on=visited_on.isoformat(),
        )  # fmt: skip
        work.flush()
    return revisit


def _entered(revisit_id: int) -> dict[int, RevisitItem]:
    query = select(RevisitItem).where(RevisitItem.revisit_id == revisit_id)
    return {one.follow_up_id: one for one in db.session.scalars(query)}
