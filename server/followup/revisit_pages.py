"""HTML pages: 回访, its draw and what it found."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from domain.access import Action, may
from domain.errors import Fault, message
from domain.results import RESULTS
from server.accounts.directory import list_person_names
from server.followup import comparing, revisiting
from server.followup.wording import revisit_word
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.inspections.wording import result_word
from server.kit.forms import KitForm, ReasonLength
from server.runtime import today

blueprint = Blueprint("revisits", __name__, url_prefix="/revisits")
Page = str | AnyResponse | tuple[str, int]


class RevisitDrawForm(KitForm):
    """The seed that was read out; ``pool`` is the hash the page showed before."""

    first = DayField(validators=[Required()])
    last = DayField(validators=[Required()])
    pool = HiddenField()
    seed = StringField(validators=[Required(), Length(max=200)])
    witness = StringField(validators=[Required(), Length(max=80)])


class RecordForm(KitForm):
    """The conclusion; what it is follows from the items."""

    visited_on = DayField(validators=[Required()])
    note = TextAreaField(validators=[Required(), ReasonLength(revisiting.MAX_NOTE_CHARACTERS)])


@blueprint.get("")
@guarded(Action.REVISIT_READ)
def list_all() -> Page:
    """Who is to be visited again, and the next draw."""
    return _list_page()


@blueprint.post("")
@guarded(Action.REVISIT_DRAW)
def draw() -> Page:
    """Draws."""
    form = RevisitDrawForm()
    if not form.validate():
        return _list_page(form), 422
    assert form.first.data is not None and form.last.data is not None, "the form requires them"
    try:
        made = revisiting.draw(
            get_actor(),
            form.first.data,
            form.last.data,
            form.seed.data or "",
            form.witness.data or "",
            form.pool.data or "",
        )
    except Fault as refused:
        return _list_page(form, refused), refused.status
    flash(_("已抽取回访对象 {n} 户。", n=len(made.revisits)), "ok")
    return redirect(url_for("revisits.list_all"))


@blueprint.get("/draws/<int:draw_id>/record")
@guarded(Action.REVISIT_READ)
def record_file(draw_id: int) -> AnyResponse:
    """Pool, seed and result as JSON, for whoever draws again."""
    answer = jsonify(revisiting.build_record(get_actor(), draw_id))
    answer.headers["Content-Disposition"] = f'attachment; filename="revisit-{draw_id}.json"'
    return answer


@blueprint.get("/<int:revisit_id>")
@guarded(Action.REVISIT_READ)
def revisit(revisit_id: int) -> Page:
    """One firm to be visited again."""
    return _page(revisit_id)


@blueprint.post("/<int:revisit_id>")
@guarded(Action.REVISIT_DRAW)
def record(revisit_id: int) -> Page:
    """What was found."""
    form = RecordForm()
    if not form.validate():
        return _page(revisit_id, form), 422
    assert form.visited_on.data is not None, "the form requires it"
    try:
        comparing.conclude(get_actor(), revisit_id, form.note.data or "", form.visited_on.data)
    except Fault as refused:
        return _page(revisit_id, form, refused), refused.status
    flash(_("回访结果已登记。"), "ok")
    return redirect(url_for("revisits.revisit", revisit_id=revisit_id))


@blueprint.post("/<int:revisit_id>/items")
@guarded(Action.FOLLOW_UP_DECIDE)
def items(revisit_id: int) -> Page:
    """What each problem is now."""
    try:
        count = comparing.enter_items(get_actor(), revisit_id, _items_now())
    except Fault as refused:
        return _page(revisit_id, refused=refused), refused.status
    flash(_("已登记 {n} 项。", n=count), "ok")
    return redirect(url_for("revisits.revisit", revisit_id=revisit_id))


def _items_now() -> dict[int, comparing.ItemNow]:
    """``now-<case>`` and ``note-<case>`` of the form; what is not chosen is left for later."""
    found, codes = {}, {str(code) for code in RESULTS}
    for name, text in request.form.items():
        key = name.removeprefix("now-")
        if name.startswith("now-") and key.isdecimal() and len(key) < 10 and text in codes:
            note = request.form.get(f"note-{key}", "")
            found[int(key)] = comparing.ItemNow(int(text), note)
    return found


def _list_page(form: RevisitDrawForm | None = None, refused: Fault | None = None) -> str:
    actor = get_actor()
    first, last = _period(form)
    pool = revisiting.pool_of(actor, first, last)
    draws = revisiting.list_draws(actor)
    form = form or RevisitDrawForm(formdata=None, first=first, last=last)
    return render_template(
        "followup/revisits.html",
        rows=revisiting.list_revisits(actor),
        pool=pool,
        first=first,
        last=last,
        draws=draws,
        names=list_person_names({one.made_by for one in draws}),
        form=form,
        may_draw=may(actor, Action.REVISIT_DRAW),
        today=today(),
        revisit_word=revisit_word,
        refused=refused,
        refused_text=_sentence(refused),
    )


def _page(revisit_id: int, form: RecordForm | None = None, refused: Fault | None = None) -> str:
    actor = get_actor()
    found = revisiting.get_revisit(actor, revisit_id)
    comparison = comparing.compare(actor, found)
    return render_template(
        "followup/revisit.html",
        revisit=found,
        comparison=comparison,
        codes=[(number, result_word(number)) for number in RESULTS],
        typed=request.form,
        form=form or RecordForm(formdata=None, visited_on=today()),
        may_record=may(actor, Action.REVISIT_DRAW) and not found.outcome,
        waits=_("、").join(comparison.missing),
        today=today(),
        revisit_word=revisit_word,
        result_word=result_word,
        refused=refused,
        refused_text=_sentence(refused),
    )


def _period(form: RevisitDrawForm | None) -> tuple[date, date]:
    """What was asked for, else this year so far."""
    wanted = [form.first.data, form.last.data] if form is not None else [None, None]
    told = [request.args.get("first", ""), request.args.get("last", "")]
    usual = (date(today().year, 1, 1), today())
    found = []
    for typed, text, default in zip(wanted, told, usual, strict=True):
        try:
            found.append(typed or (date.fromisoformat(text) if text else default))
        except ValueError:
            found.append(default)
    return found[0], found[1]


def _sentence(refused: Fault | None) -> str:
    return message(refused.code, current_locale(), refused.details) if refused else ""
