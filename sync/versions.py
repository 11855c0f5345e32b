"""What holds on an entered sheet: the locked rows under its versions (docs/protocol 13.10).

The rows stay as they were entered. Each approved correction is a row ``version:<sheet>/<n>`` with
``changes`` ``{"entity","field","old","new"}``; laid over in order, the newest wins, and the head of
a changed field is the proposal's operation. ``result`` of an answer is its national code: it lives
in the sheet's ``results`` until a version changes it, with no head before. The phone lays over by
the same vectors (tests/vectors/versions.json).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from domain.results import worst
from sync.canonical import Plain
from sync.operation import parse_answer
from sync.ports import Rows
from sync.rows import Row

RESULT: Final = "result"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one entity: what stood there and what holds from this version on."""

    entity: str
    field: str
    old: Plain
    new: Plain

    def as_plain(self) -> dict[str, Plain]:
        return {"entity": self.entity, "field": self.field, "old": self.old, "new": self.new}


def version_of(sheet: Row) -> int:
    """The number of the version in force; 0 while the sheet is not entered."""
    entered = cast(Mapping[str, int], sheet.fields.get("entered") or {})
    return entered.get("version", 0)


def version_id(code: str, number: int) -> str:
    """The row's id."""
    return f"version:{code}/{number}"


def list_versions(space: Rows, sheet: Row) -> list[Row]:
    """The corrections of a sheet, 2 to the newest; version 1 is the locked rows themselves."""
    code = sheet.id.partition(":")[2]
    found = (space.find_row(version_id(code, n)) for n in range(2, version_of(sheet) + 1))
    return [row for row in found if row is not None]


def lay_over(row: Row | None, entity: str, versions: Iterable[Row]) -> Row | None:
    """One row as it holds now. A row that a version made (a photo that came later) has no locked
    row; None where there is neither. ``result`` is told only once a version changed it."""
    for version in versions:
        op = str(version.fields["op"])
        for change in _changes(version):
            if change.entity == entity:
                row = row or Row(
                    entity.partition(":")[0], entity, sheet=str(version.fields["sheet"])
                )
                row = replace(
                    row,
                    fields={**row.fields, change.field: change.new},
                    heads={**row.heads, change.field: op},
                    gone=False,  # a version adds; it never takes away
                )
    return row


def lay_over_all(rows: Iterable[Row], versions: Sequence[Row]) -> list[Row]:
    """All rows of a sheet as they hold now, those that versions made last, by id."""
    known = {row.id: row for row in rows}
    touched = {change.entity for version in versions for change in _changes(version)}
    made = sorted(touched - known.keys())
    laid = (lay_over(known.get(entity), entity, versions) for entity in (*known, *made))
    return [row for row in laid if row is not None]


def current_results(sheet: Row, versions: Iterable[Row]) -> dict[str, int]:
    """Item → national code, as it holds now."""
    results = dict(cast(Mapping[str, int], sheet.fields.get("results") or {}))
    for version in versions:
        for change in _changes(version):
            found = parse_answer(change.entity)
            if found is not None and change.field == RESULT:
                results[found[1]] = cast(int, change.new)
    return results


def current_sheet(sheet: Row, versions: Sequence[Row]) -> Row:
    """The sheet's own row as it holds now: ``results`` per item and ``result``, the worst."""
    results = current_results(sheet, versions)
    told = {"results": cast(Plain, results), "result": worst(results.values())}
    return replace(sheet, fields={**sheet.fields, **told}) if versions else sheet


def heads_of(row: Row | None, fields: Iterable[str]) -> dict[str, str | None]:
    """Field → head, None for a field nobody has written."""
    return {name: row.heads.get(name) if row is not None else None for name in fields}


def choose_against(
    locked: Row | None,
    entity: str,
    versions: Sequence[Row],
    fields: Iterable[str],
    base: Mapping[str, str | None],
) -> dict[str, str | None]:
    """The heads a late edit or a request is written on. Who names the head of an earlier version
    has not seen the present one, and the request is stale from the start; who names none of them
    knew nothing of the lock: it stands against what holds at its arrival."""
    now = lay_over(locked, entity, versions)
    chosen: dict[str, str | None] = {}
    for name in fields:
        earlier = {
            (lay_over(locked, entity, versions[:n]) or Row("", entity)).heads.get(name)
            for n in range(len(versions))
        }
        seen = base.get(name)
        is_behind = name in base and seen in earlier
        chosen[name] = seen if is_behind else heads_of(now, [name])[name]
    return chosen


def _changes(version: Row) -> list[Change]:
    changes = cast(Sequence[Mapping[str, Plain]], version.fields["changes"])
    return [
        Change(str(one["entity"]), str(one["field"]), one.get("old"), one.get("new"))
        for one in changes
    ]
