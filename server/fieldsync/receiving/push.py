"""Push: the operations of one phone, in order, each receipted before it is judged
(docs/protocol part 2)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import groupby
from typing import Any

from domain.access import Actor
from domain.errors import fault
from server.accounts.models import Device
from server.accounts.service import find_device, get_person, is_revoked
from server.accounts.sessions import actor_of
from server.db import unit_of_work
from server.fieldsync.devices import dump_device, lock_device, note_contact
from server.fieldsync.epochs import current_epoch
from server.fieldsync.files.photo_rows import mark_stored_since
from server.fieldsync.instants import dump_instant
from server.fieldsync.models import Receipt
from server.fieldsync.receipts import get_receipt
from server.fieldsync.receiving.ahead import Moved, take_ahead
from server.fieldsync.receiving.bulk import BulkRefused
from server.fieldsync.receiving.groups import judge_held_group, take_one_by_one
from server.fieldsync.receiving.held import is_next_held, list_early, list_next_held, offer_again
from server.fieldsync.receiving.run import take_run
from server.fieldsync.receiving.taking import Batch, judge_offer
from server.runtime import now, runtime
from server.timing import timed
from sync.messages.push_request import Offer, PushRequest
from sync.rows import Author
from sync.version import check_version

log = logging.getLogger("suicha.sync")
Way = Callable[[Batch, Device, Sequence[Offer]], None]


def push(actor: Actor, request: PushRequest, *, is_aside: bool = False) -> dict[str, Any]:
    """The answer's body. ``is_aside``: a file that nobody sealed, which takes no number of the
    phone's. Raises ``sync.upgrade_required``, ``sync.epoch_changed``,
    ``device.unknown``, ``device.bound``, and ``sync.sequence_gap`` after having stored as held
    what came too early: the phone offers again from ``expect``."""
    check_version(request.proto, request.app, runtime().config.min_app_version)
    epoch = current_epoch()
    if request.epoch != epoch:
        raise fault("sync.epoch_changed", epoch=epoch)
    batch = Batch(actor, _author(actor), request.device, is_aside=is_aside)
    for run in _runs(request.ops) or [[]]:
        device = _take(batch, request, run)
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


def release_early(device_id: str) -> list[dict[str, Any]]:
    """Gives up waiting for what a phone will never offer (the lead may, after 5 days): judges its
    held operations in order with their author's rights of today. Answers their outcomes."""
    device = find_device(device_id)
    if device is None:
        raise fault("device.unknown")
    person = get_person(device.person_id)
    actor = replace(actor_of(person), is_quarantined=is_revoked(person))
    batch = Batch(actor, _author(actor), device_id)
    for op in [receipt.op for receipt in list_early(device_id)]:
        with unit_of_work():
            locked, receipt = lock_device(actor, device_id), get_receipt(op)
            if receipt.status == "held":  # else it was answered while we came here
                if locked.last_seq < receipt.seq - 1:
                    locked.last_seq, locked.link = receipt.seq - 1, None
                _judge_held(batch, locked, receipt)
    return list(batch.told.values())


def _runs(offers: Sequence[Offer]) -> list[list[Offer]]:
    """Neighbours of one space together."""
    return [list(run) for _, run in groupby(offers, key=lambda offer: offer.space)]


def _take(batch: Batch, request: PushRequest, run: list[Offer]) -> dict[str, Any]:
    """One transaction for a run of operations of one space, and one for each operation or group
    that had been held and whose gap it closed. An empty run still notes the contact."""
    try:
        return take_ahead(batch, request, run)
    except Moved:
        pass
    except BulkRefused:
        log.info("a run of %d is taken under the locks", len(run))
    try:
        told, has_more = _take_at_once(batch, request, run, take_run)
    except BulkRefused:
        log.exception("a run of %d is taken one by one", len(run))
        told, has_more = _take_at_once(batch, request, run, take_one_by_one)
    while has_more:
        with unit_of_work():
            has_more = _judge_next(batch)
            told = dump_device(lock_device(batch.actor, batch.device_id))
    return told


def _take_at_once(
    batch: Batch, request: PushRequest, run: list[Offer], take: Way
) -> tuple[dict[str, Any], bool]:
    """The phone as it stands afterwards, and whether something held is next. In the answer's times
    ``held`` is our work under its lock, ``queue`` the part of it in which we waited for the
    space's, ``commit`` the database's."""
    with ExitStack() as stack:
        stack.enter_context(unit_of_work())
        device = lock_device(batch.actor, batch.device_id)
        with timed("held"):
            note_contact(device, request.sent_at, request.mono_ms, now(), request.heartbeat)
            take(batch, device, run)
            has_more = not batch.is_aside and is_next_held(device.id, device.last_seq)
            told = dump_device(device), has_more
        with timed("commit"):
            stack.close()
        return told


def _judge_next(batch: Batch) -> bool:
    """Judges what was held for exactly the phone's next number, a group as a whole; False when
    there is nothing."""
    device = lock_device(batch.actor, batch.device_id)
    receipts = list_next_held(device.id, device.last_seq)
    if len(receipts) == 1:
        _judge_held(batch, device, receipts[0])
    elif receipts:
        judge_held_group(batch, device, [offer_again(receipt) for receipt in receipts])
    return bool(receipts)


def _judge_held(batch: Batch, device: Device, receipt: Receipt) -> None:
    offer = offer_again(receipt)
    batch.begin([])
    batch.told[offer.op] = judge_offer(batch, device, offer, receipt, is_replay=False)
    batch.waiting.discard(offer.op)


def _author(actor: Actor) -> Author:
    return Author(actor.person_id, actor.name or get_person(actor.person_id).name)
