"""The draft of a checklist: one per list, begun from the newest version or empty (R005, R008).

Two may work on one draft. Each save says what it stood over (``seen``); where that has changed
since, nothing is written and ``draft.changed_meanwhile`` names who was there first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from domain.access import Action, Actor
from domain.canonical import canonical_sha256
from domain.checklists import CheckItem, parse_item
from domain.errors import fault
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.registry.checklist_export import dump_checklist
from server.registry.checklists import find_checklist
from server.registry.editing.models import ChecklistDraft, DraftEntry
from server.registry.keeping import require_keeper
from server.registry.models import Checklist, InspectionItem
from server.registry.owner import owner_of, take_turns
from server.runtime import now


def list_drafts(actor: Actor) -> Sequence[ChecklistDraft]:
    """By the list's code."""
    query = select(ChecklistDraft).where(ChecklistDraft.jurisdiction_id == owner_of(actor))
    return list(db.session.scalars(query.order_by(ChecklistDraft.code)))


def find_draft(actor: Actor, code: str) -> ChecklistDraft | None:
    """The one draft of a list."""
    query = select(ChecklistDraft).where(
        ChecklistDraft.jurisdiction_id == owner_of(actor), ChecklistDraft.code == code
    )
    return db.session.scalar(query)


def get_draft(actor: Actor, code: str) -> ChecklistDraft:
    """Raises ``draft.not_found``."""
    draft = find_draft(actor, code)
    if draft is None:
        raise fault("draft.not_found")
    return draft


def get_entry(draft: ChecklistDraft, entry_id: int) -> DraftEntry:
    """Raises ``draft.not_found`` also for one that somebody took out meanwhile."""
    for entry in draft.entries:
        if entry.id == entry_id:
            return entry
    raise fault("draft.not_found")


def start_draft(actor: Actor, code: str) -> ChecklistDraft:
    """The draft of a list, begun from its newest version where there is none yet. Raises
    ``checklist.not_found``."""
    require_keeper(actor, Action.CHECKLIST_WRITE)
    with unit_of_work() as work:
        take_turns(owner_of(actor))
        if (draft := find_draft(actor, code)) is not None:
            return draft
        newest = find_checklist(code)
        if newest is None:
            raise fault("checklist.not_found")
        draft = _new(actor, code, newest.title, newest.objects)
        draft.base_version, draft.plan_tasks = newest.version, list(newest.plan_tasks)
        draft.entries = [
            make_entry(actor, position, entry.code, item, content)
            for position, (entry, item, content) in enumerate(_split(newest), start=1)
        ]
        work.add(draft)
        work.flush()
        note(actor, "checklist.draft_begun", draft)
    return draft


def create_list(actor: Actor, code: str, title: str, objects: str) -> ChecklistDraft:
    """A new list, in a draft without entries. Raises ``checklist.exists``."""
    require_keeper(actor, Action.CHECKLIST_WRITE)
    with unit_of_work() as work:
        take_turns(owner_of(actor))
        if find_checklist(code) is not None or find_draft(actor, code) is not None:
            raise fault("checklist.exists", code=code)
        draft = _new(actor, code, title, objects)
        work.add(draft)
        work.flush()
        note(actor, "checklist.draft_begun", draft)
    return draft


def seen_of(thing: ChecklistDraft | DraftEntry) -> str:
    """What a form stood over, short enough for a hidden field. Where an entry stands among the
    others is not part of it: moving one does not undo what another writes."""
    if isinstance(thing, DraftEntry):
        said: object = [thing.code, thing.inspection_item_id, thing.content]
    else:
        said = [thing.title, thing.objects]
    return canonical_sha256(said)[:16]


def discard_draft(actor: Actor, code: str) -> None:
    """Throws the whole draft away; published versions stay."""
    with unit_of_work() as work:
        draft = hold_draft(actor, code)
        note(actor, "checklist.draft_discarded", draft)
        work.delete(draft)


def check_items_of(draft: ChecklistDraft) -> tuple[CheckItem, ...]:
    """The draft's entries as the phone would get them. What was stored was read before."""
    return tuple(parse_item(draft.code, dump_draft_entry(draft, entry)) for entry in draft.entries)


def hold_draft(actor: Actor, code: str) -> ChecklistDraft:
    """For writing, under the county's lock: what ``seen`` is compared with is what is written."""
    require_keeper(actor, Action.CHECKLIST_WRITE)
    take_turns(owner_of(actor))
    draft = get_draft(actor, code)
    db.session.refresh(draft)
    for entry in draft.entries:
        db.session.refresh(entry)
    return draft


def _new(actor: Actor, code: str, title: str, objects: str) -> ChecklistDraft:
    return ChecklistDraft(
        jurisdiction_id=owner_of(actor),
        code=code,
        title=title,
        objects=objects,
        plan_tasks=[],
        changed_by=actor.person_id,
        changed_at=now(),
    )


def make_entry(
    actor: Actor, position: int, code: str, item: InspectionItem, content: Mapping[str, Any]
) -> DraftEntry:
    """Not yet in a draft."""
    return DraftEntry(
        jurisdiction_id=owner_of(actor),
        item=item,
        position=position,
        code=code,
        content=dict(content),
        changed_by=actor.person_id,
        changed_at=now(),
    )


def _split(checklist: Checklist) -> list[tuple[Any, InspectionItem, dict[str, Any]]]:
    dumped = dump_checklist(checklist)["items"]
    return [
        (entry, entry.item, {k: v for k, v in one.items() if k not in ("code", "item")})
        for entry, one in zip(checklist.entries, dumped, strict=True)
    ]


def dump_draft_entry(draft: ChecklistDraft, entry: DraftEntry) -> dict[str, Any]:
    """As a checklists file has it."""
    own = {} if entry.item.code == draft.code else {"item": entry.item.code}
    return {"code": entry.code, **entry.content, **own}


def note(actor: Actor, event: str, draft: ChecklistDraft) -> None:
    """For the audit log."""
    write_event(owner_of(actor), actor.person_id, event, f"checklist:{draft.code}")
