"""The file in the order in which it is bound: the rows of the index 卷内目录 and their pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.archive import Part, PartState, Standing
from server.archive.annexes import Annex
from server.archive.contents import Dossier, SheetFile
from server.archive.later_papers import follow_up_paper, publications_paper, receipts_paper
from server.archive.papers import (
    closing_paper,
    corrections_paper,
    draw_paper,
    is_there,
    result_paper,
    team_paper,
)
from server.archive.telling_paper import telling_paper
from server.archive.wording import part_word, turn_word, why_word
from server.documents.content import Block
from server.inspections import service as inspections
from server.inspections.models import Sheet

CLOSING = "closing-note"


@dataclass(frozen=True, slots=True)
class Piece:
    """What begins on a page of its own under ``title``. ``form`` says how it is set: ``paper`` from
    its ``blocks``, the others by the template of that name from ``words``."""

    anchor: str
    title: str
    who: str = ""
    form: str = "paper"
    blocks: tuple[Block, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexRow:
    """``anchor`` is empty for what has no page."""

    place: int
    title: str
    who: str
    anchor: str
    note: str
    is_missing: bool


def list_pieces(dossier: Dossier, host_url: str) -> list[Piece]:
    """Only what there is: a missing part stands in the index and has no page."""
    found = [Piece("draw", part_word(Part.DRAW), blocks=draw_paper(dossier, host_url))]
    if dossier.changes:
        found.append(Piece("team", part_word(Part.TEAM), blocks=team_paper(dossier)))
    found += [_annexed(one) for one in dossier.before if one.blocks]
    if dossier.inspection.withdrawn_at is None:
        for file in dossier.sheets:
            found += _of_sheet(dossier, file)
            found += [_annexed(one, file.sheet) for one in file.annexes if one.blocks]
    found += [_annexed(one) for one in dossier.after if one.blocks]
    found.append(Piece(CLOSING, "卷内备考表", blocks=closing_paper(dossier)))
    return found


def _annexed(one: Annex, sheet: Sheet | None = None) -> Piece:
    part = one.standing.part
    anchor = f"{part}-{sheet.code}" if sheet is not None else str(part)
    who = sheet.department.name if sheet is not None else ""
    return Piece(anchor, part_word(part), who, blocks=one.blocks)


def _of_sheet(dossier: Dossier, file: SheetFile) -> list[Piece]:
    sheet, who = file.sheet, file.sheet.department.name
    words = inspections.paper_words(dossier.inspection, sheet, file.view)

    def piece(part: Part, form: str = "paper", blocks: tuple[Block, ...] = ()) -> Piece:
        told = {**words, "file": file} if form != "paper" else {}
        return Piece(f"{part}-{sheet.code}", part_word(part), who, form, blocks, told)

    found = []
    if is_there(file, Part.NOTICE):
        found.append(piece(Part.NOTICE, "notice"))
    if file.view.is_started:
        found.append(piece(Part.RECORD, "record"))
    if file.view.photos:
        found.append(piece(Part.PHOTOS, "photos"))
    if file.view.version is not None:
        found.append(piece(Part.RESULT, blocks=result_paper(file)))
    if file.orders:
        found.append(piece(Part.CORRECTIONS, blocks=corrections_paper(file)))
    if file.later.cases:
        found.append(piece(Part.FOLLOW_UP, blocks=follow_up_paper(file.later)))
    if file.later.told.notices:
        found.append(piece(Part.TELLING, blocks=telling_paper(file.later)))
    if file.later.receipts:
        found.append(piece(Part.RECEIPT, blocks=receipts_paper(file.later)))
    if file.later.publications:
        found.append(piece(Part.PUBLICATION, blocks=publications_paper(file.later)))
    return found


def list_rows(dossier: Dossier, pieces: list[Piece]) -> list[IndexRow]:
    """Every part of the file, the missing ones too, in the order in which it is bound."""
    anchors = {one.anchor for one in pieces}
    anchors |= {f"signatures-{a.removeprefix('record-')}" for a in anchors if "record-" in a}
    numbers = {
        f"{Part.CORRECTIONS}-{file.sheet.code}": [one.number for one in file.orders if one.number]
        for file in dossier.sheets
    }
    told: list[tuple[str, str, str, Standing | None]] = [
        (part_word(one.part), "", str(one.part), one) for one in dossier.parts
    ]
    for file in dossier.sheets:
        who, code = file.sheet.department.name, file.sheet.code
        told += [(part_word(one.part), who, f"{one.part}-{code}", one) for one in file.parts]
    for sheet in dossier.hidden:
        told.append(("结果表及附件", sheet.department.name, "", None))
    told += [(part_word(one.part), "", str(one.part), one) for one in dossier.last_parts]
    told.append(("卷内备考表", "", CLOSING, Standing(Part.RECORD, PartState.THERE)))
    return [
        IndexRow(
            place=place,
            title=title,
            who=who,
            anchor=anchor if anchor in anchors else "",
            note="：".join(filter(None, (_note(one), "、".join(numbers.get(anchor, ()))))),
            is_missing=one is not None and one.state is PartState.MISSING,
        )
        for place, (title, who, anchor, one) in enumerate(told, start=1)
    ]


def _note(one: Standing | None) -> str:
    if one is None:
        return "由该部门立卷"
    why = why_word(one)
    match one.state:
        case PartState.MISSING:
            return f"缺：{why}，待{turn_word(one.turn)}办理"
        case PartState.NOT_NEEDED:
            return f"不需要：{why}"
    return why
