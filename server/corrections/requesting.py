"""Use case: a member of the team asks on a page that items of an entered sheet be corrected, all in
one order (DESIGN §5.5, R079)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.access import Action, Actor
from domain.check_items import CheckItem
from domain.errors import fault
from server.audit.service import write_event
from server.corrections.evidence import KeptPaper, record_papers
from server.corrections.joining import join_proposals
from server.corrections.order import read_order
from server.corrections.reasons import require_reason
from server.corrections.versions import require_approvable
from server.db import unit_of_work
from server.fieldsync import service as fieldsync
from server.guard import require
from server.inspections import service as inspections
from server.inspections.models import Inspection, Sheet
from server.results import service as results
from sync.merge import is_equal
from sync.outcomes import Invalid
from sync.versions import RESULT

FIELDS = ("value", "verdict", "note", RESULT)


@dataclass(frozen=True, slots=True)
class ItemNow:
    """A check entry as it holds now: ``fields`` with its national code under ``result``; ``heads``
    come back with the request."""

    item: CheckItem
    fields: Mapping[str, Any]
    heads: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class RequestView:
    """What a request is written on. ``section`` titles are left to the sheet's own page."""

    inspection: Inspection
    sheet: Sheet
    version: int
    items: Mapping[str, ItemNow]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an entry should say: every field of ``FIELDS``, changed or not. ``seen`` are the heads
    of the page it was written on."""

    item: str
    fields: Mapping[str, Any]
    seen: Mapping[str, str | None]


def view_request(actor: Actor, inspection_id: int, code: str) -> RequestView:
    """Raises ``access.denied`` for whoever is not on the team, ``correction.not_entered``,
    ``inspection.not_found``, ``sheet.not_found``."""
    inspection = inspections.get_inspection(actor, inspection_id)
    sheet = inspections.get_sheet(inspection, code)
    require(actor, Action.CORRECTION_REQUEST, inspections.target_of(inspection, sheet))
    standing = fieldsync.read_standing(inspection_id, code)
    if not standing.version:
        raise fault("correction.not_entered")
    return RequestView(inspection, sheet, standing.version, _items(standing))


def request_correction(
    actor: Actor,
    inspection_id: int,
    code: str,
    wanted: Sequence[Wanted],
    reason: str,
    papers: Sequence[KeptPaper] = (),
) -> str:
    """The order's id. All of it or nothing; told once. Raises ``correction.no_items``,
    ``correction.item_unchanged``, ``correction.seen_differs``, ``correction.needs_reason``,
    ``reason.too_long``, ``correction.incomplete``, ``entry.result_unknown``, and as
    ``view_request``."""
    space = view_request(actor, inspection_id, code).inspection.space
    if not wanted:
        raise fault("correction.no_items")
    said = require_reason(reason)
    with unit_of_work():
        fieldsync.lock_space(space)
        now = _items(fieldsync.read_standing(inspection_id, code))
        changes = [(one, _changed(now, one)) for one in wanted]
        made = [
            _propose(actor, space, f"answer:{code}/{one.item}", {**fields, "reason": said},
                     one.seen, is_told=one is wanted[0])
            for one, fields in changes
        ]  # fmt: skip
        found = {one.op: one.id for one in fieldsync.list_proposals(actor, inspection_id)}
        order_id, *joined = (found[op] for op in made)
        join_proposals(actor, order_id, joined)
        record_papers(actor, order_id, papers)
        proposal = fieldsync.find_proposal(order_id)
        assert proposal is not None, "it was made in this unit of work"
        require_approvable(read_order(proposal))
        write_event(
            actor.jurisdiction_id, actor.person_id, "correction.requested", order_id,
            items=[one.item for one in wanted],
            evidence=[one.document.sha256 for one in papers],
        )  # fmt: skip
    return order_id


def _propose(
    actor: Actor,
    space: str,
    entity: str,
    fields: Mapping[str, Any],
    base: Mapping[str, str | None],
    *,
    is_told: bool,
) -> str:
    """The operation's id."""
    op = fieldsync.make_op_id()
    told = fieldsync.perform_office_op(
        actor,
        space=space,
        kind="correction.propose",
        entity=entity,
        fields=fields,
        base={name: base.get(name) for name in fields if name != "reason"},
        op=op,
        is_told=is_told,
    )
    if isinstance(told, Invalid):
        raise told.error.as_fault()
    return op


def _items(standing: fieldsync.Standing) -> dict[str, ItemNow]:
    now, found = standing.now, {}
    for item in results.list_items(now):
        row = now.answers.get(item.code)
        fields = {**(row.fields if row is not None else {}), RESULT: now.results.get(item.code)}
        heads = {name: row.heads.get(name) if row is not None else None for name in FIELDS}
        found[item.code] = ItemNow(item, fields, heads)
    return found


def _changed(now: Mapping[str, ItemNow], wanted: Wanted) -> dict[str, Any]:
    """The fields that differ from what holds."""
    known = now.get(wanted.item)
    if known is None:
        raise fault("op.unknown_entity", entity=wanted.item)
    if any(wanted.seen.get(name) != head for name, head in known.heads.items()):
        raise fault("correction.seen_differs", item=wanted.item)
    fields = {
        name: wanted.fields[name]
        for name in FIELDS
        # An empty remark and none are the same to whoever reads them.
        if not is_equal(known.fields.get(name) or None, wanted.fields[name] or None)
    }
    if not fields:
        raise fault("correction.item_unchanged", item=wanted.item)
    if "value" in fields and known.fields.get("by_rest"):
        fields["by_rest"] = None  # it is answered by itself now
    return fields
