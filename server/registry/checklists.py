"""Lookups of checklists: which versions there are, and the copy a phone keeps (R005, R008)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import selectinload

from domain.access import Actor
from domain.canonical import canonical_json
from domain.checklists import Basis, CheckItem, ItemType, Known, parse_rule
from domain.errors import fault
from server.db import Columns, db
from server.registry.models import CheckEntry, Checklist, InspectionItem
from server.registry.owner import owner_of
from server.runtime import runtime

_TABLE = Checklist.__table__.c
_CONTENT = Columns(
    select(_TABLE.jurisdiction_id, _TABLE.content_sha256).where(
        _TABLE.code == bindparam("code"), _TABLE.version == bindparam("version")
    ),
    Checklist,
)
TASK_PLACE = " @ "  # between a task's reference and the plan row it stands for


@dataclass(frozen=True, slots=True)
class ChecklistDocument:
    """An immutable list as a phone keeps it; ``etag`` is the SHA-256 of ``body``."""

    reference: str
    content: dict[str, Any]
    body: bytes
    etag: str


def list_checklists(actor: Actor | None) -> list[Checklist]:
    """The newest version of each list, in the order of the file that brought them."""
    newest = (
        select(Checklist.code, func.max(Checklist.version).label("version"))
        .where(Checklist.jurisdiction_id == owner_of(actor))
        .group_by(Checklist.code)
        .subquery()
    )
    query = (
        select(Checklist)
        .join(
            newest,
            (Checklist.code == newest.c.code) & (Checklist.version == newest.c.version),
        )
        .where(Checklist.jurisdiction_id == owner_of(actor))
        .options(selectinload(Checklist.entries))
        .order_by(Checklist.id)
    )
    return list(db.session.scalars(query))


def list_versions(actor: Actor | None, code: str) -> list[Checklist]:
    """All versions of a list, the newest first."""
    query = select(Checklist).where(
        Checklist.jurisdiction_id == owner_of(actor), Checklist.code == code
    )
    return list(db.session.scalars(query.order_by(Checklist.version.desc())))


def find_checklist(code: str, version: int | None = None) -> Checklist | None:
    """That version in the county in scope, or the newest when none is named."""
    query = select(Checklist).where(Checklist.code == code)
    if version is not None:
        query = query.where(Checklist.version == version)
    return db.session.scalar(query.order_by(Checklist.version.desc()).limit(1))


def get_checklist(reference: str) -> Checklist:
    """By reference, ``passenger@1``. Raises ``checklist.not_found``."""
    code, _, version = reference.partition("@")
    found = None
    if version.isascii() and version.isdecimal() and len(version) < 7:
        found = find_checklist(code, int(version))
    if found is None:
        raise fault("checklist.not_found")
    return found


def is_check_entry(code: str) -> bool:
    """Whether some list of the county has a check entry of this code."""
    return db.session.scalar(select(CheckEntry.id).where(CheckEntry.code == code)) is not None


def list_check_items(reference: str) -> tuple[CheckItem, ...]:
    """The list's items as the domain judges them. Raises ``checklist.not_found``. A version never
    changes: its items are built once in a process."""
    kept = runtime().kept
    key = "check_items", reference, *_name_content(reference)
    if key not in kept:
        kept[key] = tuple(build_check_item(entry) for entry in get_checklist(reference).entries)
    items: tuple[CheckItem, ...] = kept[key]
    return items


def _name_content(reference: str) -> tuple[object, ...]:
    """Whose list it is and the hash of what it says; empty when there is none."""
    code, _, version = reference.partition("@")
    if not (version.isascii() and version.isdecimal() and len(version) < 7):
        return ()
    found = _CONTENT.read(code=code, version=int(version))
    return next((tuple(row) for row in found), ())


def build_check_item(entry: CheckEntry) -> CheckItem:
    """The stored row as a domain value."""
    answer: Mapping[str, Any] = entry.answer
    return CheckItem(
        code=entry.code,
        text=entry.text,
        type=ItemType(answer["type"]),
        unit=answer.get("unit"),
        labels=tuple(answer.get("labels", ())),
        rule=parse_rule(answer["pass"]) if "pass" in answer else None,
        min_photos=answer.get("min", 0),
        photo_on_fail=entry.photo_on_fail,
        severity=entry.severity,
        is_required=answer.get("is_required", True),
        department=entry.department_name,
        basis=tuple(Basis(**basis) for basis in entry.basis),
        methods=tuple(entry.methods),
        known=Known(answer["known"]) if "known" in answer else None,
        item=None if entry.item.code == entry.checklist.code else entry.item.code,
    )


def checklist_document(reference: str) -> ChecklistDocument:
    """``GET /api/v1/lib/<list>@<version>`` (docs/protocol 13.4). The bytes of a version are the
    same for ever, so the ETag may be strong. Raises ``checklist.not_found``."""
    checklist = get_checklist(reference)
    content = {
        "code": checklist.code,
        "version": checklist.version,
        "title": checklist.title,
        "items": [_document_item(entry) for entry in checklist.entries],
    }
    body = canonical_json(content).encode()
    return ChecklistDocument(
        reference=checklist.reference,
        content=content,
        body=body,
        etag=hashlib.sha256(body).hexdigest(),
    )


def _document_item(entry: CheckEntry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "text": entry.text,
        "basis": entry.basis,
        "methods": entry.methods,
        "answer": {key: value for key, value in entry.answer.items() if key != "is_required"},
        "photo_on_fail": entry.photo_on_fail,
        "severity": entry.severity,
        "is_required": entry.answer.get("is_required", True),
    }


def list_inspection_items(actor: Actor | None) -> list[InspectionItem]:
    """抽查事项清单, by order of entry."""
    query = select(InspectionItem).where(InspectionItem.jurisdiction_id == owner_of(actor))
    return list(db.session.scalars(query.order_by(InspectionItem.id)))


def task_references(checklist: Checklist) -> list[str]:
    """The source's names of the tasks this list is for, without their places in the files."""
    return [name.partition(TASK_PLACE)[0] for name in checklist.plan_tasks]
