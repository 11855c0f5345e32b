"""Lookup over other subjects' tables (docs/decisions/0003): by when each clue of the public is to
be taken up and answered, and since when that holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from domain.clues import ENDED, MOVES, ClueState, StepKind
from server.accounts.service import list_departments
from server.clues.models import Clue, ClueStep
from server.db import db


@dataclass(frozen=True, slots=True)
class ClueFacts:
    """``department_id``: whose it is, the home department's until it is assigned. ``left_at``: when
    it was accepted or ended otherwise; ``running_since`` when the answer's day was set last;
    ``ended_at`` when it ended since then, None while it has not."""

    clue_id: int
    department_id: int
    received_at: datetime
    accept_by: date
    left_at: datetime | None
    finish_by: date | None
    running_since: datetime | None
    ended_at: datetime | None


def list_clue_facts(
    jurisdiction_id: int, clue_ids: Collection[int] | None = None
) -> list[ClueFacts]:
    """Of the county in sight; none where it has no department yet."""
    home = next((one.id for one in list_departments()), None)
    if home is None:
        return []
    query = select(
        Clue.id, Clue.department_id, Clue.received_at, Clue.accept_by, Clue.finish_by, Clue.state
    ).where(Clue.jurisdiction_id == jurisdiction_id)  # fmt: skip
    steps = select(ClueStep.clue_id, ClueStep.action, ClueStep.at).where(
        ClueStep.jurisdiction_id == jurisdiction_id
    )
    if clue_ids is not None:
        query = query.where(Clue.id.in_(clue_ids))
        steps = steps.where(ClueStep.clue_id.in_(clue_ids))
    made: dict[int, list[tuple[StepKind, datetime]]] = defaultdict(list)
    for clue, action, at in db.session.execute(steps.order_by(ClueStep.id)):
        made[clue].append((StepKind(action), at))
    return [
        ClueFacts(
            one.id, one.department_id or home, one.received_at, one.accept_by,
            *_times(made[one.id], finish_by=one.finish_by, state=ClueState(one.state)),
        )
        for one in db.session.execute(query.order_by(Clue.id))
    ]  # fmt: skip


def _times(
    steps: list[tuple[StepKind, datetime]], *, finish_by: date | None, state: ClueState
) -> tuple[datetime | None, date | None, datetime | None, datetime | None]:
    left = running = ended = None
    for kind, at in steps:
        move = MOVES.get(kind)
        if move is None or move.to is None:
            continue
        left = left or at
        if kind in (StepKind.ACCEPT, StepKind.REOPEN):
            running, ended = at, None
        elif move.to in ENDED:
            ended = ended or at
    return left, finish_by, running, ended if state in ENDED else None
