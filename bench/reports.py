"""The monthly report over 200,000 inspections: annex 1 of the year and annex 2 of its month, made
and frozen in a process of its own, whose memory is read before and after. Every visit was drawn in
the year; each result has a version, one in ten a problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import insert, select

from bench.firms import ACCOUNT, AT, BATCH, analyse
from bench.results import build_results
from domain.reports.frozen import build_form
from server.accounts.models import Person
from server.accounts.sessions import actor_of
from server.app import create_app
from server.config import load_config
from server.db import db, scope_to, unit_of_work
from server.inspections.models import Sheet
from server.reports import service
from server.reports.workbook import write_workbook
from server.results.models import SheetVersion
from server.runtime import today

CODES = (1, 1, 1, 1, 1, 1, 1, 7, 1, 5)
ENTERED_AFTER = timedelta(days=3)


def build_reported(env: Mapping[str, str], visits: int) -> None:
    """``visits`` with their results."""
    build_results(env, visits)
    app = create_app(load_config(_settings(env)))
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.account == ACCOUNT)).one()
        person_id, county = person.id, person.jurisdiction_id
        sheets = db.session.scalars(select(Sheet.id).order_by(Sheet.id)).all()
        for at in range(0, len(sheets), BATCH):
            with unit_of_work() as work:
                work.execute(
                    insert(SheetVersion),
                    [
                        {
                            "jurisdiction_id": county, "sheet_id": one, "version": 1,
                            "op": f"bench-{one}", "content": "{}", "digest": "0" * 64,
                            "result_code": CODES[one % len(CODES)], "entered_by": person_id,
                            "entered_at": AT + ENTERED_AFTER, "snapshot": {},
                        }
                        for one in sheets[at : at + BATCH]
                    ],
                )  # fmt: skip
        analyse()
        db.session.remove()
        db.engine.dispose()


def measure_reports(env: Mapping[str, str], say: Callable[[str], None]) -> dict[str, Any]:
    """Seconds of each and the peak of the process, in MB."""
    say("making annex 1 and annex 2")
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_count, (dict(env),))


def _count(env: Mapping[str, str]) -> dict[str, Any]:
    app = create_app(load_config(_settings(env)))
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.account == ACCOUNT)).one()
        scope_to(person.jurisdiction_id)
        actor, before = actor_of(person), _peak_mb()
        start = perf_counter()
        first = service.make_annex1(actor, min(AT.date().replace(month=12, day=31), today()))
        annex1 = perf_counter() - start
        drawn = service.json_of(first)["numbers"]["all"][1]
        start = perf_counter()
        second = service.make_annex2(actor, AT.date().replace(day=1))
        annex2 = perf_counter() - start
        start = perf_counter()
        for one in (first, second):
            write_workbook(build_form(service.json_of(one)))
        files = perf_counter() - start
        told = {
            "drawn": drawn, "annex1_s": annex1, "annex2_s": annex2, "workbooks_s": files,
            "peak_mb": _peak_mb(), "before_mb": before,
        }  # fmt: skip
        db.session.remove()
        db.engine.dispose()
    return {name: round(number, 2) for name, number in told.items()}


def _peak_mb() -> float:
    """Of this process: ``ru_maxrss`` would begin with the parent's, which built the county."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found, "Linux tells it"
    return int(found[1]) / 1024


def _settings(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith("SUICHA_")}
