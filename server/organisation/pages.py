"""HTML page: departments with their other names, teams, and the leading group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, may
from domain.county_settings import read_setting
from domain.errors import Fault, message
from server.accounts import service as accounts
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.kit.forms import KitForm
from server.organisation import service
from server.organisation.forms import DepartmentForm, MemberForm, NameForm, TeamForm, choices
from server.registry.clash_views import catch_up, seen_in, tell_meanwhile
from server.registry.service import (
    ChangedMeanwhile,
    list_all_officers,
    list_officers_by_id,
    versions_of,
)
from server.runtime import today

blueprint = Blueprint("organisation", __name__, url_prefix="/registry/organisation")
FILTERS = ("q", "department", "state", "role")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guarded(Action.ORGANISATION_READ)
def show() -> Page:
    """Who the county is made of."""
    return _page()


@blueprint.post("/departments")
@guarded(Action.ORGANISATION_WRITE)
def add_department() -> Page:
    """A department more."""
    form = DepartmentForm()
    return _do(
        form, "new", lambda: service.add_department(get_actor(), form.code.data, form.name.data)
    )


@blueprint.post("/departments/<int:department_id>/name")
@guarded(Action.ORGANISATION_WRITE)
def rename(department_id: int) -> Page:
    """Its name now; the old one stays an alias."""
    form = NameForm()
    return _do(
        form,
        f"name-{department_id}",
        lambda: service.rename_department(
            get_actor(), department_id, form.name.data, form.seen.data or ""
        ),
    )


@blueprint.post("/departments/<int:department_id>/aliases")
@guarded(Action.ORGANISATION_WRITE)
def add_alias(department_id: int) -> Page:
    """Another spelling found in a plan."""
    form = NameForm()
    return _do(
        form,
        f"alias-{department_id}",
        lambda: service.add_alias(get_actor(), department_id, form.name.data),
    )


@blueprint.post("/departments/<int:department_id>/aliases/remove")
@guarded(Action.ORGANISATION_WRITE)
def remove_alias(department_id: int) -> Page:
    """A spelling nobody needs."""
    form = NameForm()
    return _do(
        form,
        f"alias-{department_id}",
        lambda: service.remove_alias(get_actor(), department_id, form.name.data),
    )


@blueprint.post("/teams")
@guarded(Action.ORGANISATION_WRITE)
def add_team() -> Page:
    """A team more."""
    return _save_team(None)


@blueprint.post("/teams/<int:team_id>")
@guarded(Action.ORGANISATION_WRITE)
def edit_team(team_id: int) -> Page:
    """Another name, other people."""
    return _save_team(team_id)


@blueprint.post("/teams/<int:team_id>/close")
@guarded(Action.ORGANISATION_WRITE)
def close_team(team_id: int) -> Page:
    """No more, or again."""
    is_active = request.form.get("active") == "1"
    return _do(KitForm(), "", lambda: service.close_team(get_actor(), team_id, is_active))


@blueprint.post("/group")
@guarded(Action.ORGANISATION_WRITE)
def add_member() -> Page:
    """Somebody joins the leading group."""
    return _save_member(None)


@blueprint.post("/group/<int:member_id>")
@guarded(Action.ORGANISATION_WRITE)
def edit_member(member_id: int) -> Page:
    """An entry mended, or ended."""
    return _save_member(member_id)


def _save_team(team_id: int | None) -> Page:
    form = _with_choices(TeamForm())

    def save() -> object:
        name, people = form.name.data, form.officer_ids.data
        lead = form.lead_officer_id.data or None
        if team_id is None:
            return service.add_team(get_actor(), form.department_id.data, name, people, lead)
        seen = seen_in(form.seen.data)
        return service.edit_team(get_actor(), team_id, name, people, lead, seen)

    return _do(form, f"team-{team_id or 'new'}", save)


def _save_member(member_id: int | None) -> Page:
    form = _with_choices(MemberForm())

    def save() -> object:
        values = {
            "role": form.role.data,
            "name": form.name.data,
            "post": form.post.data,
            "department_id": form.department_id.data or None,
            "document_no": form.document_no.data,
            "since": form.since.data,
            "until": form.until.data,
        }
        if member_id is None:
            return service.add_member(get_actor(), **values)
        return service.edit_member(get_actor(), member_id, seen_in(form.seen.data), **values)

    return _do(form, f"member-{member_id or 'new'}", save)


def _do(form: KitForm, place: str, work: Callable[[], object]) -> Page:
    """Validates, does it, says so; a refusal shows the page with what was typed at its place."""
    if not form.validate():
        return _page(form, place), 422
    try:
        done = work()
    except Fault as refused:
        if isinstance(form, NameForm) and refused.code == "department.changed_meanwhile":
            form.seen.data = refused.details["name"]
        return _page(form, place, refused), refused.status
    if isinstance(done, ChangedMeanwhile) and isinstance(form, TeamForm | MemberForm):
        catch_up(form, done)
        return _page(form, place, meanwhile=done), 409
    flash(_("已保存。"), "ok")
    return redirect(url_for("organisation.show"))


def _with_choices(form: KitForm) -> KitForm:
    departments = [(one.id, one.name) for one in accounts.list_departments()]
    if isinstance(form, TeamForm):
        officers = [(one.id, one.name) for one in list_all_officers(get_actor())]
        form.department_id.choices = choices(departments)
        form.officer_ids.choices = choices(officers)
        form.lead_officer_id.choices = choices([(0, "—"), *officers])
    if isinstance(form, MemberForm):
        form.role.choices = choices(role_names().items())
        form.department_id.choices = choices([(0, "—"), *departments])
    return form


def role_names() -> dict[str, str]:
    """Parts in the leading group."""
    return {
        "head": _("组长"),
        "deputy": _("副组长"),
        "member": _("成员"),
        "office_head": _("办公室主任"),
        "liaison": _("信息联络员"),
    }


def _page(
    sent: KitForm | None = None,
    place: str = "",
    refused: Fault | None = None,
    meanwhile: ChangedMeanwhile | None = None,
) -> str:
    actor = get_actor()
    officers = list_all_officers(actor)
    forms: dict[str, KitForm] = {"new": DepartmentForm(formdata=None)}
    for one in accounts.list_departments():
        forms[f"name-{one.id}"] = NameForm(formdata=None, name=one.name, seen=one.name)
        forms[f"alias-{one.id}"] = NameForm(formdata=None)
    forms["team-new"] = _with_choices(TeamForm(formdata=None))
    wanted = {name: request.args.get(name, "").strip() for name in FILTERS}
    q, department, state = wanted["q"], wanted["department"], wanted["state"]
    teams, newest = service.find_teams(q, department, state), versions_of(actor, service.TEAMS)
    for team in teams:
        seen = str(newest.get(team.id, 0))
        forms[f"team-{team.id}"] = _with_choices(TeamForm(formdata=None, obj=team, seen=seen))
    group, newest = service.find_members(**wanted), versions_of(actor, service.GROUP)
    forms["member-new"] = _with_choices(MemberForm(formdata=None, role="member"))
    for member in group:
        forms[f"member-{member.id}"] = _with_choices(
            MemberForm(formdata=None, obj=member, seen=str(newest.get(member.id, 0)))
        )
    if sent is not None and place in forms:
        forms[place] = sent
    return render_template(
        "organisation/organisation.html",
        departments=service.find_departments(q, department),
        every=accounts.list_departments(),
        wanted=wanted,
        officers=officers,
        teams=teams,
        group=group,
        roles=role_names(),
        office=read_setting(
            accounts.get_jurisdiction(actor.jurisdiction_id).settings, "group.office"
        ),
        forms=forms,
        opened=place,
        today=today(),
        can_write=may(actor, Action.ORGANISATION_WRITE, None),
        clashes=tell_meanwhile(meanwhile, _words(), _tell),
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
    )


def _words() -> dict[str, str]:
    """Fields of a team and of a member of the leading group."""
    return {
        "name": _("名称"),
        "officer_ids": _("人员"),
        "lead_officer_id": _("负责人"),
        "role": _("职责"),
        "post": _("职务"),
        "department_id": _("部门"),
        "document_no": _("文号"),
        "since": _("任职日期"),
        "until": _("卸任日期"),
    }


def _tell(name: str, value: Any) -> str:
    if not value:
        return ""
    match name:
        case "officer_ids" | "lead_officer_id":
            ids = value if isinstance(value, list) else [value]
            return _("、").join(one.name for one in list_officers_by_id(get_actor(), ids))
        case "department_id":
            return accounts.get_department(value).name
        case "role":
            return role_names().get(value, value)
    return str(value)
