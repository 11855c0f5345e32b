"""Whether receipts, proposals and devices agree with each other and with their hashes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, and_, func, select

from domain.errors import Fault
from server.fieldsync.ids import user_space
from server.fieldsync.receipts import ASIDE
from server.fieldsync.receiving.asides import aside_id
from server.fieldsync.replay.rows import Stream
from sync.canonical import hash_text
from sync.messages.push_request import build_offer

PROPOSING = ("rejected_locked", "forbidden")
SHOWN = ("op", "space", "entity", "kind", "status", "payload", "current", "state")


def list_receipt_problems(stream: Stream) -> Iterator[str]:
    """Differences in the tables beside the spaces, each as a line."""
    yield from _strays(stream)
    yield from _receipts(stream)
    yield from _proposals(stream)
    yield from _cosigners(stream)
    yield from _devices(stream)


def _strays(stream: Stream) -> Iterator[str]:
    """Rows and ledger lines of no space at all (SQLite keeps them if a console wrote them)."""
    spaces = stream["spaces"]
    for name in ("entities", "ledger"):
        table = stream[name]
        query = select(table.c.space).outerjoin(spaces, spaces.c.name == table.c.space)
        for row in stream.read(query.where(spaces.c.name.is_(None)).limit(1)):
            yield f"{name}: there is no space {row.space}"


def _receipts(stream: Stream) -> Iterator[str]:
    receipts, proposals, spaces = stream["receipts"], stream["proposals"], stream["spaces"]
    query = (
        select(receipts, proposals.c.id.label("proposal"), spaces.c.counter.label("counter"))
        .outerjoin(proposals, proposals.c.op == receipts.c.op)
        .outerjoin(spaces, spaces.c.name == receipts.c.space)
    )
    for receipt in stream.read(query):
        if (problem := _find_receipt_problem(receipt)) is not None:
            yield f"receipt {receipt.op}: {problem}"


def _find_receipt_problem(receipt: Row[Any]) -> str | None:
    if hash_text(receipt.payload) != receipt.payload_sha256:
        return "the payload does not hash to its SHA-256"
    sent, told = json.loads(receipt.payload), receipt.outcome
    if receipt.op not in _names_of(receipt, str(sent.get("op", receipt.op))):
        return "the payload is another operation's"
    if receipt.kind != "unreadable" and sent.get("kind") != receipt.kind:
        return "the payload is of another kind"
    if receipt.kind != "unreadable" and sent.get("space", receipt.space) != receipt.space:
        return "the payload is of another space"
    if told.get("status") != receipt.status or told.get("op", receipt.op) != receipt.op:
        return "status and outcome differ"
    if told.get("proposal") != receipt.proposal:
        return "outcome and proposal differ"
    if receipt.status in PROPOSING and receipt.proposal is None:
        return "its proposal is missing"  # I4
    if told.get("space_seq") is not None and receipt.counter is None:
        return "it took effect in a space that is not there"
    return None


def _names_of(receipt: Row[Any], op: str) -> tuple[str, ...]:
    """The ids under which a payload of ``op`` may be on record."""
    is_aside = receipt.side_device is not None and ASIDE in receipt.side_device
    return (op, aside_id(op, receipt.payload_sha256)) if is_aside else (op,)


def _proposals(stream: Stream) -> Iterator[str]:
    proposals, receipts, entities = stream["proposals"], stream["receipts"], stream["entities"]
    told = (
        receipts.c.payload.label("receipt_payload"),
        receipts.c.payload_sha256.label("sha256"),
        receipts.c.person_id.label("author"),
        receipts.c.status.label("receipt_status"),
    )
    query = select(proposals, *told).outerjoin(receipts, receipts.c.op == proposals.c.op)
    for proposal in stream.read(query):
        place = f"proposal {proposal.id}"
        if proposal.sha256 is None:
            yield f"{place}: its operation has no receipt"
        elif proposal.author != proposal.person_id or proposal.receipt_status != proposal.status:
            yield f"{place}: author or status differ from the receipt"
        elif not _is_payload(proposal):
            yield f"{place}: the payload is not what was sent"
        shown = select(entities.c.fields).where(
            entities.c.space == user_space(proposal.person_id),
            entities.c.id == f"proposal:{proposal.id}",
        )
        row = next(stream.read(shown), None)
        if row is None:
            yield f"{place}: its author cannot see it"
            continue
        for name in SHOWN:
            if row.fields.get(name) != getattr(proposal, name):
                yield f"{place}: its author reads another {name}"


def _is_payload(proposal: Row[Any]) -> bool:
    """A phone's payload is hashed without its place in the queue, a page's as it is."""
    if json.loads(proposal.receipt_payload) == proposal.payload:
        return True
    try:
        return build_offer(proposal.payload, proposal.id).payload_sha256 == str(proposal.sha256)
    except Fault:
        return False


def _cosigners(stream: Stream) -> Iterator[str]:
    cosigners, receipts = stream["sheet_cosigners"], stream["receipts"]
    same = and_(receipts.c.op == cosigners.c.op, receipts.c.person_id == cosigners.c.person_id)
    query = select(cosigners.c.op).outerjoin(receipts, same).where(receipts.c.op.is_(None))
    for row in stream.read(query):
        yield f"co-signer by {row.op}: no such operation of this person"


def _devices(stream: Stream) -> Iterator[str]:
    """A phone's number is at least that of every operation that took its place."""
    devices, receipts = stream["devices"], stream["receipts"]
    last = func.max(receipts.c.seq).label("last")
    decided = and_(receipts.c.status != "held", receipts.c.side_device.is_(None))
    query = (
        select(devices.c.id, devices.c.last_seq, last)
        .join(receipts, and_(receipts.c.device == devices.c.id, decided))
        .group_by(devices.c.id, devices.c.last_seq)
    )
    for row in stream.read(query):
        if row.last > row.last_seq:
            yield f"device {row.id}: number {row.last} is taken, its last is {row.last_seq}"
