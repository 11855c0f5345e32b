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
from server.fieldsync.chunks import Chunk
from server.fieldsync.epochs import current_epoch
from server.fieldsync.groups import list_parts
from server.fieldsync.models import Receipt
from server.fieldsync.push import push
from server.fieldsync.uploads import create_upload, write_chunk
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
    ``is_proven`` takes no number of the phone's: anybody may have written it."""
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
        known = _list_known(piece)
        try:
            push(actor, request, is_aside=not is_proven)
        except Fault as gap:
            if gap.code != "sync.sequence_gap":
                raise
            expect = gap.details["expect"]
            missing = expect if isinstance(expect, int) else missing
        counts["replay"] += len(known)
        counts.update(_count(piece, known))
    return counts, missing


def take_photo(actor: Actor, sha256: str, size: int, file: IO[bytes], op: str | None) -> None:
    """Takes a photo's bytes as an upload of this person; bytes that are here already are not read.
    ``op`` declared it, where the file knows. Raises ``photo.*``."""
    op = op or _find_declaring(actor, sha256)
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


def _list_known(piece: Sequence[Offer]) -> set[str]:
    """Those that have their outcome already."""
    query = select(Receipt.op).where(
        Receipt.op.in_([offer.op for offer in piece]), Receipt.status != "held"
    )
    return set(db.session.scalars(query))


def _count(piece: Sequence[Offer], known: set[str]) -> Counter[str]:
    """By the status on record: a push that met a gap answers none."""
    fresh = [offer.op for offer in piece if offer.op not in known]
    query = select(Receipt.status).where(Receipt.op.in_(fresh))
    return Counter(db.session.scalars(query))


def _find_declaring(actor: Actor, sha256: str) -> str | None:
    """The operation, delivered earlier, that promised these bytes."""
    query = select(Receipt.op, Receipt.payload).where(
        Receipt.person_id == actor.person_id,
        Receipt.kind == "photo.attach",
        Receipt.payload.contains(sha256),
    )
    for op, payload in db.session.execute(query):
        if json.loads(payload)["photo"]["sha256"] == sha256:
            return str(op)
    return None
