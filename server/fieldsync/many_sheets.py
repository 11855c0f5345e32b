"""Many sheets as they stand, in one query: for pages about a whole day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import func, select

from server.db import db
from server.fieldsync.entities import load_row
from server.fieldsync.models import Entity, Receipt
from server.fieldsync.sheets import SheetRows, build_rows
from server.fieldsync.standing import lay_versions
from server.inspections.models import Sheet
from sync.rows import EVIDENCE, Row
from sync.versions import list_versions

READ = (*sorted(EVIDENCE), "sheet", "version")


def read_standings(sheets: Iterable[Sheet]) -> dict[int, SheetRows]:
    """By sheet id, each as ``read_standing`` says it holds now."""
    wanted = list(sheets)
    if not wanted:
        return {}
    codes = {one.id: one.code for one in wanted}
    query = select(
        Entity.space, Entity.id, Entity.type, Entity.sheet_id, Entity.fields, Entity.heads,
        Entity.siblings, Entity.is_gone,
    ).where(
        Entity.space.in_({f"insp:{one.inspection_id}" for one in wanted}), Entity.type.in_(READ)
    )  # fmt: skip
    evidence: dict[int, list[Row]] = {one.id: [] for one in wanted}
    heads: dict[str, _Rows] = {}
    for found in db.session.execute(query.order_by(Entity.space, Entity.id)):
        row = load_row(found, codes)
        if row.type not in EVIDENCE:
            heads.setdefault(found.space, _Rows()).rows[row.id] = row
        elif found.sheet_id in evidence and not row.gone:
            evidence[found.sheet_id].append(row)
    return {
        one.id: _stand(one, heads.get(f"insp:{one.inspection_id}"), evidence[one.id])
        for one in wanted
    }


def count_held(spaces: Iterable[str]) -> dict[str, Counter[int]]:
    """Space → how many operations of whom arrived and are not decided yet."""
    query = (
        select(Receipt.space, Receipt.person_id, func.count())
        .where(Receipt.space.in_(set(spaces)), Receipt.status == "held")
        .group_by(Receipt.space, Receipt.person_id)
    )
    found: dict[str, Counter[int]] = {}
    for space, person_id, count in db.session.execute(query):
        found.setdefault(space, Counter())[person_id] = count
    return found


class _Rows:
    """What ``sync.versions`` asks of a space: the sheets' own rows and their versions."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    def find_row(self, entity: str) -> Row | None:
        return self.rows.get(entity)


def _stand(sheet: Sheet, space: _Rows | None, evidence: list[Row]) -> SheetRows:
    own = space.find_row(f"sheet:{sheet.code}") if space is not None else None
    entered = build_rows(sheet, own, evidence)
    if own is None or space is None:
        return entered
    return lay_versions(entered, list_versions(space, own)).now
