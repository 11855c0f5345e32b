"""An entered sheet as it holds now: its rows with the approved corrections laid over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.fieldsync.sheets import SheetRows, read_sheet
from server.fieldsync.visit import find_visit
from sync.operation import parse_answer
from sync.rows import Row
from sync.versions import (
    current_results,
    current_sheet,
    lay_over_all,
    list_versions,
    version_of,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """``entered`` are the rows as they were locked, ``now`` what holds. ``versions`` are the rows
    of the corrections, 2 to the newest; empty while nothing was corrected."""

    entered: SheetRows
    versions: tuple[Row, ...]
    now: SheetRows

    @property
    def version(self) -> int:
        """The number of the version in force; 0 while the sheet is not entered."""
        return version_of(self.entered.row) if self.entered.row is not None else 0


def read_standing(inspection_id: int, code: str) -> Standing:
    """Raises ``sheet.not_found``, also for another county's. An open sheet stands as it is."""
    entered = read_sheet(inspection_id, code)
    visit = find_visit(entered.space)
    if entered.row is None or visit is None:
        return Standing(entered, (), entered)
    return lay_versions(entered, list_versions(visit, entered.row))


def lay_versions(entered: SheetRows, versions: Sequence[Row]) -> Standing:
    """The locked rows under the versions that came after."""
    if entered.row is None or not versions:
        return Standing(entered, (), entered)
    rows = lay_over_all(entered.evidence, versions)
    now = replace(
        entered,
        row=current_sheet(entered.row, versions),
        results=current_results(entered.row, versions),
        answers={_item(row): row for row in rows if row.type == "answer"},
        photos=[row for row in rows if row.type == "photo"],
    )
    return Standing(entered, tuple(versions), now)


def _item(row: Row) -> str:
    found = parse_answer(row.id)
    assert found is not None
    return found[1]
