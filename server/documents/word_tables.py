"""Tables of a Word file, written whole: python-docx walks a table again for each cell, which takes
minutes for a thousand rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from server.documents.content import Column, Facts, Signatures, Table
from server.documents.word_faces import BODY, HEAD, run_properties
from server.documents.wording import EMPTY_DATE, printable

TWIPS_PER_MM = 1440 / 25.4
FACT_LABEL_PERCENT = 17
_TEXT, _LABEL = run_properties(BODY, 21), run_properties(HEAD, 21)
_SMALL = run_properties(BODY, 21)
_HEAD = run_properties(HEAD, 21, bold=True)


def build_table(table: Table, width_mm: float) -> Any:
    """A head that is repeated, rows that are not split, groups that stay together."""
    widths = [_twips(width_mm * column.width / 100) for column in table.columns]
    head = "".join(
        _cell([column.label], width, _HEAD, is_centred=True, keep=True)
        for column, width in zip(table.columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    for group in table.groups:
        for place, row in enumerate(group):
            rows.append(_row(table.columns, widths, row, place, len(group)))
    return _table(widths, rows)


def _row(
    columns: Sequence[Column], widths: Sequence[int], row: Sequence[str], place: int, of: int
) -> str:
    cells = []
    for column, width, text in zip(columns, widths, row, strict=True):
        merge = ""
        if column.is_merged and of > 1:
            merge = '<w:vMerge w:val="restart"/>' if place == 0 else "<w:vMerge/>"
        shown = [] if column.is_merged and place else [text]
        cells.append(
            _cell(shown, width, _TEXT, merge, is_centred=column.is_centred, keep=place < of - 1)
        )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def build_facts(facts: Facts, width_mm: float) -> Any:
    """Labels and values, one or two facts to a row."""
    label = _twips(width_mm * FACT_LABEL_PERCENT / 100)
    value = _twips(width_mm * (50 - FACT_LABEL_PERCENT) / 100)
    rows = []
    for row in facts.rows:
        cells = ""
        for fact in row:
            is_whole = len(row) == 1
            cells += _cell([fact.label], label, _LABEL)
            cells += _cell(
                fact.lines,
                value + (label + value) * is_whole,
                _TEXT,
                '<w:gridSpan w:val="3"/>' if is_whole else "",
            )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    return _table([label, value, label, value], rows)


def build_signatures(signatures: Signatures, width_mm: float) -> Any:
    """Two places to a row, with room for a pen, kept together on one page."""
    half = _twips(width_mm / 2)
    places = list(signatures.places)
    rows = []
    for first in range(0, len(places), 2):
        pair = places[first : first + 2]
        cells = ""
        for place in pair:
            span = '<w:gridSpan w:val="2"/>' if len(pair) == 1 else ""
            lines = [f"{place}（签字）：", "", *([EMPTY_DATE] if signatures.has_dates else [""])]
            cells += _cell(lines, half * (3 - len(pair)), _SMALL, span, keep=True)
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    return _table([half, half], rows)


def _cell(
    lines: Sequence[str],
    width: int,
    face: str,
    more: str = "",
    *,
    is_centred: bool = False,
    keep: bool = False,
) -> str:
    form = ("<w:keepNext/>" if keep else "") + '<w:spacing w:before="20" w:after="20"/>'
    form += '<w:jc w:val="center"/>' if is_centred else ""
    paragraphs = "".join(
        f"<w:p><w:pPr>{form}</w:pPr><w:r>{face}"
        f'<w:t xml:space="preserve">{escape(printable(line))}</w:t></w:r></w:p>'
        for line in (lines or [""])
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}'
        '<w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraphs}</w:tc>"
    )


def _table(widths: Sequence[int], rows: Sequence[str]) -> Any:
    line = 'w:val="single" w:sz="4" w:space="0" w:color="000000"'
    sides = "".join(
        f"<w:{side} {line}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS_PER_MM)
