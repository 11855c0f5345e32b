"""HTML pages: asking for a correction of an entered sheet (DESIGN §5.5). Every step works without a
script: choosing entries, adding one more or leaving one out keeps what was typed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from domain.results import RESULTS
from server.corrections.evidence import MAX_PAPERS
from server.corrections.request_forms import (
    RequestForm,
    read_wanted,
    refresh,
    sent_items,
    show_items,
    take_sent_papers,
)
from server.corrections.requesting import RequestView, request_correction, view_request
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.wording import answer_text, result_word, severity_word
from server.runtime import runtime
from sync.versions import RESULT

blueprint = Blueprint("correction_requests", __name__, url_prefix="/corrections/new")
Page = str | AnyResponse | tuple[str, int]
FORM_BYTES = 512 * 1024  # of everything beside the papers


@blueprint.url_value_preprocessor
def let_papers_in(endpoint: str | None, _values: object) -> None:
    """Only for somebody with a session: the cookie is signed, what it opens is checked later."""
    if endpoint == f"{blueprint.name}.ask" and cookie.get("token"):
        request.max_content_length = MAX_PAPERS * runtime().config.max_photo_bytes + FORM_BYTES


@blueprint.get("/<int:inspection_id>/<code>")
@guarded(Action.CORRECTION_REQUEST)
def choose(inspection_id: int, code: str) -> Page:
    """The entries to choose from; the form, once some are chosen."""
    view = view_request(get_actor(), inspection_id, code)
    codes = request.args.getlist("item")
    form = show_items(view, [one for one in view.items if one in codes])
    return _form_page(view, form) if form.items else _choice_page(view)


@blueprint.post("/<int:inspection_id>/<code>")
@guarded(Action.CORRECTION_REQUEST)
def ask(inspection_id: int, code: str) -> Page:
    """Hands it in, or shows the form with one entry more or fewer."""
    view = view_request(get_actor(), inspection_id, code)
    codes = request.form.getlist("item")
    taken = take_sent_papers(get_actor())
    step, dropped = request.form.get("step", ""), request.form.get("drop", "")
    if step == "add" or dropped:
        codes = [*codes, request.form.get("add", "")] if step == "add" else codes
        kept = [one for one in view.items if one in codes and one != dropped]
        form = sent_items(view, kept)
        form.take(taken, get_actor())
        return _form_page(view, form) if form.items else _choice_page(view)
    form = sent_items(view, [one for one in view.items if one in codes])
    form.take(taken, get_actor())
    wanted = read_wanted(form)
    if wanted is None:
        return _form_page(view, form), 422
    try:
        order_id = request_correction(
            get_actor(), inspection_id, code, wanted, form.reason, taken.kept
        )
    except Fault as refused:
        view = view_request(get_actor(), inspection_id, code)
        refresh(view, form)
        told = None if form.blame(refused) else refused
        return _form_page(view, form, told), refused.status
    flash(_("更正申请已提交，等待负责人审批。"), "ok")
    return redirect(url_for("corrections.order", proposal_id=order_id))


def _choice_page(view: RequestView) -> str:
    rows = [
        {
            "code": one.item.code,
            "text": one.item.text,
            "answer": answer_text(one.item, one.fields.get("value")),
            "note": one.fields.get("note") or "",
            "result": result_word(one.fields[RESULT]),
        }
        for one in view.items.values()
    ]
    return render_template("corrections/choose.html", view=view, rows=rows)


def _form_page(view: RequestView, form: RequestForm, refused: Fault | None = None) -> str:
    chosen = {one.code for one in form.items}
    unmet = refused.details.get("unmet", []) if refused else []
    assert isinstance(unmet, list)
    return render_template(
        "corrections/request.html",
        view=view,
        form=form,
        others=[
            (code, f"{code} {one.item.text}")
            for code, one in view.items.items()
            if code not in chosen
        ],
        codes=[(number, result_word(number)) for number in RESULTS],
        severity_word=severity_word,
        max_papers=MAX_PAPERS,
        max_megabytes=runtime().config.max_photo_bytes // 1024 // 1024,
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
        unmet=[message(one["code"], current_locale(), one["details"]) for one in unmet],
    )
