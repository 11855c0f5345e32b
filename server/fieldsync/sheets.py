"""One department's sheet as it stands, for pages, entry and its digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
    return SheetRows(
        inspection_id=inspection_id,
        sheet_id=sheet.id,
        code=code,
        jurisdiction_id=sheet.jurisdiction_id,
        lists=sheet.lists,
        state=sheet.state,
        ended_on=sheet.ended_on,
        results=sheet.results,
        row=load_row(own, codes) if own is not None else None,
        answers={_item(row): row for row in rows if row.type == "answer"},
        photos=[row for row in rows if row.type == "photo"],
        signatures=[row for row in rows if row.type == "signature"],
        checkins=[row for row in rows if row.type == "checkin"],
    )


@dataclass(frozen=True, slots=True)
class Return:
    """One time the lead gave a sheet back: the reason, and what was said of single items."""

    person_id: int
    at: datetime
    reason: str
    comments: dict[str, str]


def list_returns(inspection_id: int, code: str) -> list[Return]:
    """Every return of the sheet that took effect, the newest first, also those since submitted
    anew."""
    query = select(Receipt).where(
        Receipt.space == f"insp:{inspection_id}",
        Receipt.status == "applied",
        Receipt.kind == Kind.SHEET_RETURN.value,
    )
    found = []
    for receipt in db.session.scalars(query.order_by(Receipt.received_at.desc(), Receipt.op)):
        payload = json.loads(receipt.payload)
        if payload["entity"] != f"sheet:{code}":
            continue
        reason, comments = read_return(payload["fields"])
        found.append(Return(receipt.person_id, receipt.received_at, reason, comments))
    return found


def list_open_answers() -> list[tuple[str, Row]]:
    """Every answer of the county in sight that has versions beside it, with its space."""
    has_siblings = cast(Entity.siblings, String) != "[]"
    query = select(Entity).where(Entity.type == "answer", has_siblings)
    found = db.session.scalars(query.order_by(Entity.space, Entity.id))
    return [(one.space, load_row(one, {})) for one in found]


def find_writer(row: Row) -> tuple[int, str] | None:
    """(person, when by the phone's clock) of the operation that last wrote the answer's value, else
    of any field; None where nobody has."""
    op = row.heads.get("value") or next(iter(row.heads.values()), None)
    receipt = db.session.get(Receipt, op) if op is not None else None
    if receipt is None:
        return None
    return receipt.person_id, str(json.loads(receipt.payload).get("at", ""))


def _item(row: Row) -> str:
    found = parse_answer(row.id)
    assert found is not None
    return found[1]
