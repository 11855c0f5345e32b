"""Operations the server makes itself: their receipts look like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert

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
    county = space.jurisdiction_id
    values = build_server_receipt(
        op, device, person_id, county, space.name, kind, payload, space_seq, at
    )
    db.session.flush()
    add_server_receipts(db.session.connection(), [values])


def add_server_receipts(connection: Connection, receipts: Sequence[dict[str, Any]]) -> None:
    """Writes what ``build_server_receipt`` made, all at once."""
    if receipts:
        connection.execute(_RECEIPT, list(receipts))


def build_server_receipt(
    op: str,
    device: str,
    person_id: int,
    jurisdiction_id: int,
    space: str,
    kind: str,
    payload: Mapping[str, Any],
    space_seq: int,
    at: datetime,
) -> dict[str, Any]:
    """The receipt's columns."""
    text = dump_canonical(payload)
    return {
        "op": op,
        "jurisdiction_id": jurisdiction_id,
        "device": device,
        "side_device": None,
        "seq": 0,
        "person_id": person_id,
        "space": space,
        "kind": kind,
        "payload": text,
        "payload_sha256": hash_text(text),
        "status": "applied",
        "outcome": {"op": op, "status": "applied", "space_seq": space_seq},
        "received_at": at,
        "prev": None,
        "mono_ms": None,
        "is_chain_broken": False,
    }
