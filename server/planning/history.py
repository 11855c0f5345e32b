"""What was done to a plan, for its page: the audit events about it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.accounts.directory import list_person_names
from server.audit.models import AuditEvent
from server.audit.service import list_events
from server.i18n import translate as _
from server.planning.models import Plan
from server.planning.wording import event_word, field_word


@dataclass(frozen=True, slots=True)
class Line:
    """One event, as ``kit.timeline`` shows it."""

    at: datetime
    what: str
    who: str
    note: str
    tone: str = "plain"
    icon: str = "ring_dot"


def list_history(plan: Plan) -> list[Line]:
    """The newest first; an import of before the audit log named plans is told from the plan."""
    events = list_events(f"plan:{plan.id}")
    names = list_person_names({one.person_id for one in events if one.person_id is not None})
    lines = [
        Line(one.at, event_word(one.action), names.get(one.person_id or 0, ""), _details(one))
        for one in events
    ]
    if plan.file_name:
        lines.append(Line(plan.imported_at, event_word("plan.imported"), "", plan.file_name))
    return lines


def _details(event: AuditEvent) -> str:
    said = event.details
    parts = []
    if said.get("task_no"):
        parts.append(str(said["task_no"]))
    if said.get("name"):
        parts.append(str(said["name"]))
    if said.get("fields"):
        parts.append(_("、").join(field_word(one) for one in said["fields"]))
    if said.get("version"):
        parts.append(_("第 {n} 版", n=said["version"]))
    if said.get("on"):
        parts.append(f"{said['on']} {said.get('no', '')}".strip())
    return " · ".join(parts)
