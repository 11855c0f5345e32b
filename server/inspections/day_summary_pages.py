"""HTML pages of the day's summary: reading and signing it, and the paper it prints on."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.day import Hindrance, Stage
from domain.day_summary import Change
from domain.errors import Fault, message
from domain.signatures import Signature
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections import service
from server.inspections.day_wording import change_word, hindrance_word, stage_word
from server.inspections.forms import parse_day
from server.inspections.wording import severity_word, sheet_state_word
from server.runtime import now, today
from sync.messages.field_shapes import check_strokes
from sync.messages.frame import Frame

blueprint = Blueprint("day_summary", __name__, url_prefix="/day/summary")
Page = str | AnyResponse | tuple[str, int]

MAX_DRAWN = 200_000  # characters of one hidden field
# What is wrong with one field is said at that field as well.
AT_FIELD = {
    "account.password_wrong": "password",
    "reason.too_long": "remark",
    "signature.missing": "signature",
    "signature.name_differs": "typed_name",
    "signature.too_small": "signature",
    "signature.unreadable": "signature",
}
WORDS: dict[str, Any] = {
    "stages": [one.value for one in Stage],  # canonical JSON has them by the alphabet
    "severity_word": severity_word,
    "state_word": sheet_state_word,
    "stage_word": lambda one: stage_word(Stage(one)),
    "open_word": lambda one: hindrance_word(Hindrance(one)),
    "change_word": lambda one: change_word(Change(one)),
}


@blueprint.get("")
@guarded(Action.DAY_READ)
def summary() -> Page:
    """The summaries of a day, and the one to be signed."""
    return _summary_page()


@blueprint.post("")
@guarded(Action.DAY_SIGN)
def sign() -> Page:
    """Signs the day as the page showed it."""
    day, form = parse_day(request.args.get("day", "")) or today(), request.form
    try:
        made = service.sign_day(
            get_actor(),
            day,
            seen=form.get("seen", ""),
            remark=form.get("remark", ""),
            signature=_signature(form.get("signature", ""), form.get("typed_name", "")),
            password=form.get("password", ""),
            address=request.remote_addr or "",
        )
    except Fault as refused:
        return _summary_page(refused), refused.status
    flash(_("当日小结已签署。"), "ok")
    return redirect(url_for("day_summary.paper", summary_id=made.id))


@blueprint.get("/<int:summary_id>")
@guarded(Action.DAY_READ)
def paper(summary_id: int) -> Page:
    """One signed summary as it is printed, with what has changed since."""
    one = service.get_summary(get_actor(), summary_id)
    return render_template("inspections/day_summary_paper.html", one=one, printed_at=now(), **WORDS)


def _summary_page(refused: Fault | None = None) -> str:
    """A refusal gives back everything typed and drawn but the password."""
    actor, day = get_actor(), parse_day(request.args.get("day", "")) or today()
    view = service.view_day(actor, day)
    told = message(refused.code, current_locale(), refused.details) if refused else ""
    return render_template(
        "inspections/day_summary.html",
        view=view,
        draft=service.find_draft(actor, view),
        signed=service.list_summaries(actor, view),
        today=today(),
        typed=request.form if refused else {},
        refused=refused,
        refused_text=told,
        errors={AT_FIELD.get(refused.code, ""): told} if refused else {},
        **WORDS,
    )


def _signature(drawn: str, typed_name: str) -> Signature:
    """What cannot be read was not drawn; a name beside it counts alone."""
    try:
        told: Any = json.loads(drawn[:MAX_DRAWN]) if drawn else {}
        frame = Frame(told, "signature")
        check_strokes(frame)
        frame.close()
        width, height = told["size"]
        return Signature(told["strokes"], (width, height), typed_name)
    except (Fault, ValueError, RecursionError):
        return Signature(typed_name=typed_name)
