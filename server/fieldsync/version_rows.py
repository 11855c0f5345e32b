"""The rows phones read of an approved correction (docs/protocol 13.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from server.fieldsync.entities import write_effect
from server.fieldsync.models import Space
from server.fieldsync.server_ops import add_server_receipt
from server.fieldsync.visit import find_visit
from sync.canonical import Plain
from sync.rows import Row
from sync.versions import version_id


def write_version_rows(
    space: Space,
    code: str,
    op: str,
    person_id: int,
    fields: Mapping[str, Any],
    payload: Mapping[str, Any],
    at: datetime,
) -> int:
    """``version:<sheet>/<n>`` with these fields, and ``entered.version`` of the sheet's row, as one
    operation ``op`` of ``person_id`` at a desk. The caller holds the space's lock. Answers its
    number."""
    visit = find_visit(space.name)
    sheet = visit.find_row(f"sheet:{code}") if visit is not None else None
    assert visit is not None and sheet is not None, "an entered sheet has its row"
    number = int(fields["version"])
    heads = dict.fromkeys(fields, op)
    version = Row("version", version_id(code, number), fields, heads, sheet=code)
    entered = cast(Mapping[str, Plain], sheet.fields["entered"])
    moved = replace(
        sheet,
        fields={**sheet.fields, "entered": {**entered, "version": number}},
        heads={**sheet.heads, "entered": op},
    )
    seq = write_effect(space, op, [version, moved], visit.sheet_ids, at)
    kind, device = "correction.approve", f"office:{person_id}"
    add_server_receipt(op, device, person_id, space, kind, {"kind": kind, **payload}, seq, at)
    return seq
