"""Push: the operations of one phone, in order, each receipted before it is judged
(docs/protocol part 2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from domain.access import Actor
from domain.errors import Refused, fault
from server.accounts.models import Device
from server.accounts.service import get_person
from server.audit.service import write_event
from server.db import unit_of_work
from server.fieldsync.devices import dump_device, lock_device, note_contact
from server.fieldsync.epochs import current_epoch
from server.fieldsync.held import find_next_held, offer_again
from server.fieldsync.instants import dump_instant
from server.fieldsync.judge import judge
from server.fieldsync.photo_rows import mark_stored_since
from server.fieldsync.receipts import (
    add_receipt,
    dump_outcome,
    find_known,
    get_receipt,
    tell_outcome,
    write_verdict,
)
from server.runtime import now, runtime
from sync.messages.push_request import Offer, PushRequest
from sync.operation import Kind, Operation
from sync.order import Turn, find_turn, takes_place
from sync.outcomes import Held, Invalid
from sync.rows import Author
from sync.version import check_version


@dataclass(slots=True)
class Batch:
    """One push under way. ``told`` are the answers by operation id."""

    actor: Actor
    author: Author
    request: PushRequest
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    is_fork: bool = False


def push(actor: Actor, request: PushRequest) -> dict[str, Any]:
    """The answer's body. Raises ``sync.upgrade_required``, ``sync.epoch_changed``,
    ``device.unknown``, ``device.bound``, and ``sync.sequence_gap`` after having stored as held
    what came too early: the phone offers again from ``expect``."""
    check_version(request.proto, request.app, runtime().config.min_app_version)
    epoch = current_epoch()
    if request.epoch != epoch:
        raise fault("sync.epoch_changed", epoch=epoch)
    batch = Batch(actor, Author(actor.person_id, get_person(actor.person_id).name), request)
    device = _note(batch)
    for run in _runs(request.ops):
        _take_run(batch, run)
        device = _release(batch)
    mark_stored_since(actor, [offer.read for offer in request.ops])
    if batch.waiting:
        raise fault("sync.sequence_gap", expect=device["last_seq"] + 1)
    return {
        "epoch": epoch,
        "server_time": dump_instant(now()),
        "device": device,
        "fork": batch.is_fork,
        "results": [batch.told[offer.op] for offer in request.ops],
    }


def _runs(offers: Sequence[Offer]) -> Iterator[list[Offer]]:
    for _, run in groupby(offers, key=lambda offer: offer.space):
        yield list(run)


def _note(batch: Batch) -> dict[str, Any]:
    """The contact is on record even when the batch is empty."""
    with unit_of_work():
        device = lock_device(batch.actor, batch.request.device)
        note_contact(device, batch.request.sent_at, batch.request.mono_ms, now())
        return dump_device(device)


def _take_run(batch: Batch, run: list[Offer]) -> dict[str, Any]:
    """One transaction for a run of operations of one space."""
    with unit_of_work():
        device = lock_device(batch.actor, batch.request.device)
        for offer in run:
            batch.told[offer.op] = _take(batch, device, offer)
        return dump_device(device)


def _take(batch: Batch, device: Device, offer: Offer) -> dict[str, Any]:
    person = batch.actor.person_id
    known = find_known(offer.op)
    turn = find_turn(offer.seq, device.last_seq, offer.payload_sha256, person, known)
    if turn is Turn.REPLAY:
        _advance(device, offer)
        return tell_outcome(get_receipt(offer.op).outcome, is_replay=True)
    if turn is Turn.REUSE:
        return _refuse_reuse(batch, device, offer)
    if turn is Turn.HELD:
        return _take_held(batch, device, offer)
    receipt = add_receipt(
        op=offer.op,
        jurisdiction_id=batch.actor.jurisdiction_id,
        device=device.id,
        side_device=f"{device.id}~{offer.op[-12:]}" if turn is Turn.FORK else None,
        seq=offer.seq,
        person_id=person,
        space=offer.space,
        kind=offer.kind,
        payload=offer.payload,
        payload_sha256=offer.payload_sha256,
        at=now(),
    )
    batch.is_fork = batch.is_fork or turn is Turn.FORK
    if turn is Turn.GAP:
        batch.waiting.add(offer.op)
        early = Held(Refused("sync.sequence_gap", {"expect": device.last_seq + 1}))
        write_verdict(receipt, dump_outcome(offer.op, early, None, None))
        return tell_outcome(receipt.outcome, is_replay=False)
    return _judge(batch, device, offer, is_replay=False)


def _take_held(batch: Batch, device: Device, offer: Offer) -> dict[str, Any]:
    """Known and undecided: judged now if it is its turn or if only a defect of ours held it."""
    outcome = get_receipt(offer.op).outcome
    is_early = outcome.get("error", {}).get("code") == "sync.sequence_gap"
    if is_early and offer.seq > device.last_seq + 1:
        batch.waiting.add(offer.op)
        return tell_outcome(outcome, is_replay=True)
    return _judge(batch, device, offer, is_replay=True)


def _judge(batch: Batch, device: Device, offer: Offer, *, is_replay: bool) -> dict[str, Any]:
    receipt = get_receipt(offer.op)
    judge(
        receipt,
        offer.read,
        offer.sent,
        batch.actor,
        batch.author,
        now(),
        is_revoked=device.revoked_at is not None,
    )
    _advance(device, offer)
    if isinstance(offer.read, Operation) and offer.read.kind is Kind.DEVICE_LOST:
        lost = offer.read.fields["seq"]
        write_event(device.jurisdiction_id, device.person_id, "device.lost", device.id, seq=lost)
    return tell_outcome(receipt.outcome, is_replay=is_replay)


def _advance(device: Device, offer: Offer) -> None:
    if takes_place(offer.seq, device.last_seq):
        device.last_seq = offer.seq


def _refuse_reuse(batch: Batch, device: Device, offer: Offer) -> dict[str, Any]:
    """The alarm: one id, two contents. The number is used up, so that the queue drains (I12)."""
    _advance(device, offer)
    write_event(device.jurisdiction_id, batch.actor.person_id, "op.id_reuse", offer.op)
    outcome = dump_outcome(offer.op, Invalid(Refused("op.id_reuse")), None, None)
    return tell_outcome(outcome, is_replay=False)


def _release(batch: Batch) -> dict[str, Any]:
    """Judges what was held for a gap that has closed, one transaction each, in order."""
    while True:
        with unit_of_work():
            device = lock_device(batch.actor, batch.request.device)
            receipt = find_next_held(device.id, device.last_seq)
            if receipt is None:
                return dump_device(device)
            offer = offer_again(receipt)
            batch.told[offer.op] = _judge(batch, device, offer, is_replay=False)
            batch.waiting.discard(offer.op)
