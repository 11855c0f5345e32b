"""HTML pages: working on a checklist in a draft, and publishing it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.checklist_changes import compare_items
from domain.errors import Fault, message
from server.boundary import whole_number
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.registry.checklists import list_inspection_items
from server.registry.editing import drafts, publishing, saving
from server.registry.editing.forms import HeadForm, NewListForm, PublishForm
from server.registry.editing.models import ChecklistDraft
from server.registry.editing.wording import EDITOR_WORDS

blueprint = Blueprint("drafts", __name__, url_prefix="/registry/checklists/drafts")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/new")
@guarded(Action.CHECKLIST_WRITE)
def new() -> Page:
    """A list that does not exist yet."""
    return _new_page(NewListForm(formdata=None))


@blueprint.post("/new")
@guarded(Action.CHECKLIST_WRITE)
def create() -> Page:
    """Its draft, without entries."""
    form = NewListForm()
    if not form.validate():
        return _new_page(form), 422
    code = (form.code.data or "").strip()
    try:
        drafts.create_list(get_actor(), code, form.title.data or "", form.objects.data or "")
    except Fault as refused:
        return _new_page(form, refused), refused.status
    return redirect(url_for("drafts.draft", code=code))


@blueprint.post("/<code>/start")
@guarded(Action.CHECKLIST_WRITE)
def start(code: str) -> Page:
    """A draft from the version in force, or the one there is."""
    drafts.start_draft(get_actor(), code)
    return redirect(url_for("drafts.draft", code=code))


@blueprint.get("/<code>")
@guarded(Action.CHECKLIST_WRITE)
def draft(code: str) -> Page:
    """Entries, and what the draft changes."""
    found = drafts.get_draft(get_actor(), code)
    return _draft_page(found, _head(found), PublishForm(formdata=None))


@blueprint.post("/<code>/head")
@guarded(Action.CHECKLIST_WRITE)
def save_head(code: str) -> Page:
    """Title and objects."""
    actor, form = get_actor(), HeadForm()
    found = drafts.get_draft(actor, code)
    if not form.validate():
        return _draft_page(found, form, PublishForm(formdata=None)), 422
    try:
        saving.save_head(
            actor, code, form.title.data or "", form.objects.data or "", form.seen.data or ""
        )
    except Fault as refused:
        found = drafts.get_draft(actor, code)
        form.seen.data = drafts.seen_of(found)
        return _draft_page(found, form, PublishForm(formdata=None), refused), refused.status
    flash(_("已保存到草稿。"), "ok")
    return redirect(url_for("drafts.draft", code=code))


@blueprint.post("/<code>/entries/<int:entry_id>/move")
@guarded(Action.CHECKLIST_WRITE)
def move(code: str, entry_id: int) -> Page:
    """One place up or down."""
    step = -1 if request.form.get("step") == "up" else 1
    saving.move_entry(get_actor(), code, entry_id, step)
    return redirect(url_for("drafts.draft", code=code) + f"#entry-{entry_id}")


@blueprint.post("/<code>/entries/<int:entry_id>/remove")
@guarded(Action.CHECKLIST_WRITE)
def remove(code: str, entry_id: int) -> Page:
    """Out of the draft."""
    actor = get_actor()
    try:
        saving.remove_entry(actor, code, entry_id, request.form.get("seen", ""))
    except Fault as refused:
        found = drafts.get_draft(actor, code)
        page = _draft_page(found, _head(found), PublishForm(formdata=None), refused)
        return page, refused.status
    flash(_("已从草稿中删除该检查项。"), "ok")
    return redirect(url_for("drafts.draft", code=code))


@blueprint.post("/<code>/publish")
@guarded(Action.CHECKLIST_WRITE)
def publish(code: str) -> Page:
    """The list's next version, for draws from now on."""
    actor, form = get_actor(), PublishForm()
    found = drafts.get_draft(actor, code)
    if not form.validate():
        return _draft_page(found, _head(found), form), 422
    over = request.form.get("over", -1, type=whole_number)
    try:
        made = publishing.publish_draft(actor, code, form.why, over)
    except Fault as refused:
        found = drafts.get_draft(actor, code)
        return _draft_page(found, _head(found), form, refused), refused.status
    flash(_("已发布 {reference}，今后的抽取使用该版本。", reference=made.reference), "ok")
    return redirect(url_for("registry.checklist", reference=made.reference))


@blueprint.post("/<code>/discard")
@guarded(Action.CHECKLIST_WRITE)
def discard(code: str) -> Page:
    """The draft goes, published versions stay."""
    drafts.discard_draft(get_actor(), code)
    flash(_("已放弃草稿，已发布的版本不受影响。"), "ok")
    return redirect(url_for("registry.list_checklists"))


def _head(draft: ChecklistDraft) -> HeadForm:
    seen = drafts.seen_of(draft)
    return HeadForm(formdata=None, title=draft.title, objects=draft.objects, seen=seen)


def _new_page(form: NewListForm, refused: Fault | None = None) -> str:
    return render_template("registry/list_new.html", form=form, **_told(refused))


def _draft_page(
    draft: ChecklistDraft, head: HeadForm, form: PublishForm, refused: Fault | None = None
) -> str:
    actor = get_actor()
    newest, before = publishing.newest_items(draft.code)
    after = drafts.check_items_of(draft)
    form.over.data = str(newest.version if newest else 0)
    return render_template(
        "registry/draft.html",
        draft=draft,
        rows=list(zip(draft.entries, after, strict=True)),
        newest=newest,
        changes=compare_items(before, after),
        is_head_changed=newest is not None
        and (newest.title, newest.objects) != (draft.title, draft.objects),
        withdrawn=[e.code for e in draft.entries if not e.item.is_in_use],
        seen={entry.id: drafts.seen_of(entry) for entry in draft.entries},
        head=head,
        form=form,
        item_names={one.code: one.name for one in list_inspection_items(actor)},
        **_told(refused),
    )


def _told(refused: Fault | None) -> dict[str, object]:
    text = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"refused": refused, "refused_text": text, **EDITOR_WORDS}
