"""HTML pages: 抽查事项清单 — list, item, guide, publication."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, message
from domain.item_list import FIELDS
from server.accounts.directory import get_jurisdiction, list_person_names
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.registry.changes import list_changes
from server.registry.items import guides, listing, publication, versions
from server.registry.items.forms import (
    ChangedItemForm,
    GuideForm,
    ItemForm,
    NewItemForm,
    ReasonForm,
)
from server.registry.items.guides import GuideState
from server.registry.items.wording import WORDS
from server.registry.models import InspectionItem

blueprint = Blueprint("items", __name__, url_prefix="/registry/items")
Page = str | AnyResponse | tuple[str, int]
FILTERS = ("q", "kind", "status", "origin", "guide")


@blueprint.get("")
@guarded(Action.ITEM_READ)
def list_items() -> Page:
    """The whole list with what is still to be done about it."""
    return _list_page()


@blueprint.post("/publish")
@guarded(Action.ITEM_WRITE)
def publish() -> Page:
    """The next edition of the public page."""
    try:
        made = publication.publish_items(get_actor())
    except Fault as refused:
        return _list_page(refused), refused.status
    flash(_("已公示第 {n} 期。", n=made.edition), "ok")
    return redirect(url_for("items.list_items"))


@blueprint.get("/new")
@guarded(Action.ITEM_WRITE)
def new() -> Page:
    """An empty form."""
    return _form_page(NewItemForm(formdata=None, kind="general"))


@blueprint.post("/new")
@guarded(Action.ITEM_WRITE)
def add() -> Page:
    """An item of our own."""
    form = NewItemForm()
    if not form.validate():
        return _form_page(form), 422
    try:
        item = versions.add_item(
            get_actor(),
            (form.code.data or "").strip(),
            form.fields,
            in_force_on=form.in_force_on.data,
        )
    except Fault as refused:
        return _form_page(form, refused=refused), refused.status
    flash(_("已加入清单。"), "ok")
    return redirect(url_for("items.item", item_id=item.id))


@blueprint.get("/<int:item_id>")
@guarded(Action.ITEM_READ)
def item(item_id: int) -> Page:
    """One item: what it says, its guide, its versions."""
    return _item_page(item_id, ReasonForm(formdata=None))


@blueprint.get("/<int:item_id>/edit")
@guarded(Action.ITEM_WRITE)
def edit(item_id: int) -> Page:
    """The form over what stands."""
    found = versions.get_item(get_actor(), item_id)
    said = versions.fields_of(found)
    return _form_page(ChangedItemForm(formdata=None, seen=str(found.version), **said), found)


@blueprint.post("/<int:item_id>/edit")
@guarded(Action.ITEM_WRITE)
def change(item_id: int) -> Page:
    """The next version."""
    actor, form = get_actor(), ChangedItemForm()
    found = versions.get_item(actor, item_id)
    if not form.validate():
        return _form_page(form, found), 422
    try:
        versions.change_item(
            actor,
            item_id,
            form.fields,
            seen=request.form.get("seen", 0, type=whole_number),
            reason=form.why,
            in_force_on=form.in_force_on.data,
        )
    except Fault as refused:
        now = versions.get_item(actor, item_id)
        form.seen.data = str(now.version)  # sent again, it is written over what is shown now
        return _form_page(form, now, refused), refused.status
    flash(_("已保存为新版本。"), "ok")
    return redirect(url_for("items.item", item_id=item_id))


@blueprint.post("/<int:item_id>/withdraw")
@guarded(Action.ITEM_WRITE)
def withdraw(item_id: int) -> Page:
    """Neither drawn nor put on checklists from now on."""
    return _set_status(item_id, "withdrawn")


@blueprint.post("/<int:item_id>/restore")
@guarded(Action.ITEM_WRITE)
def restore(item_id: int) -> Page:
    """In use again."""
    return _set_status(item_id, "in_use")


@blueprint.get("/<int:item_id>/guide")
@guarded(Action.ITEM_WRITE)
def guide(item_id: int) -> Page:
    """The guide's form over the one that holds."""
    found = versions.get_item(get_actor(), item_id)
    known = guides.list_guides(found)
    said = {n: getattr(known[0], n) for n in ("steps", "materials", "points")} if known else {}
    form = GuideForm(
        formdata=None,
        seen=str(known[0].version if known else 0),
        item_version=str(found.version),
        **said,
    )
    return _guide_page(found, form)


@blueprint.post("/<int:item_id>/guide")
@guarded(Action.ITEM_WRITE)
def confirm_guide(item_id: int) -> Page:
    """Confirmed for the version of the item that the page showed."""
    actor, form = get_actor(), GuideForm()
    found = versions.get_item(actor, item_id)
    if not form.validate():
        return _guide_page(found, form), 422
    try:
        guides.confirm_guide(
            actor,
            item_id,
            steps=form.steps.data or "",
            materials=form.materials.data or "",
            points=form.points.data or "",
            item_version=request.form.get("item_version", 0, type=whole_number),
            seen=request.form.get("seen", 0, type=whole_number),
        )
    except Fault as refused:
        known = guides.list_guides(found)
        form.seen.data = str(known[0].version if known else 0)
        form.item_version.data = str(versions.get_item(actor, item_id).version)
        return _guide_page(found, form, refused), refused.status
    flash(_("工作指引已确认。"), "ok")
    return redirect(url_for("items.item", item_id=item_id))


def _set_status(item_id: int, status: str) -> Page:
    form = ReasonForm()
    if not form.validate():
        return _item_page(item_id, form), 422
    versions.set_status(get_actor(), item_id, status, form.why)
    text = _("已停用：不再抽取，也不再列入检查表。") if status == "withdrawn" else _("已恢复使用。")
    flash(text, "ok")
    return redirect(url_for("items.item", item_id=item_id))


def _list_page(refused: Fault | None = None) -> str:
    actor = get_actor()
    wanted = {name: request.args.get(name, "").strip() for name in FILTERS}
    everything = listing.list_items(actor)
    in_use = [row for row in everything if row.item.is_in_use]
    published = publication.list_publications(actor.jurisdiction_id)
    is_lacking = "missing" in request.args
    rows = listing.list_items(actor, **wanted, missing="1" if is_lacking else "")
    return render_template(
        "registry/items.html",
        rows=rows,
        is_lacking=is_lacking,
        wanted=wanted,
        in_use=len(in_use),
        key=sum(row.item.kind == "key" for row in in_use),
        incomplete=sum(bool(row.missing) for row in in_use),
        behind=sum(row.guide is GuideState.BEHIND for row in in_use),
        published=published[0] if published else None,
        unpublished=publication.count_unpublished(actor),
        county=get_jurisdiction(actor.jurisdiction_id).code,
        **_told(refused),
    )


def _item_page(item_id: int, form: ReasonForm) -> str:
    actor = get_actor()
    found = versions.get_item(actor, item_id)
    all_versions = versions.list_versions_of(found)
    all_guides = guides.list_guides(found)
    # What a file brought stands among the versions already.
    said = list_changes(actor, "items", item_id)
    changes = [one for one in said if one.changes.get("status", [None])[0] is not None]
    people = [v.changed_by for v in all_versions] + [g.confirmed_by for g in all_guides]
    people += [c.changed_by for c in changes]
    return render_template(
        "registry/item.html",
        row=listing.row_of(actor, found),
        item=found,
        versions=all_versions,
        guides=all_guides,
        changes=changes,
        names=list_person_names({p for p in people if p is not None}),
        fields=FIELDS,
        form=form,
        **_told(None),
    )


def _form_page(
    form: ItemForm, item: InspectionItem | None = None, refused: Fault | None = None
) -> str:
    return render_template("registry/item_form.html", form=form, item=item, **_told(refused))


def _guide_page(item: InspectionItem, form: GuideForm, refused: Fault | None = None) -> str:
    known = guides.list_guides(item)
    return render_template(
        "registry/item_guide.html",
        item=item,
        form=form,
        newest=known[0] if known else None,
        **_told(refused),
    )


def _told(refused: Fault | None) -> dict[str, object]:
    text = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"refused": refused, "refused_text": text, **WORDS}
