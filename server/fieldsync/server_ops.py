"""Operations the server makes itself: their receipts look like any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert

from server.db import db
from server.fieldsync.models import Receipt, Space
from sync.canonical import dump_canonical, hash_text

_RECEIPT = insert(Receipt.__table__)


def add_server_receipt(
    op: str,
    device: str,
    person_id: int,
    space: Space | Row[Any],
    kind: str,
    payload: Mapping[str, Any],
    space_seq: int,
    at: datetime,
) -> None:
    """Receipts an operation of ``device`` (``system`` or ``office:<person>``) that took effect:
    with its verdict, which a phone's gets later."""
    text = dump_canonical(payload)
    db.session.flush()
    db.session.connection().execute(
        _RECEIPT,
        {
            "op": op,
            "jurisdiction_id": space.jurisdiction_id,
            "device": device,
            "side_device": None,
            "seq": 0,
            "person_id": person_id,
            "space": space.name,
            "kind": kind,
            "payload": text,
            "payload_sha256": hash_text(text),
            "status": "applied",
            "outcome": {"op": op, "status": "applied", "space_seq": space_seq},
            "received_at": at,
            "prev": None,
            "mono_ms": None,
            "is_chain_broken": False,
        },
    )
