"""Whose phones somebody may see to: those of the people of a department, or all."""

from __future__ import annotations

from domain.access import Action, Actor, Target
from domain.errors import fault
from server.accounts.models import Device, Person
from server.accounts.service import get_device, get_person
from server.guard import require


def target_of(person: Person) -> Target:
    """A phone belongs to the department its person works in."""
    return Target(
        jurisdiction_id=person.jurisdiction_id,
        department_id=person.department_id,
        author_person_id=person.id,
    )


def reach_device(actor: Actor, action: Action, device_id: str) -> tuple[Device, Person]:
    """The phone and its person. Raises ``device.unknown`` also for another county's,
    ``access.denied``."""
    device = get_device(device_id)
    if device.jurisdiction_id != actor.jurisdiction_id:
        raise fault("device.unknown")
    person = get_person(device.person_id)
    require(actor, action, target_of(person))
    return device, person
