"""Public pages for a firm that is visited: whether the visit is real, who is sent and what for."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import Length

from domain.access import Action
from domain.county_settings import read_setting
from domain.errors import fault, message
from server.accounts.throttle import count_door_failure, is_door_throttled
from server.db import unit_of_work
from server.draws.models import OFFICIAL
from server.draws.pool import officer_key
from server.draws.release import are_firms_public
from server.guard import guarded
from server.i18n import current_locale
from server.inspections import notice_words, service
from server.inspections.forms import Required
from server.kit.forms import VisitorForm
from server.visitors import network_of

blueprint = Blueprint("door", __name__)
Page = str | AnyResponse | tuple[str, int]


class CodeForm(VisitorForm):
    """What stands beneath the QR code, or its address."""

    code = StringField(validators=[Required(), Length(max=300)])


@blueprint.get("/check/<token>")
@guarded(Action.PUBLIC_READ)  # the firm at its own door, see ``door``
def check(token: str) -> Page:
    """Whether this inspection is real, who is sent, what for, and how to complain."""
    view = service.look_up(token)
    # Before the firms are named the draw's page says so, and which officer is which stays here.
    is_named = view.draw.origin != OFFICIAL and are_firms_public(view.draw)
    return render_template(
        "inspections/door.html",
        view=view,
        keys={one.officer.id: officer_key(one.officer) for one in view.callers} if is_named else {},
        is_named=is_named,
        phone=read_setting(view.county.settings, "clue.phone"),
        words=notice_words,
    )


@blueprint.get("/public/check")
@guarded(Action.PUBLIC_READ)
def ask() -> Page:
    """For who cannot scan the code."""
    return render_template("public/check.html", form=CodeForm(formdata=None))


@blueprint.post("/public/check")
@guarded(Action.PUBLIC_READ)
def find() -> Page:
    """Leads to the visit, or says that there is none; not without end."""
    form = CodeForm()
    if not form.validate():
        return render_template("public/check.html", form=form), 422
    address = network_of(request.remote_addr or "")
    if is_door_throttled(address):
        raise fault("request.throttled", retry_after=900)
    token = service.find_token(form.code.data or "")
    if token is not None:
        return redirect(url_for("door.check", token=token))
    with unit_of_work():
        count_door_failure(address)
    form.code.errors = [message("door.unknown_code", current_locale(), {})]
    return render_template("public/check.html", form=form), 422
