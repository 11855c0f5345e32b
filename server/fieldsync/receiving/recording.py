"""What the lead decides about a sheet is on the trail, too: who, on which phone, and why."""

from __future__ import annotations

from server.audit.service import write_event
from server.fieldsync.models import Space
from sync.operation import Kind, Operation
from sync.outcomes import Applied, Outcome
from sync.rows import Author

_DEEDS = {Kind.SHEET_ACCEPT: "sheet.accepted", Kind.SHEET_RETURN: "sheet.returned"}


def record_review(read: Operation, outcome: Outcome, space: Space, author: Author) -> None:
    """To be called with each outcome that changed rows, in its unit of work; entering records
    itself with its version."""
    deed = _DEEDS.get(read.kind)
    if deed is None or not isinstance(outcome, Applied):
        return
    said = {name: read.fields[name] for name in ("reason", "comments") if read.fields.get(name)}
    target = f"{space.name}/{read.entity.partition(':')[2]}"
    write_event(space.jurisdiction_id, author.id, deed, target, **said, op=read.op)
