"""Operations of a group stand or fall together (docs/protocol part 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from domain.errors import Refused
from server.accounts.models import Device
from server.db import db
from server.fieldsync.receipts import get_receipt
from server.fieldsync.receiving.taking import Batch, judge_offer, take
from sync.messages.push_request import Offer
from sync.operation import Operation

BREAKS = frozenset({"conflict", "rejected_locked", "forbidden", "invalid"})


def take_one_by_one(batch: Batch, device: Device, run: Sequence[Offer]) -> None:
    """A whole run the careful way: what is left when the database refused it in bulk."""
    batch.begin(run)
    take_carefully(batch, device, list_parts(run))


def take_carefully(batch: Batch, device: Device, parts: Iterable[list[Offer]]) -> None:
    """Takes operations one by one, each in its savepoint, groups as a whole."""
    for offers in parts:
        if len(offers) == 1:
            batch.told[offers[0].op] = take(batch, device, offers[0])
        else:
            _take_group(batch, device, offers)


def _take_group(batch: Batch, device: Device, offers: Sequence[Offer]) -> None:
    def take_one(offer: Offer, ruling: Refused | None) -> dict[str, Any]:
        return take(batch, device, offer, ruling)

    stand_or_fall(batch, offers, take_one)


def judge_held_group(batch: Batch, device: Device, offers: Sequence[Offer]) -> None:
    """A group that had come too early, when its turn comes. The caller holds the phone's row."""

    def judge_one(offer: Offer, ruling: Refused | None) -> dict[str, Any]:
        receipt = get_receipt(offer.op)
        return judge_offer(batch, device, offer, receipt, ruling, is_replay=False)

    batch.begin(offers)
    stand_or_fall(batch, offers, judge_one)
    batch.waiting.difference_update(offer.op for offer in offers)


def stand_or_fall(
    batch: Batch,
    offers: Sequence[Offer],
    take_one: Callable[[Offer, Refused | None], dict[str, Any]],
) -> None:
    """Tries them all; if one is refused, all are undone, the refused one gets its own answer and
    the others are told that the group broke."""
    known, taken = dict(batch.known), set(batch.taken)
    told: dict[str, dict[str, Any]] = {}
    try:
        with db.session.begin_nested():
            for offer in offers:
                told[offer.op] = take_one(offer, None)
            if any(answer["status"] in BREAKS for answer in told.values()):
                raise _Broken
    except _Broken:
        # Receipts and rows were undone, and with them what waited under a number.
        batch.desks, batch.known, batch.taken = {}, known, taken
        rulings = rule_on_group(told)
        for offer in offers:
            told[offer.op] = take_one(offer, rulings.get(offer.op))
    batch.told |= told


def rule_on_group(told: Mapping[str, Mapping[str, Any]]) -> dict[str, Refused]:
    """What the others of a broken group are told, by operation id."""
    broken = Refused("op.group_broken")
    return {op: broken for op, answer in told.items() if answer["status"] not in BREAKS}


def list_parts(run: Sequence[Offer]) -> Iterator[list[Offer]]:
    """Neighbours of one group together, everything else alone."""
    for group, offers in groupby(run, key=group_of):
        if group is None:
            yield from ([offer] for offer in offers)
        else:
            yield list(offers)


def group_of(offer: Offer) -> str | None:
    """The group an operation stands or falls with."""
    return offer.read.group if isinstance(offer.read, Operation) else None


class _Broken(Exception):
    """Undoes the trial of a group."""
