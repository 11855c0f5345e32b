"""Where a phone's log ends, as plain columns: looked at before a run of operations is judged, and
compared and moved in one statement when it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from server.accounts.models import Device
from server.db import db

_TABLE = Device.__table__
_COLUMN = _TABLE.c
_FIND = select(
    _COLUMN.id, _COLUMN.person_id, _COLUMN.last_seq, _COLUMN.link, _COLUMN.revoked_at
).where(_COLUMN.id == bindparam("phone"), _COLUMN.jurisdiction_id == bindparam("county"))
_CONTACT = ("contact_at", "contact")
_HEARTBEAT = ("heartbeat", "heartbeat_at")
_UNMOVED = (
    select(_COLUMN.id)
    .where(
        _COLUMN.id == bindparam("phone"),
        _COLUMN.last_seq == bindparam("seen_seq"),
        _COLUMN.link.is_not_distinct_from(bindparam("seen_link")),
        _COLUMN.revoked_at.is_(None),
    )
    .with_for_update(key_share=True, skip_locked=True)
)
_MOVE = {
    has_heartbeat: update(_TABLE)
    .where(_COLUMN.id == _UNMOVED.scalar_subquery())
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("last_seq", "link", *_CONTACT, *(_HEARTBEAT if has_heartbeat else ()))
        }
    )
    .returning(_COLUMN.durable_seq, _COLUMN.wipe_ordered_at, _COLUMN.wiped_at)
    for has_heartbeat in (False, True)
}


class LogEnd(NamedTuple):
    """``link`` is what the next operation should name as the one before it; None: not known."""

    id: str
    person_id: int
    last_seq: int
    link: str | None
    is_revoked: bool


def find_log_end(device_id: str, jurisdiction_id: int) -> LogEnd | None:
    """None for a phone that nobody has used yet, and for another county's."""
    named = {"phone": device_id, "county": jurisdiction_id}
    row = db.session.connection().execute(_FIND, named).first()
    if row is None:
        return None
    return LogEnd(row.id, row.person_id, row.last_seq, row.link, row.revoked_at is not None)


def move_log_end(
    seen: LogEnd, last_seq: int, link: str | None, contact: Mapping[str, Any]
) -> Any | None:
    """Moves the end on from ``seen`` and notes the contact (``contact_at``, ``contact``, and
    ``heartbeat`` with ``heartbeat_at`` where one came); holds the phone's row until the commit.
    Answers ``durable_seq``, ``wipe_ordered_at`` and ``wiped_at``; None, and nothing is written, for
    a phone that is no longer where it was seen, was revoked, or is held by somebody else: it waits
    for nobody."""
    values = {
        "phone": seen.id,
        "seen_seq": seen.last_seq,
        "seen_link": seen.link,
        "new_last_seq": last_seq,
        "new_link": link,
        **{f"new_{name}": value for name, value in contact.items()},
    }
    return db.session.connection().execute(_MOVE["heartbeat" in contact], values).first()
