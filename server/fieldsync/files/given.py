"""A photo that comes whole, with a page: measured before anything is promised of it."""

from __future__ import annotations

import hashlib
from typing import IO, Any

from domain.access import Actor
from domain.errors import fault
from server.fieldsync.files.pictures import measure_picture
from server.fieldsync.files.storage import BLOCK_BYTES
from server.fieldsync.instants import dump_instant
from server.runtime import now, runtime


def claim_photo(actor: Actor, file: IO[bytes]) -> dict[str, Any]:
    """What ``photo.attach`` says of these bytes, all of it measured here: the original is stored,
    when and where it was taken nobody vouches for. Raises ``photo.*``."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
        size += len(block)
    if size > runtime().config.max_photo_bytes:
        raise fault("photo.too_many_bytes", max_bytes=runtime().config.max_photo_bytes)
    file.seek(0)
    picture = measure_picture(file, runtime().config.max_photo_pixels)
    return {
        "sha256": digest.hexdigest(),
        "bytes": size,
        "mime": picture.mime,
        "width": picture.width,
        "height": picture.height,
        "manifest": {
            "at": dump_instant(now()),
            "officer_id": actor.officer_id,
            "device": f"office:{actor.person_id}",
            "source": "gallery",
        },
    }
