"""The county's rule for corrections, and who may take which step of an order."""

from __future__ import annotations

from collections.abc import Mapping

from domain.access import Action, Actor, Role, may
from domain.corrections import ApprovalRule, ProposalAction
from domain.errors import fault
from server.accounts.directory import list_holders
from server.accounts.service import get_jurisdiction
from server.corrections.order import Order

APPROVERS_SETTING = "correction.approver_roles"
ENDORSEMENT_SETTING = "correction.needs_endorsement"

ACTIONS: Mapping[ProposalAction, Action] = {
    ProposalAction.SUBMIT: Action.CORRECTION_REQUEST,
    ProposalAction.ENDORSE: Action.CORRECTION_ENDORSE,
    ProposalAction.APPROVE: Action.CORRECTION_APPROVE,
    ProposalAction.REFUSE: Action.CORRECTION_APPROVE,
}


def approval_rule(jurisdiction_id: int) -> ApprovalRule:
    """Who approves and whether the deputy endorses first: the county's settings, else the unit head
    and no endorsement (the sources differ)."""
    settings = get_jurisdiction(jurisdiction_id).settings
    roles = settings.get(APPROVERS_SETTING)
    known = frozenset(Role(one) for one in roles if one in set(Role)) if roles else frozenset()
    return ApprovalRule(
        approver_roles=known or ApprovalRule().approver_roles,
        needs_endorsement=bool(settings.get(ENDORSEMENT_SETTING, False)),
    )


def list_deciders(order: Order) -> list[int]:
    """Who may approve or refuse it: those of its department who hold the role, but nobody whose
    words it is or was, and not who endorsed it."""
    rule = approval_rule(order.proposal.jurisdiction_id)
    holders = list_holders(order.target.department_id or 0, rule.approver_roles)
    return [one for one in holders if one not in order.people | {order.endorser_id}]


def require_step(actor: Actor, action: ProposalAction, order: Order) -> None:
    """Raises ``correction.own_proposal``, ``correction.own_words`` or ``access.denied``. What the
    state of the order allows is ``domain.corrections.decide``."""
    is_author = order.proposal.person_id == actor.person_id
    if action is ProposalAction.DROP:
        if not is_author:
            raise fault("access.denied")
        return
    if action not in ACTIONS:
        raise fault("access.denied")
    if is_author and action is not ProposalAction.SUBMIT:
        raise fault("correction.own_proposal")
    if actor.person_id in order.first_authors and action is not ProposalAction.SUBMIT:
        raise fault("correction.own_words")
    if not may(actor, ACTIONS[action], order.target):
        raise fault("access.denied")
