"""Operations of a group stand or fall together (docs/protocol part 2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

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


class _Broken(Exception):
    """Undoes the trial of a group."""


def _take_group(batch: Batch, device: Device, offers: Sequence[Offer]) -> None:
    """Tries them all; if one is refused, all are undone, the refused one gets its own answer and
    the others are told that the group broke."""
    known = dict(batch.known)
    told: dict[str, dict[str, Any]] = {}
    try:
        with db.session.begin_nested():
            for offer in offers:
                told[offer.op] = take(batch, device, offer)
            if any(answer["status"] in BREAKS for answer in told.values()):
                raise _Broken
    except _Broken:
        batch.desks, batch.known = {}, known  # receipts and rows were undone
        for offer in offers:
            is_refused = told[offer.op]["status"] in BREAKS
            ruling = None if is_refused else Refused("op.group_broken")
            told[offer.op] = take(batch, device, offer, ruling)
    batch.told |= told


def _neighbours(run: Sequence[Offer]) -> Iterator[list[Offer]]:
    for group, offers in groupby(run, key=_group_of):
        if group is None:
            yield from ([offer] for offer in offers)
        else:
            yield list(offers)


def _group_of(offer: Offer) -> str | None:
    return offer.read.group if isinstance(offer.read, Operation) else None
