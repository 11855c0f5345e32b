"""A draft becomes the list's next version (R008)."""

from __future__ import annotations

from domain.access import Actor
from domain.checklists import CheckItem, parse_checklists
from domain.errors import fault
from server.audit.service import write_event
from server.db import unit_of_work
from server.registry.checklist_export import dump_list
from server.registry.checklist_versions import add_version, digest_checklist
from server.registry.checklists import build_check_item, find_checklist
from server.registry.editing.drafts import dump_draft_entry, hold_draft
from server.registry.models import Checklist
from server.registry.owner import owner_of


def newest_items(code: str) -> tuple[Checklist | None, tuple[CheckItem, ...]]:
    """The version in force and its entries."""
    newest = find_checklist(code)
    return newest, tuple(build_check_item(e) for e in newest.entries) if newest else ()


def publish_draft(actor: Actor, code: str, reason: str, over: int) -> Checklist:
    """The list's next version, used by draws from now on; the draft is gone then. ``over`` is the
    newest version the writer has compared with, 0 for none. Raises ``draft.empty``,
    ``draft.unchanged``, ``draft.outdated``, ``item.withdrawn``."""
    with unit_of_work() as work:
        draft = hold_draft(actor, code)
        newest = find_checklist(code)
        version = newest.version if newest else 0
        if version != over:
            raise fault("draft.outdated", version=version)
        if not draft.entries:
            raise fault("draft.empty")
        entries = [dump_draft_entry(draft, entry) for entry in draft.entries]
        document = dump_list(code, draft.title, draft.objects, draft.plan_tasks, entries)
        parsed = parse_checklists({"checklists": [document]})[0]
        if newest and newest.content_sha256 == digest_checklist(parsed, draft.plan_tasks):
            raise fault("draft.unchanged")
        made = add_version(actor, parsed, newest, draft.plan_tasks, reason)
        work.delete(draft)
        write_event(
            owner_of(actor),
            actor.person_id,
            "checklist.published",
            f"checklist:{made.reference}",
            reason=reason,
        )
    return made
