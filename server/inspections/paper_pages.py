"""Pages for paper: the on-site record 现场检查记录表 (R062, R063; annex 3) and the notice 告知书
(R056; annex 5), in the order and the words in which the phone shows them before they are signed."""

from __future__ import annotations

from flask import Blueprint, render_template

from domain.access import Action
from server.guard import get_actor, guarded, require
from server.inspections import service
from server.runtime import now

blueprint = Blueprint("papers", __name__, url_prefix="/inspections/<int:inspection_id>/<code>")


@blueprint.get("/record")
@guarded(Action.SHEET_READ)
def record(inspection_id: int, code: str) -> str:
    """One department's on-site record as it stands."""
    return _paper("record", inspection_id, code)


@blueprint.get("/notice")
@guarded(Action.SHEET_READ)
def notice(inspection_id: int, code: str) -> str:
    """The notice to the firm, with its receipt or its refusal."""
    return _paper("notice", inspection_id, code)


def _paper(name: str, inspection_id: int, code: str) -> str:
    actor = get_actor()
    inspection = service.get_inspection(actor, inspection_id)
    sheet = service.get_sheet(inspection, code)
    require(actor, Action.SHEET_READ, service.target_of(inspection, sheet))
    view = service.view_sheet(actor, inspection, sheet)
    return render_template(
        f"inspections/{name}.html",
        printed_at=now(),
        **service.paper_words(inspection, sheet, view),
    )
