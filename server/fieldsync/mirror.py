"""Keeps the tables pages read (``sheets``, ``inspections``) equal to the rows phones read.

The lock itself is written by ``results.service.enter_sheet``; from then on triggers hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from domain.inspections import SheetState
from server.inspections.records import find_inspection, find_sheet
from sync.operation import parse_inspection
from sync.rows import Row


def mirror_row(space: str, row: Row) -> None:
    """Copies what a sheet's or an inspection's row says into its table."""
    inspection_id = parse_inspection(space)
    if inspection_id is None:
        return
    if row.type == "inspection":
        inspection = find_inspection(inspection_id)
        assert inspection is not None  # its row is there
        inspection.ended_on = _day(row.fields.get("ended_on"))
    elif row.type == "sheet":
        _mirror_sheet(inspection_id, row)


def _mirror_sheet(inspection_id: int, row: Row) -> None:
    code = row.id.partition(":")[2]
    sheet = find_sheet(inspection_id, code)
    assert sheet is not None  # its row is there
    state = SheetState(str(row.fields["state"]))
    if state.is_locked:
        return
    sheet.state = state.value
    sheet.ended_on = _day(row.fields.get("ended_on"))
    sheet.return_reason = str(row.fields.get("return_reason") or "")
    sheet.submitted_by, sheet.submitted_at = _moment(row.fields.get("submitted"))
    sheet.accepted_by, sheet.accepted_at = _moment(row.fields.get("accepted"))


def _moment(value: Any) -> tuple[int | None, datetime | None]:
    if not value:
        return None, None
    moment = cast(Mapping[str, Any], value)
    return moment["by"]["id"], datetime.fromisoformat(moment["at"])


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
