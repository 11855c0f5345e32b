"""The phone's row: its number is taken under this row's lock, and what its clock says is noted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.access import Actor
from domain.errors import fault
from server.accounts.models import Device
from server.accounts.service import bind_device, find_device


def lock_device(actor: Actor, device_id: str) -> Device:
    """The device, held until the commit; its first use binds it to the person (a phone that was
    told to rename itself comes with a new id). Raises ``device.unknown`` or ``device.bound``."""
    device = find_device(device_id, is_locked=True) or bind_device(actor.person_id, device_id)
    return _checked(actor, device)


def get_device(actor: Actor, device_id: str) -> Device:
    """For reading; binds it as ``lock_device`` does. Raises ``device.unknown``, ``device.bound``
    or ``device.revoked``."""
    device = _checked(actor, find_device(device_id) or bind_device(actor.person_id, device_id))
    if device.revoked_at is not None:
        raise fault("device.revoked")
    return device


def note_contact(device: Device, sent_at: str, mono_ms: float | None, at: datetime) -> None:
    """Server time beside the phone's claim: the bracket of its records (docs/protocol part 6).
    Nothing is decided by it."""
    device.contact_at = at
    device.contact = {"sent_at": sent_at, "mono_ms": mono_ms, "offset_ms": _offset(sent_at, at)}


def dump_device(device: Device) -> dict[str, Any]:
    """``durable_seq`` is what a verified backup covers; without backups, the last commit."""
    return {"last_seq": device.last_seq, "durable_seq": device.last_seq}


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
