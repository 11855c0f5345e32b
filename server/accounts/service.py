"""Use cases: signing in, enrolling a phone, languages, people and their roles."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable

from sqlalchemy import select

from domain.access import Role
from domain.errors import Fault, fault
from server.accounts.directory import (
    find_department,
    get_department,
    get_jurisdiction,
    get_person,
    list_departments,
    list_people,
    lock_jurisdiction,
)
from server.accounts.models import Department, Device, Jurisdiction, Person, PersonRole
from server.accounts.passwords import (
    MIN_PASSWORD_LENGTH,
    hash_password,
    is_right_password,
    needs_rehash,
)
from server.accounts.sessions import open_session
from server.accounts.throttle import count_failure, forget_failures, is_throttled
from server.audit.service import write_event
from server.db import db, scope_to, unit_of_work
from server.i18n import LOCALES
from server.runtime import now

__all__ = [
    "find_department",
    "get_department",
    "get_jurisdiction",
    "get_person",
    "hash_password",
    "list_departments",
    "list_people",
    "lock_jurisdiction",
]

DEVICE_ID = re.compile(r"dev_[A-Za-z0-9_-]{4,36}")


def sign_in(
    account: str, password: str, *, address: str, device_id: str = "", device_name: str = ""
) -> tuple[Person, str | None]:
    """Opens a session in this browser; with a device id also enrols the phone.

    Returns the person and, for a phone's first sign-in or a renewed one, its push-only credential
    (PROTOCOL §10). Raises ``session.refused`` alike for a wrong password, an unknown account, a
    closed account and a throttled one; ``device.bound`` when the device id is another person's.
    """
    scope_to(None)
    wanted = Person.account == account.strip().lower()
    stored = db.session.scalar(select(Person.password_hash).where(wanted))
    # Slow on purpose, so not while every other writer waits: guessing must not stop the field.
    is_right = is_right_password(stored, password)
    with unit_of_work() as work:
        person = work.scalar(select(Person).where(wanted, Person.password_hash == stored))
        is_waiting = is_throttled(account, address)
        refused: Fault | None = None
        credential: str | None = None
        if person is None or not is_right or not person.is_active or is_waiting:
            if not is_waiting:  # or trying again would make the waiting longer, for ever
                count_failure(account, address)
            refused = fault("session.refused")
        else:
            forget_failures(account)
            if needs_rehash(person.password_hash):
                person.password_hash = hash_password(password)
            device = None
            if device_id:
                device, credential = _enrol(person, device_id, device_name)
            open_session(person, device)
            write_event(person.jurisdiction_id, person.id, "session.opened", device_id)
    if refused is not None:
        raise refused  # after the commit: the failure has been counted
    assert person is not None
    return person, credential


def bind_device(person_id: int, device_id: str) -> Device | None:
    """Binds a device id nobody has used yet to a person who is signed in; None for what is no
    device id. It gets its push-only credential at the next sign-in."""
    if not DEVICE_ID.fullmatch(device_id):
        return None
    with unit_of_work() as work:
        person = work.get_one(Person, person_id)
        device, _credential = _enrol(person, device_id, "")
        write_event(person.jurisdiction_id, person_id, "device.bound", device_id)
        return device


def _enrol(person: Person, device_id: str, name: str) -> tuple[Device, str]:
    if not DEVICE_ID.fullmatch(device_id):
        raise fault("request.wrong_type", field="device.id", expected="dev_…")
    credential = secrets.token_urlsafe(32)
    digest = hashlib.sha256(credential.encode()).hexdigest()
    device = db.session.get(Device, device_id)
    if device is None and _is_of_another_county(device_id):
        raise fault("device.bound")
    if device is None:
        device = Device(
            id=device_id,
            jurisdiction_id=person.jurisdiction_id,
            person_id=person.id,
            name=name[:80],
            push_credential_sha256=digest,
            enrolled_at=now(),
        )
        db.session.add(device)
        db.session.flush()
        return device, credential
    if device.person_id != person.id:
        raise fault("device.bound")
    if device.revoked_at is not None:
        raise fault("device.revoked")
    device.push_credential_sha256 = digest
    device.name = name[:80] or device.name
    return device, credential


def _is_of_another_county(device_id: str) -> bool:
    """A device id is unique everywhere; this reads a column, which is not scoped to a county."""
    column = Device.__table__.c.id
    return db.session.scalar(select(column).where(column == device_id)) is not None


def set_locale(person_id: int, locale: str) -> None:
    """Sets the person's language; raises ``request.wrong_type`` for one we do not have."""
    if locale not in LOCALES:
        raise fault("request.wrong_type", field="locale", expected="zh_CN | en")
    with unit_of_work() as work:
        work.get_one(Person, person_id).locale = locale


def add_person(
    jurisdiction: Jurisdiction,
    department: Department,
    account: str,
    name: str,
    password: str,
    roles: Iterable[Role],
) -> Person:
    """Creates an account. Raises ``account.exists`` or ``account.password_weak``."""
    account = account.strip().lower()
    if len(password) < MIN_PASSWORD_LENGTH or password.lower() == account:
        raise fault("account.password_weak", length=MIN_PASSWORD_LENGTH)
    with unit_of_work() as work:
        if work.scalar(select(Person.id).where(Person.account == account)) is not None:
            raise fault("account.exists", account=account)
        person = Person(
            jurisdiction_id=jurisdiction.id,
            department_id=department.id,
            account=account,
            name=name,
            password_hash=hash_password(password),
            roles=[PersonRole(role=str(role)) for role in sorted(set(roles))],
        )
        work.add(person)
        work.flush()
        write_event(jurisdiction.id, None, "person.added", f"person:{person.id}")
    return person


def set_password(account: str, password: str) -> None:
    """Sets a new password. Raises ``account.unknown`` or ``account.password_weak``."""
    if len(password) < MIN_PASSWORD_LENGTH or password.lower() == account.lower():
        raise fault("account.password_weak", length=MIN_PASSWORD_LENGTH)
    with unit_of_work() as work:
        person = work.scalar(select(Person).where(Person.account == account.strip().lower()))
        if person is None:
            raise fault("account.unknown")
        person.password_hash = hash_password(password)
        write_event(person.jurisdiction_id, None, "password.set", f"person:{person.id}")


def list_team_leads(department_id: int) -> list[Person]:
    """Who may review the sheets of a department: its active people with the role, by account."""
    query = (
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.department_id == department_id,
            Person.is_active.is_(True),
            PersonRole.role == str(Role.TEAM_LEAD),
        )
        .order_by(Person.account)
    )
    return list(db.session.scalars(query))


def list_devices(person_id: int | None = None) -> list[Device]:
    """Enrolled phones, of one person or of all, newest contact first."""
    query = select(Device).order_by(Device.contact_at.desc(), Device.id)
    if person_id is not None:
        query = query.where(Device.person_id == person_id)
    return list(db.session.scalars(query))


def find_device(device_id: str, *, is_locked: bool = False) -> Device | None:
    """A phone of the county in sight; with ``is_locked`` others wait for it until the commit."""
    query = select(Device).where(Device.id == device_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def revoke_device(device_id: str) -> None:
    """Stops a phone: no more reading; what it still sends goes into quarantine (PROTOCOL §10)."""
    with unit_of_work() as work:
        device = work.get(Device, device_id)
        if device is None:
            raise fault("device.unknown")
        device.revoked_at = device.revoked_at or now()
        write_event(device.jurisdiction_id, None, "device.revoked", device_id)
