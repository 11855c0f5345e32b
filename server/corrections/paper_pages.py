"""HTML and PDF of a 结果更正单, and the papers an order was asked for with."""

from __future__ import annotations

import io

from flask import Blueprint, Response, render_template, send_file
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from server.corrections import service
from server.corrections.evidence import get_paper
from server.corrections.paper import read_paper, write_paper_pdf
from server.documents.typesetting import has_pango
from server.guard import get_actor, guarded
from server.inspections.wording import result_word

blueprint = Blueprint("correction_papers", __name__, url_prefix="/corrections")
Page = str | AnyResponse
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}


@blueprint.get("/<proposal_id>/paper")
@guarded(Action.CORRECTION_READ)
def paper(proposal_id: str) -> Page:
    """For a browser's own printing."""
    return render_template(
        "corrections/paper.html",
        paper=read_paper(get_actor(), proposal_id),
        result_word=result_word,
        has_pango=has_pango(),
    )


@blueprint.get("/<proposal_id>/paper.pdf")
@guarded(Action.CORRECTION_READ)
def paper_pdf(proposal_id: str) -> Page:
    """The same, set."""
    name, body = write_paper_pdf(get_actor(), proposal_id)
    return send_file(
        io.BytesIO(body),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=name,
    )


@blueprint.get("/<proposal_id>/evidence/<int:evidence_id>")
@guarded(Action.CORRECTION_READ)
def evidence(proposal_id: str, evidence_id: int) -> Response:
    """A paper, to be kept, not to be run: it came from outside."""
    order = service.get_order(get_actor(), proposal_id)
    found, path = get_paper(order.proposal.id, evidence_id)
    answer = send_file(
        str(path),
        mimetype=found.mime,
        as_attachment=True,
        download_name=f"evidence-{found.id}.{ENDINGS.get(found.mime, 'jpg')}",
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
