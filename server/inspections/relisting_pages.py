"""HTML: giving a sheet the newest version of its checklists; the button is on the visit's page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections import service

blueprint = Blueprint("relisting", __name__)


@blueprint.post("/inspections/<int:inspection_id>/<code>/lists")
@guarded(Action.CHECKLIST_OFFER)
def take_newest_lists(inspection_id: int, code: str) -> AnyResponse:
    """Where nothing has been recorded; otherwise the visit's page says why not."""
    try:
        service.take_newest_lists(get_actor(), inspection_id, code)
        flash(_("已改用最新版本的检查表，检查人员的手机下次联网时收到。"), "ok")
    except Fault as refused:
        if not refused.code.startswith(("sheet.", "inspection.withdrawn")):
            raise
        flash(message(refused.code, current_locale(), refused.details), "error")
    return redirect(url_for("inspections.inspection", inspection_id=inspection_id))
