"""What was done with an order: for the timeline, and with the signatures for paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.corrections import ProposalAction
from server.accounts.service import get_person
from server.corrections.order import Order
from server.corrections.signing import map_signatures
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal
from server.inspections.signature_svg import signature_paths

SIGNED = {ProposalAction.ENDORSE.value, ProposalAction.APPROVE.value, ProposalAction.REFUSE.value}


@dataclass(frozen=True, slots=True)
class SignedStep:
    """A step with what it was signed with: ``paths`` of SVG, or ``typed_name``; both empty where it
    was confirmed with the password alone. ``digest`` is of what was signed."""

    action: str
    who: str
    at: datetime
    reason: str
    version: int | None
    paths: tuple[str, ...]
    width: int
    height: int
    typed_name: str
    digest: str


def list_signatures(order: Order) -> list[SignedStep]:
    """Endorsement and decision, in the order in which they were taken."""
    signed = map_signatures(order.steps)
    found = []
    for step in order.steps:
        if step.action not in SIGNED:
            continue
        one = signed.get(step.id)
        found.append(
            SignedStep(
                action=step.action,
                who=get_person(step.person_id).name,
                at=step.at,
                reason=step.reason,
                version=step.version,
                paths=signature_paths(one.strokes) if one is not None else (),
                width=max(1, one.width) if one is not None else 1,
                height=max(1, one.height) if one is not None else 1,
                typed_name=one.typed_name if one is not None else "",
                digest=one.digest if one is not None else "",
            )
        )
    return found


def list_events(order: Order) -> list[dict[str, Any]]:
    """For the kit's timeline, the oldest first."""
    proposal = order.proposal
    made = {
        "at": proposal.made_at,
        "what": _how(proposal),
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


def _how(proposal: Proposal) -> str:
    if fieldsync.find_source(proposal):
        return "imported"
    is_asked = proposal.kind == "correction.propose" and proposal.status != "forbidden"
    return "asked" if is_asked else "received"
