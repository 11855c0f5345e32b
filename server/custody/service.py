"""Use cases: issuing a custody receipt, listing the keys that verify it."""

from __future__ import annotations

from typing import Any

from domain.access import Actor
from domain.canonical import canonical_json
from domain.errors import fault
from server.accounts.service import get_jurisdiction, get_person
from server.custody.keys import ensure_custody_key, list_keys, open_signer
from server.custody.signing import FORMAT
from server.fieldsync.service import dump_instant, read_custody
from server.inspections.records import find_inspection, list_team_persons
from server.runtime import now
from sync.operation import parse_inspection

__all__ = ["dump_keys", "ensure_custody_key", "issue_receipt", "sign_text"]


def issue_receipt(actor: Actor, space: str) -> dict[str, Any]:
    """What of this person's work in this inspection the server has at this moment, signed.

    ``is_complete``: every photo they declared is stored and no operation waits. Raises
    ``inspection.not_found`` also for an inspection the person has no part in.
    """
    signer = open_signer()  # may record its key: before the snapshot begins
    custody = read_custody(actor, space)
    inspection_id = parse_inspection(space)
    visit = find_inspection(inspection_id) if inspection_id is not None else None
    if visit is None:
        raise fault("inspection.not_found")
    if not custody.ops and actor.person_id not in list_team_persons(visit.id):
        raise fault("inspection.not_found")
    person = get_person(actor.person_id)
    stored = sum(photo["stored"] for photo in custody.photos)
    receipt = {
        "format": FORMAT,
        "jurisdiction": get_jurisdiction(actor.jurisdiction_id).name,
        "inspection": space,
        "number": visit.number,
        "person": {"id": person.id, "name": person.name},
        "epoch": custody.epoch,
        "issued_at": dump_instant(now()),
        "space_seq": custody.space_seq,
        "ops": custody.ops,
        "photos": custody.photos,
        "photos_declared": len(custody.photos),
        "photos_stored": stored,
        "is_complete": stored == len(custody.photos)
        and all(op["status"] != "held" for op in custody.ops),
    }
    signature = signer.sign(canonical_json(receipt))
    return {"receipt": receipt, "key_id": signer.key_id, "signature": signature}


def sign_text(text: str) -> dict[str, str]:
    """``{"key_id","signature"}`` with the key in force: for what leaves the house beside receipts,
    and is to be checked with the same public keys."""
    signer = open_signer()
    return {"key_id": signer.key_id, "signature": signer.sign(text)}


def dump_keys() -> list[dict[str, str]]:
    """Every public key on record, the newest first; the one in force is among them."""
    open_signer()
    return [
        {"key_id": key.key_id, "public_key": key.public_key, "since": dump_instant(key.since)}
        for key in list_keys()
    ]
