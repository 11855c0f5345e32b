"""The phone's row: its number is taken under this row's lock, and what its clock says is noted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from domain.access import Actor
from domain.errors import fault
from server.accounts.models import Device
from server.accounts.service import bind_device, find_device, revoked_fault
from server.db import unit_of_work
from server.runtime import now
from sync.messages.heartbeat import Heartbeat

HEARTBEAT_EVERY = timedelta(minutes=1)


def lock_device(actor: Actor, device_id: str) -> Device:
    """The device, held until the commit; its first use binds it to the person (a phone that was
    told to rename itself comes with a new id). Raises ``device.unknown`` or ``device.bound``."""
    device = find_device(device_id, is_locked=True) or bind_device(actor, device_id)
    return _checked(actor, device)


def get_device(actor: Actor, device_id: str, heartbeat: Heartbeat | None = None) -> Device:
    """For reading; binds it as ``lock_device`` does, and notes the heartbeat that came along.
    Raises ``device.unknown``, ``device.bound`` or ``device.revoked``."""
    device = _checked(actor, find_device(device_id) or bind_device(actor, device_id))
    if heartbeat is not None and _is_news(device, heartbeat, now()):
        with unit_of_work():
            device = _checked(actor, find_device(device_id, is_locked=True))
            note_heartbeat(device, heartbeat, now())
    if device.revoked_at is not None:
        raise revoked_fault(device)
    return device


def note_contact(
    device: Device,
    sent_at: str | None,
    mono_ms: float | None,
    at: datetime,
    heartbeat: Heartbeat | None = None,
) -> None:
    """Server time beside the phone's claim: the bracket of its records (docs/protocol part 6), and
    what it says of itself. Nothing is decided by it. None: a file, which is no contact."""
    if sent_at is not None:
        for name, value in contact_values(sent_at, mono_ms, at, heartbeat).items():
            setattr(device, name, value)


def contact_values(
    sent_at: str, mono_ms: float | None, at: datetime, heartbeat: Heartbeat | None
) -> dict[str, Any]:
    """The columns of a phone that a contact sets."""
    contact = {"sent_at": sent_at, "mono_ms": mono_ms, "offset_ms": _offset(sent_at, at)}
    values: dict[str, Any] = {"contact_at": at, "contact": contact}
    if heartbeat is not None:
        values |= {"heartbeat": dict(heartbeat), "heartbeat_at": at}
    return values


def note_heartbeat(device: Device, heartbeat: Heartbeat, at: datetime) -> None:
    """Keeps the last one. What a phone left out it did not say: nothing older stands in for it."""
    device.heartbeat, device.heartbeat_at = dict(heartbeat), at
    device.contact_at = at


def _is_news(device: Device, heartbeat: Heartbeat, at: datetime) -> bool:
    """A pull writes nothing but this, and only where it says something new or a minute has gone
    by: reading must not queue behind writers for the same five numbers."""
    known_at = device.heartbeat_at
    counted = {**heartbeat, "free_bytes": None, "clock_offset_ms": None}
    known = {**(device.heartbeat or {}), "free_bytes": None, "clock_offset_ms": None}
    return known_at is None or counted != known or at - known_at >= HEARTBEAT_EVERY


def dump_device(device: Device) -> dict[str, Any]:
    """How the phone stands, as told with each answer."""
    return dump_marks(device.last_seq, device)


def dump_marks(last_seq: int, marks: Marks) -> dict[str, Any]:
    """``durable_seq`` is what a verified backup covers; without backups, the last commit."""
    has_marks = marks.durable_seq is not None
    return {
        "last_seq": last_seq,
        "durable_seq": marks.durable_seq if has_marks else last_seq,
        "wipe": marks.wipe_ordered_at is not None and marks.wiped_at is None,
    }


class Marks(Protocol):
    """What the server wants of a phone and has safe of it."""

    durable_seq: Any
    wipe_ordered_at: Any
    wiped_at: Any


def _checked(actor: Actor, device: Device | None) -> Device:
    if device is None or device.jurisdiction_id != actor.jurisdiction_id:
        raise fault("device.unknown")
    if device.person_id != actor.person_id:
        raise fault("device.bound")
    return device


def _offset(sent_at: str, at: datetime) -> int | None:
    try:
        claimed = datetime.fromisoformat(sent_at)
        return round((at - claimed).total_seconds() * 1000)
    except (ValueError, TypeError, OverflowError):
        return None
