"""HTML pages: how the file of one visit stands, and its downloads."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import IO

from flask import Blueprint, Response, render_template, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Actor
from domain.errors import Fault, message
from server.archive import service
from server.archive.wording import part_word, turn_word, why_word
from server.documents.typesetting import has_pango
from server.guard import get_actor, guarded
from server.i18n import current_locale
from server.runtime import site_url

blueprint = Blueprint("archive", __name__, url_prefix="/inspections/<int:inspection_id>")
Page = str | AnyResponse | tuple[str, int]
Write = Callable[[Actor, int, str, IO[bytes]], str]


@blueprint.get("/archive")
@guarded(Action.SHEET_READ)
def archive(inspection_id: int) -> Page:
    """What belongs into the file, what is missing and whose turn it is."""
    return _page(inspection_id)


@blueprint.get("/archive.pdf")
@guarded(Action.SHEET_READ)
def archive_pdf(inspection_id: int) -> Page:
    """The file as it stands, as one PDF/A."""
    return _send(inspection_id, service.write_pdf, "application/pdf")


@blueprint.get("/archive.zip")
@guarded(Action.SHEET_READ)
def archive_zip(inspection_id: int) -> Page:
    """The same with the originals and a signed list of hashes."""
    return _send(inspection_id, service.write_zip, "application/zip")


def _send(inspection_id: int, write: Write, mimetype: str) -> Page:
    if request.method == "HEAD":  # asks whether there is one; making it takes half a minute
        service.read_dossier(get_actor(), inspection_id)
        return Response(mimetype=mimetype, headers={"Content-Disposition": "attachment"})
    # Closed with the response: the file has no name of its own and is gone then.
    out = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        name = write(get_actor(), inspection_id, site_url(), out)
    except Fault as refused:
        out.close()
        if refused.code.startswith("document."):
            return _page(inspection_id, refused), refused.status
        raise
    except BaseException:
        out.close()
        raise
    out.seek(0)
    answer = send_file(out, mimetype=mimetype, as_attachment=True, download_name=name)
    answer.call_on_close(out.close)
    return answer


def _page(inspection_id: int, refused: Fault | None = None) -> str:
    dossier = service.read_dossier(get_actor(), inspection_id)
    return render_template(
        "archive/archive.html",
        dossier=dossier,
        inspection=dossier.inspection,
        has_pango=has_pango(),
        refused=refused,
        sentence=message(refused.code, current_locale(), refused.details) if refused else "",
        part_word=part_word,
        turn_word=turn_word,
        why_word=why_word,
    )
