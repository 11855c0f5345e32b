"""A run of operations of one space, judged in memory and written with a few statements
(docs/protocol part 2).

Mostly it is judged before any lock and only compared and written under them (``ahead``). Here is
the judging itself, and the way under the locks: from the first operation that does more than rows
and a receipt (a proposal, a lock, a sheet's state), what was decided is written and the rest is
taken the careful way, one by one (``groups``, ``taking``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from domain.errors import Refused
from server.accounts.models import Device
from server.db import db
from server.fieldsync.receipts import dump_outcome, tell_outcome
from server.fieldsync.receiving.groups import BREAKS, list_parts, rule_on_group, take_carefully
from server.fieldsync.receiving.judge import blame
from server.fieldsync.receiving.loading import OpenSpace, find_open_space
from server.fieldsync.receiving.overlay import Effect, NeedsCare, NewReceipt, State
from server.fieldsync.receiving.taking import Batch, advance, side_device_of, tell_broken
from server.fieldsync.receiving.writing import write_counter, write_effects, write_receipts
from server.fieldsync.visit import TeamRights
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
    phone's row. Raises ``bulk.BulkRefused`` when it has to be taken one by one."""
    is_swift = device.revoked_at is None and not batch.is_aside
    space = find_open_space(batch.actor, offers) if is_swift else None
    batch.begin(offers)
    parts = list(list_parts(offers))
    if space is not None:
        parts = _take_swiftly(Run(batch, device, space, now()), device, parts)
    take_carefully(batch, device, parts)


def _take_swiftly(run: Run, device: Device, parts: list[list[Offer]]) -> list[list[Offer]]:
    """Takes and writes what needs no care; answers the rest."""
    taken = 0
    for offers in parts:
        try:
            run.take(offers)
        except NeedsCare:
            break
        taken += 1
    run.write()
    run.write_counter()
    run.hand_over()
    device.last_seq, device.link = run.state.last_seq, run.state.link
    run.tell_broken(device)
    return parts[taken:]


class Phone(Protocol):
    """Where a phone's log ends, as it was read."""

    @property
    def id(self) -> str: ...
    @property
    def last_seq(self) -> int: ...
    @property
    def link(self) -> str | None: ...


class Run:
    """The swift way through the operations of one space, and its ``state`` so far."""

    def __init__(self, batch: Batch, phone: Phone, space: OpenSpace, at: datetime) -> None:
        self._batch, self._device_id, self._space, self._at = batch, phone.id, space, at
        self.state = State(
            phone.last_seq,
            phone.link,
            space.counter,
            space.digest,
            rows=space.visit.rows,
            marks=space.visit.marks,
        )
        visit = space.visit
        self._desk = Desk(visit, TeamRights(batch.actor, visit), visit, batch.author)
        self.told: dict[str, dict[str, Any]] = {}

    @property
    def space_name(self) -> str:
        return self._space.visit.name

    def take(self, offers: Sequence[Offer]) -> None:
        """One operation, or a group that stands or falls together. Raises NeedsCare with nothing
        changed."""
        if len(offers) == 1:
            self.told |= self._take_all(offers, {})
            return
        before, taken = self.state, set(self._batch.taken)
        try:
            self.state = before.copy()
            told = self._take_all(offers, {})
            if any(one["status"] in BREAKS for one in told.values()):
                self.state, self._batch.taken = before.copy(), set(taken)
                told = self._take_all(offers, rule_on_group(told))
        except NeedsCare:
            self.state, self._batch.taken = before, taken
            raise
        self.told |= told

    def _take_all(
        self, offers: Sequence[Offer], rulings: dict[str, Refused]
    ) -> dict[str, dict[str, Any]]:
        visit = self._space.visit
        visit.rows, visit.marks = self.state.rows, self.state.marks
        return {offer.op: self._take_one(offer, rulings.get(offer.op)) for offer in offers}

    def _take_one(self, offer: Offer, ruling: Refused | None) -> dict[str, Any]:
        """All or nothing: whatever may raise comes before the first change."""
        state, batch = self.state, self._batch
        turn = self._find_turn(offer)
        if turn is Turn.REUSE or turn is Turn.HELD:
            raise NeedsCare
        if turn is Turn.REPLAY:
            batch.note_known(offer)
            self._advance(offer)
            mine = state.receipts.get(offer.op)
            verdict = mine.verdict if mine is not None else batch.verdicts[offer.op]
            return tell_outcome(verdict, is_replay=True)
        receipt = NewReceipt(offer, None, {})
        if turn is Turn.GAP:
            batch.taken.add(offer.seq)
            early = Held(Refused("sync.sequence_gap", {"expect": state.last_seq + 1}))
            receipt.verdict = dump_outcome(offer.op, early, None, None)
        else:
            outcome, effect = self._judge(offer, ruling)
            if turn is Turn.FORK:
                receipt.side_device = side_device_of(self._device_id, offer)
            else:
                receipt.is_chain_broken = self._advance(offer)
            space_seq = state.keep(effect) if effect is not None else None
            receipt.verdict = dump_outcome(offer.op, outcome, space_seq, None)
        state.receipts[offer.op] = receipt
        return tell_outcome(receipt.verdict, is_replay=False)

    def _find_turn(self, offer: Offer) -> Turn:
        state, batch = self.state, self._batch
        person, known = batch.actor.person_id, batch.known.get(offer.op)
        if (mine := state.receipts.get(offer.op)) is not None:
            known = Known(mine.offer.payload_sha256, person, mine.verdict["status"] == "held")
        is_taken = offer.seq in batch.taken
        return find_turn(
            offer.seq, state.last_seq, offer.payload_sha256, person, known, is_taken=is_taken
        )

    def _advance(self, offer: Offer) -> bool:
        is_broken = advance(self.state, offer)
        if is_broken:
            self.state.broken.append(offer)
        return is_broken

    def _judge(self, offer: Offer, ruling: Refused | None) -> tuple[Outcome, Effect | None]:
        """The outcome and what it does, nothing of it done. A defect of ours costs this operation
        only."""
        try:
            return self._decide(ruling or offer.read)
        except NeedsCare:
            raise
        except Exception as error:
            return blame(offer.op, error), None

    def _decide(self, read: Operation | Refused) -> tuple[Outcome, Effect | None]:
        if isinstance(read, Refused):
            return Invalid(read), None
        if read.kind not in SWIFT:
            raise NeedsCare
        outcome = apply_operation(read, self._desk)
        if not isinstance(outcome, Applied | Merged | Conflict | Invalid):
            raise NeedsCare  # a proposal is to be made
        if isinstance(outcome, Conflict) and outcome.rows:
            raise NeedsCare  # somebody is to be told
        if isinstance(outcome, Applied | Conflict) and outcome.rows:
            sheet_ids = self._space.visit.sheet_ids
            return outcome, self.state.plan(read.op, outcome.rows, sheet_ids)
        return outcome, None

    def write(self) -> None:
        """Writes receipts and effects. The rows of phone and space are the caller's: to hold, or to
        compare before the commit; their numbers are the caller's to write."""
        state, batch = self.state, self._batch
        connection, jurisdiction_id = db.session.connection(), batch.actor.jurisdiction_id
        receipts = list(state.receipts.values())
        person_id = batch.actor.person_id
        write_receipts(connection, self._device_id, person_id, jurisdiction_id, receipts, self._at)
        write_effects(connection, self.space_name, jurisdiction_id, state, self._at)

    def hand_over(self) -> None:
        """Gives the batch the answers, once nothing can take them back but the commit."""
        self._batch.told |= self.told
        self._batch.keep(list(self.state.receipts.values()))

    def write_counter(self) -> None:
        """Where the space stands afterwards, for who holds its row."""
        if self.state.ledger:
            write_counter(db.session.connection(), self.space_name, self.state)

    def tell_broken(self, device: Device) -> None:
        """The incidents of this run: operations that name another one before them."""
        for offer in self.state.broken:
            tell_broken(device, offer)
