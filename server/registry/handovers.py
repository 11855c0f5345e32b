"""Use cases: 人员数据提供 — departments hand their officers in, the lead draws and matches (R050).

A department's own office keeps its entries; now and then it says that they are right. The lead
sees who has said so and who has not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from domain.access import Action, Actor
from domain.county_settings import read_setting
from domain.errors import fault
from domain.reasons import parse_reason
from server.accounts.directory import get_department, get_jurisdiction, list_departments
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.registry.entry_models import OfficerHandover
from server.registry.keeping import require_keeper
from server.registry.models import Officer, RegisterChange
from server.registry.owner import owner_of, take_turns
from server.runtime import SITE_ZONE, now, today

MAX_NOTE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A department's data as they stand. ``officers`` are those on duty, ``usable`` the ones of
    them with a certificate that has not run out; ``changed_at`` the newest change of any entry;
    ``is_due``: not confirmed since the day the county asks for; never of the home department, which
    keeps the register itself."""

    department_id: int
    officers: int
    usable: int
    changed_at: datetime | None
    last: OfficerHandover | None
    is_due: bool

    @property
    def is_changed(self) -> bool:
        """Whether anything was changed since it was confirmed, or it never was."""
        if self.last is None:
            return True
        return self.changed_at is not None and self.changed_at > self.last.confirmed_at


def list_handovers(actor: Actor, year: int) -> list[HandoverView]:
    """Every department of the county, the home department first."""
    counts, usable = _count_officers(actor, None), _count_officers(actor, today())
    changes, last = _newest_changes(actor), _newest_handovers(actor)
    since = _since(actor, year)
    return [
        HandoverView(
            one.id,
            counts.get(one.id, 0),
            usable.get(one.id, 0),
            changes.get(one.id),
            last.get(one.id),
            not one.is_home and _is_due(last.get(one.id), since),
        )
        for one in list_departments()
    ]


def list_unconfirmed(actor: Actor, department_ids: Collection[int], year: int) -> set[int]:
    """Which of them have not confirmed their officers: since the year began, or for as many days
    as ``officers.confirmed_within_days`` says. Not the home department, which keeps the register
    itself."""
    last, since = _newest_handovers(actor), _since(actor, year)
    home = {one.id for one in list_departments() if one.is_home}
    return {one for one in department_ids if one not in home and _is_due(last.get(one), since)}


def confirm_officers(actor: Actor, department_id: int, note: str = "") -> OfficerHandover:
    """The department's office says that its entries are right. Where the home department's office
    notes it for another, ``note`` says what it rests on. Raises ``access.denied``,
    ``request.missing_field``, ``reason.too_long``."""
    require_keeper(actor, Action.OFFICER_WRITE, department_id)
    note = parse_reason(note, MAX_NOTE_CHARACTERS)
    if not note and department_id != actor.department_id:
        raise fault("request.missing_field", field="note")
    with unit_of_work() as work:
        take_turns(actor.jurisdiction_id)
        department = get_department(department_id)
        made = OfficerHandover(
            jurisdiction_id=actor.jurisdiction_id,
            department_id=department.id,
            officers=_count_officers(actor, None).get(department.id, 0),
            note=note,
            confirmed_by=actor.person_id,
            confirmed_at=now(),
        )
        work.add(made)
        work.flush()
        write_event(
            actor.jurisdiction_id, actor.person_id, "officers.confirmed",
            f"department:{department.id}", officers=made.officers, note=note,
        )  # fmt: skip
    return made


def confirmed_within_days(actor: Actor) -> int:
    """For how many days a confirmation holds; 0: since the year began."""
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    return int(read_setting(settings, "officers.confirmed_within_days"))


def _count_officers(actor: Actor, certified_on: date | None) -> dict[int, int]:
    query = select(Officer.department_id, func.count()).where(
        Officer.jurisdiction_id == owner_of(actor), Officer.is_active
    )
    if certified_on is not None:
        query = query.where(
            Officer.cert_expires_on.is_(None) | (Officer.cert_expires_on >= certified_on)
        )
    rows = db.session.execute(query.group_by(Officer.department_id))
    return {row[0]: row[1] for row in rows}


def _newest_changes(actor: Actor) -> dict[int, datetime]:
    """By the department each officer is in now."""
    query = (
        select(Officer.department_id, func.max(RegisterChange.changed_at))
        .join(RegisterChange, RegisterChange.entry_id == Officer.id)
        .where(
            Officer.jurisdiction_id == owner_of(actor),
            RegisterChange.jurisdiction_id == owner_of(actor),
            RegisterChange.register == "officers",
        )
        .group_by(Officer.department_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _newest_handovers(actor: Actor) -> dict[int, OfficerHandover]:
    query = select(OfficerHandover).where(OfficerHandover.jurisdiction_id == owner_of(actor))
    rows = db.session.scalars(query.order_by(OfficerHandover.id))
    return {one.department_id: one for one in rows}


def _since(actor: Actor, year: int) -> datetime:
    days = confirmed_within_days(actor)
    day = today() - timedelta(days=days) if days else date(year, 1, 1)
    return datetime.combine(day, time.min, SITE_ZONE)


def _is_due(last: OfficerHandover | None, since: datetime) -> bool:
    return last is None or last.confirmed_at < since
