"""Writing the next version of a checklist, for the import and for the editor (R008, R042).

A version never changes: an inspection keeps the one it started with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import insert, select

from domain.access import Actor
from domain.canonical import canonical_sha256
from domain.checklists import METHODS, CheckItem
from domain.checklists import Checklist as ParsedChecklist
from domain.errors import fault
from server.db import db
from server.registry.items.versions import add_item, find_item
from server.registry.models import CheckEntry, Checklist, InspectionItem
from server.registry.owner import owner_of
from server.runtime import now


def add_version(
    actor: Actor | None,
    parsed: ParsedChecklist,
    newest: Checklist | None,
    tasks: Sequence[str],
    reason: str = "",
) -> Checklist:
    """The version after ``newest``, in the running unit of work; ``tasks`` with their places in
    the plan files. Raises ``item.withdrawn``, and ``checklist.malformed`` for an entry whose item
    is not on the item list (清单之外无检查, R042)."""
    owner = owner_of(actor)
    items = _items_of(actor, parsed)
    checklist = Checklist(
        jurisdiction_id=owner,
        code=parsed.code,
        version=newest.version + 1 if newest else 1,
        title=parsed.title,
        objects=parsed.objects,
        plan_tasks=list(tasks),
        content_sha256=digest_checklist(parsed, tasks),
        imported_at=now(),
        reason=reason,
    )
    db.session.add(checklist)
    db.session.flush()
    # all at once: as objects they would be a statement each
    entries = [
        {"checklist_id": checklist.id, **_entry(owner, position, item, items[item.item])}
        for position, item in enumerate(parsed.items, start=1)
    ]
    if entries:
        db.session.execute(insert(CheckEntry), entries)
    return checklist


def _items_of(actor: Actor | None, parsed: ParsedChecklist) -> dict[str | None, InspectionItem]:
    """By what the entries say; None is the list's own item, made with the list's first import."""
    found: dict[str | None, InspectionItem] = {}
    for entry in parsed.items:
        if entry.item in found:
            continue
        item = find_item(actor, entry.item or parsed.code)
        if item is None and entry.item is None:
            item = add_item(actor, parsed.code, _fields_of(parsed))
        if item is None:
            raise fault(
                "checklist.malformed",
                checklist=parsed.code,
                item=entry.code,
                field="item",
                reason="checklist.no_item",
            )
        if not item.is_in_use:
            raise fault("item.withdrawn", item=item.name)
        found[entry.item] = item
    return found


def name_own_item(
    actor: Actor | None, parsed: ParsedChecklist, newest: Checklist | None
) -> ParsedChecklist:
    """The list with its entries on the item that is its own, where that goes by another code than
    the list: one that was claimed, or entered, before the list came. An item of the list's code is
    its own; else the one its newest version stands on, whatever that is called by now; else the one
    of the list's name. Without any the entries name none, and ``add_version`` makes it."""
    if all(entry.item for entry in parsed.items) or find_item(actor, parsed.code) is not None:
        return parsed
    own = _item_of_newest(parsed, newest) or _item_by_name(actor, parsed.title)
    if own is None:
        return parsed
    items = tuple(e if e.item else replace(e, item=own.code) for e in parsed.items)
    return replace(parsed, items=items)


def _item_of_newest(parsed: ParsedChecklist, newest: Checklist | None) -> InspectionItem | None:
    """Of the entries whose item the file leaves open; None where they stand on several."""
    named = {entry.item for entry in parsed.items if entry.item}
    found = {entry.item for entry in (newest.entries if newest else ())}
    left = [item for item in found if item.code not in named]
    return left[0] if len(left) == 1 else None


def _item_by_name(actor: Actor | None, name: str) -> InspectionItem | None:
    """One in use before a withdrawn one, then the oldest."""
    query = select(InspectionItem).where(
        InspectionItem.jurisdiction_id == owner_of(actor), InspectionItem.name == name
    )
    found = sorted(db.session.scalars(query), key=lambda one: (not one.is_in_use, one.id))
    return found[0] if found else None


def _fields_of(parsed: ParsedChecklist) -> dict[str, Any]:
    """What a list says of the item it is for: its laws and its methods are the item's."""
    laws = (one.law for entry in parsed.items for one in entry.basis)
    methods = {method for entry in parsed.items for method in entry.methods}
    return {
        "name": parsed.title,
        "kind": "general",
        "category": "",
        "objects": parsed.objects,
        "basis": "；".join(f"《{law}》" for law in dict.fromkeys(laws)),
        "bodies": "",
        "content": "",
        "methods": [code for code in METHODS.values() if code in methods],
    }


def _entry(
    jurisdiction_id: int, position: int, item: CheckItem, inspection_item: InspectionItem
) -> dict[str, Any]:
    return {
        "jurisdiction_id": jurisdiction_id,
        "inspection_item_id": inspection_item.id,
        "item_version": inspection_item.version,
        "position": position,
        "code": item.code,
        "text": item.text,
        "basis": [asdict(basis) for basis in item.basis],
        "methods": list(item.methods),
        "answer": _answer(item),
        "photo_on_fail": item.photo_on_fail,
        "severity": item.severity,
        "department_name": item.department,
    }


def _answer(item: CheckItem) -> dict[str, Any]:
    """As on the wire (docs/protocol 13.4); a member that says nothing is left out.

    ``is_required`` stands here only when false: it belongs to the answer asked for.
    """
    answer: dict[str, Any] = {"type": str(item.type)}
    if item.unit:
        answer["unit"] = item.unit
    if item.labels:
        answer["labels"] = list(item.labels)
    if item.rule:
        answer["pass"] = item.rule.text
    if item.min_photos:
        answer["min"] = item.min_photos
    if item.known:
        answer["known"] = str(item.known)
    if not item.is_required:
        answer["is_required"] = False
    return answer


def digest_checklist(parsed: ParsedChecklist, tasks: Sequence[str]) -> str:
    """SHA-256 of what the list says; equal digests are the same list. An entry of the list's own
    item names none, so that lists imported before entries could name one keep their digest."""
    content = {
        "title": parsed.title,
        "objects": parsed.objects,
        "plan_tasks": list(tasks),
        "items": [
            {
                "code": item.code,
                "text": item.text,
                "basis": [asdict(basis) for basis in item.basis],
                "methods": list(item.methods),
                "answer": _answer(item),
                "photo_on_fail": item.photo_on_fail,
                "severity": item.severity,
                "department": item.department,
                **({"item": item.item} if item.item else {}),
            }
            for item in parsed.items
        ],
    }
    return canonical_sha256(content)
