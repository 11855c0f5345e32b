"""What an operation leaves in the tables, as values: the one place that builds the ledger line,
the rows' columns and the space's digest. ``entities`` writes them one by one, ``writing`` in bulk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sync.cursor import Mark, move_digest
from sync.rows import EVIDENCE, Row


def dump_effect(row: Row) -> dict[str, Any]:
    """The row as the ledger keeps it: enough to build the entity again."""
    return {
        "t": row.type,
        "id": row.id,
        "fields": dict(row.fields),
        "heads": dict(row.heads),
        "siblings": [sibling.as_plain() for sibling in row.siblings],
        "gone": row.gone,
        "sheet": row.sheet,
    }


def entity_columns(row: Row, seq: int, sheet_ids: Mapping[str, int]) -> dict[str, Any]:
    """The columns of ``entities`` that a write sets. Raises ValueError for evidence without a
    sheet, which the lock would not hold."""
    sheet_id = sheet_ids.get(row.sheet) if row.sheet is not None else None
    if sheet_id is None and row.type in EVIDENCE:
        raise ValueError(f"{row.id} belongs to no sheet: the lock would not hold it")
    return {
        "type": row.type,
        "seq": seq,
        "sheet_id": sheet_id,
        "fields": dict(row.fields),
        "heads": dict(row.heads),
        "siblings": [sibling.as_plain() for sibling in row.siblings],
        "is_gone": row.gone,
    }


def digest_after(digest: str, before: Mapping[str, Mark], rows: Iterable[Row], seq: int) -> str:
    """The space's digest once ``rows`` stand under ``seq``; ``before`` are the rows' marks so far,
    none for a new row."""
    for row in rows:
        digest = move_digest(digest, before.get(row.id), Mark(row.type, row.id, seq))
    return digest
