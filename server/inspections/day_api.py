"""JSON: the lead's day for the phone, which keeps it for where there is no network
(docs/protocol 13.11)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from domain.access import Action
from server.fieldsync.service import dump_instant
from server.guard import get_actor, guarded
from server.inspections import service
from server.runtime import now, today

MOST_SHOWN = 6  # small pictures of one finding; a phone in a car looks, the page has them all
blueprint = Blueprint("day_api", __name__, url_prefix="/api/v1")


@blueprint.get("/day")
@guarded(Action.DAY_READ)
def read_day() -> Response:
    """Today, as this person may see it."""
    actor = get_actor()
    view = service.view_day(actor, today())
    response = jsonify(
        {
            "person": actor.person_id,
            "day": view.day.isoformat(),
            "made_at": dump_instant(now()),
            "counts": {stage.value: count for stage, count in view.stages.items()},
            "sheets": [_tell(one) for one in view.sheets],
        }
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _tell(one: service.SheetOfDay) -> dict[str, Any]:
    inspection, items = one.inspection, one.view.items
    return {
        "inspection": inspection.id,
        "sheet": one.sheet.code,
        "number": inspection.number,
        "firm": inspection.firm.name,
        "department": one.sheet.department.name,
        "state": "started" if one.is_begun else one.sheet.state,
        "done": one.view.answered,
        "total": len(items),
        "conflicts": one.facts.conflicts,
        "holders": [
            {
                "name": holder.name,
                "photos": holder.photos,
                "held": holder.held,
                "unsent": sum(phone.records for phone in holder.phones),
                "unsent_photos": sum(phone.photos for phone in holder.phones),
            }
            for holder in one.holders
        ],
        "findings": [
            {
                "item": item.item.code,
                "severity": item.item.severity,
                "text": item.item.text,
                "answer": item.answer,
                "note": item.note,
                "photos": len(item.photos),
                "shown": [one.sha256 for one in item.photos if one.is_received][:MOST_SHOWN],
            }
            for item in items
            if item.is_finding
        ],
    }
