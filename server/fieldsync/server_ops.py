"""Operations the server makes itself: their receipts look like any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.fieldsync.models import Space
from server.fieldsync.receipts import add_receipt, write_verdict
from sync.canonical import dump_canonical, hash_text


def add_server_receipt(
    op: str,
    device: str,
    person_id: int,
    space: Space,
    kind: str,
    payload: Mapping[str, Any],
    space_seq: int,
    at: datetime,
) -> None:
    """Receipts an operation of ``device`` (``system`` or ``office:<person>``) that took effect."""
    text = dump_canonical(payload)
    receipt = add_receipt(
        op=op,
        jurisdiction_id=space.jurisdiction_id,
        device=device,
        side_device=None,
        seq=0,
        person_id=person_id,
        space=space.name,
        kind=kind,
        payload=text,
        payload_sha256=hash_text(text),
        at=at,
    )
    write_verdict(receipt, {"op": op, "status": "applied", "space_seq": space_seq})
