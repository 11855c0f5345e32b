"""Who wrote each version of an answer in dispute, when and on which phone: a choice between two
needs to know (docs/protocol 13.4)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select

from server.accounts.service import list_device_names, list_person_names
from server.db import db
from server.fieldsync.models import Receipt

Writer = dict[str, Any]


def list_writers(rows: Iterable[Row[Any]]) -> dict[str, dict[str, Writer]]:
    """Row id → operation → ``{"by":{"id","name"},"at","device"}`` of every head and sibling of the
    rows that have siblings; ``at`` by the phone's clock, ``device`` its name as written there and
    empty for a page at the office. Nothing is asked where nothing is in dispute."""
    wanted = {row.id: _ops(row) for row in rows if row.siblings != "[]"}
    if not wanted:
        return {}
    table = Receipt.__table__.c
    query = select(table.op, table.person_id, table.device, table.payload).where(
        table.op.in_({op for ops in wanted.values() for op in ops})
    )
    found = list(db.session.connection().execute(query))
    people = list_person_names({one.person_id for one in found})
    devices = list_device_names({one.device for one in found})
    writers = {
        one.op: {
            "by": {"id": one.person_id, "name": people.get(one.person_id, "")},
            "at": json.loads(one.payload).get("at", ""),
            "device": devices.get(one.device, ""),
        }
        for one in found
    }
    return {
        row: {op: writers[op] for op in sorted(ops) if op in writers} for row, ops in wanted.items()
    }


def _ops(row: Row[Any]) -> set[str]:
    siblings = {one["op"] for one in json.loads(row.siblings)}
    return siblings | set(json.loads(row.heads).values())
