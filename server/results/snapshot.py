"""The entered sheet for people: texts, names and words as they were on that day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from domain.checklists import CheckItem
from domain.results import RESULTS
from server.accounts.service import get_department, get_person
from server.fieldsync.sheets import SheetRows
from server.inspections.records import get_sheet_by_id
from sync.content import SIGNED_FIELDS

_TOLD_OF_SIGNATURE = (
    "role", "name", "post", "relation", "relation_note", "officer_id", "refused", "reason", "at",
)  # fmt: skip


def build_snapshot(
    sheet: SheetRows,
    items: Iterable[CheckItem],
    results: Mapping[str, int],
    person_id: int,
    at: datetime,
    correction: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """JSON-ready. Later changes of a checklist, a name or a firm do not reach it. From version 2 on
    ``entered`` says who approved it and ``correction`` what was changed, why, by whom."""
    inspection = get_sheet_by_id(sheet.sheet_id).inspection
    firm = inspection.firm
    department = get_department(get_sheet_by_id(sheet.sheet_id).department_id)
    told = {"correction": dict(correction)} if correction is not None else {}
    return {
        **told,
        "number": inspection.number,
        "firm": {
            "name": firm.name,
            "uscc": firm.uscc,
            "address": firm.address,
            "status": firm.status,
        },
        "department": {"code": department.code, "name": department.name},
        "lists": [one["list"] for one in sheet.lists],
        "ended_on": sheet.ended_on.isoformat() if sheet.ended_on else None,
        "entered": {"by": get_person(person_id).name, "at": at.isoformat()},
        "items": [_item(sheet, item, results) for item in items],
        "signatures": [
            {name: row.fields.get(name) for name in _TOLD_OF_SIGNATURE} for row in sheet.signatures
        ],
    }


def _item(sheet: SheetRows, item: CheckItem, results: Mapping[str, int]) -> dict[str, Any]:
    answer = sheet.answers.get(item.code)
    code = results.get(item.code)
    return {
        "code": item.code,
        "text": item.text,
        "basis": [{"law": basis.law, "article": basis.article} for basis in item.basis],
        "severity": item.severity,
        "answer": {
            name: value
            for name, value in (answer.fields if answer is not None else {}).items()
            if name in SIGNED_FIELDS
        },
        "photos": [photo.fields["sha256"] for photo in sheet.list_photos(item.code)],
        "result": code,
        "result_text": RESULTS[code].zh if code is not None else None,
    }
