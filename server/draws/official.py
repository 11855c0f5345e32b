"""Use cases: a draw made on the official platform gives the same inspections as one of ours (R041;
part 7 row 19)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from domain.access import Action, Actor
from domain.county_settings import read_setting
from domain.errors import fault, message
from domain.official_draws import (
    OfficialSheet,
    list_content_differences,
    parse_drawn_at,
    read_official,
)
from server.accounts.service import get_jurisdiction
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.draws.change_models import OfficialDraw
from server.draws.changes import make_number
from server.draws.freezing import find_open_draw, is_drawn_enough
from server.draws.models import OFFICIAL, Draw, DrawState
from server.draws.official_files import read_rows
from server.draws.official_reading import ReadDraw, ReadFirm, understand
from server.guard import require
from server.inspections.creation import NewInspection, NewTeamMember, create_inspections
from server.planning import service as planning
from server.planning.models import PlanTask
from server.registry.changes import apply_change
from server.registry.models import Firm
from server.registry.owner import take_turns
from server.runtime import SITE_ZONE, now, today


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """What is handed in. ``official_no`` and ``drawn_at`` count where the file does not say."""

    name: str
    data: bytes
    platform: str = ""
    official_no: str = ""
    drawn_at: str = ""

    @property
    def sha256(self) -> str:
        """Of the bytes as they came."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class OfficialReport:
    """What the import made, or would. ``draw_id`` None for a preview of a new one; ``unchanged``:
    the same draw had been imported."""

    task: PlanTask
    platform: str
    official_no: str
    drawn_at: datetime
    file: OfficialFile
    read: ReadDraw
    draw_id: int | None
    unchanged: bool
    differences: tuple[str, ...]

    @property
    def new_firms(self) -> list[ReadFirm]:
        """Those the register does not know yet."""
        return [one for one in self.read.firms if one.firm is None]

    def as_dict(self, locale: str) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "imported": 0 if self.unchanged or self.draw_id is None else len(self.read.firms),
            "unchanged": self.unchanged,
            "draw": self.draw_id,
            "task": self.task.task_no,
            "platform": self.platform,
            "official_no": self.official_no,
            "drawn_at": self.drawn_at.isoformat(),
            "sha256": self.file.sha256,
            "firms": [one.told.uscc for one in self.read.firms],
            "new_firms": [one.told.uscc for one in self.new_firms],
            "differences": list(self.differences),
            "problems": [
                {
                    "row": one.row,
                    "code": one.fault.code,
                    "text": message(one.fault.code, locale, one.fault.details),
                }
                for one in self.read.problems
            ],
        }


def platform_of(actor: Actor) -> str:
    """The county's setting ``platform.name``."""
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    return str(read_setting(settings, "platform.name"))


def preview_official(actor: Actor, task_id: int, file: OfficialFile) -> OfficialReport:
    """Reads and looks up, stores nothing. Raises ``plan.not_found``, ``draw.pool_empty`` for a task
    not ours, and what reading the file raises."""
    return _report(actor, planning.get_task(actor, task_id), file)


def import_official(
    actor: Actor, task_id: int, file: OfficialFile, planned_on: date
) -> OfficialReport:
    """Creates the draw, the firms that are new, and the inspections: all of it or nothing.

    The same draw again changes nothing. Raises ``official.differs`` where the number was imported
    with other contents, ``official.refused`` with every problem, ``draw.already_drawn`` when the
    task was drawn as often as its plan says, ``official.pool_frozen``, ``request.bad_parameter``
    for a day in the past.
    """
    require(actor, Action.DRAW_IMPORT)
    if planned_on < today():
        raise fault("request.bad_parameter", field="planned_on")
    with unit_of_work() as work:
        take_turns(actor.jurisdiction_id)  # firms are added, and one number is one draw
        planning.lock_task(task_id)
        task = planning.get_task(actor, task_id)
        report = _report(actor, task, file)
        if report.unchanged:
            return report
        if report.differences:
            lines = list(report.differences)
            raise fault("official.differs", number=report.official_no, lines=lines)
        if report.read.problems:
            raise fault("official.refused", count=len(report.read.problems))
        if find_open_draw(task_id) is not None:
            raise fault("official.pool_frozen")
        if is_drawn_enough(actor, task):
            raise fault("draw.already_drawn")
        draw = _new_draw(actor, report)
        work.add(draw)
        work.flush()
        work.add(_kept(actor, report, draw))
        wanted = [_wanted(actor, report, one) for one in report.read.firms]
        create_inspections(draw, wanted, planned_on)
        write_event(
            actor.jurisdiction_id, _person(actor), "draw.imported", f"draw:{draw.public_id}",
            official_no=report.official_no, sha256=file.sha256, firms=len(wanted),
        )  # fmt: skip
        return _report(actor, task, file, draw.id)


def find_official(draw: Draw) -> OfficialDraw | None:
    """Where an imported draw comes from."""
    return db.session.get(OfficialDraw, draw.id) if draw.origin == OFFICIAL else None


def count_official_firms(draw_ids: Sequence[int] | None = None) -> dict[int, int]:
    """Draw → how many firms, of these or of all the imported ones of the county in sight."""
    query = select(OfficialDraw.draw_id, OfficialDraw.content)
    if draw_ids is not None:
        query = query.where(OfficialDraw.draw_id.in_(draw_ids))
    return {draw: len(content["firms"]) for draw, content in db.session.execute(query)}


def export_official(actor: Actor, public_id: str) -> dict[str, Any] | None:
    """What can be published of an imported draw; there is nothing to recompute. None for ours."""
    found = db.session.scalar(
        select(OfficialDraw)
        .join(Draw, OfficialDraw.draw_id == Draw.id)
        .where(Draw.public_id == public_id, Draw.jurisdiction_id == actor.jurisdiction_id)
    )
    if found is None:
        return None
    firms = [{"id": one["uscc"], "name": one["name"]} for one in found.content["firms"]]
    return {
        "kind": OFFICIAL,
        "draw_id": public_id,
        "platform": found.platform,
        "official_no": found.official_no,
        "drawn_at": found.content["drawn_at"],
        "file_sha256": found.file_sha256,
        "firms": firms,
    }


def _report(
    actor: Actor, task: PlanTask, file: OfficialFile, draw_id: int | None = None
) -> OfficialReport:
    if not planning.is_own(task):
        raise fault("draw.pool_empty")
    sheet = read_official(read_rows(file.data))
    number = sheet.official_no or file.official_no.strip()
    if not number:
        raise fault("official.no_number")
    platform = file.platform.strip() or platform_of(actor)
    if not platform:
        raise fault("request.missing_field", field="platform")
    at = _drawn_at(sheet, file)
    known = db.session.scalar(
        select(OfficialDraw).where(
            OfficialDraw.jurisdiction_id == actor.jurisdiction_id,
            OfficialDraw.official_no == number,
        )
    )
    differences: tuple[str, ...] = ()
    if known is not None and draw_id is None and known.file_sha256 != file.sha256:
        told = sheet.as_content(number, at.strftime("%Y-%m-%dT%H:%M"))
        differences = tuple(list_content_differences(known.content, told))
    is_new = known is None or draw_id is not None
    return OfficialReport(
        task=task,
        platform=platform,
        official_no=number,
        drawn_at=at,
        file=file,
        read=understand(actor, task, sheet, at),
        draw_id=draw_id if known is None or draw_id is not None else known.draw_id,
        unchanged=not is_new and not differences,
        differences=differences,
    )


def _drawn_at(sheet: OfficialSheet, file: OfficialFile) -> datetime:
    text = sheet.drawn_at or (parse_drawn_at(file.drawn_at) if file.drawn_at.strip() else "")
    if not text:
        raise fault("official.no_time")
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=SITE_ZONE)
    except ValueError:
        raise fault("date.malformed", text=text) from None
    if at > now():
        raise fault("official.drawn_in_future")
    return at


def _new_draw(actor: Actor, report: OfficialReport) -> Draw:
    return Draw(
        jurisdiction_id=actor.jurisdiction_id,
        public_id=make_number("PT"),
        task_id=report.task.id,
        task=report.task,
        state=DrawState.DRAWN,
        origin=OFFICIAL,
        pool="{}",
        pool_sha256=report.file.sha256,
        frozen_at=report.drawn_at,
        seed_source=f"{report.platform} {report.official_no}"[:200],
        drawn_by=_person(actor),
        drawn_at=report.drawn_at,
    )


def _kept(actor: Actor, report: OfficialReport, draw: Draw) -> OfficialDraw:
    sheet = read_official(read_rows(report.file.data))
    return OfficialDraw(
        jurisdiction_id=actor.jurisdiction_id,
        draw_id=draw.id,
        official_no=report.official_no,
        platform=report.platform[:120],
        file_name=report.file.name[:200],
        file_sha256=report.file.sha256,
        file=report.file.data,
        content=sheet.as_content(report.official_no, report.drawn_at.strftime("%Y-%m-%dT%H:%M")),
        imported_by=_person(actor),
        imported_at=now(),
    )


def _wanted(actor: Actor, report: OfficialReport, one: ReadFirm) -> NewInspection:
    """The officer named first leads the department's team (组长)."""
    firm = one.firm
    if firm is None:
        firm = Firm(jurisdiction_id=actor.jurisdiction_id)
        values = {
            "uscc": one.told.uscc,
            "name": one.told.name,
            "address": one.told.address,
            "category": report.task.category or "",
        }
        by = actor if actor.person_id else None
        apply_change(by, "firms", firm, values, f"official:{report.official_no}"[:40])
    return NewInspection(
        firm=firm,
        departments=tuple(department for department, _team in one.teams),
        team=tuple(
            NewTeamMember(officer, department, place == 0)
            for department, team in one.teams
            for place, officer in enumerate(team)
        ),
    )


def _person(actor: Actor) -> int | None:
    """None for the command line, which is nobody's account."""
    return actor.person_id or None
