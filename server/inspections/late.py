"""Lookup: work that reached the server after the lock or without the right to it, in words
(DESIGN §5.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.access import Actor
from domain.check_items import CheckItem
from server.accounts.service import get_person
from server.corrections.wording import kind_word
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal
from server.i18n import translate as _
from server.inspections.models import Inspection
from server.inspections.sheet_view import SheetView
from server.inspections.wording import answer_text, judge_word, outcome_word


@dataclass(frozen=True, slots=True)
class LateEdit:
    """One change that was kept and not applied. ``item`` is the check entry's code and text, or
    empty where the change is about no entry; ``at`` is when the server received it."""

    id: str
    what: str
    item: str
    content: str
    author: str
    at: datetime
    state: str
    is_author_revoked: bool = False
    is_forbidden: bool = False


def list_late_edits(
    actor: Actor, inspection: Inspection, sheets: Iterable[SheetView]
) -> list[LateEdit]:
    """What the actor may see of it, as ``fieldsync`` decides. Entries of sheets the actor may not
    read are named by their code alone."""
    items = {one.item.code: one.item for view in sheets for one in view.items}
    return [_edit(one, items) for one in fieldsync.list_proposals(actor, inspection.id)]


def _edit(proposal: Proposal, items: Mapping[str, CheckItem]) -> LateEdit:
    kind, _colon, rest = proposal.entity.partition(":")
    code = rest.rpartition("/")[2] if kind == "answer" else ""
    item = items.get(code)
    fields = proposal.payload.get("fields") or {}
    return LateEdit(
        id=proposal.id,
        what=kind_word(proposal.kind, proposal.payload),
        item=f"{code} {item.text}" if item else code,
        content=_content(fields, item),
        author=get_person(proposal.person_id).name,
        at=proposal.made_at,
        state=proposal.state,
        is_author_revoked=proposal.is_author_revoked,
        is_forbidden=proposal.status == "forbidden",
    )


def _content(fields: Mapping[str, Any], item: CheckItem | None) -> str:
    """Value, verdict, outcome and note of an answer; empty for other kinds."""
    value = fields.get("value")
    known = answer_text(item, value) if item else judge_word(value)
    said = (judge_word(fields.get("verdict")), outcome_word(fields.get("outcome")))
    parts = (known, *said, str(fields.get("note") or ""))
    return _("；").join(part for part in parts if part)
