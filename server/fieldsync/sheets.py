"""One department's sheet as it stands, for pages, entry and its digest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, select

from domain.attendance import Attendance, is_absence, read_attendance
from domain.errors import fault
from domain.evidence import is_original
from server.db import db
from server.fieldsync.entities import find_entity, list_evidence, load_row
from server.fieldsync.models import Entity, Receipt
from server.inspections.models import Sheet
from server.inspections.records import find_sheet
from sync.apply_sheet import read_return
from sync.canonical import Plain
from sync.content import build_content, current_heads, digest_content
from sync.operation import Kind, parse_answer
from sync.rows import Row


@dataclass(frozen=True, slots=True)
class SheetRows:
    """``row`` is the sheet's own row, None where none was written. Tombstones are left out.
    ``answers`` by item code; ``seen`` is what a person entering now has seen."""

    inspection_id: int
    sheet_id: int
    code: str
    jurisdiction_id: int
    lists: list[dict[str, Any]]
    state: str
    ended_on: date | None
    results: dict[str, int]
    row: Row | None
    answers: dict[str, Row]
    photos: list[Row]
    signatures: list[Row]
    checkins: list[Row]

    @property
    def space(self) -> str:
        return f"insp:{self.inspection_id}"

    @property
    def evidence(self) -> list[Row]:
        """Every row that entering signs."""
        return [*self.answers.values(), *self.photos, *self.signatures, *self.checkins]

    @property
    def attendance(self) -> Attendance:
        """Who was there, late or not at all."""
        return read_attendance(row.fields for row in self.checkins)

    @property
    def is_begun(self) -> bool:
        """Whether something was recorded at the firm; that somebody stays away is not."""
        return any(row.type != "checkin" or not is_absence(row.fields) for row in self.evidence)

    @property
    def seen(self) -> dict[str, dict[str, str]]:
        """Entity → field → head."""
        return current_heads(self.code, self.evidence)

    def list_photos(self, item: str) -> list[Row]:
        """The photos attached to an item."""
        entity = f"answer:{self.code}/{item}"
        return [photo for photo in self.photos if entity in photo.fields["attached"]]  # type: ignore[operator]

    def count_originals(self, item: str) -> int:
        """How many of them count as evidence: marked copies do not."""
        return sum(is_original(manifest_of(photo)) for photo in self.list_photos(item))

    def content(self, results: Mapping[str, int]) -> dict[str, Plain]:
        """What entering with these results signs (docs/protocol 13.5)."""
        return build_content(self.space, self.code, self.evidence, results)

    def digest(self, results: Mapping[str, int]) -> str:
        """SHA-256 of the canonical content."""
        return digest_content(self.content(results))


def manifest_of(photo: Row) -> dict[str, Any]:
    """What the photo says of itself."""
    manifest = photo.fields.get("manifest")
    return manifest if isinstance(manifest, dict) else {}


def read_sheet(inspection_id: int, code: str) -> SheetRows:
    """Raises ``sheet.not_found``, also for another county's."""
    sheet = find_sheet(inspection_id, code)
    if sheet is None:
        raise fault("sheet.not_found")
    space = f"insp:{inspection_id}"
    codes = {sheet.id: code}
    own = find_entity(space, f"sheet:{code}")
    rows = [load_row(one, codes) for one in list_evidence(space, sheet.id) if not one.is_gone]
    return build_rows(sheet, load_row(own, codes) if own is not None else None, rows)


def build_rows(sheet: Sheet, own: Row | None, rows: list[Row]) -> SheetRows:
    """From the sheet's own row and its evidence without tombstones, by id."""
    return SheetRows(
        inspection_id=sheet.inspection_id,
        sheet_id=sheet.id,
        code=sheet.code,
        jurisdiction_id=sheet.jurisdiction_id,
        lists=sheet.lists,
        state=sheet.state,
        ended_on=sheet.ended_on,
        results=sheet.results,
        row=own,
        answers={_item(row): row for row in rows if row.type == "answer"},
        photos=[row for row in rows if row.type == "photo"],
        signatures=[row for row in rows if row.type == "signature"],
        checkins=[row for row in rows if row.type == "checkin"],
    )


def list_begun_sheets(sheet_ids: Iterable[int]) -> set[int]:
    """Those of which ``SheetRows.is_begun`` holds, many at once."""
    own = Entity.sheet_id.in_(list(sheet_ids)), ~Entity.is_gone
    others = select(Entity.sheet_id).where(*own, Entity.type.in_(("answer", "photo", "signature")))
    begun = set(db.session.scalars(others.distinct()))
    checkins = select(Entity.sheet_id, Entity.fields).where(*own, Entity.type == "checkin")
    begun |= {one for one, fields in db.session.execute(checkins) if not is_absence(fields)}
    return {one for one in begun if one is not None}


@dataclass(frozen=True, slots=True)
class Return:
    """One time the lead gave a sheet back: the reason, and what was said of single items."""

    person_id: int
    at: datetime
    reason: str
    comments: dict[str, str]


def map_returns(inspection_ids: Iterable[int]) -> dict[tuple[int, str], list[Return]]:
    """(visit, sheet) → every return that took effect, the newest first, also those since submitted
    anew; sheets that never came back are left out. One query."""
    spaces = {f"insp:{one}": one for one in inspection_ids}
    query = select(Receipt).where(
        Receipt.space.in_(spaces),
        Receipt.status == "applied",
        Receipt.kind == Kind.SHEET_RETURN.value,
    )
    found: dict[tuple[int, str], list[Return]] = {}
    for receipt in db.session.scalars(query.order_by(Receipt.received_at.desc(), Receipt.op)):
        payload = json.loads(receipt.payload)
        reason, comments = read_return(payload["fields"])
        key = spaces[receipt.space], payload["entity"].partition(":")[2]
        told = Return(receipt.person_id, receipt.received_at, reason, comments)
        found.setdefault(key, []).append(told)
    return found


def list_open_answers() -> list[tuple[str, Row]]:
    """Every answer of the county in sight that has versions beside it, with its space."""
    has_siblings = cast(Entity.siblings, String) != "[]"
    query = select(Entity).where(Entity.type == "answer", has_siblings)
    found = db.session.scalars(query.order_by(Entity.space, Entity.id))
    return [(one.space, load_row(one, {})) for one in found]


def map_writers(rows: Iterable[Row]) -> dict[str, tuple[int, str]]:
    """Operation (``writing_op``) → (person, when by the phone's clock), in one query."""
    ops = {writing_op(row) for row in rows} - {""}
    if not ops:
        return {}
    query = select(Receipt.op, Receipt.person_id, Receipt.payload).where(Receipt.op.in_(ops))
    return {
        one.op: (one.person_id, str(json.loads(one.payload).get("at", "")))
        for one in db.session.execute(query)
    }


def writing_op(row: Row) -> str:
    """The operation that last wrote the answer's value, else any field; empty where none has."""
    return row.heads.get("value") or next(iter(row.heads.values()), "")


def _item(row: Row) -> str:
    found = parse_answer(row.id)
    assert found is not None
    return found[1]
