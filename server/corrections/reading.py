"""Lookup: one order as pages show it, with what this person may do to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.access import Actor, Role
from domain.check_items import CheckItem
from domain.corrections import ProposalAction, ProposalState, decide
from domain.errors import Fault, Refused, message
from server.accounts.service import get_person
from server.corrections.events import SignedStep, list_events, list_signatures
from server.corrections.evidence import list_evidence
from server.corrections.models import CorrectionEvidence
from server.corrections.order import Order, Part, get_order
from server.corrections.rules import approval_rule, list_deciders, require_step
from server.corrections.strays import list_stray_steps
from server.corrections.tracking import Tracked, track
from server.corrections.wording import ChangeLine, change_lines, item_text, kind_word
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.models import Inspection, Sheet
from server.inspections.paper_numbers import number_correction
from server.inspections.records import find_inspection, find_sheet
from server.results import service as results

REMAKABLE = {"answer.set", "correction.propose"}


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order for a page. ``number`` is there once it is approved. ``changes`` is what it changes
    (or changed, or would have changed); ``moved`` what has been corrected since it was written;
    ``hindrance`` why it cannot become a version; ``barred`` why this person, who holds the role,
    may not decide all the same, and ``deciders`` who may; ``source`` is there for what came in a
    file that nobody sealed; ``against`` goes back with a decision."""

    order: Order
    number: str
    inspection: Inspection
    sheet: Sheet
    what: str
    items: list[str]
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
    evidence: list[CorrectionEvidence]
    signatures: list[SignedStep]
    tracked: Tracked | None
    events: list[dict[str, Any]]
    against: str
    may: frozenset[str]

    @property
    def state(self) -> str:
        return self.order.proposal.state

    @property
    def item(self) -> str:
        """The check entry's code and text, of several all of them; empty for none."""
        return _("；").join(self.items)

    @property
    def is_outdated(self) -> bool:
        """Whether it waits and was written on what no longer holds."""
        return _is_outdated(self.order)

    @property
    def takes_result(self) -> bool:
        """Whether the author may say that the item's national code changes too."""
        return self.order.proposal.kind == "answer.set"


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
        number=number_correction(inspection, sheet, _made(order)),
        inspection=inspection,
        sheet=sheet,
        what=kind_word(proposal.kind, proposal.payload),
        items=[text for one in order.parts if (text := item_text(one.proposal.entity, items))],
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
        evidence=list_evidence(proposal.id),
        signatures=list_signatures(order),
        tracked=track([proposal]).get(proposal.id),
        events=list_events(order),
        against=json.dumps(order.heads),
        may=frozenset(_allowed(actor, order)),
    )


def _made(order: Order) -> int | None:
    """The version its approval made, if any did."""
    return next((one.version for one in order.steps if one.version is not None), None)


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
    return [line for part in order.parts for line in _written(part.proposal)]


def _written(proposal: Proposal) -> list[dict[str, Any]]:
    sent: Mapping[str, Any] = proposal.payload.get("fields") or {}
    if proposal.kind not in REMAKABLE:
        return []
    wanted = {name: value for name, value in sent.items() if name != "reason"}
    if proposal.result is not None:
        wanted["result"] = proposal.result
    return [_change(proposal, name, value) for name, value in wanted.items()]


def _change(proposal: Proposal, name: str, new: Any) -> dict[str, Any]:
    old = proposal.current.get(name)
    return {"entity": proposal.entity, "field": name, "old": old, "new": new}


def _moved(order: Order, items: Mapping[str, CheckItem]) -> list[ChangeLine]:
    """What stood there when the order was written, and what holds now."""
    return change_lines([line for part in order.parts for line in _moved_of(part)], items)


def _moved_of(part: Part) -> list[dict[str, Any]]:
    subject, written, before = part.subject, part.proposal.against, part.proposal.current
    names = [
        name
        for name, head in subject.heads.items()
        if written.get(name) != head and name != "entered"
    ]
    now = subject.row.fields if subject.row is not None else {}
    return [
        {"entity": subject.entity, "field": name, "old": before.get(name), "new": now.get(name)}
        for name in names
    ]


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
