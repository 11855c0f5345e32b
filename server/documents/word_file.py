"""A document as a Word file, for an office that goes on writing: real tables with repeated heads,
page numbers, no macro and no template of anybody's."""

from __future__ import annotations

import io
from copy import deepcopy
from datetime import datetime, time
from typing import Any

import docx
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
    Signed,
    Table,
)
from server.documents.page import printed_words, qr_png, signature_png
from server.documents.word_faces import BODY, HEAD, TITLE, name_faces, use_face
from server.documents.word_tables import build_facts, build_signatures, build_table
from server.documents.wording import EMPTY_DATE, printable

TEXT_WIDTH_MM = 174


def write_word(document: Document) -> bytes:
    """The file's bytes; each paper is a section whose pages are counted by themselves."""
    file = docx.Document()
    name_faces(file)
    _describe(file, document)
    _lay_out(file.sections[0])
    for place, paper in enumerate(document.papers):
        end = _write_paper(file, paper, printed_words(document))
        if place < len(document.papers) - 1:  # the last one is the file's own
            end._p.set_sectPr(deepcopy(file.sections[-1]._sectPr))
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _describe(file: Any, document: Document) -> None:
    """Nothing of python-docx's own first file stays: not its author, year or picture."""
    properties = file.core_properties
    properties.title, properties.author, properties.comments = document.name, "", ""
    properties.created = properties.modified = datetime.combine(document.printed_on, time())
    for number, one in list(file.part.package.rels.items()):
        if one.reltype.endswith("/thumbnail"):
            del file.part.package.rels[number]


def _lay_out(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
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


def _write_paper(file: Any, paper: Paper, printed: str) -> Any:
    """Answers its last paragraph."""
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
    return last


def _write_block(file: Any, block: Block) -> None:
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
            _add_table(file, build_facts(block, TEXT_WIDTH_MM))
        case Table():
            _add_table(file, build_table(block, TEXT_WIDTH_MM))
        case Code():
            _write_code(file, block)
        case Signed():
            _write_signed(file, block)
        case Signatures():
            _add_table(file, build_signatures(block, TEXT_WIDTH_MM))
            if not block.has_dates:
                _write_paragraph(file, EMPTY_DATE, Paragraph(EMPTY_DATE, at_end=True))


def _add_table(file: Any, table: Any) -> None:
    """With a line below it: Word makes one table of two that touch."""
    file.element.body.insert_element_before(table, "w:sectPr")
    below = file.add_paragraph()
    below.paragraph_format.line_spacing = Pt(6)


def _write_paragraph(file: Any, text: str, how: Paragraph) -> None:
    one = file.add_paragraph()
    form = one.paragraph_format
    form.space_after, form.widow_control, form.line_spacing = Pt(4), True, 1.3
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


def _write_signed(file: Any, block: Signed) -> None:
    one = file.add_paragraph()
    one.paragraph_format.space_before = Pt(6)
    one.paragraph_format.keep_with_next = True
    use_face(one.add_run(printable(f"{block.place}（签字）：")), BODY, 12)
    one.add_run().add_picture(io.BytesIO(signature_png(block)), width=Mm(45))
    for line in block.lines:
        told = file.add_paragraph()
        told.paragraph_format.space_after = Pt(0)
        use_face(told.add_run(printable(line)), BODY, 9)
