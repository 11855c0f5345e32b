"""Use cases: naming a phone, revoking it, ordering a wipe, releasing what waits in vain."""

from __future__ import annotations

from datetime import timedelta

from domain.access import Action, Actor, may
from domain.errors import fault
from server.accounts import service as accounts
from server.accounts.models import Person
from server.audit.service import write_event
from server.db import unit_of_work
from server.devices.reach import reach_device, target_of
from server.fieldsync.service import list_early, release_early
from server.runtime import now

RELEASE_AFTER = timedelta(days=5)


def rename_phone(actor: Actor, device_id: str, name: str) -> None:
    """Raises ``device.unknown`` or ``access.denied``."""
    reach_device(actor, Action.DEVICE_ADMIN, device_id)
    accounts.rename_device(device_id, name, actor.person_id)


def revoke_phone(actor: Actor, device_id: str, reason: str) -> None:
    """The phone reads nothing more from this moment; what it recorded still arrives, in quarantine.
    Raises ``device.unknown`` or ``access.denied``."""
    reach_device(actor, Action.DEVICE_ADMIN, device_id)
    accounts.revoke_device(device_id, reason, actor.person_id)


def order_wipe(actor: Actor, device_id: str) -> None:
    """Raises ``device.unknown``, ``access.denied`` or ``device.not_revoked``."""
    reach_device(actor, Action.DEVICE_ADMIN, device_id)
    accounts.order_wipe(device_id, actor.person_id)


def release_waiting(actor: Actor | None, device_id: str) -> list[dict[str, object]]:
    """Gives up waiting for the numbers that are missing: what came after them is judged now, with
    their author's rights of today. The lead may after 5 days, an administrator and the operator
    (``actor`` None) at once. Answers the outcomes. Raises ``device.unknown``, ``access.denied`` or
    ``device.release_too_soon``."""
    if actor is None:
        device = accounts.get_device(device_id)
    else:
        device, person = reach_device(actor, Action.DEVICE_RELEASE, device_id)
        if list_early(device_id) and not can_release(actor, person, device_id):
            raise fault("device.release_too_soon", days=RELEASE_AFTER.days)
    jurisdiction_id = device.jurisdiction_id
    told = release_early(device_id)
    if told:
        with unit_of_work():
            by = actor.person_id if actor is not None else None
            write_event(jurisdiction_id, by, "device.released", device_id, ops=len(told))
    return list(told)


def can_release(actor: Actor, person: Person, device_id: str) -> bool:
    """Whether the actor may release what waits on this phone at this moment."""
    target = target_of(person)
    if may(actor, Action.DEVICE_ADMIN, target):
        return True
    waiting = list_early(device_id)
    if not waiting or not may(actor, Action.DEVICE_RELEASE, target):
        return False
    return min(one.received_at for one in waiting) <= now() - RELEASE_AFTER
