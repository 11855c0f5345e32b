"""Ids of operations made on the server, and names of personal spaces."""

from __future__ import annotations

import secrets
import uuid

from server.runtime import now


def make_op_id() -> str:
    """A UUIDv7: time-ordered, so that receipts stay in the order they came."""
    milliseconds = int(now().timestamp() * 1000)
    bits = (milliseconds << 80) | secrets.randbits(80)
    bits = (bits & ~(0xF << 76)) | (0x7 << 76)
    bits = (bits & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=bits))


def user_space(person_id: int) -> str:
    """A person's own space: assignments, notices, proposals."""
    return f"user:{person_id}"
