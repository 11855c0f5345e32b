"""What a decision is signed with, and what it is a signature of (R080, R081)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from domain.access import Actor
from domain.corrections import ProposalAction
from domain.county_settings import read_setting
from domain.errors import Fault, fault
from domain.signatures import TYPED_SETTING, Signature, find_signature_fault
from server.accounts.service import get_jurisdiction, get_person
from server.corrections.evidence import list_evidence
from server.corrections.models import CorrectionSignature, CorrectionStep
from server.corrections.order import Order
from server.db import db
from sync.canonical import hash_canonical
from sync.messages.field_shapes import check_strokes
from sync.messages.frame import Frame


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that counts; ``digest`` is of what was signed."""

    signature: Signature
    digest: str


def read_signature(told: Mapping[str, Any]) -> Signature:
    """``{"strokes","size"}`` as a phone sends a signature. Raises ``request.*``."""
    frame = Frame(told, "signature")
    check_strokes(frame)
    frame.close()
    width, height = told["size"]
    return Signature(told["strokes"], (width, height))


def read_drawn(text: str) -> Signature:
    """The hidden field of a pad; an empty one is no signature. Raises ``signature.unreadable``."""
    if not text:
        return Signature()
    try:
        return read_signature(json.loads(text))
    except (ValueError, RecursionError, Fault):
        raise fault("signature.unreadable") from None


def takes_typed_name(jurisdiction_id: int) -> bool:
    """Whether the county lets a typed name stand for a drawn one; it does not by default."""
    return bool(read_setting(get_jurisdiction(jurisdiction_id).settings, TYPED_SETTING))


def require_signature(
    actor: Actor, order: Order, action: ProposalAction, opinion: str, signature: Signature
) -> Signed:
    """Under the order's lock. Raises ``signature.*``."""
    name = get_person(actor.person_id).name
    found = find_signature_fault(signature, name, takes_typed_name(actor.jurisdiction_id))
    if found is not None:
        raise found.as_fault()
    return Signed(signature, digest_signed(order, action, opinion))


def digest_signed(order: Order, action: ProposalAction, opinion: str) -> str:
    """SHA-256 of the canonical form of what is signed: which order, on what it stands, what its
    parts say, why, with which papers, and the signer's own words."""
    return hash_canonical(
        {
            "order": order.proposal.id,
            "sheet": f"{order.proposal.space}/{order.code}",
            "version": order.standing.version,
            "parts": [
                {
                    "op": part.proposal.op,
                    "payload": part.proposal.payload,
                    "result": part.proposal.result,
                }
                for part in order.parts
            ],
            "against": order.heads,
            "reason": order.reason,
            "evidence": [one.sha256 for one in list_evidence(order.proposal.id)],
            "action": action.value,
            "opinion": opinion,
        }
    )


def keep_signature(actor: Actor, step: CorrectionStep, signed: Signed) -> None:
    """Into the running unit of work, under its step."""
    db.session.flush()
    drawn, (width, height) = signed.signature.strokes, signed.signature.size
    is_drawn = any(drawn)
    db.session.add(
        CorrectionSignature(
            jurisdiction_id=actor.jurisdiction_id,
            step_id=step.id,
            strokes=[list(stroke) for stroke in drawn] if is_drawn else [],
            width=width if is_drawn else 0,
            height=height if is_drawn else 0,
            typed_name="" if is_drawn else signed.signature.typed_name.strip(),
            digest=signed.digest,
        )
    )


def map_signatures(steps: Sequence[CorrectionStep]) -> dict[int, CorrectionSignature]:
    """Step → its signature; steps without one are left out."""
    ids = [one.id for one in steps]
    query = select(CorrectionSignature).where(CorrectionSignature.step_id.in_(ids))
    return {one.step_id: one for one in db.session.scalars(query)}
