"""Work that comes in a file instead of by network: through the same push and the same upload
(docs/protocol 13.8)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import IO

from sqlalchemy import select

from domain.access import Actor
from domain.errors import Fault, fault
from server.db import db
from server.fieldsync.epochs import current_epoch
from server.fieldsync.files.chunks import Chunk
from server.fieldsync.files.uploads import create_upload, write_chunk
from server.fieldsync.models import Receipt
from server.fieldsync.receiving.asides import origin_of
from server.fieldsync.receiving.groups import list_parts
from server.fieldsync.receiving.push import push
from server.runtime import runtime
from sync.messages.push_request import MAX_OPS, Offer, PushRequest
from sync.upload import UploadState
from sync.version import PROTO, SCHEMA


def push_offers(
    actor: Actor, device_id: str, offers: Sequence[Offer], *, is_proven: bool = True
) -> tuple[Counter[str], int | None]:
    """Pushes them in pieces that break no group, as the device's own person. Answers how many got
    which status (``replay`` for what was known before), and the first number that is missing
    before some of them, which wait as ``held`` until it comes. The app that wrote the file may be
    older than what a push still asks for: the file cannot update itself. What is not
    ``is_proven`` was ``set_aside`` and takes no number of the phone's: anybody may have written
    it."""
    counts: Counter[str] = Counter()
    missing: int | None = None
    for piece in _pieces(offers):
        request = PushRequest(
            proto=PROTO,
            app=runtime().config.min_app_version,
            schema=SCHEMA,
            device=device_id,
            epoch=current_epoch(),
            session=None,
            sent_at=None,
            mono_ms=None,
            ops=tuple(piece),
        )
        known = {op for op, status in _list_statuses(actor, piece).items() if status != "held"}
        try:
            push(actor, request, is_aside=not is_proven)
        except Fault as gap:
            if gap.code != "sync.sequence_gap":
                raise
            expect = gap.details["expect"]
            missing = expect if isinstance(expect, int) else missing
        counts["replay"] += len(known)
        told = _list_statuses(actor, piece)
        counts.update(status for op, status in told.items() if op not in known)
    return counts, missing


def take_photo(
    actor: Actor, sha256: str, size: int, file: IO[bytes], ops: Sequence[str] = ()
) -> None:
    """Takes a photo's bytes as an upload of this person; bytes that are here already are not read.
    One of ``ops`` declared it, where the file knows. Raises ``photo.*``."""
    op = _find_declaring(actor, sha256, ops) or _find_declaring(actor, sha256)
    if op is None:
        raise fault("photo.not_declared")
    upload = create_upload(actor, size, sha256, op)
    if upload.state == UploadState.OPEN:
        file.seek(upload.offset)
        chunk = Chunk(file, size - upload.offset, None)
        upload = write_chunk(actor, upload.id, upload.offset, chunk)
        if upload.state == UploadState.OPEN:
            raise fault("photo.hash_mismatch")  # fewer bytes than the file says it has


def _pieces(offers: Sequence[Offer]) -> Iterator[list[Offer]]:
    """At most as many as a push may carry; neighbours of one group stay together."""
    piece: list[Offer] = []
    for part in list_parts(offers):
        if piece and len(piece) + len(part) > MAX_OPS:
            yield piece
            piece = []
        piece += part
    if piece:
        yield piece


def _list_statuses(actor: Actor, piece: Sequence[Offer]) -> dict[str, str]:
    """By operation the status on record: a push that met a gap answers none. What was set aside
    may be there under the id the phone gave it, because the phone itself delivered the same."""
    columns = select(Receipt.op, Receipt.payload_sha256, Receipt.person_id, Receipt.status)
    ids = {op for offer in piece for op in (offer.op, origin_of(offer))}
    rows = {row.op: row for row in db.session.execute(columns.where(Receipt.op.in_(ids)))}
    found = {}
    for offer in piece:
        row, mine = rows.get(origin_of(offer)), (offer.payload_sha256, actor.person_id)
        if row is None or (row.payload_sha256, row.person_id) != mine:
            row = rows.get(offer.op)
        if row is not None:
            found[offer.op] = row.status
    return found


def _find_declaring(actor: Actor, sha256: str, ops: Sequence[str] | None = None) -> str | None:
    """The operation on record that promised these bytes, one of ``ops`` or any."""
    query = select(Receipt.op, Receipt.payload).where(
        Receipt.person_id == actor.person_id,
        Receipt.kind == "photo.attach",
        Receipt.op.in_(ops) if ops is not None else Receipt.payload.contains(sha256),
    )
    for op, payload in db.session.execute(query):
        if json.loads(payload)["photo"]["sha256"] == sha256:
            return str(op)
    return None
