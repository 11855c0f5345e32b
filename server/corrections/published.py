"""Lookup: what a correction says outside the office: both versions, why, when, and which office
approved it. No person is named; what else may be shown is decided by who shows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from domain.check_items import CheckItem
from server.corrections.wording import ChangeLine, change_lines
from server.registry.checklists import list_check_items
from server.results import service as results
from server.results.models import SheetVersion


@dataclass(frozen=True, slots=True)
class PublishedCorrection:
    """Version ``version`` of a result and what it changed of the one before. ``office`` is the
    department whose head approved it, ``approved_at`` in UTC; ``old_result`` and ``new_result`` are
    the national codes of the whole sheet, the digests those of the two versions. ``changes`` are in
    the reader's language, item by item."""

    version: int
    approved_at: datetime
    office: str
    reason: str
    old_result: int
    new_result: int
    old_digest: str
    new_digest: str
    changes: tuple[ChangeLine, ...]


def list_published_corrections(sheet_ids: Collection[int]) -> dict[int, list[PublishedCorrection]]:
    """Sheet → its corrections, the oldest first; sheets without any are left out. Without an actor:
    the caller says which sheets are public."""
    found: dict[int, list[PublishedCorrection]] = {}
    for sheet_id, versions in results.map_corrected(sheet_ids).items():
        found[sheet_id] = [_correction(before, after) for before, after in pairwise(versions)]
    return found


def _correction(before: SheetVersion, after: SheetVersion) -> PublishedCorrection:
    told = after.snapshot["correction"]
    return PublishedCorrection(
        version=after.version,
        approved_at=after.entered_at,
        office=after.snapshot["department"]["name"],
        reason=told["reason"],
        old_result=before.result_code,
        new_result=after.result_code,
        old_digest=before.digest,
        new_digest=after.digest,
        changes=tuple(change_lines(told["changes"], _items(after))),
    )


def _items(version: SheetVersion) -> dict[str, CheckItem]:
    """As they were when it was entered: a later edition of a checklist does not reach it."""
    lists = version.snapshot["lists"]
    return {item.code: item for one in lists for item in list_check_items(one)}
