"""Importing the tag library from a spreadsheet saved as CSV (R011: the province's, not ours)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.access import Actor
from domain.errors import Fault, fault
from domain.plan_files import read_csv_rows
from server.audit.service import write_event
from server.db import unit_of_work
from server.registry.owner import owner_of, person_id_of, take_turns
from server.registry.tag_writing import make_tag, refuse_second, seed_tags
from server.registry.tags import ORIGINS, REGISTERS, list_tags

FOR = "适用"
COLUMNS = {"编号": "code", "名称": "name", "分组": "group_name", "来源": "origin"}
CODE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff_.-]{1,40}")
_NEEDED = (FOR, "编号", "名称")
_WIDTH = 40


@dataclass(frozen=True, slots=True)
class TagImport:
    """How many rows were new, changed, or known already."""

    created: int
    updated: int
    unchanged: int


def import_tags(data: bytes, actor: Actor | None = None) -> TagImport:
    """A CSV with 适用, 编号, 名称 and, where wanted, 分组 and 来源; whole or not at all. Rows are
    matched by register and code. Raises ``plan.malformed`` with row and column."""
    rows = _read(data)
    owner = owner_of(actor)
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    with unit_of_work() as work:
        take_turns(owner)
        seed_tags(actor)
        known = {(tag.register, tag.code): tag for tag in list_tags(actor)}
        for number, register, values in rows:
            tag = known.get((register, values["code"]))
            if tag is None:
                tag = make_tag(actor, register, **values)
                known[register, tag.code] = tag
                work.add(tag)
                counts["created"] += 1
            elif any(getattr(tag, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(tag, name, value)
                counts["updated"] += 1
            else:
                counts["unchanged"] += 1
            work.flush()
            try:
                refuse_second(actor, tag)
            except Fault as refused:
                raise _malformed(number, "名称", refused.code, **refused.details) from None
        write_event(owner, person_id_of(actor), "tags.imported", "", **counts)
    return TagImport(**counts)


def _read(data: bytes) -> list[tuple[int, str, dict[str, str]]]:
    table = read_csv_rows(data)
    header = ["".join(cell.split()) for cell in table[0]]
    for name in header:
        if name not in COLUMNS and name != FOR:
            raise _malformed(1, name, "plan.unknown_column")
        if header.count(name) > 1:
            raise _malformed(1, name, "plan.repeated_column")
    for name in _NEEDED:
        if name not in header:
            raise _malformed(1, name, "plan.missing_column")
    rows = []
    for number, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            column = header[min(len(cells), len(header) - 1)]
            details = {"found": len(cells), "expected": len(header)}
            raise _malformed(number, column, "plan.ragged", **details)
        rows.append(_row(number, dict(zip(header, cells, strict=True))))
    return rows


def _row(number: int, cells: dict[str, str]) -> tuple[int, str, dict[str, str]]:
    texts = {name: cell.strip() for name, cell in cells.items()}
    for name in _NEEDED:
        if not texts[name]:
            raise _malformed(number, name, "plan.blank")
    for name, text in texts.items():
        if len(text) > _WIDTH:
            raise _malformed(number, name, "checklist.unknown_value")
    register = next((code for code, word in REGISTERS.items() if texts[FOR] in (code, word)), None)
    if register is None:
        raise _malformed(number, FOR, "checklist.unknown_value")
    if not CODE.fullmatch(texts["编号"]):
        raise _malformed(number, "编号", "checklist.unknown_value")
    origin = texts.get("来源", "") or "province"
    code = next((code for code, word in ORIGINS.items() if origin in (code, word)), None)
    if code is None:
        raise _malformed(number, "来源", "checklist.unknown_value")
    values = {attribute: texts.get(name, "") for name, attribute in COLUMNS.items()}
    return number, register, {**values, "origin": code}


def _malformed(row: int, column: str, reason: str, **details: object) -> Fault:
    return fault("plan.malformed", row=row, column=column, reason=reason, **details)
