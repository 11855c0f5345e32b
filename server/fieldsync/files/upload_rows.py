"""The records of uploads, and what else is asked before bytes are taken. Plain columns and
statements made once: each photo runs them."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.access import Actor
from domain.errors import fault
from server.db import db
from server.fieldsync.models import Receipt, Upload
from server.runtime import now
from sync.upload import UploadState

LIFETIME = timedelta(days=7)
_RECEIPTS, _UPLOADS = Receipt.__table__.c, Upload.__table__.c
_PROMISE = select(_RECEIPTS.payload).where(
    _RECEIPTS.op == bindparam("op"),
    _RECEIPTS.person_id == bindparam("person"),
    _RECEIPTS.kind == "photo.attach",
    _RECEIPTS.jurisdiction_id == bindparam("county"),
)
_OPEN = (
    select(_UPLOADS.id)
    .where(
        _UPLOADS.person_id == bindparam("person"),
        _UPLOADS.sha256 == bindparam("sha256"),
        _UPLOADS.length == bindparam("length"),
        _UPLOADS.state == UploadState.OPEN.value,
        _UPLOADS.expires_at > bindparam("at"),
        _UPLOADS.jurisdiction_id == bindparam("county"),
    )
    .order_by(_UPLOADS.created_at)
    .limit(1)
)
_MOVING = ("offset", "state")
_PUT = {}
for _name, _insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert)):
    _new = _insert(Upload.__table__)
    _PUT[_name] = _new.on_conflict_do_update(
        index_elements=[_UPLOADS.id], set_={name: _new.excluded[name] for name in _MOVING}
    )


def build_upload(actor: Actor, length: int, sha256: str, op: str) -> Upload:
    """A new upload under an address nobody has heard of; not on record yet."""
    at = now()
    return Upload(
        id=secrets.token_urlsafe(18),
        jurisdiction_id=actor.jurisdiction_id,
        person_id=actor.person_id,
        sha256=sha256,
        op=op,
        length=length,
        offset=0,
        state=UploadState.OPEN.value,
        created_at=at,
        expires_at=at + LIFETIME,
    )


def put_upload(upload: Upload) -> None:
    """Records it as it stands; of one on record only offset and state move. Joins the unit of
    work. The object is a value: the session must not know it."""
    columns = {column.key: getattr(upload, column.key) for column in _UPLOADS}
    connection = db.session.connection()
    connection.execute(_PUT[connection.dialect.name], columns)


def set_upload(upload_id: str, **values: object) -> None:
    """Joins the unit of work."""
    db.session.execute(update(Upload).where(Upload.id == upload_id).values(**values))


def get_upload(actor: Actor, upload_id: str) -> Upload:
    """The person's own upload. Raises ``upload.not_found`` or ``upload.expired``."""
    upload = db.session.scalar(
        select(Upload)
        .where(Upload.id == upload_id, Upload.person_id == actor.person_id)
        .execution_options(populate_existing=True)
    )
    if upload is None or upload.state == UploadState.DISCARDED:
        raise fault("upload.not_found")
    if is_expired(upload, now()):
        raise fault("upload.expired")
    return upload


def find_open(actor: Actor, length: int, sha256: str) -> Upload | None:
    """The upload of this photo that the person has begun."""
    asked = {"sha256": sha256, "length": length, "at": now(), **_who(actor)}
    found = db.session.connection().execute(_OPEN, asked).scalar()
    return db.session.get(Upload, found) if found is not None else None


def is_declared(actor: Actor, sha256: str, op: str) -> bool:
    """Whether a receipt of this person promised these bytes: whatever became of it, late evidence
    keeps its bytes."""
    payload = db.session.connection().execute(_PROMISE, {"op": op, **_who(actor)}).scalar()
    return payload is not None and json.loads(payload)["photo"]["sha256"] == sha256


def is_expired(upload: Upload, at: datetime) -> bool:
    return upload.state == UploadState.OPEN and upload.expires_at <= at


def _who(actor: Actor) -> dict[str, int]:
    return {"person": actor.person_id, "county": actor.jurisdiction_id}
