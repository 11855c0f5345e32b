"""HTML page: the department's phrases; add, edit, retire, use again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Target, may
from domain.errors import Fault, message
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.phrases import service
from server.phrases.forms import PhraseForm

blueprint = Blueprint("phrases", __name__, url_prefix="/registry/phrases")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guarded(Action.PHRASE_READ)
def list_phrases() -> Page:
    """Those of the reader's own department."""
    return _page(PhraseForm(formdata=None))


@blueprint.post("")
@guarded(Action.PHRASE_WRITE)
def add() -> Page:
    """A new one."""
    form = PhraseForm()
    if not form.validate():
        return _page(form), 422
    try:
        service.add_phrases(get_actor(), [(form.text.data, form.item_code.data or "")])
    except Fault as refused:
        return _page(form, refused=refused), refused.status
    flash(_("已添加，检查人员的手机下次联网时收到。"), "ok")
    return redirect(url_for("phrases.list_phrases"))


@blueprint.post("/<int:phrase_id>")
@guarded(Action.PHRASE_WRITE)
def edit(phrase_id: int) -> Page:
    """Other words, or another entry."""
    form = PhraseForm()
    if not form.validate():
        return _page(form, phrase_id), 422
    try:
        service.edit_phrase(get_actor(), phrase_id, form.text.data, form.item_code.data or "")
    except Fault as refused:
        return _page(form, phrase_id, refused), refused.status
    flash(_("已保存，检查人员的手机下次联网时收到。"), "ok")
    return redirect(url_for("phrases.list_phrases"))


@blueprint.post("/<int:phrase_id>/retire")
@guarded(Action.PHRASE_WRITE)
def retire(phrase_id: int) -> Page:
    """Off the phones."""
    service.retire(get_actor(), phrase_id)
    flash(_("已停用，手机下次联网后不再显示。"), "ok")
    return redirect(url_for("phrases.list_phrases"))


@blueprint.post("/<int:phrase_id>/use")
@guarded(Action.PHRASE_WRITE)
def use(phrase_id: int) -> Page:
    """On the phones again."""
    try:
        service.retire(get_actor(), phrase_id, is_retired=False)
    except Fault as refused:
        return _page(PhraseForm(formdata=None), refused=refused), refused.status
    flash(_("已恢复使用。"), "ok")
    return redirect(url_for("phrases.list_phrases"))


def _page(form: PhraseForm, edited: int | None = None, refused: Fault | None = None) -> str:
    """``form`` is of the phrase ``edited``, or of a new one."""
    actor = get_actor()
    target = Target(actor.jurisdiction_id, actor.department_id)
    phrases = service.list_phrases(actor.department_id) if actor.department_id else []
    forms = {
        one.id: PhraseForm(formdata=None, text=one.text, item_code=one.item_code) for one in phrases
    }
    if edited in forms:
        forms[edited] = form
        form = PhraseForm(formdata=None)
    return render_template(
        "phrases/list.html",
        phrases=phrases,
        form=form,
        forms=forms,
        edited=edited,
        can_write=may(actor, Action.PHRASE_WRITE, target),
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
    )
