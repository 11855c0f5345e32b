"""HTML pages: the provincial list beside ours, and claiming from it (R012)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.registry.forms import RegisterFileForm
from server.registry.items import province
from server.registry.items.province import ClaimState
from server.registry.items.wording import WORDS

blueprint = Blueprint("province", __name__, url_prefix="/registry/items/province")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guarded(Action.ITEM_READ)
def list_claims() -> Page:
    """Item by item: claimed, not yet, ours only."""
    return _page(RegisterFileForm(formdata=None))


@blueprint.post("/import")
@guarded(Action.ITEM_WRITE)
def import_list() -> Page:
    """Takes the provincial list whole; our items stay as they are."""
    form = RegisterFileForm()
    if not form.validate():
        return _page(form), 422
    try:
        found = province.import_province_list(get_actor(), form.file.data.filename, form.data_bytes)
    except Fault as refused:
        return _page(form, refused), refused.status
    flash(
        _(
            "省级清单：新增 {created}，变动 {updated}，未变 {unchanged}，取消 {removed}",
            created=found.created,
            updated=found.updated,
            unchanged=found.unchanged,
            removed=found.removed,
        ),
        "ok",
    )
    return redirect(url_for("province.list_claims"))


@blueprint.post("/claim")
@guarded(Action.ITEM_WRITE)
def claim() -> Page:
    """The lines named, or all that are open."""
    actor = get_actor()
    codes = request.form.getlist("code")
    if "all" in request.form:
        rows = province.list_claims(actor)
        codes = [row.province.code for row in rows if row.is_open and row.province is not None]
    try:
        n = province.claim_items(actor, codes, _("认领省级清单"))
    except Fault as refused:
        return _page(RegisterFileForm(formdata=None), refused), refused.status
    flash(_("已认领 {n} 项。", n=n), "ok")
    return redirect(url_for("province.list_claims"))


def _page(form: RegisterFileForm, refused: Fault | None = None) -> str:
    rows = province.list_claims(get_actor())
    state = request.args.get("state", "")
    is_file = refused is not None and request.path.endswith("/import")
    reason = message(refused.code, current_locale(), refused.details) if refused else ""
    return render_template(
        "registry/province.html",
        rows=[row for row in rows if state in ("", row.state)],
        counts={one: sum(row.state is one for row in rows) for one in ClaimState},
        open=sum(row.is_open for row in rows),
        newest=next((row.province for row in rows if row.province is not None), None),
        state=state,
        form=form,
        refused=refused if is_file else None,
        not_claimed=refused if not is_file else None,
        reason=reason,
        **WORDS,
    )
