"""HTML pages: a list as the phone shows it, two versions beside each other, and the file."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.check_items import CheckItem
from domain.checklist_changes import compare_items
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.registry.checklist_export import export_checklists
from server.registry.checklists import (
    get_checklist,
    list_check_items,
    list_checklists,
    list_inspection_items,
    list_versions,
)
from server.registry.editing import drafts
from server.registry.editing.phone_words import LANGUAGES, PhoneWords
from server.registry.editing.preview import build_preview
from server.registry.editing.wording import EDITOR_WORDS

blueprint = Blueprint("list_versions", __name__, url_prefix="/registry/checklists")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/versions/<reference>/phone")
@guarded(Action.CHECKLIST_READ)
def phone(reference: str) -> Page:
    """A published version."""
    found = get_checklist(reference)
    back = f"/registry/checklists/{reference}"
    return _phone_page(found.title, found.version, list_check_items(reference), back)


@blueprint.get("/drafts/<code>/phone")
@guarded(Action.CHECKLIST_WRITE)
def draft_phone(code: str) -> Page:
    """A draft."""
    found = drafts.get_draft(get_actor(), code)
    back = f"/registry/checklists/drafts/{code}"
    return _phone_page(found.title, 0, drafts.check_items_of(found), back)


@blueprint.get("/versions/<reference>/compare")
@guarded(Action.CHECKLIST_READ)
def compare(reference: str) -> Page:
    """With ``?with=passenger@1``, or with the version before."""
    actor, new = get_actor(), get_checklist(reference)
    versions = list_versions(actor, new.code)
    earlier = [one for one in versions if one.version < new.version]
    wanted = request.args.get("with") or (earlier[0].reference if earlier else reference)
    old = get_checklist(wanted)
    return render_template(
        "registry/list_compare.html",
        old=old,
        new=new,
        versions=versions,
        changes=compare_items(list_check_items(old.reference), list_check_items(reference)),
        item_names={one.code: one.name for one in list_inspection_items(actor)},
        **EDITOR_WORDS,
    )


@blueprint.get("/versions/<reference>/export")
@guarded(Action.CHECKLIST_READ)
def export(reference: str) -> Response:
    """One version as a file that imports as unchanged."""
    return _file(export_checklists([get_checklist(reference)]), f"{reference}.yaml")


@blueprint.get("/versions/export")
@guarded(Action.CHECKLIST_READ)
def export_all() -> Response:
    """The newest version of every list."""
    return _file(export_checklists(list_checklists(get_actor())), "checklists.yaml")


def _file(data: bytes, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(data, mimetype="application/yaml", headers={"Content-Disposition": disposition})


def _phone_page(title: str, version: int, items: tuple[CheckItem, ...], back: str) -> str:
    """``version`` 0 for a draft."""
    asked = request.args.get("words", "")
    locale = asked if asked in LANGUAGES else current_locale()
    words = PhoneWords(locale)
    return render_template(
        "registry/list_phone.html",
        title=title,
        version=version,
        entries=build_preview(items, words),
        words=words,
        lang="en" if locale == "en" else "zh-CN",
        back=back,
    )
