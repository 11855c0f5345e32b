"""Use cases: what is entered by hand once and stands in every later report of its time, and which
tasks the province assigned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from domain.reports.entries import EntryKind
from server.accounts.service import lock_jurisdiction
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require
from server.planning.service import list_own_tasks
from server.reports.models import ProvinceTask, ReportEntry
from server.runtime import now
from server.training.models import Training
from server.training.service import list_standing

TRAINING = EntryKind.TRAINING.value


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is typed."""

    kind: EntryKind
    day: date
    name: str
    number: str = ""
    people: int | None = None
    text: str = ""


def list_entries(first: date, last: date) -> list[ReportEntry]:
    """Those of these days that stand, in their order."""
    query = (
        select(ReportEntry)
        .where(ReportEntry.day.between(first, last), ReportEntry.removed_at.is_(None))
        .order_by(ReportEntry.day, ReportEntry.id)
    )
    return list(db.session.scalars(query))


def list_recorded(first: date, last: date) -> list[tuple[Training, int]]:
    """The trainings on record of these days with how many attended; those that were entered here,
    too, by day and name, are left to their entry."""
    known = {(one.day, one.name) for one in list_entries(first, last) if one.kind == TRAINING}
    return [
        (one, people)
        for one, people in list_standing(first, last)
        if (one.held_on, one.name) not in known
    ]


def get_entry(entry_id: int) -> ReportEntry:
    """Raises ``report.entry_not_found``, also for one that was taken back."""
    found = db.session.scalar(select(ReportEntry).where(ReportEntry.id == entry_id))
    if found is None or found.removed_at is not None:
        raise fault("report.entry_not_found")
    return found


def save_entry(actor: Actor, entry: Entry, entry_id: int | None = None) -> ReportEntry:
    """A new one, or other words for one; reports made before keep what they say."""
    require(actor, Action.REPORT_MAKE)
    with unit_of_work() as work:
        if entry_id is None:
            row = ReportEntry(
                jurisdiction_id=actor.jurisdiction_id,
                entered_by=actor.person_id,
                entered_at=now(),
            )
            work.add(row)
        else:
            row = get_entry(entry_id)
        row.kind, row.day, row.name = entry.kind.value, entry.day, entry.name
        row.number, row.people, row.text = entry.number, entry.people, entry.text
        work.flush()
        _note(actor, "report.entry_saved", row)
        return row


def remove_entry(actor: Actor, entry_id: int) -> None:
    """Out of later reports. Raises ``report.entry_not_found``."""
    require(actor, Action.REPORT_MAKE)
    with unit_of_work():
        row = get_entry(entry_id)
        row.removed_at = now()
        _note(actor, "report.entry_removed", row)


def list_province_tasks() -> set[int]:
    """Ids of the tasks the province assigned."""
    return set(db.session.scalars(select(ProvinceTask.task_id)))


def mark_province_tasks(actor: Actor, year: int, task_ids: set[int]) -> None:
    """Of the bureau's own tasks of that year exactly these are the province's."""
    require(actor, Action.REPORT_MAKE)
    with unit_of_work() as work:
        lock_jurisdiction(actor.jurisdiction_id)
        own = {one.id for one in list_own_tasks(actor, year)}
        query = select(ProvinceTask).where(ProvinceTask.task_id.in_(own))
        known = {one.task_id: one for one in work.scalars(query)}
        wanted = task_ids & own
        for task_id in sorted(known.keys() - wanted):
            work.delete(known[task_id])
        for task_id in sorted(wanted - known.keys()):
            work.add(
                ProvinceTask(
                    jurisdiction_id=actor.jurisdiction_id,
                    task_id=task_id,
                    marked_by=actor.person_id,
                    marked_at=now(),
                )
            )
        if wanted != known.keys():
            write_event(
                actor.jurisdiction_id,
                actor.person_id,
                "report.province_tasks_marked",
                f"plans:{year}",
                tasks=sorted(wanted),
            )


def _note(actor: Actor, event: str, row: ReportEntry) -> None:
    write_event(
        actor.jurisdiction_id,
        actor.person_id,
        event,
        f"report_entry:{row.id}",
        kind=row.kind,
        day=row.day.isoformat(),
        name=row.name,
        number=row.number,
    )
