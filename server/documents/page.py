"""A document as HTML, for a browser and for WeasyPrint."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import segno
from flask import render_template
from PIL import Image, ImageDraw

from server.documents.content import Document, Signed
from server.documents.wording import EMPTY_DATE, day_words
from server.i18n import in_chinese
from server.inspections.signature_svg import signature_paths
from server.kit.qr import QUIET, qr_code


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where a reader on a screen came from, in the reader's language."""

    href: str
    label: str
    hint: str


def render_page(document: Document, css: str = "", back: WayBack | None = None) -> str:
    """``css`` is the address of the one stylesheet, empty where WeasyPrint has it already."""
    with in_chinese():
        return render_template(
            "documents/paper.html",
            document=document,
            css=css,
            qr=qr_code,
            paths_of=signature_paths,
            printed=printed_words(document),
            empty_date=EMPTY_DATE,
            back=back,
        )


def render_pages(document: Document) -> list[str]:
    """Each paper by itself, so that its pages are counted by themselves."""
    return [render_page(replace(document, papers=(one,))) for one in document.papers]


def printed_words(document: Document) -> str:
    """The only line that depends on the day."""
    return f"打印日期：{day_words(document.printed_on)}"


def qr_png(url: str) -> bytes:
    """For a Word file."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="png", scale=8, border=QUIET)
    return out.getvalue()


def signature_png(block: Signed, scale: int = 4) -> bytes:
    """For a Word file."""
    width, height = block.size
    picture = Image.new("L", (width * scale, height * scale), 255)
    pen = ImageDraw.Draw(picture)
    for stroke in block.strokes:
        points = [(x * scale, y * scale) for x, y, *_ in stroke]
        pen.line(points * (2 if len(points) == 1 else 1), fill=0, width=3 * scale, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
