"""Use case: one tap on the board reminds whoever has to act next (R088)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from domain.access import Action, Actor, Target
from server.audit.service import write_event
from server.db import unit_of_work
from server.deadlines.board import Board
from server.deadlines.parts.wanted import Wanted
from server.guard import require
from server.notifications.service import remind


@dataclass(frozen=True, slots=True)
class Told:
    """``names`` of everybody who has to act, ``written`` how many reminders are new today,
    ``found`` how many of the sheets wait for anybody at all."""

    names: tuple[str, ...]
    written: int
    found: int


def remind_of(actor: Actor, sheet_ids: Collection[int]) -> Told:
    """Of these sheets of the board, as far as they are in the actor's sight; what is done and what
    is held by nobody with an account is left out."""
    names: dict[str, None] = {}
    written, rows = 0, Board(actor, Wanted()).find_rows(sheet_ids)
    for row in rows:
        if not row.holder_ids:
            continue
        sheet = row.sheet
        require(actor, Action.BOARD_REMIND, Target(actor.jurisdiction_id, sheet.department_id))
        target = f"/inspections/{sheet.inspection_id}"
        with unit_of_work():
            new = remind(row.holder_ids, f"{sheet.firm_name} {sheet.number}", target, actor)
            if new:
                write_event(
                    actor.jurisdiction_id,
                    actor.person_id,
                    "deadline.reminded",
                    f"insp:{sheet.inspection_id}/{sheet.department_code}",
                    people=len(row.holder_ids),
                )
        written += new
        names |= dict.fromkeys(row.holders)
    return Told(tuple(names), written, len(rows))
