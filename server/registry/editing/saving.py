"""Writing a draft's head and entries (R005, R042)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.access import Actor
from domain.checklists import parse_item
from domain.errors import Fault, fault
from server.accounts.service import get_person
from server.db import unit_of_work
from server.registry.editing.drafts import get_entry, hold_draft, make_entry, seen_of
from server.registry.editing.models import ChecklistDraft, DraftEntry
from server.registry.items.versions import get_item
from server.registry.models import InspectionItem
from server.runtime import now

MAX_ENTRIES = 200


def save_head(actor: Actor, code: str, title: str, objects: str, seen: str) -> None:
    """Title and objects. Raises ``draft.changed_meanwhile``."""
    with unit_of_work():
        draft = hold_draft(actor, code)
        _refuse_stale(draft, seen)
        draft.title, draft.objects = title, objects
        _touch(actor, draft)


def save_entry(
    actor: Actor,
    code: str,
    entry_id: int | None,
    entry: Mapping[str, Any],
    item_id: int | None,
    position: int | None = None,
    seen: str = "",
) -> DraftEntry:
    """Adds an entry (``entry_id`` None) or writes one over; ``entry`` as a checklists file has it,
    without its item. Raises ``checklist.malformed`` naming the field (``item``: no item, or one
    withdrawn), ``draft.changed_meanwhile``, ``draft.not_found``."""
    parsed = parse_item(code, entry)  # before anything is locked
    content = {name: value for name, value in entry.items() if name != "code"}
    with unit_of_work() as work:
        draft = hold_draft(actor, code)
        item = _usable_item(actor, code, parsed.code, item_id)
        known = get_entry(draft, entry_id) if entry_id is not None else None
        if known is not None:
            _refuse_stale(known, seen)
        if any(one.code == parsed.code and one is not known for one in draft.entries):
            raise _malformed(code, parsed.code, "code", "checklist.repeated")
        if known is None:
            if len(draft.entries) >= MAX_ENTRIES:
                raise _malformed(code, parsed.code, "items", "checklist.unknown_value")
            known = make_entry(actor, len(draft.entries) + 1, parsed.code, item, content)
            draft.entries.append(known)
        else:
            known.code, known.item, known.content = parsed.code, item, content
            known.changed_by, known.changed_at = actor.person_id, now()
        if position is not None:
            _put_at(draft, known, position)
        _touch(actor, draft)
        work.flush()
    return known


def move_entry(actor: Actor, code: str, entry_id: int, step: int) -> None:
    """Up (-1) or down (+1) by one, as far as there is room."""
    with unit_of_work():
        draft = hold_draft(actor, code)
        entry = get_entry(draft, entry_id)
        _put_at(draft, entry, entry.position + step)
        _touch(actor, draft)


def remove_entry(actor: Actor, code: str, entry_id: int, seen: str) -> None:
    """Takes an entry out of the draft. Raises ``draft.changed_meanwhile``: what somebody has just
    written is not thrown away unread."""
    with unit_of_work() as work:
        draft = hold_draft(actor, code)
        entry = get_entry(draft, entry_id)
        _refuse_stale(entry, seen)
        draft.entries.remove(entry)
        work.flush()
        _number(draft.entries)
        _touch(actor, draft)


def _refuse_stale(thing: ChecklistDraft | DraftEntry, seen: str) -> None:
    if seen_of(thing) != seen:
        name = get_person(thing.changed_by).name if thing.changed_by is not None else ""
        raise fault("draft.changed_meanwhile", name=name)


def _usable_item(actor: Actor, where: str, code: str, item_id: int | None) -> InspectionItem:
    """清单之外无检查 (R042)."""
    item = get_item(actor, item_id) if item_id is not None else None
    if item is None or not item.is_in_use:
        raise _malformed(where, code, "item", "checklist.no_item")
    return item


def _malformed(checklist: str, item: str, field: str, reason: str) -> Fault:
    return fault("checklist.malformed", checklist=checklist, item=item, field=field, reason=reason)


def _put_at(draft: ChecklistDraft, entry: DraftEntry, position: int) -> None:
    rest = [one for one in draft.entries if one is not entry]
    place = min(max(position, 1), len(rest) + 1)
    _number([*rest[: place - 1], entry, *rest[place - 1 :]])


def _number(entries: Sequence[DraftEntry]) -> None:
    for position, entry in enumerate(entries, start=1):
        entry.position = position


def _touch(actor: Actor, draft: ChecklistDraft) -> None:
    draft.changed_by, draft.changed_at = actor.person_id, now()
