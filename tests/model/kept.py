"""What a phone holds and what is on its way to it: plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Entry:
    """An operation in the outbox; ``result`` is None until this epoch's server has answered."""

    op: Json
    result: Json | None = None
    is_dismissed: bool = False


@dataclass
class Kept:
    """What IndexedDB holds: all of it is lost or brought back together."""

    device: str
    epoch: str = ""
    seq: int = 0
    outbox: dict[int, Entry] = field(default_factory=dict)
    rows: dict[str, dict[str, Json]] = field(default_factory=dict)
    cursor: dict[str, int] = field(default_factory=dict)
    fresh: dict[str, set[str]] = field(default_factory=dict)
    durable: int = 0


@dataclass(frozen=True)
class Asked:
    """A pull on its way, and what must still hold when its answer comes."""

    body: bytes
    device: str
    epoch: str
    cursor: dict[str, int]
    ticket: int


def read_json(raw: bytes) -> Json | None:
    """None for anything that is not a whole JSON object: the phone calls it offline."""
    try:
        answer = json.loads(raw)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None
