"""What phones pull about an inspection: its head, its sheets, and who is assigned
(docs/protocol 13.4). Rows are written through ``fieldsync``, which orders and signs for them."""

from __future__ import annotations

from typing import Any

from server.deadlines.service import due_of
from server.fieldsync import service as fieldsync
from server.inspections.models import Inspection, Sheet, TeamMember
from server.runtime import now

# How the ledger names rows that no phone wrote.
PUBLISH = "office.publish"
ASSIGN = "office.assign"


def publish_new_inspection(inspection: Inspection) -> None:
    """Opens the inspection's space with its head and sheets, and tells each member's own space.
    Joins the running unit of work."""
    fieldsync.open_space(inspection.jurisdiction_id, inspection.space)
    rows = [inspection_row(inspection), *map(sheet_row, inspection.sheets)]
    _write(inspection, inspection.space, PUBLISH, rows)
    for member in active_team(inspection):
        if member.officer.person_id is not None:
            space = f"user:{member.officer.person_id}"
            fieldsync.open_space(inspection.jurisdiction_id, space)
            _write(inspection, space, ASSIGN, [assignment_row(inspection)])


def publish_inspection(inspection: Inspection) -> None:
    """Writes the head again: the planned day, the end or the due date changed."""
    _write(inspection, inspection.space, PUBLISH, [inspection_row(inspection)])


def active_team(inspection: Inspection) -> list[TeamMember]:
    """The members who were not replaced, in the order of the draw."""
    return [member for member in inspection.team if member.removed_at is None]


def inspection_row(inspection: Inspection) -> dict[str, Any]:
    """Row ``inspection:<id>``."""
    firm, task = inspection.firm, inspection.task
    codes = [sheet.code for sheet in inspection.sheets]
    due = due_of(inspection.ended_on, codes, inspection.jurisdiction_id)
    return {
        "t": "inspection",
        "id": f"inspection:{inspection.id}",
        "fields": {
            "number": inspection.number,
            "task": {"id": task.id, "name": task.name, "task_no": task.task_no},
            "firm": {
                "name": firm.name,
                "uscc": firm.uscc,
                "category": firm.category,
                "tier": firm.tier,
                "address": firm.address,
                "contact_name": firm.contact_name,
                "contact_phone": firm.contact_phone,
                "licence_no": firm.licence_no,
            },
            "planned_on": inspection.planned_on.isoformat() if inspection.planned_on else None,
            "team": [
                {
                    "officer_id": member.officer_id,
                    "person_id": member.officer.person_id,
                    "name": member.officer.name,
                    "cert_no": member.officer.cert_no,
                    "department": member.department.code,
                    "is_lead": member.is_lead,
                }
                for member in active_team(inspection)
            ],
            "sheets": codes,
            "ended_on": inspection.ended_on.isoformat() if inspection.ended_on else None,
            "due_on": due.due.isoformat() if due else None,
            "is_provisional": due.provisional if due else False,
        },
    }


def sheet_row(sheet: Sheet) -> dict[str, Any]:
    """Row ``sheet:<code>`` of a sheet nobody has touched yet; later states are written by the
    operations themselves."""
    department = sheet.department
    return {
        "t": "sheet",
        "id": f"sheet:{sheet.code}",
        "fields": {
            "department": {"code": department.code, "name": department.name},
            "lists": sheet.lists,
            "state": sheet.state,
            "return_reason": "",
            "ended_on": None,
            "submitted": None,
            "accepted": None,
            "entered": None,
            "results": {},
            "result": None,
        },
    }


def assignment_row(inspection: Inspection) -> dict[str, Any]:
    """Row ``assignment:<inspection>`` of a member's own space."""
    return {
        "t": "assignment",
        "id": f"assignment:{inspection.id}",
        "fields": {"space": inspection.space},
    }


def _write(inspection: Inspection, space: str, kind: str, rows: list[dict[str, Any]]) -> None:
    fieldsync.write_rows(
        jurisdiction_id=inspection.jurisdiction_id,
        space=space,
        kind=kind,
        person_id=None,
        rows=rows,
        at=now(),
    )
