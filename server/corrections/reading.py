"""Lookups: orders as pages show them, in a list and one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.access import Actor, Role, may
from domain.check_items import CheckItem
from domain.corrections import ProposalAction, ProposalState, decide
from domain.errors import Fault, Refused, message
from server.accounts.service import get_person
from server.corrections.order import Order, get_order
from server.corrections.rules import ACTIONS, approval_rule, list_deciders, require_step
from server.corrections.strays import list_stray_steps
from server.corrections.wording import ChangeLine, change_lines, item_text, kind_word
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.models import Inspection, Sheet
from server.inspections.records import find_inspection, find_sheet
from server.results import service as results

STATES = tuple(state.value for state in ProposalState)
REMAKABLE = {"answer.set", "correction.propose"}


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in the list. ``at`` is when the server received it."""

    proposal: Proposal
    what: str
    item: str
    firm: str
    number: str
    author: str
    is_revoked: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order for a page. ``changes`` is what it changes (or changed, or would have changed);
    ``moved`` what has been corrected since it was written; ``hindrance`` why it cannot become a
    version; ``barred`` why this person, who holds the role, may not decide all the same, and
    ``deciders`` who may; ``source`` is there for what came in a file that nobody sealed;
    ``against`` goes back with a decision."""

    order: Order
    inspection: Inspection
    sheet: Sheet
    what: str
    item: str
    author: str
    first_authors: list[str]
    is_revoked: bool
    changes: list[ChangeLine]
    moved: list[ChangeLine]
    hindrance: str
    barred: str
    deciders: list[str]
    source: fieldsync.Source | None
    photo: str
    events: list[dict[str, Any]]
    against: str
    may: frozenset[str]

    @property
    def state(self) -> str:
        return self.order.proposal.state

    @property
    def is_outdated(self) -> bool:
        """Whether it waits and was written on what no longer holds."""
        return _is_outdated(self.order)

    @property
    def takes_result(self) -> bool:
        """Whether the author may say that the item's national code changes too."""
        return self.order.proposal.kind == "answer.set"


def list_orders(actor: Actor, state: str = "", is_own: bool = False) -> list[OrderLine]:
    """The orders in sight, first those that wait for somebody, the newest first; with ``is_own``
    the actor's own alone."""
    waiting = {"submitted": 0, "draft": 1}
    found = sorted(fieldsync.list_proposals(actor), key=lambda one: waiting.get(one.state, 2))
    return [
        _line(one)
        for one in found
        if (not state or one.state == state) and (not is_own or one.person_id == actor.person_id)
    ]


def count_waiting(actor: Actor) -> int:
    """How many submitted orders of others wait for a decision this person may take."""
    approve = ACTIONS[ProposalAction.APPROVE]
    waiting = [one for one in fieldsync.list_proposals(actor) if one.state == "submitted"]
    return sum(
        actor.person_id not in order.people and may(actor, approve, order.target)
        for order in (get_order(actor, one.id) for one in waiting)
    )


def view_order(actor: Actor, proposal_id: str) -> OrderView:
    """Raises ``correction.not_found``."""
    order = get_order(actor, proposal_id)
    proposal = order.proposal
    assert proposal.inspection_id is not None  # an order is about a sheet
    inspection = find_inspection(proposal.inspection_id)
    sheet = find_sheet(proposal.inspection_id, order.code)
    assert inspection is not None and sheet is not None
    items = {item.code: item for item in results.list_items(order.standing.now)}
    photo = (proposal.payload.get("photo") or {}).get("sha256") or ""
    refused = order.changes if isinstance(order.changes, Refused) else None
    is_open = proposal.state in ("draft", "submitted")
    return OrderView(
        order=order,
        inspection=inspection,
        sheet=sheet,
        what=kind_word(proposal.kind, proposal.payload),
        item=item_text(proposal.entity, items),
        author=get_person(proposal.person_id).name,
        first_authors=[get_person(one).name for one in order.first_authors],
        is_revoked=proposal.is_author_revoked,
        changes=change_lines(_told_changes(order), items),
        moved=_moved(order, items) if is_open else [],
        hindrance=_sentence(refused) if refused is not None and is_open else "",
        barred=_barred(actor, order),
        deciders=[get_person(one).name for one in list_deciders(order)],
        source=fieldsync.find_source(proposal),
        photo=photo if photo and fieldsync.has_bytes(photo) else "",
        events=_events(order),
        against=json.dumps(order.heads),
        may=frozenset(_allowed(actor, order)),
    )


def _line(proposal: Proposal) -> OrderLine:
    inspection = find_inspection(proposal.inspection_id) if proposal.inspection_id else None
    return OrderLine(
        proposal=proposal,
        what=kind_word(proposal.kind, proposal.payload),
        item=proposal.entity.rpartition("/")[2] if "/" in proposal.entity else "",
        firm=inspection.firm.name if inspection is not None else "",
        number=inspection.number if inspection is not None else "",
        author=get_person(proposal.person_id).name,
        is_revoked=proposal.is_author_revoked,
        at=proposal.made_at,
    )


def _told_changes(order: Order) -> list[Mapping[str, Any]]:
    """Of an approved order what it did; of an open one what it would do now; of one that was
    closed otherwise, or cannot be approved, what its author wrote beside what stood there."""
    proposal = order.proposal
    for version in order.standing.versions:
        if version.fields["op"] == proposal.op:
            changes: Any = version.fields["changes"]
            return list(changes)
    if proposal.state in ("draft", "submitted") and not isinstance(order.changes, Refused):
        return [change.as_plain() for change in order.changes]
    sent: Mapping[str, Any] = proposal.payload.get("fields") or {}
    if proposal.kind not in REMAKABLE:
        return []
    wanted = {name: value for name, value in sent.items() if name != "reason"}
    return [_change(proposal, name, value) for name, value in wanted.items()]


def _change(proposal: Proposal, name: str, new: Any) -> dict[str, Any]:
    old = proposal.current.get(name)
    return {"entity": proposal.entity, "field": name, "old": old, "new": new}


def _moved(order: Order, items: Mapping[str, CheckItem]) -> list[ChangeLine]:
    """What stood there when the order was written, and what holds now."""
    written, heads, row = order.decision.against, order.heads, order.subject.row
    names = [name for name in heads if written.get(name) != heads[name] and name != "entered"]
    now = row.fields if row is not None else {}
    entity, before = order.subject.entity, order.proposal.current
    return change_lines(
        [
            {"entity": entity, "field": name, "old": before.get(name), "new": now.get(name)}
            for name in names
        ],
        items,
    )


def _events(order: Order) -> list[dict[str, Any]]:
    """For the kit's timeline, the oldest first."""
    proposal = order.proposal
    made = {
        "at": proposal.made_at,
        "what": "imported" if fieldsync.find_source(proposal) else "received",
        "who": get_person(proposal.person_id).name,
        "note": order.reason if proposal.kind == "correction.propose" else "",
    }
    taken = [
        {
            "at": step.at,
            "what": step.action,
            "who": get_person(step.person_id).name,
            "note": step.reason,
            "version": step.version,
        }
        for step in order.steps
    ]
    return [made, *taken]


def _allowed(actor: Actor, order: Order) -> list[str]:
    """The steps this person could take now; a stale order is still shown with its buttons."""
    rule = approval_rule(order.proposal.jurisdiction_id)
    found = [f"stray_{one}" for one in list_stray_steps(actor, order)]
    for action in ProposalAction:
        try:
            require_step(actor, action, order)
        except Fault:
            continue
        if action is ProposalAction.SUBMIT and order.proposal.status == "forbidden":
            continue
        if action is ProposalAction.ENDORSE and order.endorser_id is not None:
            continue
        told = decide(order.decision, action, actor.person_id, actor.roles, order.heads, rule)
        soft = {"correction.stale", "correction.needs_reason"}
        if not isinstance(told, Refused) or told.code in soft:
            found.append(action.value)
    is_author = order.proposal.person_id == actor.person_id
    if is_author and _is_outdated(order) and order.proposal.kind in REMAKABLE:
        found.append("again")
    return found


def _is_outdated(order: Order) -> bool:
    """What had no right to come is no order: it is taken over on what holds now."""
    proposal = order.proposal
    is_open = proposal.state in ("draft", "submitted")
    return is_open and order.is_stale and proposal.status != "forbidden"


def _barred(actor: Actor, order: Order) -> str:
    """Why somebody who would decide on others' orders does not decide on this one; else empty."""
    rule = approval_rule(order.proposal.jurisdiction_id)
    deciding = rule.approver_roles | ({Role.DEPUTY_HEAD} if rule.needs_endorsement else set())
    if order.proposal.state != ProposalState.SUBMITTED or not deciding & actor.roles:
        return ""
    if order.proposal.person_id == actor.person_id:
        return _("此更正由您本人提出。")
    if actor.person_id in order.first_authors:
        return _("此更正的内容最初由您本人送达，后由检查组人员采用并提出。")
    return ""


def _sentence(refused: Refused) -> str:
    return message(refused.code, current_locale(), refused.details)
