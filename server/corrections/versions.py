"""What an approval writes: the next version of the sheet, for the record and for phones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from domain.access import Actor
from domain.errors import Refused, fault
from domain.results import Unmet
from server.accounts.service import get_person
from server.corrections.order import Order
from server.disclosure.writing import refresh
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Space
from server.results import service as results
from server.runtime import now
from sync.rows import Row
from sync.versions import version_id


def write_version(actor: Actor, order: Order, space: Space, reason: str) -> tuple[int, str]:
    """(number, operation in the ledger). In the running unit of work, under the space's lock.
    Raises ``correction.not_approvable``, ``correction.nothing_changed``,
    ``correction.incomplete``."""
    proposal, number, at = order.proposal, order.standing.version + 1, now()
    if isinstance(order.changes, Refused):
        raise order.changes.as_fault()
    fields: dict[str, Any] = {
        "sheet": order.code,
        "version": number,
        "changes": [change.as_plain() for change in order.changes],
        "reason": order.reason,
        "proposed_by": _person(proposal.person_id),
        "approved_by": _person(actor.person_id),
        "approved_at": fieldsync.dump_instant(at),
        "op": proposal.op,
    }
    after = order.corrected(Row("version", version_id(order.code, number), fields))
    require_whole(order.list_broken(after))
    told = {**fields, "approval_reason": reason, "proposal": proposal.id}
    results.append_version(
        after, number, op=proposal.op, person_id=actor.person_id, correction=told
    )
    refresh([after.sheet_id])
    op = fieldsync.make_op_id()
    payload = {"proposal": proposal.id, "against": order.heads, "reason": reason}
    fieldsync.write_version_rows(space, order.code, op, actor.person_id, fields, payload, at)
    return number, op


def require_approvable(order: Order, ignored: Collection[str] = ()) -> None:
    """What an approval would refuse for the record's own sake, told to its author at once. Raises
    as ``write_version``."""
    if isinstance(order.changes, Refused):
        raise order.changes.as_fault()
    number = order.standing.version + 1
    fields: dict[str, Any] = {
        "sheet": order.code,
        "version": number,
        "changes": [change.as_plain() for change in order.changes],
        "op": order.proposal.op,
    }
    after = order.corrected(Row("version", version_id(order.code, number), fields))
    require_whole([one for one in order.list_broken(after) if one.code not in ignored])


def require_whole(broken: Sequence[Unmet]) -> None:
    """Raises ``correction.incomplete`` with all of it."""
    if broken:
        unmet = [{"code": one.code, "details": one.details} for one in broken]
        raise fault("correction.incomplete", count=len(unmet), unmet=unmet)


def _person(person_id: int) -> dict[str, Any]:
    return {"id": person_id, "name": get_person(person_id).name}
