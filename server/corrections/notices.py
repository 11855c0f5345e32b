"""Whom a step of an order concerns; the rows leave in the step's own commit (I28)."""

from __future__ import annotations

from typing import Any

from domain.access import Actor, Role
from domain.corrections import ProposalAction
from server.accounts.directory import list_holders
from server.accounts.service import get_person
from server.corrections.order import Order
from server.corrections.rules import approval_rule
from server.inspections.records import find_inspection
from server.notifications.noting import note
from server.runtime import now

KINDS = {
    ProposalAction.SUBMIT: "proposal.submitted",
    ProposalAction.APPROVE: "proposal.approved",
    ProposalAction.REFUSE: "proposal.refused",
    ProposalAction.TAKE_OVER: "proposal.approved",
}


def tell_step(
    actor: Actor,
    order: Order,
    action: ProposalAction,
    op: str,
    reason: str,
    version: int | None,
) -> None:
    """A submitted order goes to who decides and to the office, a decision to its author and to the
    office. Dropping and endorsing concern nobody who is not looking at it."""
    kind = KINDS.get(action)
    if kind is None:
        return
    proposal, department = order.proposal, order.target.department_id
    roles = {Role.OFFICE_STAFF}
    people = set()
    if action is ProposalAction.SUBMIT:
        rule = approval_rule(proposal.jurisdiction_id)
        roles |= rule.approver_roles | ({Role.DEPUTY_HEAD} if rule.needs_endorsement else set())
    else:
        people = {proposal.person_id}
    if department is not None:
        people |= set(list_holders(department, roles))
    inspection = find_inspection(proposal.inspection_id or 0)
    assert inspection is not None  # an order is about a sheet
    details: dict[str, Any] = {
        "number": inspection.number,
        "firm": inspection.firm.name,
        "sheet": order.code,
        "entity": proposal.entity,
        "proposal": proposal.id,
        "by": {"id": actor.person_id, "name": get_person(actor.person_id).name},
        "reason": reason,
        "version": version,
    }
    payload = {"space": proposal.space, "details": details}
    note(proposal.jurisdiction_id, op, kind, people - {actor.person_id}, payload, now())
