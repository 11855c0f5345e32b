"""HTML pages: sign-in, the start page, one's own account, the language switch."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, fault, message
from server.accounts import service
from server.accounts.forms import SignInForm
from server.accounts.home import home_cards
from server.accounts.sessions import actor_of, close_session, list_sessions, revoke_session
from server.guard import find_actor, get_actor, guarded
from server.i18n import LOCALES, current_locale
from server.kept_forms import own_path, read_kept
from server.notifications.inbox import list_recent

blueprint = Blueprint("accounts", __name__)
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/")
@guarded(Action.PUBLIC_READ)
def home() -> Page:
    """The start page; a visitor is led to the sign-in."""
    actor = find_actor()
    if actor is None:
        return redirect(url_for("accounts.sign_in"))
    return render_template(
        "home.html",
        cards=home_cards(actor),
        notices=list_recent(actor),
        person=service.get_person(actor.person_id),
    )


@blueprint.get("/sign-in")
@guarded(Action.ACCOUNT_SIGN_IN)
def sign_in() -> Page:
    """The sign-in form."""
    if find_actor() is not None:
        return redirect(_next_page())
    return render_template("accounts/sign_in.html", form=SignInForm(), error=None)


@blueprint.post("/sign-in")
@guarded(Action.ACCOUNT_SIGN_IN)
def open_session() -> Page:
    """Signs in and goes where the person wanted to, or to what was typed when the last session
    ended; a refusal keeps the typed account."""
    form = SignInForm()
    if not form.validate():
        error = message("request.missing_field", current_locale(), {"field": _first_missing(form)})
        return render_template("accounts/sign_in.html", form=form, error=error), 400
    try:
        address = request.remote_addr or ""
        person, _none = service.sign_in(form.account.data, form.password.data, address=address)
    except Fault as refused:
        error = message(refused.code, current_locale(), refused.details)
        page = render_template("accounts/sign_in.html", form=form, error=error, code=refused.code)
        return page, refused.status
    if (kept := read_kept(request.form.get("kept", ""))) is not None:
        g.actor = actor_of(person)
        return render_template("accounts/resume.html", kept=kept)
    return redirect(_next_page())


@blueprint.post("/sign-out")
@guarded(Action.ACCOUNT_SELF)
def sign_out() -> Page:
    """Signs this browser out."""
    close_session()
    return redirect(url_for("accounts.sign_in"))


@blueprint.get("/account")
@guarded(Action.ACCOUNT_SELF)
def account() -> Page:
    """Name, language, signed-in browsers and phones of the person."""
    actor = get_actor()
    person = service.get_person(actor.person_id)
    devices = {device.id: device for device in service.list_devices(actor.person_id)}
    sessions = [
        {
            "id": row.id,
            "agent": row.agent,
            "device": devices.get(row.device_id or ""),
            "seen_at": row.seen_at,
            "created_at": row.created_at,
            "is_current": row.id == g.session_id,
        }
        for row in list_sessions(actor.person_id)
    ]
    return render_template(
        "accounts/account.html",
        person=person,
        department=person.department,
        sessions=sessions,
        devices=list(devices.values()),
    )


@blueprint.post("/account/sessions/<int:session_id>/revoke")
@guarded(Action.ACCOUNT_SELF)
def revoke(session_id: int) -> Page:
    """Signs another browser of the same person out."""
    revoke_session(get_actor().person_id, session_id)
    return redirect(url_for("accounts.account"))


@blueprint.post("/language")
@guarded(Action.PUBLIC_READ)
def language() -> Page:
    """Sets the language: for the person when signed in, else for this browser."""
    chosen = request.form.get("locale", "")
    if chosen not in LOCALES:
        raise fault("request.wrong_type", field="locale", expected="zh_CN | en")
    if (actor := find_actor()) is not None:
        service.set_locale(actor.person_id, chosen)
    response: Response = redirect(_next_page())  # type: ignore[assignment]
    response.set_cookie("suicha_locale", chosen, max_age=31_536_000, samesite="Strict")
    return response


@blueprint.get("/public/language")
@guarded(Action.PUBLIC_READ)
def public_language() -> Page:
    """The same for a visitor: a link, because a form would need a session and its cookie."""
    chosen = request.args.get("locale", "")
    if chosen not in LOCALES:
        raise fault("request.wrong_type", field="locale", expected="zh_CN | en")
    response: Response = redirect(own_path(request.args.get("next", "")) or "/public")  # type: ignore[assignment]
    response.set_cookie("suicha_locale", chosen, max_age=31_536_000, samesite="Strict")
    return response


def _next_page() -> str:
    """Where to go next: a path of this site from ``next``, else the start page."""
    return own_path(request.values.get("next", "")) or url_for("accounts.home")


def _first_missing(form: SignInForm) -> str:
    name = next(iter(form.errors), "account")
    return form.labels().get(name, name)
