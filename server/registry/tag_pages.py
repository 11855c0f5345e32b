"""HTML page: the tag library; add, edit, retire, use again, delete."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, fault
from server.guard import get_actor, guarded
from server.i18n import translate as _
from server.registry import service
from server.registry.clash_views import catch_up, seen_in, tell_meanwhile
from server.registry.firm_views import refusal
from server.registry.tag_forms import TagForm
from server.registry.tags import REGISTERS, list_tag_uses
from server.registry.wording import origin_words

blueprint = Blueprint("registry_tags", __name__, url_prefix="/registry/tags")
FILTERS = ("q", "group", "origin", "state")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("")
@guarded(Action.LIBRARY_READ)
def list_tags() -> Page:
    """The library of one register, ``?for=``."""
    asked = request.args.get("for", "")
    return _page(asked) if asked in REGISTERS else _to("firms")


@blueprint.post("/<register>")
@guarded(Action.TAG_WRITE)
def add(register: str) -> Page:
    """A new one."""
    form = TagForm()
    register = _known(register)
    if not form.validate():
        return _page(register, form), 422
    try:
        service.add_tag(get_actor(), register, form.values())
    except Fault as refused:
        return _page(register, form, refused=refused), refused.status
    flash(_("标签已添加。"), "ok")
    return _to(register)


@blueprint.post("/<int:tag_id>/edit")
@guarded(Action.TAG_WRITE)
def edit(tag_id: int) -> Page:
    """Another name, group or origin; the code stays."""
    form = TagForm()
    tag = service.get_tag(get_actor(), tag_id)
    if not form.validate():
        return _page(tag.register, form, tag_id), 422
    register = tag.register
    try:
        saved = service.edit_tag(get_actor(), tag_id, form.values(), seen_in(form.seen.data))
    except Fault as refused:
        return _page(register, form, tag_id, refused), refused.status
    if isinstance(saved, service.ChangedMeanwhile):
        catch_up(form, saved)
        return _page(register, form, tag_id, meanwhile=saved), 409
    flash(_("标签已保存，库中条目同步显示新名称。"), "ok")
    return _to(register)


@blueprint.post("/<int:tag_id>/<deed>")
@guarded(Action.TAG_WRITE)
def change(tag_id: int, deed: str) -> Page:
    """Offered no more, offered again, or gone where nothing carries it."""
    told = {"retire": _("标签已停用。"), "use": _("标签已恢复使用。"), "delete": _("标签已删除。")}
    if deed not in told:
        raise fault("request.not_found")
    register = service.get_tag(get_actor(), tag_id).register
    try:
        if deed == "delete":
            service.delete_tag(get_actor(), tag_id)
        else:
            service.retire_tag(get_actor(), tag_id, deed == "retire")
    except Fault as refused:
        return _page(register, refused=refused), refused.status
    flash(told[deed], "ok")
    return _to(register)


def _page(
    register: str,
    form: TagForm | None = None,
    edited: int | None = None,
    refused: Fault | None = None,
    meanwhile: service.ChangedMeanwhile | None = None,
) -> str:
    """``form`` is of the tag ``edited``, or of a new one."""
    wanted = {name: request.args.get(name, "").strip() for name in FILTERS}
    uses = list_tag_uses(get_actor(), register, wanted)
    groups = {tag.group_name for tag in service.list_tags(get_actor(), register)}
    newest = service.versions_of(get_actor(), "tags")
    forms = {
        one.tag.id: TagForm(formdata=None, obj=one.tag, seen=str(newest.get(one.tag.id, 0)))
        for one in uses
    }
    if form is not None and edited in forms:
        forms[edited] = form
    new = form if form is not None and edited is None else TagForm(formdata=None)
    return render_template(
        "registry/tags.html",
        register=register,
        registers=REGISTERS,
        origins=origin_words(),
        uses=uses,
        form=new,
        forms=forms,
        edited=edited,
        clashes=tell_meanwhile(meanwhile, _words(), _tell),
        trades=service.CATEGORIES if register == "officers" else {},
        wanted=wanted,
        groups=[(one, one) for one in sorted(groups) if one],
        **refusal(refused),
    )


def _words() -> dict[str, str]:
    return {"name": _("标签名称"), "group_name": _("分组"), "origin": _("来源")}


def _tell(name: str, value: str | None) -> str:
    return origin_words().get(value or "", "") if name == "origin" else value or ""


def _known(register: str) -> str:
    if register not in REGISTERS:
        raise fault("request.not_found")
    return register


def _to(register: str) -> AnyResponse:
    return redirect(f"{url_for('registry_tags.list_tags')}?for={register}")
