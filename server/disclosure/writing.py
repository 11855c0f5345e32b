"""Keeping the table that visitors search in step with what is published, in the unit of work of
whoever publishes, corrects, or tells an outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from domain.results import is_problem
from server.db import db
from server.disclosure.models import PublicResult
from server.followup.reading import list_of_sheets
from server.inspections.models import Sheet
from server.inspections.records import get_sheet_by_id
from server.publication.records import list_standing_publications
from server.registry.derived import searchable
from server.results.service import list_versions

MAX_SEARCH_CHARACTERS = 600  # PostgreSQL keeps no more than about 2,700 bytes of a row in an index


def refresh(sheet_ids: Iterable[int]) -> None:
    """Brings the rows of these sheets in step. Inside the unit of work that changed something."""
    for sheet_id in dict.fromkeys(sheet_ids):
        _refresh(get_sheet_by_id(sheet_id))
    db.session.flush()


def compare(sheet_id: int) -> bool:
    """Whether the row of this sheet is not what its sources say."""
    row, told = find_row(sheet_id), _read(get_sheet_by_id(sheet_id))
    if row is None or told is None:
        return told is not None or (row is not None and row.is_shown)
    told["private_names"] = sorted({*told["private_names"], *row.private_names})
    return any(getattr(row, name) != value for name, value in told.items())


def find_row(sheet_id: int) -> PublicResult | None:
    """None for a sheet that was never published."""
    return db.session.scalar(select(PublicResult).where(PublicResult.sheet_id == sheet_id))


def _refresh(sheet: Sheet) -> None:
    row, told = find_row(sheet.id), _read(sheet)
    if told is None:
        if row is not None and row.is_shown:
            row.is_shown, row.revision = False, row.revision + 1
        return
    if row is None:
        db.session.add(PublicResult(**told))
        return
    # A name that the register forgets stays unnamed.
    told["private_names"] = sorted({*told["private_names"], *row.private_names})
    for name, value in told.items():
        setattr(row, name, value)
    row.revision += 1


def _read(sheet: Sheet) -> dict[str, Any] | None:
    """The row as it should be; None where nothing of the sheet is public."""
    inspection = sheet.inspection
    published = list_standing_publications([sheet.id])
    versions = list_versions(sheet.id)
    by_number = {one.version: one for one in versions}
    standing = {one.version: one for one in published if one.version in by_number}
    if not standing or inspection.withdrawn_at is not None:
        return None
    number = max(standing)
    version, snapshot = by_number[number], by_number[number].snapshot
    firm, department = snapshot["firm"], snapshot["department"]
    cases = list_of_sheets([sheet.id])
    return {
        "jurisdiction_id": sheet.jurisdiction_id,
        "sheet_id": sheet.id,
        "sheet_code": sheet.code,
        "inspection_id": inspection.id,
        "number": snapshot["number"],
        "firm_id": inspection.firm_id,
        "firm_name": firm["name"],
        "uscc": firm["uscc"],
        "task_id": inspection.task_id,
        "plan_id": inspection.task.plan_id,
        "task_name": inspection.task.name,
        "department_id": sheet.department_id,
        "department_name": department["name"],
        "ended_on": sheet.ended_on,
        "first_published_on": min(one.published_on for one in standing.values()),
        "published_on": standing[number].published_on,
        "version": number,
        "result_code": version.result_code,
        "problems": sum(is_problem(one["result"]) for one in snapshot["items"] if one["result"]),
        "is_shown": True,
        "is_corrected": number > 1,
        "awaits_version": max(by_number) > number,
        "has_outcome": any(one.is_published for one in cases),
        "search_text": searchable(f"{firm['name']}|{firm['uscc']}")[:MAX_SEARCH_CHARACTERS],
        "private_names": sorted(_names(inspection.firm, [one.snapshot for one in versions])),
    }


def _names(firm: Any, snapshots: Iterable[Mapping[str, Any]]) -> set[str]:
    """Who signed for the firm, who answers for it, who is called: people, but no officers."""
    signed = (one for snapshot in snapshots for one in snapshot["signatures"])
    found = {str(one.get("name") or "") for one in signed if one.get("role") != "officer"}
    return {one.strip() for one in (*found, firm.legal_person, firm.contact_name)} - {""}
