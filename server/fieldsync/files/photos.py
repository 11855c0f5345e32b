"""Reading photos back: only for who may read the sheet they belong to."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from domain.access import Action, Actor, may
from domain.errors import fault
from server.db import db
from server.fieldsync.files.blobs import find_blob
from server.fieldsync.files.photo_rows import is_photo_row
from server.fieldsync.files.pictures import THUMB_PIXELS, VIEW_PIXELS, shrink_picture
from server.fieldsync.files.uploads import folder
from server.fieldsync.models import Blob, Entity, Proposal
from server.fieldsync.proposals import list_proposals
from server.fieldsync.visit import find_visit
from server.runtime import runtime

# what is made from a photo, once → its longest side
DERIVED = {".thumb.jpg": THUMB_PIXELS, ".view.jpg": VIEW_PIXELS}


def find_photo(actor: Actor, sha256: str) -> Blob | None:
    """The stored photo, if the actor may read a sheet it is (or was) attached to, or a proposal
    that carries it; None otherwise, without telling which."""
    blob = find_blob(sha256)
    if blob is None or not _may_read(actor, sha256):
        return None
    return blob


def get_photo_path(actor: Actor, sha256: str) -> tuple[Blob, Path]:
    """Record and file. Raises ``photo.not_found``."""
    blob = find_photo(actor, sha256)
    path = folder().blob_path(sha256) if blob is not None else None
    if blob is None or path is None or not path.is_file():
        raise fault("photo.not_found")
    return blob, path


def get_thumbnail_path(actor: Actor, sha256: str) -> Path:
    """The small picture, made once. Raises ``photo.not_found``."""
    return _get_derived(actor, sha256, ".thumb.jpg")


def get_view_path(actor: Actor, sha256: str) -> Path:
    """The large picture as any browser shows it, made once. Raises ``photo.not_found``."""
    return _get_derived(actor, sha256, ".view.jpg")


def get_shown_picture(sha256: str, *, is_small: bool) -> Path:
    """A stored picture of the county in sight as any browser shows it, made once; who may see it is
    the caller's to ask. Raises ``photo.not_found``."""
    path = folder().blob_path(sha256) if find_blob(sha256) is not None else None
    if path is None or not path.is_file():
        raise fault("photo.not_found")
    return _derive(path, sha256, ".thumb.jpg" if is_small else ".view.jpg")


def shrink_photo(actor: Actor, sha256: str, side: int) -> bytes:
    """A JPEG of at most ``side`` pixels a side, made anew and kept nowhere: for paper. Raises
    ``photo.not_found``, ``photo.not_a_picture``, and OSError for a file that was damaged since."""
    _, path = get_photo_path(actor, sha256)
    return shrink_picture(path, side, runtime().config.max_photo_pixels, margin=1)


def _get_derived(actor: Actor, sha256: str, suffix: str) -> Path:
    _, path = get_photo_path(actor, sha256)
    return _derive(path, sha256, suffix)


def _derive(path: Path, sha256: str, suffix: str) -> Path:
    derived = folder().blob_path(sha256, suffix)
    if derived.is_file():
        return derived
    data = shrink_picture(path, DERIVED[suffix], runtime().config.max_photo_pixels)
    return folder().write_derived(sha256, suffix, data)


def _may_read(actor: Actor, sha256: str) -> bool:
    rows = list(db.session.scalars(select(Entity).where(*is_photo_row(sha256))))
    for row in rows:
        visit = find_visit(row.space)
        if visit is None:
            continue
        codes = [code for code, sheet_id in visit.sheet_ids.items() if sheet_id == row.sheet_id]
        if any(may(actor, Action.PHOTO_READ, visit.target(code)) for code in codes):
            return True
    # A proposal shows bytes that came with it alone. Where a sheet has the photo, it decides:
    # naming somebody else's hash in an operation of one's own must open nothing.
    return not rows and any(_carries(one, sha256) for one in list_proposals(actor))


def _carries(proposal: Proposal, sha256: str) -> bool:
    photo = proposal.payload.get("photo") or {}
    return bool(photo.get("sha256") == sha256)
