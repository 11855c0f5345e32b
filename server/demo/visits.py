"""Visits of the demo as a team records them: every entry answered, signed, handed in, accepted,
entered. Made up, like everybody in it."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from PIL import Image, ImageDraw

from domain.access import Actor
from domain.answers import ItemType
from domain.check_items import CheckItem
from server.accounts.service import list_people
from server.accounts.sessions import actor_of
from server.fieldsync import service as fieldsync
from server.fieldsync.service import PageOp
from server.inspections import service as inspections
from server.inspections.models import Inspection
from server.registry.service import list_check_items
from server.runtime import today
from sync.operation import Kind

STROKES = [
    [[40, 30, 0], [92, 24, 80], [60, 52, 160], [36, 88, 260]],
    [[128, 34, 420], [188, 30, 560], [150, 66, 700], [132, 92, 800], [196, 88, 1120]],
]
BOX = (300, 120)
SHEET = "tr"


def passing_answer(item: CheckItem, day: date) -> dict[str, Any]:
    """An answer with which the item passes, as a phone would send it; empty for photos alone."""
    match item.type:
        case ItemType.JUDGE:
            return {"value": "pass"}
        case ItemType.NUMBER_PAIR:
            return {"value": {"checked": 5, "failed": 0}}
        case ItemType.NUMBER:
            number = {"%": "100", "人": "2"}.get(item.unit or "", "12")
            given = dict.fromkeys(item.rule.names, "60") if item.rule else {}
            measured = {"number": number, **({"given": given} if given else {})}
            return {"value": measured, "verdict": "pass"}
        case ItemType.DATE:
            value = "2027-06-30" if "止期" in item.text else day.isoformat()
            return {"value": value, "verdict": "pass"}
        case ItemType.TEXT:
            return {"value": "检查情况属实，当事人无异议。"}
        case ItemType.PHOTO:
            return {}


@dataclass(frozen=True, slots=True)
class TeamWork:
    """One visit with the accounts of its own officers; ``page`` is the form they fill."""

    inspection: Inspection
    team: tuple[Actor, ...]
    page: str

    @classmethod
    def of(cls, inspection: Inspection) -> TeamWork:
        """Of the bureau's own sheet."""
        accounts = {one.name: one for one in list_people()}
        department = inspections.get_sheet(inspection, SHEET).department_id
        names = [o.officer.name for o in inspection.team if o.department_id == department]
        team = tuple(actor_of(accounts[one]) for one in names)
        return cls(inspection, team, str(uuid.uuid4()))

    @property
    def items(self) -> list[CheckItem]:
        lists = inspections.get_sheet(self.inspection, SHEET).lists
        return [
            item for one in lists for item in list_check_items(one["list"])
            if item.code in one["items"]
        ]  # fmt: skip

    def record(self, failing: Mapping[str, str]) -> None:
        """From check-in to hand-in; items in ``failing`` fail with that note."""
        first = self.team[0]
        for one in self.team:
            self._do(first, Kind.CHECKIN_ADD, f"checkin:{uuid.uuid4()}",
                     {"sheet": SHEET, "officer_id": one.officer_id})  # fmt: skip
        for item in self.items:
            self._answer(first, item, failing.get(item.code))
        for one in self.team:
            self._sign(first, _name_of(one), {"role": "officer", "officer_id": one.officer_id})
        firm = {"role": "firm", "post": "负责人"}
        self._sign(first, self.inspection.firm.contact_name, firm)
        self._do(first, Kind.SHEET_SUBMIT, f"sheet:{SHEET}", {"ended_on": today().isoformat()})

    def enter(self) -> None:
        """The first officer enters what is suggested; where nothing is, 发现问题待后续处置."""
        actor, found = self.team[0], self.inspection
        view = inspections.view_sheet(actor, found, inspections.get_sheet(found, SHEET))
        results = {
            one.item.code: one.suggested or 8
            for one in view.items
            if one.suggested is not None or one.is_finding
        }
        inspections.enter_sheet(actor, found.id, SHEET, results, view.seen_content)

    def _answer(self, actor: Actor, item: CheckItem, finding: str | None) -> None:
        fields = passing_answer(item, today())
        if finding is not None:
            fields = {"value": "fail", "note": finding}
        entity = f"answer:{SHEET}/{item.code}"
        if fields:
            self._do(actor, Kind.ANSWER_SET, entity, fields)
        for number in range(max(item.min_photos, 1 if finding else 0)):
            picture = io.BytesIO(draw_picture(f"{self.inspection.number} {item.code} {number + 1}"))
            claim = fieldsync.claim_photo(actor, picture)
            # An upload commits by itself: this is all one transaction.
            fieldsync.record_document(actor, fieldsync.keep_document(picture))
            self._do(actor, Kind.PHOTO_ATTACH, entity, {}, claim)

    def _sign(self, actor: Actor, name: str, who: Mapping[str, Any]) -> None:
        drawn = {"refused": False, "strokes": STROKES, "size": list(BOX)}
        fields = {"sheet": SHEET, "name": name, **drawn, **who}
        self._do(actor, Kind.SIGNATURE_ADD, f"signature:{uuid.uuid4()}", fields)

    def _do(
        self,
        actor: Actor,
        kind: str,
        entity: str,
        fields: Mapping[str, Any],
        photo: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        asked = PageOp(self.page, kind, entity, fields, dict.fromkeys(fields), photo=photo)
        told = fieldsync.perform_page_op(actor, self.inspection.space, asked)
        assert told["status"] in ("applied", "merged"), told
        return told


def _name_of(actor: Actor) -> str:
    return next(one.name for one in list_people() if one.id == actor.person_id)


def draw_picture(mark: str) -> bytes:
    """A drawn page of a ledger; another ``mark``, other bytes."""
    image = Image.new("RGB", (640, 480), "#8a7a66")
    pen = ImageDraw.Draw(image)
    pen.polygon([(120, 50), (540, 40), (560, 440), (100, 450)], fill="#f4f1ea")
    for y in range(100, 420, 34):
        pen.line([(150, y), (500 - (y * 7) % 120, y - 4)], fill="#5a5e68", width=5)
    pen.text((150, 60), mark.encode("ascii", "ignore").decode(), fill="#333333")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=75)
    return out.getvalue()
