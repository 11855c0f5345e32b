"""Operations out of a file that nobody sealed: whoever wrote them, they take neither the numbers
nor the ids of what the phone itself sends (docs/protocol 13.8)."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from enum import StrEnum

from sqlalchemy import select

from server.db import db
from server.fieldsync.models import Proposal, Receipt
from sync.messages.push_request import Offer
from sync.operation import Operation


class Source(StrEnum):
    """What the phone itself has delivered under the id that such a file gives an operation:
    nothing, the very same, or something else."""

    ALONE = "alone"
    SAME = "same"
    ALTERED = "altered"


def set_aside(offer: Offer) -> Offer:
    """The operation under an id of its own; ``sent`` keeps the one the file gives it. What it says
    of others of its file (``base``, ``resolves``) stays as written: none of them takes effect."""
    op = aside_id(offer.op, offer.payload_sha256)
    read = replace(offer.read, op=op) if isinstance(offer.read, Operation) else offer.read
    return replace(offer, op=op, read=read)


def origin_of(offer: Offer) -> str:
    """The id the phone gave it, or is said to have given it."""
    return str(offer.sent["op"])


def aside_id(op: str, payload_sha256: str) -> str:
    """The same for the same content under the same id, so that a file handed in twice changes
    nothing. A UUID of version 8 (RFC 9562: of our own making), which no phone makes."""
    digest = hashlib.sha256(f"suicha-aside/1\n{op}\n{payload_sha256}".encode()).digest()
    bits = int.from_bytes(digest[:16], "big")
    bits = (bits & ~(0xF << 76)) | (0x8 << 76)
    bits = (bits & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=bits))


def find_source(proposal: Proposal) -> Source | None:
    """None for what was delivered by its author's phone or made on a page."""
    origin = str(proposal.payload.get("op", proposal.op))
    if origin == proposal.op:
        return None
    query = select(Receipt.op, Receipt.payload_sha256, Receipt.person_id)
    rows = db.session.execute(query.where(Receipt.op.in_([origin, proposal.op])))
    known = {row.op: (row.payload_sha256, row.person_id) for row in rows}
    if origin not in known:
        return Source.ALONE
    return Source.SAME if known[origin] == known[proposal.op] else Source.ALTERED
