"""HTML page of the administrator: all accounts; opening, changing and closing them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from server.accounts import people
from server.accounts.directory import list_departments
from server.accounts.people_forms import AccountForm, PersonForm, role_words
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _

blueprint = Blueprint("people", __name__, url_prefix="/accounts")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guarded(Action.ACCOUNT_ADMIN)
def list_accounts() -> Page:
    """Who can sign in, as what."""
    return _page()


@blueprint.post("")
@guarded(Action.ACCOUNT_ADMIN)
def add() -> Page:
    """The password stands on the answer alone: nowhere is it kept in words."""
    form = AccountForm()
    form.offer_choices()
    if not form.validate():
        return _page(new=form), 422
    account, department = form.account.data, form.department_id.data
    try:
        password = people.open_account(
            get_actor(), account, form.name.data, department, form.chosen
        )
    except Fault as refused:
        return _page(new=form, refused=refused), refused.status
    return _page(told=(account.strip().lower(), password))


@blueprint.post("/<int:person_id>")
@guarded(Action.ACCOUNT_ADMIN)
def change(person_id: int) -> Page:
    """Another name, department or part."""
    form = PersonForm()
    form.offer_choices()
    if not form.validate():
        return _page(edited=person_id, form=form), 422
    try:
        people.change_account(
            get_actor(), person_id, form.name.data, form.department_id.data, form.chosen
        )
    except Fault as refused:
        return _page(edited=person_id, form=form, refused=refused), refused.status
    flash(_("已保存"), "ok")
    return redirect(url_for("people.list_accounts"))


@blueprint.post("/<int:person_id>/password")
@guarded(Action.ACCOUNT_ADMIN)
def renew_password(person_id: int) -> Page:
    """For somebody who forgot theirs."""
    person, password = people.renew_password(get_actor(), person_id)
    return _page(told=(person.account, password))


@blueprint.post("/<int:person_id>/close")
@guarded(Action.ACCOUNT_ADMIN)
def close(person_id: int) -> Page:
    """No more, or again."""
    is_active = request.form.get("active") == "1"
    try:
        person = people.close_account(get_actor(), person_id, is_active=is_active)
    except Fault as refused:
        return _page(refused=refused), refused.status
    words = _("账号 {account} 已恢复使用。") if is_active else _("账号 {account} 已停用。")
    flash(words.format(account=person.account), "ok")
    return redirect(url_for("people.list_accounts"))


def _page(
    *,
    new: AccountForm | None = None,
    edited: int | None = None,
    form: PersonForm | None = None,
    told: tuple[str, str] | None = None,
    refused: Fault | None = None,
) -> str:
    """``form`` is of the person ``edited``; ``told``: an account and its password, this once."""
    actor = get_actor()
    wanted = {name: request.args.get(name, "") for name in ("q", "department")}
    body = wanted["department"]
    found = people.find_people(actor, wanted["q"], int(body) if body.isdecimal() else None)
    forms = {}
    for one in found:
        forms[one.id] = PersonForm(
            formdata=None,
            name=one.name,
            department_id=one.department_id,
            roles=[held.role for held in one.roles],
        )
        forms[one.id].offer_choices()
    if edited in forms and form is not None:
        forms[edited] = form
    empty = AccountForm(formdata=None)
    empty.offer_choices()
    return render_template(
        "accounts/people.html",
        people=found,
        departments=[(one.id, one.name) for one in list_departments()],
        forms=forms,
        new=new or empty,
        edited=edited,
        told=told,
        wanted=wanted,
        words=role_words(),
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
    )
