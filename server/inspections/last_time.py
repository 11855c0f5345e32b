"""What phones are told of earlier visits, as known when it is published (docs/decisions/0011)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.past import list_findings
from server.fieldsync.service import RowWrite
from server.inspections.models import Inspection, Sheet
from server.results.overview import EnteredSheet
from server.runtime import today


def last_visit(past: Sequence[EnteredSheet]) -> dict[str, Any] | None:
    """The firm's last visit with a result, of whatever department; None where there is none."""
    if not past:
        return None
    newest = past[0]
    return {
        "on": newest.ended_on.isoformat() if newest.ended_on else None,
        "task": newest.task,
        "number": newest.number,
        "results": [
            {"department": one.department, "result": one.result}
            for one in past
            if one.inspection_id == newest.inspection_id
        ],
    }


def past_row(sheet: Sheet, past: Sequence[EnteredSheet]) -> RowWrite:
    """Row ``past:<code>``: the same department's last finding at each item of the sheet. It is
    nobody's evidence; no operation writes it."""
    own = [one.as_past() for one in past if one.code == sheet.code]
    wanted = [item for one in sheet.lists for item in one["items"]]
    fields = {"as_of": today().isoformat(), "findings": list_findings(own, wanted)}
    return RowWrite("past", f"past:{sheet.code}", fields)


def earlier_than(inspection: Inspection, past: Sequence[EnteredSheet]) -> list[EnteredSheet]:
    """Without the visit itself."""
    return [one for one in past if one.inspection_id != inspection.id]
