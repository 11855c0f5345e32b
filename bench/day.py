"""The lead's day with many visits and photos: whole pages over HTTP, one at a time. The visits are
written directly, each with every answer and signature and its share of the photos, every fifth with
a finding; how they came there is measured elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bench.firms import analyse
from bench.machine import cpu_seconds
from bench.measures import spread
from bench.registers import Desk
from bench.seed import AT, PASSWORD, SHEET
from domain.access import Role
from server.accounts.models import Department, Jurisdiction
from server.accounts.service import add_person
from server.app import create_app
from server.config import load_config
from server.db import db, scope_to, unit_of_work
from server.fieldsync.service import RowWrite, write_rows
from server.inspections.models import Inspection, Sheet

LEAD = "bench-lead"
DAY = AT.date().isoformat()
EACH = 20
STROKES = [[[10, 10, 0], [40, 30, 20], [90, 20, 50]]]


def fill_day(env: Mapping[str, str], items: list[str], photos: int) -> None:
    """Of the county that ``bench.seed`` made: all its visits handed in on their day."""
    settings = {name: value for name, value in env.items() if name.startswith("SUICHA_")}
    app = create_app(load_config(settings))
    with app.app_context():
        try:
            with unit_of_work() as work:
                county = work.query(Jurisdiction).one()
                scope_to(county.id)
                home = work.query(Department).one()
                add_person(county, home, LEAD, "测量组长", PASSWORD, [Role.TEAM_LEAD])
                visits = [one.id for one in work.query(Inspection).order_by(Inspection.id)]
            share, rest = divmod(photos, len(visits))
            for place, visit in enumerate(visits):
                _fill_visit(visit, items, share + (place < rest), is_failing=place % 5 == 0)
            analyse()
        finally:
            db.session.remove()
            db.engine.dispose()


def _fill_visit(visit: int, items: list[str], photos: int, *, is_failing: bool) -> None:
    with unit_of_work() as work:
        sheet = work.query(Sheet).filter_by(inspection_id=visit, code=SHEET).one()
        team = [member.officer for member in sheet.inspection.team]
        by = {"id": team[0].person_id, "name": team[0].name}
        rows = [
            RowWrite("answer", f"answer:{SHEET}/{code}", _answer(place, is_failing), sheet.id)
            for place, code in enumerate(items)
        ]
        for place in range(photos):
            digest = hashlib.sha256(f"{visit} {place}".encode()).hexdigest()
            # the first few prove the finding, where there is one
            code = items[0] if place < 3 else items[place % len(items)]
            fields = _photo(digest, code, team[place % 2].id)
            rows.append(RowWrite("photo", f"photo:{digest}", fields, sheet.id))
        for place, officer in enumerate(team):
            here = {"sheet": SHEET, "officer_id": officer.id, "at": _instant(), "place": None}
            rows.append(RowWrite("checkin", f"checkin:{visit}-{place}", here, sheet.id))
            signed = _signature("officer", officer.name) | {"officer_id": officer.id}
            rows.append(RowWrite("signature", f"signature:{visit}-{place}", signed, sheet.id))
        rows.append(
            RowWrite("signature", f"signature:{visit}-f", _signature("firm", "测量"), sheet.id)
        )
        own = {
            "department": {"code": SHEET, "name": "交通运输局"}, "lists": sheet.lists,
            "state": "submitted", "return_reason": None, "ended_on": DAY,
            "submitted": {"by": by, "at": _instant()}, "accepted": None, "entered": None,
            "results": {}, "result": None,
        }  # fmt: skip
        rows.append(RowWrite("sheet", f"sheet:{SHEET}", own))
        write_rows(
            jurisdiction_id=sheet.jurisdiction_id,
            space=sheet.inspection.space,
            kind="bench.fill",
            person_id=team[0].person_id,
            rows=rows,
            at=datetime.now(UTC),
        )


def _answer(place: int, is_failing: bool) -> dict[str, Any]:
    if place or not is_failing:
        return {"value": "pass"}
    return {"value": "fail", "note": "号牌污损，看不清"}


def _photo(digest: str, code: str, officer: int) -> dict[str, Any]:
    manifest = {
        "at": _instant(), "clock_offset_ms": 0, "officer_id": officer, "device": "dev_bench",
        "source": "camera",
        "place": {"lat_e7": 355000000, "lng_e7": 1124000000, "accuracy_m": 8},
    }  # fmt: skip
    return {
        "sha256": digest, "bytes": 300_000, "mime": "image/jpeg", "width": 1600, "height": 1200,
        "manifest": manifest, "attached": [f"answer:{SHEET}/{code}"], "stored": True,
    }  # fmt: skip


def _signature(role: str, name: str) -> dict[str, Any]:
    return {
        "sheet": SHEET, "role": role, "name": name, "refused": False, "strokes": STROKES,
        "size": [300, 100], "at": _instant(),
    }  # fmt: skip


def _instant() -> str:
    return f"{DAY}T02:00:00.000Z"


def measure_day(
    port: int, pid: int, visits: int, say: Callable[[str], None]
) -> tuple[dict[str, Any], dict[str, float]]:
    """Milliseconds of ``EACH`` requests after two that warm up: the day's pages in turn, only what
    waits for review, the findings with all their photos, and the summary to be signed; and of the
    server's processors for each of them."""
    desk = Desk(port, LEAD)
    pages = max(1, -(-visits // 20))
    asked: dict[str, Callable[[int], str]] = {
        "day": lambda n: f"/day?day={DAY}&page={n % pages + 1}",
        "to_review": lambda n: f"/day?day={DAY}&show=submitted&page={n % pages + 1}",
        "findings": lambda _n: f"/day/findings?day={DAY}",
        "summary": lambda _n: f"/day/summary?day={DAY}",
    }
    figures, spent = {}, {}
    for name, path in asked.items():
        say(f"the lead's day of {visits} visits: {name}")
        for n in range(2):
            desk.open(path(n), DAY)
        before = cpu_seconds(pid)
        figures[name] = spread([desk.open(path(n), DAY) for n in range(EACH)])
        spent[name] = round((cpu_seconds(pid) - before) / EACH * 1000, 1)
    desk.close()
    return figures, spent
