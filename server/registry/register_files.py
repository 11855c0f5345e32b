"""Importing 监管对象库 and 执法人员库 from a spreadsheet saved as CSV (R001, R009, R010).

Whole or not at all: the first cell that cannot be used is named by row and column
(``plan.malformed``). Rows are matched by credit code and by certificate number; a firm or officer
missing from the file stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from sqlalchemy import select

from domain.access import Actor
from domain.distance import E7
from domain.errors import Fault, fault
from domain.identifiers import (
    check_certificate,
    check_uscc,
    normalise_certificate,
    normalise_uscc,
)
from domain.plan_files import read_csv_rows
from domain.sampling import RiskTier
from server.accounts.service import find_department, list_people
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.registry.firms import CATEGORIES
from server.registry.models import Firm, Officer
from server.registry.owner import owner_of, person_id_of, take_turns

FIRM_COLUMNS = {
    "统一社会信用代码": "uscc",
    "名称": "name",
    "类别": "category",
    "信用风险等级": "tier",
    "地址": "address",
    "联系人": "contact_name",
    "联系电话": "contact_phone",
    "许可证号": "licence_no",
    "车辆数": "vehicle_count",
    "纬度": "lat_e7",
    "经度": "lng_e7",
}
OFFICER_COLUMNS = {
    "姓名": "name",
    "单位": "department_id",
    "执法证号": "cert_no",
    "有效期至": "cert_expires_on",
    "标签": "labels",
    "片区": "area",
    "账号": "person_id",
}
CHINA = {"lat_e7": (3, 54), "lng_e7": (73, 136)}
REQUIRED = {"uscc", "name", "category", "department_id", "cert_no"}
# 分类标注 as bureaus write it, and the category whose firms it makes an officer suitable for.
LABELS = {
    "客运": "passenger",
    "货运": "freight",
    "出租": "taxi",
    "驾培": "driver_training",
    "危货": "hazmat",
    "维修": "repair",
    "网约车": "ride_hailing",
    "工程": "highway_works",
    "站场": "station",
    "检测": "vehicle_test",
} | {name: code for code, name in CATEGORIES.items()}
_WIDTHS = {
    "name": 64,
    "address": 200,
    "contact_name": 64,
    "contact_phone": 32,
    "licence_no": 64,
    "area": 40,
}


@dataclass(frozen=True, slots=True)
class RegisterImport:
    """How many rows were new, changed, or known already."""

    kind: str
    created: int
    updated: int
    unchanged: int

    @property
    def imported(self) -> int:
        """Rows that changed something."""
        return self.created + self.updated

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"imported": self.imported, **asdict(self)}


def import_firms(data: bytes, actor: Actor | None = None) -> RegisterImport:
    """Columns of ``FIRM_COLUMNS``, in any order; credit code, name and category are needed, and a
    place has both its degrees."""
    rows = list(_rows(data, FIRM_COLUMNS, _read_firm))
    for number, values in rows:
        if ("lat_e7" in values) != ("lng_e7" in values):
            raise _malformed(number, "经度" if "lat_e7" in values else "纬度", "plan.blank")
    _refuse_repeats(rows, "uscc", "统一社会信用代码")
    with unit_of_work():
        return _store(actor, "firms", Firm, "uscc", rows)


def import_officers(data: bytes, actor: Actor | None = None) -> RegisterImport:
    """Columns of ``OFFICER_COLUMNS``; name, department and certificate are needed. 账号 ties the
    officer to the account they sign in with."""
    departments: dict[str, int | None] = {}
    accounts = {person.account: person.id for person in list_people()}

    def read(column: str, text: str) -> Any:
        if column == "department_id":
            if text not in departments:
                found = find_department(text)
                departments[text] = found.id if found else None
            return departments[text] or _refuse("checklist.unknown_value")
        if column == "person_id":
            return accounts.get(text.lower()) or _refuse("account.unknown")
        return _read_officer(column, text)

    rows = list(_rows(data, OFFICER_COLUMNS, read))
    _refuse_repeats(rows, "cert_no", "执法证号")
    _refuse_repeats(rows, "person_id", "账号")
    with unit_of_work():
        return _store(actor, "officers", Officer, "cert_no", rows)


def _rows(
    data: bytes, columns: dict[str, str], read: Callable[[str, str], Any]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Row number as a spreadsheet counts, and its values by attribute; blank cells are absent."""
    table = read_csv_rows(data)
    header = ["".join(cell.split()) for cell in table[0]]
    for name in header:
        if name not in columns:
            raise _malformed(1, name, "plan.unknown_column")
        if header.count(name) > 1:
            raise _malformed(1, name, "plan.repeated_column")
    for name, attribute in columns.items():
        if attribute in REQUIRED and name not in header:
            raise _malformed(1, name, "plan.missing_column")
    for number, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            column = header[min(len(cells), len(header) - 1)]
            details = {"found": len(cells), "expected": len(header)}
            raise _malformed(number, column, "plan.ragged", **details)
        yield number, _values(number, dict(zip(header, cells, strict=True)), columns, read)


def _values(
    number: int, cells: dict[str, str], columns: dict[str, str], read: Callable[[str, str], Any]
) -> dict[str, Any]:
    values = {}
    for name, cell in cells.items():
        attribute, text = columns[name], cell.strip()
        try:
            if not text:
                if attribute in REQUIRED:
                    _refuse("plan.blank")
                continue
            if len(text) > _WIDTHS.get(attribute, 200):
                _refuse("checklist.unknown_value")
            values[attribute] = read(attribute, text)
        except _CellRefused as refused:
            raise _malformed(number, name, refused.reason, **refused.details) from None
    return values


def _read_firm(column: str, text: str) -> Any:
    match column:
        case "uscc":
            if refused := check_uscc(text):
                _refuse(str(refused.details["reason"]))
            return normalise_uscc(text)
        case "category":
            by_name = {name: code for code, name in CATEGORIES.items()}
            code = by_name.get(text, text)
            return code if code in CATEGORIES else _refuse("checklist.unknown_value")
        case "tier":
            tier = RiskTier.parse(text)
            return str(tier) if tier else _refuse("checklist.unknown_value")
        case "lat_e7" | "lng_e7":
            return _read_degrees(column, text)
        case "vehicle_count":
            is_count = text.isascii() and text.isdigit() and len(text) < 7
            return int(text) if is_count else _refuse("plan.bad_number", text=text)
        case _:
            return text


def _read_degrees(column: str, text: str) -> int:
    """Decimal degrees within China: a pair that was swapped is not."""
    least, most = CHINA[column]
    if not re.fullmatch(r"[0-9]{1,3}([.][0-9]{1,12})?", text) or not least <= float(text) <= most:
        _refuse("plan.bad_degrees", text=text, least=least, most=most)
    return round(Decimal(text) * E7)


def _read_officer(column: str, text: str) -> Any:
    match column:
        case "cert_no":
            if refused := check_certificate(text):
                _refuse(refused.code, **refused.details)
            return normalise_certificate(text)
        case "cert_expires_on":
            try:
                return date.fromisoformat(text)
            except ValueError:
                _refuse("date.malformed", text=text)
        case "labels":
            words = [word for word in re.split(r"[\s、，,；;]+", text) if word]
            return [LABELS.get(word, word) for word in words]
        case _:
            return text


def _store(
    actor: Actor | None,
    kind: str,
    model: type[Firm] | type[Officer],
    key: str,
    rows: list[tuple[int, dict[str, Any]]],
) -> RegisterImport:
    owner = owner_of(actor)
    take_turns(owner)
    query = select(model).where(model.jurisdiction_id == owner)
    known = {getattr(row, key): row for row in db.session.scalars(query)}
    created = updated = unchanged = 0
    for _number, values in rows:
        row = known.get(values[key])
        if row is None:
            db.session.add(model(jurisdiction_id=owner, **values))
            created += 1
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            updated += 1
        else:
            unchanged += 1
    db.session.flush()
    if created or updated:
        write_event(
            owner, person_id_of(actor), f"{kind}.imported", created=created, updated=updated
        )
    return RegisterImport(kind, created, updated, unchanged)


def _refuse_repeats(rows: list[tuple[int, dict[str, Any]]], key: str, column: str) -> None:
    seen: dict[Any, int] = {}
    for number, values in rows:
        if (value := values.get(key)) is None:
            continue
        if value in seen:
            raise _malformed(number, column, "plan.duplicate", other=seen[value])
        seen[value] = number


class _CellRefused(Exception):
    """A cell that cannot be used; its place is added where it is known."""

    def __init__(self, reason: str, details: dict[str, object]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


def _refuse(reason: str, **details: object) -> NoReturn:
    raise _CellRefused(reason, details)


def _malformed(row: int, column: str, reason: str, **details: object) -> Fault:
    return fault("plan.malformed", row=row, column=column, reason=reason, **details)
