"""A county whose one visit has ended, and ways out of the house that write down what leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from flask import Flask
from sqlalchemy import select, update

from domain.access import Role
from domain.reminders import Channel
from domain.reports.report_calendar import usual_days
from server.accounts.models import Person, PersonRole
from server.db import db, unit_of_work
from server.inspections.models import Inspection, Sheet
from server.notifications.channels import Letter, Outcome, Sent
from server.notifications.reminder_models import Reminder
from server.registry.models import Firm
from server.reports.models import ReportDay
from tests.integration.builders import Field


@dataclass
class Listing:
    """A way that writes down what left, and may die before or after it has."""

    channel: Channel = Channel.PUSH
    at_once: int = 1
    sent: list[Letter] = field(default_factory=list)
    places: list[str] = field(default_factory=lambda: ["here"])
    answers: list[Outcome] = field(default_factory=list)
    dies_before: int | None = None
    dies_after: int | None = None

    def map_places(self, person_ids: Collection[int]) -> dict[int, list[str]]:
        return {one: self.places for one in person_ids if self.places}

    def send(self, letter: Letter) -> Outcome:
        if self.dies_before == len(self.sent):
            raise KeyboardInterrupt  # the process is gone: nothing after this line runs
        outcome = self.answers.pop(0) if self.answers else Sent()
        if isinstance(outcome, Sent):
            self.sent.append(letter)
        if self.dies_after == len(self.sent):
            raise KeyboardInterrupt
        return outcome


def end_visit(field: Field, on: date) -> None:
    """Both departments' parts of it, nothing entered; the year's reports are no matter here."""
    hand_in_reports(field)
    with unit_of_work() as work:
        work.execute(update(Inspection).values(ended_on=on))
        work.execute(update(Sheet).values(ended_on=on))


def hand_in_reports(field: Field, but: Collection[str] = ()) -> None:
    """All of 2026 but these."""
    with unit_of_work() as work:
        known = set(work.scalars(select(ReportDay.key).where(ReportDay.year == 2026)))
        for key in usual_days(2026).keys() - known - set(but):
            work.add(
                ReportDay(
                    jurisdiction_id=field.jurisdiction_id,
                    year=2026,
                    key=key,
                    handed_in_on=date(2026, 1, 1),
                )
            )


def enter(sheet_id: int, clock: object) -> None:
    """As if it had been entered: what the term asks for."""
    with unit_of_work() as work:
        sheet = work.get_one(Sheet, sheet_id)
        sheet.state, sheet.entered_at = "entered", clock()  # type: ignore[operator]


def add_deputy(field: Field) -> int:
    """A deputy head of the home department."""
    return add_person(field, "fenguan", "周分管", Role.DEPUTY_HEAD)


def another_visit(mother: Inspection) -> Inspection:
    """Of the same task to another firm, over on the same day."""
    firm = Firm(
        jurisdiction_id=mother.jurisdiction_id, uscc="91140522MA0K0001YY", name="示例货运公司",
        category="passenger", address="县城西街",
    )  # fmt: skip
    db.session.add(firm)
    db.session.flush()
    own = {"jurisdiction_id": mother.jurisdiction_id, "ended_on": mother.ended_on}
    return Inspection(
        **own, number=f"{mother.number}-2", draw_id=mother.draw_id, task_id=mother.task_id,
        firm_id=firm.id, created_at=mother.created_at,
        sheets=[
            Sheet(
                **own, code=one.code, lists=[], department_id=one.department_id, state="submitted"
            )
            for one in mother.sheets
        ],
    )  # fmt: skip


def add_person(
    field: Field, account: str, name: str, role: Role, department_id: int | None = None
) -> int:
    """Somebody who takes no part in visits, of the home department or of this one."""
    with unit_of_work() as work:
        lead = work.get_one(Person, field.people["lead"])
        person = Person(
            jurisdiction_id=lead.jurisdiction_id,
            department_id=department_id or lead.department_id,
            account=account,
            name=name,
            password_hash="-",
        )
        person.roles = [PersonRole(role=str(role))]
        work.add(person)
        work.flush()
        return person.id


def steps_of(person_id: int, matter: str = "") -> list[str]:
    """Every reminder of a person, in the order they were written; of one matter, or of all."""
    query = select(Reminder.step).where(
        Reminder.person_id == person_id, Reminder.source.startswith(matter)
    )
    return list(db.session.scalars(query.order_by(Reminder.id)))


def people_told(app: Flask, kinds: Iterable[str]) -> set[tuple[int, str, str]]:
    """(person, kind, why) of what was written."""
    with app.app_context():
        query = select(Reminder.person_id, Reminder.kind, Reminder.why)
        return {tuple(row) for row in db.session.execute(query) if row.kind in set(kinds)}  # type: ignore[misc]
