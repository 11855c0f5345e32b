"""HTML: the steps of the draw in its room, each a form on the draw's page."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault
from server.draws import ceremony, service
from server.draws.ceremony_forms import (
    DrawDayForm,
    LotteryForm,
    LotteryResultForm,
    MeetingForm,
    RollsForm,
    SignedForm,
    StrikeForm,
)
from server.draws.draw_page import draw_page
from server.draws.parties import parties_of
from server.guard import get_actor, guarded
from server.i18n import translate as _

blueprint = Blueprint("ceremony", __name__, url_prefix="/draws/<int:draw_id>")
Page = str | AnyResponse | tuple[str, int]


@blueprint.post("/meeting")
@guarded(Action.DRAW_RUN)
def meeting(draw_id: int) -> Page:
    """Records or mends when, where and who."""
    form = MeetingForm(typed=request.form)
    names = dict(_departments(draw_id))

    def note() -> object:
        assert form.began_at.data is not None, "the form requires it"
        return ceremony.note_meeting(
            get_actor(),
            draw_id,
            ceremony.Meeting(
                place=form.place.data,
                began_at=form.began_at.data,
                witness_name=form.witness_name.data,
                witness_unit=form.witness_unit.data,
                platform=form.platform.data or "",
                present={names[code]: text for code, text in form.present.items() if code in names},
                held_on=form.held_on.data,
                participants=form.participants.data or "",
                scheme_no=form.scheme_no.data or "",
            ),
        )

    return _do(draw_id, "meeting", form, note, _("已登记抽取时间、地点和到场人员。"))


@blueprint.post("/rolls")
@guarded(Action.DRAW_RUN)
def add_rolls(draw_id: int) -> Page:
    """One roll or several, as read out."""
    form = RollsForm()
    return _do(
        draw_id, "rolls", form,
        lambda: ceremony.add_rolls(get_actor(), draw_id, form.rolls.data, form.seen_count),
        anchor="randomness",
    )  # fmt: skip


@blueprint.post("/rolls/strike")
@guarded(Action.DRAW_RUN)
def strike_roll(draw_id: int) -> Page:
    """Strikes a roll; it stays on record."""
    form = StrikeForm()
    return _do(
        draw_id, "strike", form,
        lambda: ceremony.strike_roll(get_actor(), draw_id, form.chosen, form.reason.data),
        _("该次点数已划去，记录保留。请重新掷一次。"), anchor="randomness",
    )  # fmt: skip


@blueprint.post("/rolls/done")
@guarded(Action.DRAW_RUN)
def close_dice(draw_id: int) -> Page:
    """The witness agrees."""
    return _do(
        draw_id, "", None, lambda: ceremony.close_dice(get_actor(), draw_id),
        _("点数已确认，可以抽取。"), anchor="randomness",
    )  # fmt: skip


@blueprint.post("/lottery")
@guarded(Action.DRAW_RUN)
def name_lottery(draw_id: int) -> Page:
    """Names the lottery whose next result counts."""
    form = LotteryForm()
    return _do(
        draw_id, "lottery", form,
        lambda: ceremony.declare_lottery(
            get_actor(), draw_id, form.name.data, form.issue.data
        ),
        _("已指定彩票，开奖后录入号码。"), anchor="randomness",
    )  # fmt: skip


@blueprint.post("/lottery/result")
@guarded(Action.DRAW_RUN)
def enter_lottery(draw_id: int) -> Page:
    """Its result, once."""
    form = LotteryResultForm()

    def enter() -> object:
        assert form.published_at.data is not None, "the form requires it"
        return ceremony.enter_lottery(
            get_actor(), draw_id, form.numbers.data, form.published_at.data
        )

    done = _("开奖号码已录入，可以抽取。")
    return _do(draw_id, "result", form, enter, done, anchor="randomness")


@blueprint.post("/draw")
@guarded(Action.DRAW_RUN)
def draw(draw_id: int) -> Page:
    """Draws with the randomness on record."""
    form = DrawDayForm()

    def run() -> object:
        assert form.planned_on.data is not None, "the form requires it"
        return service.run_ceremony(get_actor(), draw_id, form.planned_on.data)

    return _do(draw_id, "day", form, run, _("已抽取，检查任务已下发到检查人员手机。"))


@blueprint.post("/signed")
@guarded(Action.DRAW_RUN)
def signed(draw_id: int) -> Page:
    """The record sheet has been signed."""
    form = SignedForm()
    return _do(
        draw_id, "signed", form,
        lambda: ceremony.note_signature(get_actor(), draw_id, form.note.data),
        _("已登记监督人签字。"),
    )  # fmt: skip


def _departments(draw_id: int) -> list[tuple[str, str]]:
    found = service.get_draw(get_actor(), draw_id)
    return [(one.code, one.name) for one in parties_of(found.task).departments]


def _do(
    draw_id: int,
    name: str,
    form: FlaskForm | None,
    deed: Callable[[], object],
    done: str = "",
    anchor: str = "",
) -> Page:
    """A refusal gives back what was typed."""
    actor = get_actor()
    forms = {name: form} if form is not None else {}
    if form is not None and not form.validate():
        return draw_page(actor, draw_id, **forms), 422
    try:
        deed()
    except Fault as refused:
        return draw_page(actor, draw_id, refused, **forms), refused.status
    if done:
        flash(done, "ok")
    return redirect(url_for("draws.draw", draw_id=draw_id, _anchor=anchor or None))
