"""Whether the tables pages read say what the rows phones read say, and whether each entered
version is what was signed (R079)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row as Record
from sqlalchemy import select

from server.fieldsync.replay.rows import Stream
from sync.canonical import hash_text
from sync.content import build_content, digest_content
from sync.operation import parse_inspection
from sync.rows import Row

LOCKED = ("entered", "published")
UNLOCKED: Mapping[str, Any] = {
    "entered_by": None,
    "entered_at": None,
    "entered_op": None,
    "entered_version": None,
    "results": {},
    "result_code": None,
}


def list_sheet_problems(
    stream: Stream, space: str, rows: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Differences between an inspection's replayed rows and its tables; nothing for other
    spaces."""
    inspection_id = parse_inspection(space)
    if inspection_id is None:
        return
    inspections, sheets = stream["inspections"], stream["sheets"]
    found = stream.read(select(inspections).where(inspections.c.id == inspection_id))
    inspection = next(found, None)
    if inspection is None:
        yield f"{space}: the inspection is gone"
        return
    row = rows.get(f"inspection:{inspection_id}")
    if row is not None:
        yield from _differences(f"{space} inspection", inspection, _inspection_columns(row))
    query = select(sheets).where(sheets.c.inspection_id == inspection_id).order_by(sheets.c.id)
    for sheet in list(stream.read(query)):
        row = rows.get(f"sheet:{sheet.code}")
        place = f"{space} sheet:{sheet.code}"
        if row is None:
            yield f"{place}: phones have no row of it"
            continue
        yield from _differences(place, sheet, _sheet_columns(row["fields"]))
        yield from _version_problems(stream, place, space, sheet, rows)


def _differences(place: str, record: Record[Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    for column, value in wanted.items():
        if getattr(record, column) != value:
            yield f"{place}: column {column} differs from the rows on record"


def _inspection_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = row["fields"]
    return {
        "number": fields["number"],
        "planned_on": _day(fields.get("planned_on")),
        "ended_on": _day(fields.get("ended_on")),
    }


def _sheet_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    submitted_by, submitted_at = _moment(fields.get("submitted"))
    accepted_by, accepted_at = _moment(fields.get("accepted"))
    return {
        "state": fields["state"],
        "lists": fields["lists"],
        "ended_on": _day(fields.get("ended_on")),
        "return_reason": fields.get("return_reason") or "",
        "submitted_by": submitted_by,
        "submitted_at": submitted_at,
        "accepted_by": accepted_by,
        "accepted_at": accepted_at,
    }


def _version_problems(
    stream: Stream, place: str, space: str, sheet: Record[Any], rows: Mapping[str, Any]
) -> Iterator[str]:
    table = stream["sheet_versions"]
    query = select(table).where(table.c.sheet_id == sheet.id).order_by(table.c.version)
    versions = list(stream.read(query))
    if [one.version for one in versions] != list(range(1, len(versions) + 1)):
        yield f"{place}: a version is missing"
    if bool(versions) != (sheet.state in LOCKED):
        yield f"{place}: state {sheet.state} with {len(versions)} versions"
    for version in versions:
        if hash_text(version.content) != version.digest:
            yield f"{place}: version {version.version} does not hash to its digest"
            return
    if not versions:
        yield from _differences(place, sheet, UNLOCKED)
        return
    entered = rows[f"sheet:{sheet.code}"]["fields"].get("entered") or {}
    if entered.get("version") != len(versions):
        yield f"{place}: phones read version {entered.get('version')} of {len(versions)}"
    yield from _first_version_problems(place, space, sheet, versions[0], rows)


def _first_version_problems(
    place: str, space: str, sheet: Record[Any], first: Record[Any], rows: Mapping[str, Any]
) -> Iterator[str]:
    """The lock itself: its columns, and the evidence that stands below it unchanged."""
    results = json.loads(first.content)["results"]
    wanted = {
        "entered_by": first.entered_by,
        "entered_at": first.entered_at,
        "entered_op": first.op,
        "entered_version": first.version,
        "results": results,
        "result_code": first.result_code,
    }
    yield from _differences(place, sheet, wanted)
    standing = [_row(effect) for effect in rows.values()]
    if digest_content(build_content(space, sheet.code, standing, results)) != first.digest:
        yield f"{place}: the evidence is not what version 1 signed"


def _row(effect: Mapping[str, Any]) -> Row:
    return Row(
        type=effect["t"],
        id=effect["id"],
        fields=effect["fields"],
        heads=effect["heads"],
        sheet=effect["sheet"],
        gone=effect["gone"],
    )


def _moment(value: Any) -> tuple[int | None, datetime | None]:
    if not value:
        return None, None
    return value["by"]["id"], datetime.fromisoformat(value["at"]).astimezone(UTC)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
