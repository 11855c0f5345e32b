"""The push-only credential of a phone (PROTOCOL §10): what it opens, for whom, and how it changes.

It delivers what was recorded before a person or phone was revoked, and nothing else. Each sign-in
of the phone issues a new one. The last five stay good until a newer one of them has been used: an
answer can be lost (F2, F3), and a phone that never heard of the newest must not be cut off.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from sqlalchemy import and_, delete, or_, select, update

from domain.access import Action, may_ever
from domain.errors import fault
from server.accounts.models import Device, Person, PushCredential
from server.accounts.throttle import count_failure_of_address, is_address_throttled
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.runtime import now, runtime

SCHEME = "SuichaPush"
KEPT = 5


def issue_credential(device: Device) -> str:
    """A new credential for this phone, to be told once; joins the running unit of work."""
    credential = secrets.token_urlsafe(32)
    db.session.add(
        PushCredential(device_id=device.id, sha256=digest_of(credential), issued_at=now())
    )
    db.session.flush()
    for old in _list_of(device.id)[KEPT:]:
        db.session.delete(old)
    return credential


def inherit_credentials(device: Device, earlier_id: str) -> None:
    """The renamed phone keeps what it was given under its earlier name."""
    for known in reversed(_list_of(earlier_id)):  # a higher id is a later one
        db.session.add(
            PushCredential(
                device_id=device.id,
                sha256=known.sha256,
                issued_at=known.issued_at,
                used_at=known.used_at,
            )
        )


def list_digests(device_id: str) -> list[str]:
    """SHA-256 (hex) of every credential still good for this phone, the newest first."""
    return [known.sha256 for known in _list_of(device_id)]


def list_family(device_id: str) -> list[str]:
    """The ids this phone has gone by: the devices that hold a credential in common, itself too."""
    digests = list_digests(device_id)
    query = select(PushCredential.device_id).where(PushCredential.sha256.in_(digests)).distinct()
    return sorted({device_id, *db.session.scalars(query)})


def open_delivery(credential: str, address: str) -> tuple[Person, Device]:
    """Whose delivery this is. Raises ``session.required`` for an unknown credential and for a
    person and phone in good standing alike, ``request.throttled`` after too many unknown ones from
    one address. The first use of a credential is an event, and ends those before it."""
    if is_address_throttled(address):
        raise fault("request.throttled", retry_after=runtime().config.sign_in_window_seconds)
    digest = digest_of(credential)
    found = db.session.execute(
        select(PushCredential, Device, Person)
        .join(Device, PushCredential.device_id == Device.id)
        .join(Person, Device.person_id == Person.id)
        .where(PushCredential.sha256 == digest)
        .order_by(Device.revoked_at.is_(None), Device.enrolled_at.desc(), Device.id)
    ).all()
    known = [row for row in found if hmac.compare_digest(row[0].sha256, digest)]
    if not known:
        with unit_of_work():
            count_failure_of_address(address)
        raise fault("session.required")
    person = known[0][2]
    devices = [row[1] for row in known]
    if all(device.revoked_at is None for device in devices) and not is_revoked(person):
        raise fault("session.required")
    if any(row[0].used_at is None for row in known):
        _note_first_use(digest, [row[0] for row in known], person, devices[0])
    return person, devices[0]


def is_revoked(person: Person) -> bool:
    """Closed, or without a role that works in the field: no session of theirs can deliver."""
    from server.accounts.sessions import actor_of

    return not person.is_active or not may_ever(actor_of(person), Action.SYNC_PUSH)


def is_author_revoked(person_id: int, device_id: str) -> bool:
    """Whether somebody is revoked, in person or by the phone, at this moment."""
    device = db.session.get(Device, device_id)
    if device is not None and device.revoked_at is not None:
        return True
    return is_revoked(db.session.get_one(Person, person_id))


def digest_of(credential: str) -> str:
    """What the table keeps: SHA-256, hex."""
    return hashlib.sha256(credential.encode()).hexdigest()


def _list_of(device_id: str) -> Sequence[PushCredential]:
    query = select(PushCredential).where(PushCredential.device_id == device_id)
    return db.session.scalars(query.order_by(PushCredential.id.desc())).all()


def _note_first_use(
    digest: str, used: Sequence[PushCredential], person: Person, device: Device
) -> None:
    older = [
        and_(PushCredential.device_id == one.device_id, PushCredential.id < one.id) for one in used
    ]
    with unit_of_work() as work:
        done = work.execute(
            update(PushCredential)
            .where(PushCredential.sha256 == digest, PushCredential.used_at.is_(None))
            .values(used_at=now())
        )
        if not done.rowcount:  # type: ignore[attr-defined]
            return  # another request of the same phone was first
        work.execute(delete(PushCredential).where(or_(*older)))
        write_event(person.jurisdiction_id, person.id, "device.push_only_used", device.id)
