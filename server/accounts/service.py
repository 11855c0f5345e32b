"""Use cases: signing in, enrolling a phone, languages, people and their roles."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import select

from domain.access import Role
from domain.errors import Fault, fault
from server.accounts.departments import (
    add_alias,
    add_department,
    remove_alias,
    rename_department,
)
from server.accounts.directory import (
    find_department,
    get_department,
    get_jurisdiction,
    get_person,
    list_departments,
    list_people,
    list_person_names,
    lock_jurisdiction,
    map_person_departments,
    write_settings,
)
from server.accounts.enrolment import (
    bind_device,
    confirm_wipe,
    enrol,
    find_device,
    get_device,
    list_device_names,
    list_devices,
    list_devices_of,
    order_wipe,
    rename_device,
    revoke_device,
    revoked_fault,
)
from server.accounts.models import Department, Jurisdiction, Person, PersonRole
from server.accounts.passwords import (
    MIN_PASSWORD_LENGTH,
    hash_password,
    is_right_password,
    needs_rehash,
)
from server.accounts.push_only import is_author_revoked, is_revoked, list_digests
from server.accounts.sessions import open_session
from server.accounts.throttle import count_failure, forget_failures, is_throttled
from server.audit.service import write_event
from server.db import db, scope_to, unit_of_work
from server.i18n import LOCALES

__all__ = [
    "add_alias",
    "add_department",
    "bind_device",
    "confirm_wipe",
    "find_department",
    "find_device",
    "get_department",
    "get_device",
    "get_jurisdiction",
    "get_person",
    "hash_password",
    "is_author_revoked",
    "is_revoked",
    "list_departments",
    "list_device_names",
    "list_devices",
    "list_devices_of",
    "list_digests",
    "list_people",
    "list_person_names",
    "lock_jurisdiction",
    "map_person_departments",
    "order_wipe",
    "remove_alias",
    "rename_department",
    "rename_device",
    "revoke_device",
    "revoked_fault",
    "write_settings",
]


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
                device, credential = enrol(person, device_id, device_name)
            open_session(person, device)
            write_event(person.jurisdiction_id, person.id, "session.opened", device_id)
    if refused is not None:
        raise refused  # after the commit: the failure has been counted
    assert person is not None
    return person, credential


def confirm_password(person_id: int, password: str, *, address: str) -> None:
    """Asks who is at the desk once more before something final (DESIGN §5.5). Counted and throttled
    like a sign-in: guessing here must not be easier than there. To be called before a unit of work.
    Raises ``account.password_wrong``."""
    known = db.session.execute(
        select(Person.account, Person.password_hash).where(Person.id == person_id)
    ).one()
    is_right = is_right_password(known.password_hash, password)
    with unit_of_work():
        is_waiting = is_throttled(known.account, address)
        if is_right and not is_waiting:
            forget_failures(known.account)
        elif not is_waiting:
            count_failure(known.account, address)
    if not is_right or is_waiting:
        raise fault("account.password_wrong")


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
    """Creates an account. Raises ``account.bad_name``, ``account.exists`` or
    ``account.password_weak``."""
    account = account.strip().lower()
    if not re.fullmatch(r"\S{2,64}", account):
        raise fault("account.bad_name")
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
