"""Two counties at work on one server, and a person of every role in two departments of the first.

Both are the busy demo county (``tools.busy_county``); in the second every name of a firm, a person
and a place bears ``MARK``, so that one word tells whose an answer speaks of. One joint visit of
each was made by both departments, with findings, receipts and follow-up cases of either.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.access import Role
from domain.calendar_notices import read_notice_file
from server.accounts.models import Department, Jurisdiction
from server.accounts.service import add_person
from server.db import db, scope_to, unit_of_work
from server.deadlines.notices import import_notice
from server.demo import bodies, items, service
from server.demo import county as demo
from server.notifications.reminder_models import PushSubscription, ReminderMessage
from tests.integration.accounts.joint_work import LISTS, work_together
from tools.busy_county import NOW, County, fill

MARK = "霜岭"  # in no word of ours, and in nothing of the first county
THERE = "140598"
OTHER = "邻"  # what the second county's accounts end with


def build(home: Path) -> None:
    """Fills ``home``: database, photos, secrets."""
    here = County(home)
    _import_a_notice(here)
    fill(here)
    work_together(here)
    _leave_unsent(here)
    _add_everybody(here)
    _call(here, demo.CODE, "140597", "here")
    with _marked_demo(home):
        here.clock.at = (NOW - timedelta(days=37)).astimezone(here.clock.at.tzinfo)
        with here.app.app_context():
            scope_to(None)
            service.load_demo()
            db.session.remove()
        _rename_a_list(here)
        fill(here)
        work_together(here)
        _leave_unsent(here)
    _call(here, demo.CODE, THERE, OTHER)
    _call(here, "140597", demo.CODE, "")
    here.close()


def _import_a_notice(county: County) -> None:
    """On days off: the country has one calendar, so it is no record of a county."""
    text = "date,kind,name\n2026-10-08,holiday,国庆节\n"
    with county.desk():
        import_notice(None, read_notice_file(text.encode()), "国办发明电〔2026〕9号", text)


def people_of(department: str) -> dict[Role, str]:
    """The account of each role that was added to this department of the first county."""
    return {role: f"{department}-{role}" for role in Role if role is not Role.PUBLIC}


def _rename_a_list(county: County) -> None:
    """A list that no visit has, under a code that only this county knows."""
    with county.desk(), unit_of_work() as work:
        renamed = dict(zip(("known", "own"), LISTS, strict=True))
        rename = "UPDATE checklists SET code = :own WHERE code = :known AND jurisdiction_id = :id"
        home = service.find_demo()
        assert home is not None
        work.execute(text(rename), {**renamed, "id": home.id})


def _leave_unsent(county: County) -> None:
    """A reminder that nobody has got, and the browser it was for."""
    with county.desk(), unit_of_work() as work:
        home = service.find_demo()
        assert home is not None
        mine = {"jurisdiction_id": home.id, "person_id": county.actor("bangong").person_id}
        at = county.clock()
        place = f"https://push.example/{home.id}"
        work.add(PushSubscription(**mine, endpoint=place, p256dh="p", auth="a", made_at=at))
        work.add(
            ReminderMessage(
                **mine, channel="push", place="1", slot="2026-03-02", epoch="none", counts={},
                made_at=at, next_at=at, outcome="failed", note="HTTP 400",
            )
        )  # fmt: skip


def _add_everybody(county: County) -> None:
    with county.desk():
        home = service.find_demo()
        assert home is not None
        for code in ("tr", "mr"):
            department = db.session.query(Department).filter_by(code=code).one()
            for role, account in people_of(code).items():
                add_person(home, department, account, f"{code}{role}", county.password, [role])


def _call(county: County, code: str, new: str, ending: str) -> None:
    """Gives the county of this code another one, and its accounts another ending."""
    with county.app.app_context(), unit_of_work() as work:
        scope_to(None)
        found = work.query(Jurisdiction).filter_by(code=code).one()
        found.code = new
        if new == THERE:
            found.name = f"{MARK}县"
        if ending:
            rename = "UPDATE people SET account = account || :ending WHERE jurisdiction_id = :id"
            work.execute(text(rename), {"ending": f"@{ending}", "id": found.id})
        else:
            rename = "UPDATE people SET account = replace(account, '@here', '')"
            work.execute(text(rename))
    with county.app.app_context():
        db.session.remove()


@contextmanager
def _marked_demo(home: Path) -> Iterator[None]:
    """The demo's own files with the mark in every name, as long as this lasts."""
    folder = home / "marked"
    shutil.copytree(demo.DEMO, folder)
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace("泽源", MARK), encoding="utf-8")
    for name, column in (("people.csv", "name"), ("officers.csv", "姓名"), ("firms.csv", "名称")):
        _mark_column(folder / name, column)
    with pytest.MonkeyPatch.context() as patch:
        for module in (demo, service, items):
            patch.setattr(module, "DEMO", folder)
        patch.setattr(service, "is_empty", lambda: True)
        patch.setattr(service, "NAME", f"{MARK}县")
        group = tuple((role, name + MARK, post) for role, name, post in bodies.GROUP)
        patch.setattr(bodies, "GROUP", group)
        yield
    shutil.rmtree(folder)


def _mark_column(path: Path, column: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if MARK not in row[column]:
            row[column] += MARK
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
