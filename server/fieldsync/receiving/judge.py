"""Judges one receipted operation inside a savepoint: effect, ledger, counter, proposal and receipt
leave in one commit, or the operation is held and the batch goes on (I12, I13)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError

from domain.access import Actor
from domain.errors import Fault, Refused
from server.db import db
from server.fieldsync.entities import write_effect
from server.fieldsync.models import Receipt, Space
from server.fieldsync.proposals import make_proposal
from server.fieldsync.receipts import dump_outcome, write_verdict
from server.fieldsync.receiving.noticing import note_effects
from server.fieldsync.receiving.recording import record_review
from server.fieldsync.spaces import lock_space
from server.fieldsync.visit import TeamRights, Visit, find_visit
from server.results import service as results
from sync.apply import Desk, apply_operation
from sync.operation import Kind, Operation
from sync.outcomes import Applied, Conflict, Held, Invalid, Merged, Outcome, RejectedLocked
from sync.rows import Author

log = logging.getLogger("suicha.sync")

OpenDesk = tuple[Space | None, Visit | None]
Desks = dict[str, OpenDesk]


def judge(
    receipt: Receipt,
    read: Operation | Refused,
    sent: Mapping[str, Any],
    actor: Actor,
    author: Author,
    at: datetime,
    *,
    desks: Desks | None = None,
    is_revoked: bool = False,
    is_told: bool = True,
) -> Outcome:
    """Decides, writes the effect and the verdict. A defect of ours costs this operation only: it
    stays ``held`` under an incident number. A database that is busy or gone is no defect: it
    raises, nothing was decided, the phone comes again. ``desks`` remembers locked spaces within
    one transaction. Not ``is_told``: it is a part of something that is told once."""
    desks = {} if desks is None else desks
    try:
        with db.session.begin_nested():
            outcome, verdict = _decide(
                receipt, read, sent, actor, author, at, desks, is_revoked, is_told
            )
    except Exception as error:
        desks.clear()  # what was remembered may have been rolled back
        outcome = blame(receipt.op, error)
        verdict = dump_outcome(receipt.op, outcome, None, None)
    write_verdict(receipt, verdict)
    return outcome


def blame(op: str, error: Exception) -> Outcome:
    """What becomes of an operation whose judging raised. A rule that said no while it was asked is
    the operation's fault; a defect of ours holds it under an incident. Raises what is neither: a
    database that is busy or gone."""
    if isinstance(error, Fault):
        return Invalid(Refused(error.code, error.details))
    if isinstance(error, OperationalError):
        raise error
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        raise error
    incident = secrets.token_hex(4)
    log.error("incident %s: op %s is held", incident, op, exc_info=error)
    return Held(Refused("server.error", {"incident": incident}))


def _decide(
    receipt: Receipt,
    read: Operation | Refused,
    sent: Mapping[str, Any],
    actor: Actor,
    author: Author,
    at: datetime,
    desks: Desks,
    is_revoked: bool,
    is_told: bool,
) -> tuple[Outcome, dict[str, Any]]:
    if isinstance(read, Refused):
        outcome: Outcome = Invalid(read)
        return outcome, dump_outcome(receipt.op, outcome, None, None)
    space, visit = _open_desk(read.space, desks)
    if visit is None or space is None:
        if read.kind is Kind.DEVICE_LOST:
            outcome = Applied(rows=())
        else:
            outcome = Invalid(Refused("op.unknown_entity", {"entity": read.space}))
        return outcome, dump_outcome(read.op, outcome, None, None)
    rights = TeamRights(actor, visit, is_revoked)
    outcome = apply_operation(read, Desk(visit, rights, visit, author))
    space_seq = None
    if isinstance(outcome, Applied | Conflict) and outcome.rows:
        if isinstance(outcome, Applied) and outcome.enters is not None:
            _enter(visit, outcome.enters, read, author)
        space_seq = write_effect(space, read.op, outcome.rows, visit.sheet_ids, at)
        record_review(read, outcome, space, author)
    if isinstance(outcome, Merged) and outcome.cosigns is not None:
        sheet_id = visit.sheet_ids[outcome.cosigns]
        results.add_cosigner(sheet_id, op=read.op, person_id=author.id)
    current, against = _standing(outcome)
    proposal = make_proposal(receipt, read, sent, outcome, current, against, at)
    if is_told:
        note_effects(read, outcome, visit, author, proposal, at)
    return outcome, dump_outcome(read.op, outcome, space_seq, proposal)


def _open_desk(name: str, desks: Desks) -> OpenDesk:
    """The space under its lock and the visit over it, once per transaction."""
    if name not in desks:
        space = lock_space(name)
        desks[name] = space, find_visit(name) if space is not None else None
    return desks[name]


def _enter(visit: Visit, code: str, read: Operation, author: Author) -> None:
    chosen = read.fields["results"]
    assert isinstance(chosen, dict)
    results.enter_sheet(
        visit.inspection.id,
        code,
        op=read.op,
        person_id=author.id,
        results={item: int(str(value)) for item, value in chosen.items()},
    )


def _standing(
    outcome: Outcome,
) -> tuple[Mapping[str, Any], Mapping[str, str | None]]:
    """What a proposal is written against. Somebody who may not read the sheet is told nothing of
    it: a forbidden operation shows its own payload only."""
    if isinstance(outcome, RejectedLocked):
        return outcome.current, outcome.against
    if isinstance(outcome, Applied) and outcome.proposes:
        return outcome.current, outcome.against
    return {}, {}
