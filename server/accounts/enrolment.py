"""Phones: enrolled with their person, named, revoked, told to wipe (PROTOCOL §1, §10)."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import select

from domain.access import Actor
from domain.errors import Fault, fault
from domain.reasons import parse_reason
from server.accounts.models import Device, Person
from server.accounts.push_only import inherit_credentials, issue_credential, list_family
from server.accounts.sessions import quarantine_sessions
from server.audit.service import write_event
from server.backups.records import first_mark
from server.db import db, unit_of_work
from server.runtime import now

DEVICE_ID = re.compile(r"dev_[A-Za-z0-9_-]{4,36}")
MAX_NAME_CHARACTERS = 80
MAX_REASON_CHARACTERS = 200


def enrol(person: Person, device_id: str, name: str) -> tuple[Device, str]:
    """The phone at a sign-in, known or new, with a fresh push-only credential; joins the running
    unit of work. Raises ``device.bound`` for another person's, ``device.revoked``."""
    if not DEVICE_ID.fullmatch(device_id):
        raise fault("request.wrong_type", field="device.id", expected="dev_…")
    device = db.session.get(Device, device_id)
    if device is None:
        if _is_of_another_county(device_id):
            raise fault("device.bound")
        device = _add(person, device_id, name)
    if device.person_id != person.id:
        raise fault("device.bound")
    if device.revoked_at is not None:
        raise revoked_fault(device)
    device.name = name[:MAX_NAME_CHARACTERS] or device.name
    return device, issue_credential(device)


def bind_device(actor: Actor, device_id: str) -> Device | None:
    """Binds a device id nobody has used yet to a person who is signed in; None for what is no
    device id. A phone renames itself after a fork: it keeps the push-only credential it got under
    the earlier name, and where that name was revoked the new one is, too."""
    if not DEVICE_ID.fullmatch(device_id):
        return None
    with unit_of_work() as work:
        person = work.get_one(Person, actor.person_id)
        earlier = work.get(Device, actor.device_id) if actor.device_id else None
        if _is_of_another_county(device_id):
            raise fault("device.bound")
        device = _add(person, device_id, earlier.name if earlier is not None else "")
        if earlier is not None and earlier.person_id == person.id:
            inherit_credentials(device, earlier.id)
            if earlier.revoked_at is not None:
                device.revoked_at, device.revoked_reason = now(), earlier.revoked_reason
                device.wipe_ordered_at = earlier.wipe_ordered_at
        write_event(person.jurisdiction_id, actor.person_id, "device.bound", device_id)
        return device


def list_devices(person_id: int | None = None) -> list[Device]:
    """Enrolled phones, of one person or of all, newest contact first."""
    query = select(Device).order_by(Device.contact_at.desc(), Device.id)
    if person_id is not None:
        query = query.where(Device.person_id == person_id)
    return list(db.session.scalars(query))


def list_devices_of(person_ids: Collection[int]) -> list[Device]:
    """The enrolled phones of these people, by id."""
    query = select(Device).where(Device.person_id.in_(person_ids)).order_by(Device.id)
    return list(db.session.scalars(query)) if person_ids else []


def list_device_names(ids: Collection[str]) -> dict[str, str]:
    """Name by id, of those that are phones."""
    query = select(Device.id, Device.name).where(Device.id.in_(ids))
    return {one.id: one.name for one in db.session.execute(query)}


def find_device(device_id: str, *, is_locked: bool = False) -> Device | None:
    """A phone of the county in sight; with ``is_locked`` others wait for it until the commit."""
    query = select(Device).where(Device.id == device_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def get_device(device_id: str) -> Device:
    """Raises ``device.unknown``, also for another county's."""
    device = find_device(device_id)
    if device is None:
        raise fault("device.unknown")
    return device


def rename_device(device_id: str, name: str, by: int | None = None) -> None:
    """Gives the phone a name people recognise. Raises ``device.unknown``."""
    with unit_of_work():
        device = get_device(device_id)
        device.name = name.strip()[:MAX_NAME_CHARACTERS]
        write_event(device.jurisdiction_id, by, "device.renamed", device_id)


def revoke_device(device_id: str, reason: str = "", by: int | None = None) -> None:
    """Stops a phone: no more reading, at once; what it still sends goes into quarantine
    (PROTOCOL §10). A second time changes nothing. Raises ``device.unknown`` or
    ``reason.too_long``."""
    reason = parse_reason(reason, MAX_REASON_CHARACTERS)
    with unit_of_work():
        device = get_device(device_id)
        if device.revoked_at is not None:
            return
        device.revoked_at, device.revoked_reason = now(), reason
        quarantine_sessions(list_family(device_id))
        write_event(device.jurisdiction_id, by, "device.revoked", device_id)


def order_wipe(device_id: str, by: int | None = None) -> None:
    """Tells a revoked phone to delete its stores; it obeys once its outbox is empty or exported.
    Raises ``device.unknown`` or ``device.not_revoked``."""
    with unit_of_work():
        device = get_device(device_id)
        if device.revoked_at is None:
            raise fault("device.not_revoked")
        if device.wipe_ordered_at is not None:
            return
        device.wipe_ordered_at = now()
        write_event(device.jurisdiction_id, by, "device.wipe_ordered", device_id)


def confirm_wipe(actor: Actor, device_id: str) -> None:
    """The phone says that it has obeyed. Raises ``device.unknown`` for anybody else's, and
    ``device.no_wipe_order``. Saying it twice changes nothing."""
    with unit_of_work():
        device = get_device(device_id)
        if device.person_id != actor.person_id:
            raise fault("device.unknown")
        if device.wipe_ordered_at is None:
            raise fault("device.no_wipe_order")
        if device.wiped_at is None:
            device.wiped_at = now()
            write_event(device.jurisdiction_id, actor.person_id, "device.wiped", device_id)


def device_revoked(device_id: str | None) -> Fault:
    """The refusal of a session that was opened on a revoked phone."""
    device = find_device(device_id) if device_id else None
    return revoked_fault(device) if device else fault("device.revoked", wipe=False)


def revoked_fault(device: Device) -> Fault:
    """403 ``device.revoked`` with the wipe order, which a phone must hear wherever it asks."""
    return fault("device.revoked", wipe=device.must_wipe)


def _add(person: Person, device_id: str, name: str) -> Device:
    device = Device(
        id=device_id,
        jurisdiction_id=person.jurisdiction_id,
        person_id=person.id,
        name=name[:MAX_NAME_CHARACTERS],
        durable_seq=first_mark(),
        enrolled_at=now(),
    )
    db.session.add(device)
    db.session.flush()
    return device


def _is_of_another_county(device_id: str) -> bool:
    """A device id is unique everywhere; this reads a column, which is not scoped to a county."""
    column = Device.__table__.c.id
    return db.session.scalar(select(column).where(column == device_id)) is not None
