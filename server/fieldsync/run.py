"""A run of operations of one space in one transaction (docs/protocol part 2).

The run is judged in memory and written at its end with a few statements. From the first operation
that does more than rows and a receipt (a proposal, a lock, a sheet's state), what was decided is
written and the rest is taken the careful way, one by one (``groups``, ``taking``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.errors import Refused
from server.accounts.models import Device
from server.db import db
from server.fieldsync.groups import BREAKS, list_parts, rule_on_group, take_carefully
from server.fieldsync.judge import blame
from server.fieldsync.loading import OpenSpace, find_open_space
from server.fieldsync.overlay import NeedsCare, NewReceipt, State
from server.fieldsync.receipts import dump_outcome, tell_outcome
from server.fieldsync.taking import Batch, advance, side_device_of, tell_broken
from server.fieldsync.visit import TeamRights
from server.fieldsync.writing import write_effects, write_receipts
from server.runtime import now
from sync.apply import Desk, apply_operation
from sync.messages.push_request import Offer
from sync.operation import Kind, Operation
from sync.order import Known, Turn, find_turn
from sync.outcomes import Applied, Conflict, Held, Invalid, Merged, Outcome

SWIFT = frozenset(
    {
        Kind.ANSWER_SET,
        Kind.PHOTO_ATTACH,
        Kind.PHOTO_REMOVE,
        Kind.SIGNATURE_ADD,
        Kind.CHECKIN_ADD,
    }
)


def take_run(batch: Batch, device: Device, offers: Sequence[Offer]) -> None:
    """Takes a run of one space in order; the answers are in ``batch.told``. The caller holds the
    phone's row. Raises ``writing.BulkRefused`` when it has to be taken one by one."""
    is_swift = device.revoked_at is None and not batch.is_aside
    space = find_open_space(batch.actor, offers) if is_swift else None
    batch.begin(offers)
    parts = list(list_parts(offers))
    if space is not None:
        parts = _take_swiftly(Run(batch, device, space, now()), parts)
    take_carefully(batch, device, parts)


def _take_swiftly(run: Run, parts: list[list[Offer]]) -> list[list[Offer]]:
    """Takes and writes what needs no care; answers the rest."""
    taken = 0
    for offers in parts:
        try:
            run.take(offers)
        except NeedsCare:
            break
        taken += 1
    run.write()
    return parts[taken:]


class Run:
    """The swift way through the operations of one space, and its state so far."""

    def __init__(self, batch: Batch, device: Device, space: OpenSpace, at: datetime) -> None:
        self._batch, self._device, self._space, self._at = batch, device, space, at
        self._state = State(
            device.last_seq,
            device.link,
            space.counter,
            space.digest,
            rows=space.visit.rows,
            marks=space.visit.marks,
        )
        visit = space.visit
        self._desk = Desk(visit, TeamRights(batch.actor, visit), visit, batch.author)

    def take(self, offers: Sequence[Offer]) -> None:
        """One operation, or a group that stands or falls together. Raises NeedsCare with nothing
        changed."""
        before, taken = self._state, set(self._batch.taken)
        try:
            told = self._take_all(offers, {})
            if len(offers) > 1 and any(one["status"] in BREAKS for one in told.values()):
                self._state, self._batch.taken = before, set(taken)
                told = self._take_all(offers, rule_on_group(told))
        except NeedsCare:
            self._state, self._batch.taken = before, taken
            raise
        self._batch.told |= told

    def _take_all(
        self, offers: Sequence[Offer], rulings: dict[str, Refused]
    ) -> dict[str, dict[str, Any]]:
        told = {}
        for offer in offers:
            self._state = self._state.copy()
            told[offer.op] = self._take_one(offer, rulings.get(offer.op))
        return told

    def _take_one(self, offer: Offer, ruling: Refused | None) -> dict[str, Any]:
        state, batch = self._state, self._batch
        turn = self._find_turn(offer)
        batch.note_known(offer)
        if turn is Turn.REUSE or turn is Turn.HELD:
            raise NeedsCare
        if turn is Turn.REPLAY:
            self._advance(offer)
            mine = state.receipts.get(offer.op)
            verdict = mine.verdict if mine is not None else batch.verdicts[offer.op]
            return tell_outcome(verdict, is_replay=True)
        receipt = NewReceipt(offer, None, {})
        if turn is Turn.FORK:
            receipt.side_device = side_device_of(self._device.id, offer)
        if turn is Turn.GAP:
            batch.taken.add(offer.seq)
            early = Held(Refused("sync.sequence_gap", {"expect": state.last_seq + 1}))
            receipt.verdict = dump_outcome(offer.op, early, None, None)
        else:
            if turn is not Turn.FORK:
                receipt.is_chain_broken = self._advance(offer)
            receipt.verdict = self._judge(offer, ruling)
        self._state.receipts[offer.op] = receipt
        return tell_outcome(receipt.verdict, is_replay=False)

    def _find_turn(self, offer: Offer) -> Turn:
        state, batch = self._state, self._batch
        person, known = batch.actor.person_id, batch.known.get(offer.op)
        if (mine := state.receipts.get(offer.op)) is not None:
            known = Known(mine.offer.payload_sha256, person, mine.verdict["status"] == "held")
        is_taken = offer.seq in batch.taken
        return find_turn(
            offer.seq, state.last_seq, offer.payload_sha256, person, known, is_taken=is_taken
        )

    def _advance(self, offer: Offer) -> bool:
        is_broken = advance(self._state, offer)
        if is_broken:
            self._state.broken.append(offer)
        return is_broken

    def _judge(self, offer: Offer, ruling: Refused | None) -> dict[str, Any]:
        """The verdict; its effect is in the state. A defect of ours costs this operation only."""
        before = self._state.copy()
        outcome: Outcome
        try:
            outcome, space_seq = self._decide(ruling or offer.read)
        except NeedsCare:
            raise
        except Exception as error:
            self._state = before
            outcome, space_seq = blame(offer.op, error), None
        return dump_outcome(offer.op, outcome, space_seq, None)

    def _decide(self, read: Operation | Refused) -> tuple[Outcome, int | None]:
        if isinstance(read, Refused):
            return Invalid(read), None
        if read.kind not in SWIFT:
            raise NeedsCare
        visit = self._space.visit
        visit.rows, visit.marks = self._state.rows, self._state.marks
        outcome = apply_operation(read, self._desk)
        if not isinstance(outcome, Applied | Merged | Conflict | Invalid):
            raise NeedsCare  # a proposal is to be made
        if isinstance(outcome, Conflict) and outcome.rows:
            raise NeedsCare  # somebody is to be told
        if isinstance(outcome, Applied | Conflict) and outcome.rows:
            return outcome, self._state.record(read.op, outcome.rows, visit.sheet_ids)
        return outcome, None

    def write(self) -> None:
        """Writes all there is, and hands the phone's number back to its row."""
        state, batch, device = self._state, self._batch, self._device
        connection, jurisdiction_id = db.session.connection(), batch.actor.jurisdiction_id
        receipts = list(state.receipts.values())
        write_receipts(
            connection, device.id, batch.actor.person_id, jurisdiction_id, receipts, self._at
        )
        write_effects(connection, self._space.visit.name, jurisdiction_id, state, self._at)
        device.last_seq, device.link = state.last_seq, state.link
        for offer in state.broken:
            tell_broken(device, offer)
        batch.keep(receipts)
