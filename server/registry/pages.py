"""HTML pages: 一单两库 — firms, officers, checklists. Files come in by ``server.exchange``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, may_ever
from domain.errors import Fault, message
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.wording import rule_word
from server.registry import service
from server.registry.editing.drafts import find_draft, list_drafts
from server.registry.firm_views import firm_page, firms_page
from server.registry.forms import RegisterFileForm
from server.registry.officer_views import officers_page

blueprint = Blueprint("registry", __name__, url_prefix="/registry")
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/firms")
@guarded(Action.FIRM_READ)
def list_firms() -> Page:
    """检查对象名录库: filter by word, trade and credit class."""
    return firms_page()


@blueprint.get("/firms/<int:firm_id>")
@guarded(Action.FIRM_READ)
def firm(firm_id: int) -> Page:
    """One firm's entry."""
    return firm_page(service.get_firm(get_actor(), firm_id))


@blueprint.get("/officers")
@guarded(Action.OFFICER_READ)
def list_officers() -> Page:
    """执法检查人员名录库: filter by word and department."""
    return officers_page()


@blueprint.get("/checklists")
@guarded(Action.CHECKLIST_READ)
def list_checklists() -> Page:
    """抽查事项清单: the newest version of each list."""
    return _checklists_page(RegisterFileForm(formdata=None))


@blueprint.post("/checklists/import")
@guarded(Action.CHECKLIST_IMPORT)
def import_checklists() -> Page:
    """Takes a checklists file whole; changed lists become new versions."""
    form = RegisterFileForm()
    if not form.validate():
        return _checklists_page(form), 422
    try:
        found = service.import_checklists(form.data_bytes, get_actor())
    except Fault as refused:
        return _checklists_page(form, refused), refused.status
    unchanged = len(found.lists) - found.imported
    flash(_("检查表：新增或更新 {n} 张，未变 {m} 张", n=found.imported, m=unchanged), "ok")
    return redirect(url_for("registry.list_checklists"))


@blueprint.get("/checklists/<reference>")
@guarded(Action.CHECKLIST_READ)
def checklist(reference: str) -> Page:
    """One version of a list, with its items and their legal basis."""
    found = service.get_checklist(reference)
    wanted = {name: request.args.get(name, "").strip() for name in ("q", "severity", "department")}
    rows = [
        entry
        for entry in found.entries
        if wanted["q"] in f"{entry.code} {entry.text}"
        and wanted["severity"] in ("", entry.severity)
        and wanted["department"] in ("", entry.department_name)
    ]
    return render_template(
        "registry/checklist.html",
        checklist=found,
        rows=rows,
        wanted=wanted,
        versions=service.list_versions(get_actor(), found.code),
        tasks=service.task_references(found),
        rules={one.code: rule_word(one) for one in service.list_check_items(reference) if one.rule},
        has_draft=find_draft(get_actor(), found.code) is not None,
        departments=sorted({e.department_name for e in found.entries if e.department_name}),
        owner=service.LIST_OWNERS.get(found.code, ""),
    )


def _checklists_page(form: RegisterFileForm, refused: Fault | None = None) -> str:
    words = request.args.get("q", "").strip()
    found = service.list_checklists(get_actor())
    return render_template(
        "registry/checklists.html",
        rows=[one for one in found if words in f"{one.title} {one.objects} {one.code}"],
        total=len(found),
        drafts=list_drafts(get_actor()) if may_ever(get_actor(), Action.CHECKLIST_WRITE) else [],
        items=sum(len(one.entries) for one in found),
        q=words,
        kinds={one.code: one.kind for one in service.list_inspection_items(get_actor())},
        task_references=service.task_references,
        **_upload(form, refused),
    )


def _upload(form: RegisterFileForm, refused: Fault | None) -> dict[str, Any]:
    """The import form's part of a page, open when it has something to say."""
    reason = message(refused.code, current_locale(), refused.details) if refused else ""
    return {"form": form, "refused": refused, "reason": reason}
