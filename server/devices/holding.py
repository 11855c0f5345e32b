"""Which people's phones said that they still hold something, in one query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from server.accounts.models import Device
from server.accounts.service import list_devices_of


@dataclass(frozen=True, slots=True)
class HeldOnPhone:
    """What one phone last said it holds, of all its visits together; ``at``: when it said so."""

    name: str
    records: int
    photos: int
    at: datetime | None


def map_held(person_ids: Collection[int]) -> dict[int, tuple[HeldOnPhone, ...]]:
    """By person; who has no phone with anything on it is left out, and so is a wiped phone."""
    found: dict[int, tuple[HeldOnPhone, ...]] = {}
    for device in list_devices_of(person_ids):
        held = _held(device)
        if held is not None and device.wiped_at is None:
            found[device.person_id] = (*found.get(device.person_id, ()), held)
    return found


def _held(device: Device) -> HeldOnPhone | None:
    said = device.heartbeat or {}
    records, photos = (_count(said.get(name)) for name in ("unsent", "photos_waiting"))
    if not records and not photos:
        return None
    name = device.name or str(said.get("label") or "")
    return HeldOnPhone(name, records, photos, device.heartbeat_at)


def _count(said: object) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) else 0
