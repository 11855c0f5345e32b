"""Operations of a page on which somebody fills a sheet without the app: judged, receipted and kept
like a phone's, also where they lose, meet a lock or come from somebody no longer on the team.

The page carries an id made when it was shown. Sent twice it applies once (I2, I21); gone back to
and sent with other content it is another operation, whose author has seen the first one.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.access import Actor
from domain.errors import fault
from server.accounts.service import get_person
from server.db import db, unit_of_work
from server.fieldsync.entities import find_entity
from server.fieldsync.instants import dump_instant
from server.fieldsync.models import Entity, Receipt
from server.fieldsync.receipts import add_receipt, list_known
from server.fieldsync.receiving.judge import judge
from server.fieldsync.spaces import lock_space
from server.runtime import now
from sync.canonical import dump_canonical, hash_text
from sync.merge import is_equal
from sync.messages.operation import parse_operation
from sync.operation import Kind
from sync.rows import Author

_DONE = ("applied", "merged")


@dataclass(frozen=True, slots=True)
class PageOp:
    """What a page wants done. ``page`` is the id made when it was shown, ``base`` the heads it
    showed, ``fields`` what was changed on it. ``whole`` is all it says of an answer: of that goes
    along what the same page has written before. ``photo`` is a claim as in docs/protocol 13.3."""

    page: str
    kind: str
    entity: str
    fields: Mapping[str, Any]
    base: Mapping[str, str | None]
    whole: Mapping[str, Any] = field(default_factory=dict)
    resolves: Sequence[str] = ()
    photo: Mapping[str, Any] | None = None


def perform_page_op(actor: Actor, space: str, wanted: PageOp) -> dict[str, Any]:
    """The verdict as a phone gets it (docs/protocol 2): ``op``, ``status``, and ``proposal``,
    ``error``, ``bytes`` where there are any; for what was sent before and has been overtaken since,
    ``conflict``. Raises ``op.id_reuse`` for another person's page,
    ``request.*`` or ``op.*`` for what cannot be read."""
    with unit_of_work():
        lock_space(space)  # the second click waits here, and finds what the first has done
        written = _written_by(actor, space, wanted)
        fields = dict(wanted.fields) | {n: wanted.whole[n] for n in written if n in wanted.whole}
        ground = _ground_of(space, wanted, written)
        op = _find_same(actor, wanted, fields, ground) or _make_id(wanted, fields, ground)
        known, outcomes = list_known([op])
        if op in known:
            if known[op].person_id != actor.person_id:
                raise fault("op.id_reuse")
            if outcomes[op]["status"] in _DONE and not _stands(space, wanted, fields):
                return {**outcomes[op], "status": "conflict"}
            return outcomes[op]
        at = now()
        sent = {
            "op": op,
            "seq": 1,
            "kind": wanted.kind,
            "v": 1,
            "space": space,
            "entity": wanted.entity,
            "fields": fields,
            "base": {**wanted.base, **written, **_removal_of(space, wanted)},
            "at": dump_instant(at),
            "session": wanted.page,
        }
        if wanted.resolves:
            sent["resolves"] = list(wanted.resolves)
        if wanted.photo is not None:
            sent["photo"] = dict(wanted.photo)
        read = parse_operation(sent, "op")
        text = dump_canonical(sent)
        receipt = add_receipt(
            op=op,
            jurisdiction_id=actor.jurisdiction_id,
            device=f"office:{actor.person_id}",
            side_device=None,
            seq=0,
            person_id=actor.person_id,
            space=space,
            kind=wanted.kind,
            payload=text,
            payload_sha256=hash_text(text),
            at=at,
        )
        author = Author(actor.person_id, get_person(actor.person_id).name)
        judge(receipt, read, sent, actor, author, at)
        return receipt.outcome


def has_written(actor: Actor, space: str, wanted: PageOp) -> bool:
    """Whether this very page wrote something of the entity before."""
    return bool(_written_by(actor, space, wanted))


def _written_by(actor: Actor, space: str, wanted: PageOp) -> dict[str, str]:
    """The fields that this very page has written before (sent, gone back to, corrected, sent
    again), with the operation that did: its author has seen that."""
    known = find_entity(space, wanted.entity)
    heads = known.heads if known is not None else {}
    return {
        name: heads[name]
        for name in {*wanted.fields, *wanted.whole}
        if heads.get(name) is not None
        and heads[name] != wanted.base.get(name)
        and _is_of_page(actor, heads[name], wanted.page)
    }


def _is_of_page(actor: Actor, op: str, page: str) -> bool:
    receipt = db.session.get(Receipt, op)
    if receipt is None or receipt.person_id != actor.person_id:
        return False
    return bool(json.loads(receipt.payload).get("session") == page)


def _ground_of(space: str, wanted: PageOp, written: Mapping[str, str]) -> list[str]:
    """The operations that this one is said over. Handing in again after a return is another
    handing in, whatever day it names."""
    if wanted.kind != Kind.SHEET_SUBMIT:
        return sorted(set(written.values()))
    known = find_entity(space, wanted.entity)
    head = known.heads.get("state") if known is not None else None
    return [head] if head is not None else []


def _removal_of(space: str, wanted: PageOp) -> dict[str, str | None]:
    """The head of a photo that was taken off: whoever chooses the file again wants it back."""
    known = _photo_row(space, wanted)
    return {"attached": known.heads.get("attached")} if known is not None and known.is_gone else {}


def _stands(space: str, wanted: PageOp, fields: Mapping[str, Any]) -> bool:
    """Whether what took effect then is what is on record now."""
    if wanted.photo is not None:
        photo = _photo_row(space, wanted)
        return photo is not None and not photo.is_gone and wanted.entity in photo.fields["attached"]
    known = find_entity(space, wanted.entity)
    return known is not None and all(
        is_equal(known.fields.get(name), value) for name, value in fields.items()
    )


def _photo_row(space: str, wanted: PageOp) -> Entity | None:
    return find_entity(space, f"photo:{wanted.photo['sha256']}") if wanted.photo else None


def _find_same(
    actor: Actor, wanted: PageOp, fields: Mapping[str, Any], ground: Sequence[str]
) -> str | None:
    """The page's own operation that stands and says just this."""
    for op in ground:
        if not _is_of_page(actor, op, wanted.page):
            continue
        payload = json.loads(db.session.get_one(Receipt, op).payload)
        if (payload["kind"], payload["entity"], payload["fields"]) == (
            wanted.kind,
            wanted.entity,
            dict(fields),
        ):
            return op
    return None


def _make_id(wanted: PageOp, fields: Mapping[str, Any], ground: Sequence[str]) -> str:
    """The same for the same content of the same page over the same ground; a photo is its bytes,
    whenever it was sent. A UUID of version 8 (RFC 9562: of our own making): no phone makes one."""
    photo = wanted.photo["sha256"] if wanted.photo is not None else None
    content = dump_canonical([wanted.kind, wanted.entity, dict(fields), photo, list(ground)])
    digest = hashlib.sha256(f"suicha-page/1\n{wanted.page}\n{content}".encode()).digest()
    bits = int.from_bytes(digest[:16], "big")
    bits = (bits & ~(0xF << 76)) | (0x8 << 76)
    bits = (bits & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=bits))
