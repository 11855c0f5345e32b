"""Use cases: recording a training and who attended (R119), and telling before a draw who was
trained (R120)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO

from sqlalchemy import func, select

from domain.access import Action, Actor, Target, may
from domain.county_settings import read_setting
from domain.errors import fault
from domain.reasons import parse_reason
from domain.training import MAX_REASON, Readiness, TrainingKind, judge_readiness
from server.accounts.directory import get_jurisdiction, list_departments, list_people
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.guard import require
from server.registry.service import list_all_officers
from server.runtime import now, today
from server.training.models import Training, TrainingAttendee

WITHIN_DAYS = "training.within_days"
NEEDED = "training.needed"


@dataclass(frozen=True, slots=True)
class Course:
    """A training as it is typed; ``officer_ids`` and ``person_ids`` attended."""

    kind: TrainingKind
    held_on: date
    hours: Decimal
    name: str
    content: str
    place: str
    held_by: str
    officer_ids: frozenset[int]
    person_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Material:
    """A file as it was sent."""

    stream: IO[bytes]
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a training may name, of one department; accounts that are an officer's are that
    officer."""

    department: str
    officers: Sequence[tuple[int, str]]
    people: Sequence[tuple[int, str]]


def list_choices(actor: Actor) -> list[Choice]:
    """The home office names everybody, a partner's office its own."""
    officers, people = list_all_officers(actor), list_people()
    linked = {one.person_id for one in officers if one.person_id}
    return [
        Choice(
            place.name,
            [(one.id, one.name) for one in officers if one.department_id == place.id],
            [
                (one.id, one.name)
                for one in people
                if one.department_id == place.id and one.is_active and one.id not in linked
            ],
        )
        for place in list_departments()
        if actor.is_home or place.id == actor.department_id
    ]


def record_training(actor: Actor, course: Course, material: Material | None) -> Training:
    """Raises ``training.day_refused`` for a day to come, ``training.nobody``,
    ``training.not_theirs`` for people the actor may not name, and what ``keep_document`` raises."""
    require(actor, Action.TRAINING_WRITE, Target(actor.jurisdiction_id, actor.department_id))
    assert actor.department_id is not None, "required above"
    if course.held_on > today():
        raise fault("training.day_refused")
    if not course.officer_ids and not course.person_ids:
        raise fault("training.nobody")
    choices = list_choices(actor)
    officers = {number for one in choices for number, _name in one.officers}
    people = {number for one in choices for number, _name in one.people}
    if course.officer_ids - officers or course.person_ids - people:
        raise fault("training.not_theirs")
    kept = fieldsync.keep_document(material.stream) if material else None
    own = {"jurisdiction_id": actor.jurisdiction_id}
    with unit_of_work() as work:
        if kept is not None:
            fieldsync.record_document(actor, kept)
        made = Training(
            **own, department_id=actor.department_id, kind=course.kind.value,
            held_on=course.held_on, hours=course.hours, name=course.name, content=course.content,
            place=course.place, held_by=course.held_by,
            document_sha256=kept.sha256 if kept else "",
            document_name=material.name[-200:] if material else "",
            recorded_by=actor.person_id, recorded_at=now(),
            attendees=[
                *(TrainingAttendee(**own, officer_id=one) for one in sorted(course.officer_ids)),
                *(TrainingAttendee(**own, person_id=one) for one in sorted(course.person_ids)),
            ],
        )  # fmt: skip
        work.add(made)
        work.flush()
        write_event(
            actor.jurisdiction_id, actor.person_id, "training.recorded", f"training:{made.id}",
            name=made.name, day=made.held_on.isoformat(), people=len(made.attendees),
        )  # fmt: skip
    return made


def take_back(actor: Actor, training_id: int, reason: str) -> None:
    """Recorded by mistake: it stays on record and counts no more. Raises ``training.not_found``,
    ``training.taken_back``."""
    reason = parse_reason(reason, MAX_REASON)
    with unit_of_work() as work:
        found = get_training(actor, training_id)
        require(actor, Action.TRAINING_WRITE, _target(found))
        work.refresh(found, with_for_update=True)
        if found.removed_at is not None:
            raise fault("training.taken_back")
        found.removed_by, found.removed_at, found.reason = actor.person_id, now(), reason
        write_event(
            actor.jurisdiction_id, actor.person_id, "training.taken_back",
            f"training:{found.id}", reason=reason,
        )  # fmt: skip


def list_trainings(actor: Actor, year: int) -> list[Training]:
    """Those of the year in sight, the newest first; with those taken back."""
    query = select(Training).where(Training.held_on.between(date(year, 1, 1), date(year, 12, 31)))
    found = db.session.scalars(query.order_by(Training.held_on.desc(), Training.id.desc()))
    return [one for one in found if may(actor, Action.TRAINING_READ, _target(one))]


def get_training(actor: Actor, training_id: int) -> Training:
    """Raises ``training.not_found``, also for another department's."""
    found = db.session.scalar(select(Training).where(Training.id == training_id))
    if found is None or not may(actor, Action.TRAINING_READ, _target(found)):
        raise fault("training.not_found")
    return found


def get_material(actor: Actor, training_id: int) -> tuple[Training, str, Path]:
    """The training, type and file of its material. Raises ``attachment.not_found``."""
    found = get_training(actor, training_id)
    mime, path = fieldsync.get_document(found.document_sha256)
    return found, mime, path


def can_write(actor: Actor, training: Training) -> bool:
    """Whether this person may take it back."""
    return may(actor, Action.TRAINING_WRITE, _target(training))


def list_standing(first: date, last: date) -> list[tuple[Training, int]]:
    """Those of these days that were not taken back, with how many attended: for annex 2."""
    query = (
        select(Training, func.count(TrainingAttendee.id))
        .join(TrainingAttendee, TrainingAttendee.training_id == Training.id)
        .where(Training.held_on.between(first, last), Training.removed_at.is_(None))
        .group_by(Training.id)
        .order_by(Training.held_on, Training.id)
    )
    return [(one, count) for one, count in db.session.execute(query)]


def list_of_officer(officer_id: int) -> list[Training]:
    """What an officer attended, the newest first."""
    query = (
        select(Training)
        .join(TrainingAttendee, TrainingAttendee.training_id == Training.id)
        .where(TrainingAttendee.officer_id == officer_id, Training.removed_at.is_(None))
        .order_by(Training.held_on.desc(), Training.id.desc())
    )
    return list(db.session.scalars(query))


def read_readiness(actor: Actor, officer_ids: Collection[int]) -> Readiness:
    """Of those who can be drawn, today, within ``training.within_days``."""
    query = (
        select(TrainingAttendee.officer_id, func.max(Training.held_on))
        .join(Training, Training.id == TrainingAttendee.training_id)
        .where(
            TrainingAttendee.officer_id.in_(officer_ids),
            Training.removed_at.is_(None),
            Training.kind == TrainingKind.OFFICERS.value,
        )
        .group_by(TrainingAttendee.officer_id)
    )
    newest = {one: day for one, day in db.session.execute(query) if one is not None}
    within = read_setting(get_jurisdiction(actor.jurisdiction_id).settings, WITHIN_DAYS)
    return judge_readiness(officer_ids, newest, today(), within)


def is_needed(actor: Actor) -> bool:
    """Whether the county draws nobody who was not trained (``training.needed``)."""
    return bool(read_setting(get_jurisdiction(actor.jurisdiction_id).settings, NEEDED))


def _target(training: Training) -> Target:
    return Target(training.jurisdiction_id, training.department_id)
