"""What an official draw's file means in this county: its firms, officers and departments, and
everything that keeps it from being imported, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.access import Actor
from domain.errors import Fault, fault
from domain.identifiers import check_uscc
from domain.official_draws import OfficialFirm, OfficialOfficer, OfficialSheet
from server.accounts.models import Department
from server.accounts.service import find_department
from server.draws.parties import parties_of
from server.planning import service as planning
from server.planning.models import PlanTask
from server.registry import service as registry
from server.registry.models import Firm, Officer
from server.runtime import SITE_ZONE

SMALLEST_TEAM = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """Why it cannot be imported: row as a spreadsheet counts, None for the whole file."""

    row: int | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class ReadFirm:
    """A firm of the file. ``firm`` None: not in the register, it will be added."""

    told: OfficialFirm
    firm: Firm | None
    teams: tuple[tuple[Department, tuple[Officer, ...]], ...]


@dataclass(frozen=True, slots=True)
class ReadDraw:
    """The file understood."""

    firms: tuple[ReadFirm, ...]
    problems: tuple[Problem, ...]


def understand(actor: Actor, task: PlanTask, sheet: OfficialSheet, drawn_at: datetime) -> ReadDraw:
    """Looks everything up; stores nothing."""
    reading = _Reading(actor, task, drawn_at.astimezone(SITE_ZONE).date())
    reading.check_task(sheet.task_no)
    known = {
        one.uscc: one
        for one in registry.list_firms_by_uscc(actor, [one.uscc for one in sheet.firms])
    }
    firms = tuple(reading.read_firm(one, known.get(one.uscc)) for one in sheet.firms)
    return ReadDraw(firms, tuple(reading.problems))


class _Reading:
    """Collects problems while it reads."""

    def __init__(self, actor: Actor, task: PlanTask, day: date) -> None:
        self.actor, self.task, self.day = actor, task, day
        self.problems: list[Problem] = []
        parties = parties_of(task)
        self.parties = parties.departments
        self.officers = {
            one.cert_no: one
            for one in registry.list_eligible_officers(
                actor, [one.id for one in self.parties], date.min
            )
        }
        self.departments: dict[str, Department | None] = {}
        for name in parties.unknown:
            self.add(None, "official.unknown_department", department=name)
        for department in self.parties:
            if not registry.sheet_lists_for(task, department):
                self.add(None, "official.no_checklist", department=department.name)

    def add(self, row: int | None, code: str, **details: object) -> None:
        self.problems.append(Problem(row, fault(code, **details)))

    def check_task(self, number: str) -> None:
        """The file's task number, where it is one of another task of ours."""
        if number in ("", self.task.task_no, self.task.official_no or ""):
            return
        others = planning.list_own_tasks(self.actor)
        if any(number in (one.task_no, one.official_no) for one in others):
            self.add(None, "official.other_task", number=number)

    def read_firm(self, told: OfficialFirm, firm: Firm | None) -> ReadFirm:
        if firm is None and (refused := check_uscc(told.uscc)):
            self.add(told.row, "firm.bad_uscc", **refused.details)
        by_department: dict[int, list[Officer]] = {one.id: [] for one in self.parties}
        for one in told.officers:
            officer = self.read_officer(one, firm)
            if officer is not None:
                by_department[officer.department_id].append(officer)
        for department in self.parties:
            found = by_department[department.id]
            if len(found) < SMALLEST_TEAM:
                self.add(
                    told.row, "draw.too_few_officers", department=department.name,
                    firm=told.name, eligible=len(found), needed=SMALLEST_TEAM,
                )  # fmt: skip
        teams = tuple((one, tuple(by_department[one.id])) for one in self.parties)
        return ReadFirm(told, firm, teams)

    def read_officer(self, told: OfficialOfficer, firm: Firm | None) -> Officer | None:
        department = self.find_department(told)
        officer = self.officers.get(told.cert_no)
        if department is None:
            return None
        if officer is None:
            self.add(told.row, "official.unknown_officer", name=told.name, cert_no=told.cert_no)
            return None
        if officer.name != told.name or officer.department_id != department.id:
            self.add(
                told.row, "official.other_officer", cert_no=told.cert_no, name=told.name,
                department=told.department, known=officer.name,
            )  # fmt: skip
            return None
        if officer.cert_expires_on is not None and officer.cert_expires_on < self.day:
            expired = officer.cert_expires_on.isoformat()
            self.add(told.row, "official.expired", name=told.name, on=expired)
            return None
        if firm is not None and firm.id in officer.recused_firm_ids:
            self.add(told.row, "official.recused", name=told.name, firm=firm.name)
            return None
        return officer

    def find_department(self, told: OfficialOfficer) -> Department | None:
        """By name, code or alias; it must be a party of the task."""
        name = told.department
        if name not in self.departments:
            self.departments[name] = find_department(name)
        found = self.departments[name]
        if found is None:
            self.add(told.row, "official.unknown_department", department=name)
        elif all(found.id != one.id for one in self.parties):
            self.add(told.row, "official.no_party", department=name)
            return None
        return found
