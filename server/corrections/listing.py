"""Lookup: the orders in sight, in a list, and how many wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.access import Actor, may
from domain.corrections import ProposalAction, ProposalState
from server.accounts.service import get_person
from server.corrections.joining import list_joined, list_orders_of
from server.corrections.order import get_order
from server.corrections.rules import ACTIONS
from server.corrections.tracking import Rest, Tracked, track
from server.corrections.wording import kind_word
from server.fieldsync.models import Proposal
from server.i18n import translate as _
from server.inspections.records import find_inspection

STATES = tuple(state.value for state in ProposalState)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in the list. ``order_number`` is there once it is approved; ``number`` is the
    inspection's. ``at`` is when the server received it; ``tracked`` where an approved
    one has arrived."""

    proposal: Proposal
    what: str
    item: str
    firm: str
    number: str
    order_number: str
    author: str
    is_revoked: bool
    at: datetime
    tracked: Tracked | None


def list_orders(
    actor: Actor, state: str = "", is_own: bool = False, *, is_untracked: bool = False
) -> list[OrderLine]:
    """The orders in sight, first those that wait for somebody, the newest first; with ``is_own``
    the actor's own alone, with ``is_untracked`` the approved ones that the platform or the public
    does not know yet."""
    waiting = {"submitted": 0, "draft": 1}
    found = sorted(list_orders_of(actor), key=lambda one: waiting.get(one.state, 2))
    tracked = track(found)
    lines = [
        _line(one, tracked.get(one.id))
        for one in found
        if (not state or one.state == state) and (not is_own or one.person_id == actor.person_id)
    ]
    if is_untracked:
        lines = [one for one in lines if one.tracked and one.tracked.rest is not Rest.DONE]
    return lines


def count_waiting(actor: Actor) -> int:
    """How many submitted orders of others wait for a decision this person may take."""
    approve = ACTIONS[ProposalAction.APPROVE]
    waiting = [one for one in list_orders_of(actor) if one.state == "submitted"]
    return sum(
        actor.person_id not in order.people and may(actor, approve, order.target)
        for order in (get_order(actor, one.id) for one in waiting)
    )


def count_drafts(actor: Actor) -> int:
    """How many of the actor's own edits met the lock and wait to be submitted or dropped."""
    return sum(
        one.state == "draft" and one.person_id == actor.person_id and one.status != "forbidden"
        for one in list_orders_of(actor)
    )


def _line(proposal: Proposal, tracked: Tracked | None) -> OrderLine:
    inspection = find_inspection(proposal.inspection_id) if proposal.inspection_id else None
    return OrderLine(
        proposal=proposal,
        what=kind_word(proposal.kind, proposal.payload),
        item=_("、").join(
            one.entity.rpartition("/")[2]
            for one in (proposal, *list_joined(proposal.id))
            if "/" in one.entity
        ),
        firm=inspection.firm.name if inspection is not None else "",
        number=inspection.number if inspection is not None else "",
        order_number=tracked.number if tracked is not None else "",
        author=get_person(proposal.person_id).name,
        is_revoked=proposal.is_author_revoked,
        at=proposal.made_at,
        tracked=tracked,
    )
