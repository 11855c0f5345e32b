"""A form as HTML for a browser and as PDF."""

from __future__ import annotations

from flask import render_template

from domain.reports.grid import Grid
from server.documents.page import WayBack
from server.documents.service import typeset_pdf
from server.i18n import in_chinese

STYLES = ("document.css", "report.css")


def render_paper(
    form: Grid, stamp: str, styles: tuple[str, ...] = (), back: WayBack | None = None
) -> str:
    """``styles`` are addresses of stylesheets, none where WeasyPrint has them already; ``stamp``
    says which report of whom this is, at the foot of each page."""
    with in_chinese():
        return render_template(
            "reports/paper.html", form=form, stamp=stamp, styles=styles, back=back
        )


def typeset_paper(form: Grid, stamp: str) -> bytes:
    """PDF. Raises as ``server.documents.typesetting.typeset_into``."""
    return typeset_pdf([render_paper(form, stamp)], STYLES)
