"""What happened to one phone: its events, what waits, what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.accounts.service import get_person
from server.audit.service import list_events
from server.devices.overview import Phone
from server.fieldsync.service import WaitingOp, list_early, list_forks, list_server_held
from server.inspections.records import find_inspection
from sync.operation import parse_inspection

SHOWN = (
    "device.bound",
    "device.chain_broken",
    "device.fork",
    "device.imported",
    "device.lost",
    "device.push_only_used",
    "device.released",
    "device.renamed",
    "device.revoked",
    "device.wipe_ordered",
    "device.wiped",
)

ALARMING = frozenset({"device.chain_broken", "device.fork", "device.lost"})


@dataclass(frozen=True, slots=True)
class Incident:
    """``kind`` a word of ``SHOWN``; ``by`` the id of whoever did it, None for the operator."""

    at: datetime
    kind: str
    by: int | None
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """``early`` waits for numbers that have not come, ``broken`` for a repair of ours."""

    incidents: tuple[Incident, ...]
    early: tuple[WaitingOp, ...]
    broken: tuple[WaitingOp, ...]

    @property
    def missing(self) -> str:
        """The numbers that are missing before the first that waits: ``4`` or ``4–6``."""
        if not self.early:
            return ""
        first, last = self.early[0].expect, self.early[0].seq - 1
        return str(first) if first >= last else f"{first}–{last}"


def read_history(phone: Phone) -> History:
    """The newest incident first."""
    device = phone.device
    found = [
        Incident(event.at, event.action, event.person_id, dict(event.details))
        for event in list_events(device.id)
        if event.action in SHOWN
    ]
    found += [
        Incident(fork.at, "device.fork", None, {"seq": fork.seq}) for fork in list_forks(device.id)
    ]
    found.sort(key=lambda one: one.at, reverse=True)
    early = tuple(
        WaitingOp(one.op, one.seq, one.kind, one.space, one.received_at, device.last_seq + 1)
        for one in list_early(device.id)
    )
    return History(tuple(found), early, tuple(list_server_held(device.id)))


def name_of(person_id: int | None) -> str:
    """Whoever did it; empty for the operator and for the system."""
    return get_person(person_id).name if person_id is not None else ""


def number_of(space: str) -> str:
    """The inspection's number; the space itself where there is none."""
    inspection_id = parse_inspection(space)
    visit = find_inspection(inspection_id) if inspection_id is not None else None
    return visit.number if visit is not None else space
