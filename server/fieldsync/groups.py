"""Operations of a group stand or fall together (docs/protocol part 2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from domain.errors import Refused
from server.accounts.models import Device
from server.db import db
from server.fieldsync.taking import Batch, take
from sync.messages.push_request import Offer
from sync.operation import Operation

BREAKS = frozenset({"conflict", "rejected_locked", "forbidden", "invalid"})


def take_run(batch: Batch, device: Device, run: Sequence[Offer]) -> None:
    """Takes a run of one space in order, neighbours of one group as a whole."""
    for offers in _neighbours(run):
        if len(offers) == 1:
            batch.told[offers[0].op] = take(batch, device, offers[0])
        else:
            _take_group(batch, device, offers)


def _take_group(batch: Batch, device: Device, offers: Sequence[Offer]) -> None:
    """Tries them all; if one is refused, all are undone, the refused one gets its own answer and
    the others are told that the group broke."""
    trial = db.session.begin_nested()
    told = {offer.op: take(batch, device, offer) for offer in offers}
    refused = {op for op, answer in told.items() if answer["status"] in BREAKS}
    if not refused:
        trial.commit()
        batch.told |= told
        return
    trial.rollback()
    batch.begin(offers)
    for offer in offers:
        ruling = None if offer.op in refused else Refused("op.group_broken")
        batch.told[offer.op] = take(batch, device, offer, ruling)


def _neighbours(run: Sequence[Offer]) -> Iterator[list[Offer]]:
    for group, offers in groupby(run, key=_group_of):
        if group is None:
            yield from ([offer] for offer in offers)
        else:
            yield list(offers)


def _group_of(offer: Offer) -> str | None:
    return offer.read.group if isinstance(offer.read, Operation) else None
