"""HTML pages: writing one entry of a draft."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.checklists import parse_item
from domain.errors import Fault, message
from server.accounts.service import list_departments
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.registry.checklists import list_inspection_items
from server.registry.editing import drafts, saving
from server.registry.editing.forms import EntryForm
from server.registry.editing.models import ChecklistDraft, DraftEntry
from server.registry.editing.phone_words import PhoneWords
from server.registry.editing.preview import build_preview
from server.registry.editing.wording import EDITOR_WORDS

blueprint = Blueprint("draft_entries", __name__, url_prefix="/registry/checklists/drafts")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/<code>/entries/new")
@guarded(Action.CHECKLIST_WRITE)
def new(code: str) -> Page:
    """An empty form; the list's own item is chosen already."""
    draft = drafts.get_draft(get_actor(), code)
    found = {e.inspection_item_id for e in draft.entries}
    own = next((e.inspection_item_id for e in draft.entries if e.item.code == code), None)
    if own is None and len(found) == 1:  # a list that came onto a claimed item
        own = found.pop()
    form = EntryForm(
        formdata=None,
        position=len(draft.entries) + 1,
        item_id=str(own or ""),
        severity="一般",
        methods=["实地核查"],
    )
    return _page(draft, form, None)


@blueprint.post("/<code>/entries/new")
@guarded(Action.CHECKLIST_WRITE)
def add(code: str) -> Page:
    """At the place asked for."""
    return _save(code, None)


@blueprint.get("/<code>/entries/<int:entry_id>")
@guarded(Action.CHECKLIST_WRITE)
def edit(code: str, entry_id: int) -> Page:
    """The form over what stands in the draft."""
    draft = drafts.get_draft(get_actor(), code)
    entry = drafts.get_entry(draft, entry_id)
    form = EntryForm(
        formdata=None,
        position=entry.position,
        item_id=str(entry.inspection_item_id),
        seen=drafts.seen_of(entry),
    )
    form.fill(entry.code, entry.content)
    return _page(draft, form, entry)


@blueprint.post("/<code>/entries/<int:entry_id>")
@guarded(Action.CHECKLIST_WRITE)
def save(code: str, entry_id: int) -> Page:
    """Over what the page showed, or not at all."""
    return _save(code, entry_id)


def _save(code: str, entry_id: int | None) -> Page:
    actor, form = get_actor(), EntryForm()
    # Somebody may have published the draft meanwhile: what was typed goes on in the next one.
    draft = drafts.find_draft(actor, code) or drafts.start_draft(actor, code)
    entry = next((one for one in draft.entries if one.id == entry_id), None)
    if entry_id is not None and entry is None:
        return _gone(draft, form)
    is_valid = form.validate()
    others = {one.code for one in draft.entries if one.id != entry_id}
    form.blame_all(code, others)
    if not is_valid or form.errors:
        return _page(draft, form, entry), 422
    item = form.item_id.data or ""
    try:
        saving.save_entry(
            actor,
            code,
            entry_id,
            form.entry,
            int(item) if item.isdecimal() and len(item) < 10 else None,
            form.position.data,
            form.seen.data or "",
        )
    except Fault as refused:
        draft = drafts.get_draft(actor, code)
        if refused.code == "checklist.malformed" and form.blame(refused.details):
            return _page(draft, form, entry), refused.status
        if entry is not None:
            form.seen.data = drafts.seen_of(entry)  # sent again, it is over what is shown now
        return _page(draft, form, entry, refused), refused.status
    flash(_("已保存到草稿。"), "ok")
    if "next" in request.form:
        return redirect(url_for("draft_entries.new", code=code))
    return redirect(url_for("drafts.draft", code=code) + f"#entry-{entry_id or ''}")


def _gone(draft: ChecklistDraft, form: EntryForm) -> Page:
    """The entry was taken out, or the draft was published and begun anew: nothing typed is lost."""
    form.validate()
    code = (form.code.data or "").strip()
    entry = next((one for one in draft.entries if one.code == code), None)
    if entry is not None:
        form.seen.data = drafts.seen_of(entry)
    return _page(draft, form, entry, is_gone=True), 409


def _page(
    draft: ChecklistDraft,
    form: EntryForm,
    entry: DraftEntry | None,
    refused: Fault | None = None,
    is_gone: bool = False,
) -> str:
    items = [one for one in list_inspection_items(get_actor()) if one.is_in_use]
    chosen = entry.item if entry is not None and not entry.item.is_in_use else None
    form.item_id.choices = [
        ("", _("请选择")),
        *((str(one.id), f"{one.code} {one.name}") for one in items),
        *([(str(chosen.id), _("{name}（已停用）", name=chosen.name))] if chosen else []),
    ]
    names = [one.name for one in list_departments() if not one.is_home]
    known = form.department.data
    form.department.choices = [
        ("", _("本局或本表的负责部门")),
        *((name, name) for name in dict.fromkeys([*names, *([known] if known else [])])),
    ]
    return render_template(
        "registry/draft_entry.html",
        draft=draft,
        entry=entry,
        form=form,
        stands=_standing(draft, entry) if refused or is_gone else None,
        preview=_preview(draft, form),
        words=PhoneWords(current_locale()),
        is_gone=is_gone,
        refused=refused,
        refused_text=message(refused.code, current_locale(), refused.details) if refused else "",
        **EDITOR_WORDS,
    )


def _standing(draft: ChecklistDraft, entry: DraftEntry | None) -> Any:
    """What is in the draft now, to be looked at before it is written over."""
    if entry is None:
        return None
    return parse_item(draft.code, {"code": entry.code, **entry.content})


def _preview(draft: ChecklistDraft, form: EntryForm) -> Any:
    """The entry on the phone, where what the form says can be read; None for what cannot yet."""
    try:
        item = parse_item(draft.code, form.entry)
    except Fault:
        return None
    return build_preview([item], PhoneWords(current_locale()))[0]
