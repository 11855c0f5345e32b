"""HTML pages: the documents of a draw, the notice of a visit, and their files."""

from __future__ import annotations

import io

from flask import Blueprint, Response, render_template, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.errors import Fault, fault, message
from server.boundary import whole_number
from server.documents import service
from server.documents.content import Document
from server.documents.page import WayBack, render_page, render_pages
from server.documents.word_file import write_word
from server.draws import service as draws
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections import service as inspections
from server.runtime import site_url
from server.shell.pages import kit_file

blueprint = Blueprint("documents", __name__)
Page = str | AnyResponse | tuple[str, int]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/draws/<int:draw_id>/documents")
@guarded(Action.DRAW_READ)
def of_draw(draw_id: int) -> Page:
    """All documents of one draw, in each form."""
    return _draw_page(draw_id)


@blueprint.get("/draws/<int:draw_id>/documents/<kind>.<form>")
@guarded(Action.DRAW_READ)
def draw_file(draw_id: int, kind: str, form: str) -> Page:
    """One document; ``part`` of it where there are several files."""
    part = request.args.get("part", default=1, type=whole_number)
    found = service.make_draw_document(get_actor(), draw_id, kind, site_url(), part)
    try:
        return _send(found, form, f"/draws/{draw_id}/documents")
    except Fault as refused:
        return _draw_page(draw_id, refused), refused.status


@blueprint.get("/inspections/<int:inspection_id>/documents")
@guarded(Action.INSPECTION_READ)
def of_inspection(inspection_id: int) -> Page:
    """The notice of one visit, in each form."""
    return _inspection_page(inspection_id)


@blueprint.get("/inspections/<int:inspection_id>/documents/notice.<form>")
@guarded(Action.INSPECTION_READ)
def notice_file(inspection_id: int, form: str) -> Page:
    """The notice to the firm, of all departments of the visit."""
    found = service.make_notice(get_actor(), inspection_id, site_url())
    try:
        return _send(found, form, f"/inspections/{inspection_id}/documents")
    except Fault as refused:
        return _inspection_page(inspection_id, refused), refused.status


def _send(document: Document, form: str, back: str) -> Response | str:
    if form == "html":
        way = WayBack(back, _("返回"), _("用浏览器的打印功能打印，纸张选 A4。"))
        return render_page(document, kit_file("document.css"), way)
    if form == "pdf":
        body, kind = service.typeset_pdf(render_pages(document)), "application/pdf"
    elif form == "docx":
        body, kind = write_word(document), WORD
    else:
        raise fault("document.not_found")
    name = f"{document.name}.{form}"
    return send_file(io.BytesIO(body), mimetype=kind, as_attachment=True, download_name=name)


def _draw_page(draw_id: int, refused: Fault | None = None) -> str:
    actor = get_actor()
    draw = draws.get_draw(actor, draw_id)
    return render_template(
        "documents/draw.html",
        draw=draw,
        offers=service.list_offers(actor, draw),
        has_pango=service.has_pango(),
        refused=refused,
        sentence=_sentence(refused),
    )


def _inspection_page(inspection_id: int, refused: Fault | None = None) -> str:
    return render_template(
        "documents/inspection.html",
        inspection=inspections.get_inspection(get_actor(), inspection_id),
        has_pango=service.has_pango(),
        refused=refused,
        sentence=_sentence(refused),
    )


def _sentence(refused: Fault | None) -> str:
    return message(refused.code, current_locale(), refused.details) if refused else ""
