"""Whose phone still holds data: one line per phone, with the deadline that presses most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from domain.access import Action, Actor, may
from server.accounts.models import Department, Device, Person, PushCredential
from server.accounts.service import is_revoked
from server.db import db
from server.devices.reach import target_of
from server.fieldsync.models import Receipt
from server.fieldsync.service import dump_instant
from server.inspections.due import SheetDue, due_of_sheets
from server.inspections.models import Inspection, Sheet, TeamMember
from server.registry.models import Officer

CLOCK_TOLERANCE_MS = 120_000
NO_DAY = date.max


@dataclass(frozen=True, slots=True)
class NextDue:
    """The open sheet of a person whose entry is due first."""

    inspection_id: int
    number: str
    due: SheetDue


@dataclass(frozen=True, slots=True)
class Phone:
    """What the phone last said (``heartbeat``, None: never) beside what the server itself knows.
    ``held`` and ``forbidden`` are counted from the receipts."""

    device: Device
    person: Person
    department: Department
    heartbeat: dict[str, Any] | None
    held: int
    forbidden: int
    is_closed: bool
    next_due: NextDue | None

    @property
    def unsent(self) -> int | None:
        return self._number("unsent")

    @property
    def photos_waiting(self) -> int | None:
        return self._number("photos_waiting")

    @property
    def attention(self) -> int | None:
        return self._number("attention")

    @property
    def free_bytes(self) -> int | None:
        return self._number("free_bytes")

    @property
    def persisted(self) -> bool | None:
        return (self.heartbeat or {}).get("persisted")

    @property
    def app(self) -> str:
        return str((self.heartbeat or {}).get("app") or "")

    @property
    def label(self) -> str:
        """The name given to it, else what it calls itself."""
        return self.device.name or str((self.heartbeat or {}).get("label") or "")

    @property
    def quarantined(self) -> int:
        return self.held + self.forbidden

    @property
    def holds_data(self) -> bool:
        """As far as it said."""
        return self.state != "wiped" and bool((self.unsent or 0) + (self.photos_waiting or 0))

    @property
    def needs_attention(self) -> bool:
        return bool(self.attention or self.held)

    @property
    def clock_offset_ms(self) -> int | None:
        """Phone time less server time, as the phone worked it out or else as the last push
        showed."""
        said = self._number("clock_offset_ms")
        known = (self.device.contact or {}).get("offset_ms")
        return said if said is not None or known is None else -known

    @property
    def is_clock_off(self) -> bool:
        """By more than two minutes (docs/protocol part 6)."""
        return abs(self.clock_offset_ms or 0) > CLOCK_TOLERANCE_MS

    @property
    def state(self) -> str:
        """``active``, ``closed`` (its person), ``revoked``, ``wipe_ordered`` or ``wiped``."""
        if self.device.wiped_at is not None:
            return "wiped"
        if self.device.wipe_ordered_at is not None:
            return "wipe_ordered"
        if self.device.revoked_at is not None:
            return "revoked"
        return "closed" if self.is_closed else "active"

    @property
    def risk(self) -> tuple[object, ...]:
        """Sorts: unsent data by the deadline it threatens, then what waits for somebody, then the
        phones nobody has heard of for longest."""
        due = self.next_due.due.due if self.next_due is not None else None
        is_known = self.heartbeat is not None or self.state == "wiped"
        return (
            not self.holds_data,
            (due or NO_DAY) if self.holds_data else NO_DAY,
            -((self.unsent or 0) + (self.photos_waiting or 0)) if self.holds_data else 0,
            not self.needs_attention,
            is_known,
            due or NO_DAY,
            self.state == "wiped",
            self.device.contact_at is not None,
            self.device.contact_at or self.device.enrolled_at,
            self.device.id,
        )

    def _number(self, name: str) -> int | None:
        value = (self.heartbeat or {}).get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def as_plain(self) -> dict[str, Any]:
        """For JSON."""
        device, due = self.device, self.next_due
        return {
            "id": device.id,
            "account": self.person.account,
            "name": self.label,
            "state": self.state,
            "last_seq": device.last_seq,
            "unsent": self.unsent,
            "photos_waiting": self.photos_waiting,
            "attention": self.attention,
            "held": self.held,
            "forbidden": self.forbidden,
            "clock_offset_ms": self.clock_offset_ms,
            "free_bytes": self.free_bytes,
            "persisted": self.persisted,
            "app": self.app,
            "next_due": due.due.due.isoformat() if due is not None and due.due.due else None,
            "next_due_inspection": f"insp:{due.inspection_id}" if due is not None else None,
            "heartbeat_at": _instant(device.heartbeat_at),
            "contact_at": _instant(device.contact_at),
            "enrolled_at": _instant(device.enrolled_at),
            "revoked_at": _instant(device.revoked_at),
            "wipe_ordered_at": _instant(device.wipe_ordered_at),
            "wiped_at": _instant(device.wiped_at),
        }


def list_all_phones(device_ids: Iterable[str] | None = None) -> list[Phone]:
    """The phones of the county in sight, the most pressing first."""
    query = (
        select(Device, Person, Department)
        .join(Person, Device.person_id == Person.id)
        .join(Department, Person.department_id == Department.id)
    )
    if device_ids is not None:
        query = query.where(Device.id.in_(list(device_ids)))
    rows = db.session.execute(query).all()
    counts = _count_waiting(row[0].id for row in rows)
    dues = _next_dues({row[1].id for row in rows})
    phones = [
        Phone(
            device=device,
            person=person,
            department=department,
            heartbeat=device.heartbeat,
            held=counts[device.id, "held"],
            forbidden=counts[device.id, "forbidden"],
            is_closed=is_revoked(person),
            next_due=dues.get(person.id),
        )
        for device, person, department in rows
    ]
    return sorted(phones, key=lambda phone: phone.risk)


def list_phones(actor: Actor) -> list[Phone]:
    """Those the actor may see to."""
    found = list_all_phones()
    return [one for one in found if may(actor, Action.DEVICE_READ, target_of(one.person))]


def list_earlier_names(device_id: str) -> list[str]:
    """Other ids the same installation went by: it renames itself when it was restored or cloned."""
    own = select(PushCredential.sha256).where(PushCredential.device_id == device_id)
    query = select(PushCredential.device_id).where(
        PushCredential.sha256.in_(own), PushCredential.device_id != device_id
    )
    return sorted(set(db.session.scalars(query)))


def _count_waiting(device_ids: Iterable[str]) -> Counter[tuple[str, str]]:
    query = (
        select(Receipt.device, Receipt.status, func.count())
        .where(Receipt.device.in_(list(device_ids)), Receipt.status.in_(("held", "forbidden")))
        .group_by(Receipt.device, Receipt.status)
    )
    return Counter({(row[0], row[1]): row[2] for row in db.session.execute(query)})


def _next_dues(person_ids: set[int]) -> dict[int, NextDue]:
    """By person: of the sheets their department has not entered yet, the one due first. A visit
    that has not ended has no due date and comes last."""
    query = (
        select(Officer.person_id, Inspection, Sheet)
        .join(TeamMember, TeamMember.officer_id == Officer.id)
        .join(Inspection, TeamMember.inspection_id == Inspection.id)
        .join(
            Sheet,
            (Sheet.inspection_id == Inspection.id)
            & (Sheet.department_id == TeamMember.department_id),
        )
        .where(
            Officer.person_id.in_(person_ids),
            TeamMember.removed_at.is_(None),
            Sheet.state.not_in(("entered", "published")),
        )
        .order_by(Inspection.planned_on, Inspection.id)
    )
    rows = db.session.execute(query).all()
    dues = due_of_sheets({row[1].id: row[1] for row in rows}.values())
    found: dict[int, NextDue] = {}
    for person_id, inspection, sheet in rows:
        assert person_id is not None, "the query asks for known people"
        one = NextDue(inspection.id, inspection.number, dues[sheet.id])
        known = found.get(person_id)
        if known is None or (one.due.due or NO_DAY) < (known.due.due or NO_DAY):
            found[person_id] = one
    return found


def _instant(at: datetime | None) -> str | None:
    return dump_instant(at) if at is not None else None
