"""A document as a Word file, for an office that goes on writing: real tables with repeated heads,
page numbers, no macro and no template of anybody's."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from server.documents.content import (
    Block,
    Code,
    Document,
    Facts,
    Heading,
    Numbered,
    Paper,
    Paragraph,
    Signatures,
    Table,
)
from server.documents.page import printed_words, qr_png
from server.documents.word_faces import BODY, HEAD, TITLE, name_faces, use_face
from server.documents.word_tables import build_facts, build_signatures, build_table
from server.documents.wording import EMPTY_DATE, printable

TEXT_WIDTH_MM = 174


def write_word(document: Document) -> bytes:
    """The file's bytes; each paper is a section whose pages are counted by themselves."""
    file = docx.Document()
    name_faces(file)
    properties = file.core_properties
    properties.title, properties.author, properties.comments = document.name, "", ""
    for place, paper in enumerate(document.papers):
        section = file.sections[0] if place == 0 else file.add_section(WD_SECTION.NEW_PAGE)
        _lay_out(section, is_first=place == 0)
        _write_paper(file, paper, printed_words(document))
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _lay_out(section: Any, *, is_first: bool) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    if not is_first:
        return  # what follows is copied from the first section, its foot and its count too
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    section._sectPr.find(qn("w:pgMar")).addnext(numbering)
    foot = section.footer.paragraphs[0]
    foot.alignment = ALIGN.CENTER
    for part in ("第 ", "PAGE", " 页 共 ", "SECTIONPAGES", " 页"):
        run = foot.add_run() if part.isupper() else foot.add_run(part)
        if part.isupper():
            _add_field(run, part)
        use_face(run, BODY, 9)


def _add_field(run: Any, code: str) -> None:
    """A field that Word fills when it lays out the page."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        if kind in ("begin", "separate", "end"):
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:t" if kind == "text" else "w:instrText")
            element.text = text
        run._r.append(element)


def _write_paper(file: Any, paper: Paper, printed: str) -> None:
    title = file.add_paragraph()
    title.alignment = ALIGN.CENTER
    title.paragraph_format.space_after = Pt(12)
    title.paragraph_format.keep_with_next = True
    for place, line in enumerate(paper.title):
        run = title.add_run(printable(line))
        use_face(run, TITLE, 18, bold=True)
        if place < len(paper.title) - 1:
            run.add_break()
    for block in paper.blocks:
        _write_block(file, block)
    last = file.add_paragraph()
    last.alignment = ALIGN.RIGHT
    last.paragraph_format.space_before = Pt(6)
    use_face(last.add_run(printed), BODY, 9)


def _write_block(file: Any, block: Block) -> None:
    body = file.element.body
    match block:
        case Heading(text):
            one = file.add_paragraph()
            one.paragraph_format.keep_with_next = True
            one.paragraph_format.space_before, one.paragraph_format.space_after = Pt(10), Pt(4)
            use_face(one.add_run(printable(text)), HEAD, 12)
        case Paragraph():
            _write_paragraph(file, block.text, block)
        case Numbered(items):
            for place, text in enumerate(items, start=1):
                _write_paragraph(file, f"{place}. {text}", Paragraph(text))
        case Facts():
            body.insert_element_before(build_facts(block, TEXT_WIDTH_MM), "w:sectPr")
        case Table():
            body.insert_element_before(build_table(block, TEXT_WIDTH_MM), "w:sectPr")
        case Code():
            _write_code(file, block)
        case Signatures():
            body.insert_element_before(build_signatures(block, TEXT_WIDTH_MM), "w:sectPr")
            if not block.has_dates:
                _write_paragraph(file, EMPTY_DATE, Paragraph(EMPTY_DATE, at_end=True))


def _write_paragraph(file: Any, text: str, how: Paragraph) -> None:
    one = file.add_paragraph()
    form = one.paragraph_format
    form.space_after, form.widow_control = Pt(4), True
    if how.at_end:
        one.alignment = ALIGN.RIGHT
        form.right_indent, form.space_before = Pt(24), Pt(6)
    elif not how.is_addressed:
        form.first_line_indent = Pt(24)
    use_face(one.add_run(printable(text)), BODY, 12)


def _write_code(file: Any, block: Code) -> None:
    one = file.add_paragraph()
    one.paragraph_format.space_before = Pt(6)
    one.paragraph_format.keep_with_next = True
    one.add_run().add_picture(io.BytesIO(qr_png(block.url)), width=Mm(26))
    for line in block.lines:
        told = file.add_paragraph()
        told.paragraph_format.space_after = Pt(0)
        use_face(told.add_run(printable(line)), BODY, 9)
