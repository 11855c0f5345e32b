"""Lookup for the reporter: where a clue stands, for whoever has its number and its code."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from domain.clues import UNFINISHED, ClueState, parse_code, parse_number
from domain.errors import fault
from server.clues.attempts import Kind, count_attempt, refuse_too_many
from server.clues.models import Clue
from server.clues.receiving import hash_code
from server.db import db, unit_of_work

NOBODY = hash_code("")  # compared where there is no such clue: both take the same time


@dataclass(frozen=True, slots=True)
class Followed:
    """What the reporter sees: ``state`` and ``answer`` of the clue, or of the one it was merged
    into; nothing of who deals with it, nor of what was reported. ``due`` is counted from the day
    of ``counted_from``."""

    number: str
    received_at: datetime
    state: ClueState
    is_merged: bool
    answer: str
    body: str
    due: date | None
    counted_from: datetime | None


def follow(county_id: int, number: str, code: str, address: str) -> Followed:
    """Raises ``clue.wrong_code``, the same for a wrong number, and ``clue.too_many_tries``."""
    refuse_too_many(county_id, Kind.QUERY, address)
    query = select(Clue).where(
        Clue.jurisdiction_id == county_id, Clue.number == parse_number(number)
    )
    clue = db.session.scalar(query)
    kept = clue.code_sha256 if clue is not None else NOBODY
    is_right = hmac.compare_digest(kept, hash_code(parse_code(code)))
    if clue is None or not is_right:
        with unit_of_work():
            count_attempt(county_id, Kind.QUERY, address)
        raise fault("clue.wrong_code")
    main = clue
    while main.state == ClueState.MERGED and main.merged_into is not None:
        main = main.merged_into
    state = ClueState(main.state)
    is_new = state is ClueState.RECEIVED
    due = clue.accept_by if is_new else main.finish_by
    return Followed(
        number=clue.number,
        received_at=clue.received_at,
        state=state,
        is_merged=main is not clue,
        # An answer from before it was taken up again no longer stands.
        answer="" if state in UNFINISHED else main.public_answer,
        body=main.body if state is ClueState.TRANSFERRED else "",
        due=due if state in UNFINISHED else None,
        counted_from=clue.received_at if is_new else main.running_since,
    )
