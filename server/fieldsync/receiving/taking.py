"""Takes one offered operation: its turn, its receipt, its verdict (docs/protocol part 2, 1–6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError

from domain.access import Actor
from domain.errors import Refused, fault
from server.accounts.models import Device
from server.audit.service import write_event
from server.db import db
from server.fieldsync.models import Receipt
from server.fieldsync.receipts import (
    ASIDE,
    FORK,
    add_receipt,
    dump_outcome,
    get_receipt,
    known_of,
    list_known,
    tell_outcome,
    write_verdict,
)
from server.fieldsync.receiving.asides import origin_of
from server.fieldsync.receiving.held import is_early, list_taken_numbers
from server.fieldsync.receiving.judge import Desks, judge
from server.fieldsync.receiving.overlay import NewReceipt
from server.runtime import now
from sync.chain import is_broken, link_of
from sync.messages.push_request import Offer
from sync.operation import Kind, Operation
from sync.order import Known, Turn, find_turn, takes_place
from sync.outcomes import Held, Invalid
from sync.rows import Author


@dataclass(slots=True)
class Batch:
    """Offers of one phone under way. ``told`` are the answers by operation id, ``waiting`` what
    came too early; ``desks``, ``known`` and the known ones' ``verdicts`` are remembered within one
    transaction, and so are the numbers ``taken`` by operations that wait. ``is_aside``: nobody
    vouches that the phone made them."""

    actor: Actor
    author: Author
    device_id: str
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    desks: Desks = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    is_fork: bool = False
    is_aside: bool = False

    def begin(self, offers: Sequence[Offer]) -> None:
        """To be called first in each transaction, with the phone's row locked."""
        self.desks = {}
        self.known, self.verdicts, self.taken = {}, {}, set()
        if offers:
            ids = {op for offer in offers for op in (offer.op, origin_of(offer))}
            self.known, self.verdicts = list_known(ids)
            self.taken = list_taken_numbers(self.device_id, (offer.seq for offer in offers))

    def note_known(self, offer: Offer) -> None:
        """A fork that is offered again must be told again: its answer may have been lost."""
        known = self.known.get(offer.op)
        self.is_fork = self.is_fork or (known is not None and known.is_fork_of(self.device_id))

    def keep(self, receipts: Sequence[NewReceipt]) -> None:
        """Remembers what was just written in bulk."""
        for one in receipts:
            offer, status = one.offer, one.verdict["status"]
            self.known[offer.op] = Known(
                offer.payload_sha256,
                self.actor.person_id,
                status == "held",
                self.device_id if one.side_device is not None else None,
            )
            self.is_fork = self.is_fork or one.side_device is not None
            if is_early(one.verdict):
                self.waiting.add(offer.op)


def take(
    batch: Batch, device: Device, offer: Offer, ruling: Refused | None = None
) -> dict[str, Any]:
    """The answer to one offer; the caller holds the phone's row. ``ruling`` refuses it whatever it
    says, receipt and number as usual."""
    person = batch.actor.person_id
    known = batch.known.get(offer.op)
    if batch.is_aside:
        return _take_aside(batch, device, offer, ruling)
    turn = find_turn(
        offer.seq,
        device.last_seq,
        offer.payload_sha256,
        person,
        known,
        is_taken=offer.seq in batch.taken,
    )
    batch.note_known(offer)
    if turn is Turn.REPLAY:
        _advance(device, offer)
        return tell_outcome(get_receipt(offer.op).outcome, is_replay=True)
    if turn is Turn.REUSE:
        return _refuse_reuse(batch, device, offer)
    if turn is Turn.HELD:
        return _take_held(batch, device, offer, ruling)
    side = side_device_of(device.id, offer) if turn is Turn.FORK else None
    receipt = _receive(batch, device, offer, side)
    batch.is_fork = batch.is_fork or turn is Turn.FORK
    if turn is Turn.GAP:
        batch.waiting.add(offer.op)
        batch.taken.add(offer.seq)
        early = Held(Refused("sync.sequence_gap", {"expect": device.last_seq + 1}))
        write_verdict(receipt, dump_outcome(offer.op, early, None, None))
        batch.known[offer.op] = known_of(receipt)
        return tell_outcome(receipt.outcome, is_replay=False)
    return judge_offer(batch, device, offer, receipt, ruling, is_replay=False)


def _take_aside(
    batch: Batch, device: Device, offer: Offer, ruling: Refused | None
) -> dict[str, Any]:
    """Judged under a side identity and an id of its own (``asides``): it takes none of the phone's
    numbers, waits for none of them (or it would be judged later with the phone's own rights) and
    settles nothing that waits. What the phone itself delivered is told as known; something else
    under the same id raises the alarm and is kept."""
    mine = offer.payload_sha256, batch.actor.person_id
    origin, known = batch.known.get(origin_of(offer)), batch.known.get(offer.op)
    if origin is not None and (origin.payload_sha256, origin.person_id) == mine:
        return tell_outcome(get_receipt(origin_of(offer)).outcome, is_replay=True)
    if known is None:
        if origin is not None:
            _alarm_reuse(batch, device, origin_of(offer))
        receipt = _receive(batch, device, offer, side_device_of(device.id, offer, ASIDE))
        return judge_offer(batch, device, offer, receipt, ruling, is_replay=False)
    if (known.payload_sha256, known.person_id) != mine:
        return _tell_reuse(batch, device, offer)
    receipt = get_receipt(offer.op)
    if known.is_held:  # by a defect of ours, which may be mended
        return judge_offer(batch, device, offer, receipt, ruling, is_replay=True)
    return tell_outcome(receipt.outcome, is_replay=True)


def _receive(batch: Batch, device: Device, offer: Offer, side_device: str | None) -> Receipt:
    """Receipt first. The same operation may be on its way under the person's other phone name at
    this very moment: then the other request is answered and this one comes again."""
    try:
        with db.session.begin_nested():
            return add_receipt(
                op=offer.op,
                jurisdiction_id=batch.actor.jurisdiction_id,
                device=device.id,
                side_device=side_device,
                seq=offer.seq,
                person_id=batch.actor.person_id,
                space=offer.space,
                kind=offer.kind,
                payload=offer.payload,
                payload_sha256=offer.payload_sha256,
                at=now(),
                prev=offer.prev,
                mono_ms=offer.mono_ms,
            )
    except IntegrityError as error:
        raise fault("server.busy", retry_after=1) from error


def _take_held(
    batch: Batch, device: Device, offer: Offer, ruling: Refused | None
) -> dict[str, Any]:
    """Known and undecided: judged now if it is its turn or if only a defect of ours held it."""
    receipt = get_receipt(offer.op)
    outcome = receipt.outcome
    if is_early(outcome) and offer.seq > device.last_seq + 1:
        batch.waiting.add(offer.op)
        return tell_outcome(outcome, is_replay=True)
    return judge_offer(batch, device, offer, receipt, ruling, is_replay=True)


def judge_offer(
    batch: Batch,
    device: Device,
    offer: Offer,
    receipt: Receipt,
    ruling: Refused | None = None,
    *,
    is_replay: bool,
) -> dict[str, Any]:
    """Moves the phone's number on, unless it was another's, and gives the receipt its verdict."""
    if receipt.side_device is None or receipt.device != device.id:
        receipt.is_chain_broken = _advance(device, offer) or receipt.is_chain_broken
    judge(
        receipt,
        ruling or offer.read,
        offer.sent,
        batch.actor,
        batch.author,
        now(),
        desks=batch.desks,
        is_revoked=device.revoked_at is not None,
    )
    batch.known[offer.op] = known_of(receipt)
    is_lost = isinstance(offer.read, Operation) and offer.read.kind is Kind.DEVICE_LOST
    if is_lost and not batch.is_aside:
        lost, device.link = offer.sent["fields"]["seq"], None  # what was lost had another link
        write_event(device.jurisdiction_id, device.person_id, "device.lost", device.id, seq=lost)
    return tell_outcome(receipt.outcome, is_replay=is_replay)


class Place(Protocol):
    """Where a phone's log ends: its row, or what a run has made of it so far."""

    last_seq: Any
    link: Any


def advance(place: Place, offer: Offer) -> bool:
    """Moves the number on if it is this operation's turn. Answers whether its chain breaks here."""
    if not takes_place(offer.seq, place.last_seq):
        return False
    was_broken = is_broken(offer.prev, place.link, offer.seq)
    place.last_seq = offer.seq
    place.link = link_of(offer.prev, offer.seq, offer.op, offer.payload_sha256)
    return was_broken


def _advance(device: Device, offer: Offer) -> bool:
    was_broken = advance(device, offer)
    if was_broken:
        tell_broken(device, offer)
    return was_broken


def tell_broken(device: Device, offer: Offer) -> None:
    """The incident: this operation names another one before it than the phone sent."""
    write_event(
        device.jurisdiction_id,
        device.person_id,
        "device.chain_broken",
        device.id,
        seq=offer.seq,
        op=offer.op,
    )


def side_device_of(device_id: str, offer: Offer, mark: str = FORK) -> str:
    """The side identity of an operation whose number was used before, or that nobody vouches for
    (``ASIDE``)."""
    return f"{device_id}{mark}{offer.op[-12:]}"


def _refuse_reuse(batch: Batch, device: Device, offer: Offer) -> dict[str, Any]:
    """The alarm: one id, two contents. The number is used up, so that the queue drains (I12)."""
    _advance(device, offer)
    return _tell_reuse(batch, device, offer)


def _tell_reuse(batch: Batch, device: Device, offer: Offer) -> dict[str, Any]:
    _alarm_reuse(batch, device, offer.op)
    outcome = dump_outcome(offer.op, Invalid(Refused("op.id_reuse")), None, None)
    return tell_outcome(outcome, is_replay=False)


def _alarm_reuse(batch: Batch, device: Device, op: str) -> None:
    write_event(device.jurisdiction_id, batch.actor.person_id, "op.id_reuse", op)
