"""Use case: asking people to see to something."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import select

from domain.access import Actor
from server.accounts.directory import get_person, lock_jurisdiction
from server.db import unit_of_work
from server.fieldsync.epochs import current_epoch
from server.notifications.models import SideEffect
from server.notifications.noting import note
from server.runtime import now, today

ASKED = "deadline.asked"


def remind(person_ids: Iterable[int], subject: str, target: str, by: Actor) -> int:
    """Asks people to see to something: once a day each for one ``target``, the path of the page it
    is about. ``subject`` is shown to them alone. Answers how many were written now."""
    with unit_of_work() as work:
        lock_jurisdiction(by.jurisdiction_id)
        op = _day_of(target)
        known = select(SideEffect.person_id).where(
            SideEffect.op == op, SideEffect.kind == ASKED, SideEffect.epoch == current_epoch()
        )
        wanted = set(person_ids) - set(work.scalars(known))
        name = get_person(by.person_id).name
        details = {"by": {"id": by.person_id, "name": name}, "firm": subject, "href": target}
        payload = {"space": f"insp:{target.rpartition('/')[2]}", "details": details}
        note(by.jurisdiction_id, op, ASKED, wanted, payload, now())
        return len(wanted)


def _day_of(target: str) -> str:
    """Names the target and the day, as short as the key of an operation."""
    digest = hashlib.sha256(target.encode()).hexdigest()
    return f"asked-{today():%Y%m%d}-{digest[:21]}"
