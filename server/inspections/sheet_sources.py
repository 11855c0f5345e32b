"""What pages about sheets are made from, read for many of them at once: the number of statements
does not grow with the number of sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.accounts.service import list_person_names
from server.fieldsync import service as fieldsync
from server.fieldsync.service import SheetRows
from server.inspections.models import Sheet
from server.inspections.sheet_parts import ReturnView
from server.inspections.wording import read_instant
from server.registry.shelf import Shelf
from server.results import service as results
from server.results.models import SheetVersion


@dataclass(frozen=True, slots=True)
class SheetSources:
    """``writers`` by operation: who wrote an answer that another version stands beside, and when.
    ``shelf`` is shared by all that were read together."""

    rows: SheetRows
    versions: tuple[SheetVersion, ...]
    returns: tuple[ReturnView, ...]
    writers: Mapping[str, tuple[str, datetime | None]]
    shelf: Shelf


def read_sources(sheets: Sequence[Sheet]) -> dict[int, SheetSources]:
    """By sheet id."""
    shelf = Shelf()
    standings = fieldsync.read_standings(sheets)
    locked = [one.id for one in sheets if one.state in ("entered", "published")]
    versions = results.map_versions(locked)
    told = fieldsync.map_returns({one.inspection_id for one in sheets})
    forked = [row for rows in standings.values() for row in rows.answers.values() if row.siblings]
    writers = fieldsync.map_writers(forked)
    people = {one.person_id for some in told.values() for one in some}
    names = list_person_names(people | {person for person, _at in writers.values()})
    written = {op: (names[who], read_instant(at)) for op, (who, at) in writers.items()}
    return {
        one.id: SheetSources(
            rows=standings[one.id],
            versions=tuple(versions.get(one.id, ())),
            returns=tuple(
                ReturnView(names[r.person_id], r.at, r.reason, r.comments)
                for r in told.get((one.inspection_id, one.code), ())
            ),
            writers=written,
            shelf=shelf,
        )
        for one in sheets
    }
