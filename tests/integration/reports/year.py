"""A small year on record, written row by row, so that every figure of it can be counted by hand.

Draws by task, visits by firm (``E`` enterprises, ``P`` public institutions). ``tr`` and ``mr`` are
each department's part: the day it ended, the result code and the day that was entered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import select

from server.db import db, scope_to, unit_of_work
from server.draws.models import Draw
from server.fieldsync.models import Proposal, Receipt
from server.inspections.models import Inspection, Sheet
from server.planning.models import Plan, PlanTask
from server.publication.models import Publication
from server.registry.models import Firm
from server.results.models import SheetVersion
from tests.integration.builders import ITEMS, Field, build_field

# ended on, result, entered on: MM-DD of 2026 or a whole date, empty for not yet
Part = tuple[str, int | None, str]
Draws = Mapping[str, tuple[str, str, str, str, Mapping[str, Mapping[str, Part]]]]
KNOWN = '{"firms":[{"tier":"normal"}]}'  # of a pool that knew a class
BUREAU, MARKET, POLICE, CITY = "交通运输局", "市场监督管理局", "公安局", "市交通运输局"
# name → plan, ownership, initiators, cooperators, whether it asks for classes
TASKS = {
    "internal": ("internal", "initiating", [], [], False),
    "with_market": ("joint", "initiating", [BUREAU], [MARKET], True),
    "with_police": ("joint", "initiating", [BUREAU], [POLICE], False),
    "for_market": ("joint", "cooperating", [MARKET], [BUREAU], False),
    "province": ("internal", "initiating", [], [], False),
    "city": ("joint", "city", [CITY], [], False),
    "other": ("joint", "other", [POLICE], [], False),
}
FIRMS = ("E1", "E2", "E3", "E4", "E5", "E6", "P1", "P2")
DONE_CLEAN: Part = ("02-24", 1, "02-26")
OPEN: Part = ("", None, "")
# name → task, drawn on, origin, pool, firm → parts
DRAWS: Draws = {
    "d1": (
        "internal", "2026-01-12", "own", KNOWN,
        {
            "E1": {"tr": ("01-20", 1, "01-22")},
            "E2": {"tr": ("01-30", 5, "02-15")},
            "P1": {"tr": ("02-12", 1, "02-13")},
            "E3": {"tr": OPEN},  # taken back on 11 February
            "E4": {"tr": OPEN},
        },
    ),
    "d2": (
        "with_market", "2026-02-03", "official", "{}",
        {
            "E1": {"tr": ("02-09", 1, "02-10"), "mr": ("02-09", 1, "02-10")},
            "E3": {"tr": ("02-08", 5, "02-09"), "mr": OPEN},
        },
    ),
    "d3": (
        "with_police", "2026-02-20", "own", "{}",
        {"P1": {"tr": ("02-23", 4, "02-25")}, "P2": {"tr": OPEN}},
    ),
    "d4": (
        "for_market", "2026-02-25", "official", "{}",
        {"E5": {"tr": ("02-27", 7, "03-02")}, "E6": {"tr": OPEN}},
    ),
    "d5": ("province", "2026-02-01", "official", "{}", {"E1": {"tr": ("02-24", 8, "02-26")}}),
    "d6": ("city", "2026-02-02", "official", "{}", {"E2": {"tr": DONE_CLEAN}}),
    "d7": ("other", "2026-02-02", "official", "{}", {"E2": {"tr": DONE_CLEAN}}),
    "d8": ("internal", "2025-12-20", "own", KNOWN, {"E2": {"tr": DONE_CLEAN}}),
    "d9": ("internal", "2026-01-05", "own", KNOWN, {"E6": {"tr": OPEN}}),  # made again
}  # fmt: skip
WITHDRAWN = {("d1", "E3"): "02-11", ("d9", "E6"): "01-06"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a year is built from. ``corrected``: sheet → its second version's result and day."""

    draws: Draws = field(default_factory=lambda: DRAWS)
    withdrawn: Mapping[tuple[str, str], str] = field(default_factory=lambda: WITHDRAWN)
    superseded: frozenset[str] = frozenset({"d9"})
    corrected: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    plan_year: int = 2026


class Year(Field):
    """The county with this year; ``tasks``, ``draws`` and ``visits`` by name (``d1/E2``)."""

    tasks: dict[str, int]
    draws: dict[str, int]
    visits: dict[str, int]
    sheets: dict[str, int]  # d2/E1/mr


def build_year(told: Told | None = None) -> Year:
    """Call inside an application context; the session then stands in the county."""
    told = told or Told()
    made = Year(**build_field().__dict__)
    made.tasks, made.draws, made.visits, made.sheets = {}, {}, {}, {}
    scope_to(made.jurisdiction_id)
    with unit_of_work():
        _add_tasks(made, told.plan_year)
        firms = {name: _add_firm(made, place, name) for place, name in enumerate(FIRMS)}
        for name in told.draws:
            _add_draw(made, told, name, firms)
        for sheet, (result, day) in told.corrected.items():
            _add_correction(made, sheet, day)
            _add_version(made, made.sheets[sheet], 2, result, day)
    return made


def publish(made: Year, sheet: str, day: str, channel: str, *, is_void: bool = False) -> None:
    """A publication of its first version on record."""
    with unit_of_work() as work:
        work.add(
            Publication(
                jurisdiction_id=made.jurisdiction_id, sheet_id=made.sheets[sheet], version=1,
                channel=channel, published_on=_date(day), is_void=is_void,
                recorded_by=made.people["office"], recorded_at=_at(day),
            )
        )  # fmt: skip


def _add_tasks(made: Year, year: int) -> None:
    for kind in ("internal", "joint"):
        plan = Plan(
            jurisdiction_id=made.jurisdiction_id, kind=kind, year=year, title=kind,
            file_name="", file_sha256=kind.ljust(64, "0"), imported_at=_at("01-02"),
        )  # fmt: skip
        db.session.add(plan)
        db.session.flush()
        for place, (name, told) in enumerate(TASKS.items(), start=1):
            if told[0] != kind:
                continue
            _kind, ownership, initiators, cooperators, uses_risk = told
            task = PlanTask(
                jurisdiction_id=made.jurisdiction_id, plan_id=plan.id, row_no=place,
                task_no=f"T{place}", name=f"任务{place}", object_scope=f"对象{place}",
                ratio_text=f"不低于{place}%", ownership=ownership, initiators=initiators,
                cooperators=cooperators, uses_risk=uses_risk, cells={},
            )  # fmt: skip
            db.session.add(task)
            db.session.flush()
            made.tasks[name] = task.id


def _add_firm(made: Year, place: int, name: str) -> int:
    start = "91" if name.startswith("E") else "12"
    firm = Firm(
        jurisdiction_id=made.jurisdiction_id, uscc=f"{start}140522MA0K1{place:03d}XX",
        name=f"示例{name}", category="freight", tier="normal" if name.startswith("E") else None,
    )  # fmt: skip
    db.session.add(firm)
    db.session.flush()
    return firm.id


def _add_draw(made: Year, told: Told, name: str, firms: dict[str, int]) -> None:
    task, day, origin, pool, visits = told.draws[name]
    draw = Draw(
        jurisdiction_id=made.jurisdiction_id, public_id=f"draw-{name}", task_id=made.tasks[task],
        state="superseded" if name in told.superseded else "drawn", pool=pool, pool_sha256="0" * 64,
        frozen_at=_at(day), drawn_at=_at(day), origin=origin,
    )  # fmt: skip
    db.session.add(draw)
    db.session.flush()
    made.draws[name] = draw.id
    for firm, parts in visits.items():
        taken_back = told.withdrawn.get((name, firm))
        visit = Inspection(
            jurisdiction_id=made.jurisdiction_id, number=f"{name}-{firm}", draw_id=draw.id,
            task_id=draw.task_id, firm_id=firms[firm], created_at=_at(day),
            withdrawn_at=_at(taken_back) if taken_back else None,
            # as in the product: whoever leaves first ends it, whoever leaves later moves its end
            ended_on=max((_date(ended) for ended, *_ in parts.values() if ended), default=None),
        )  # fmt: skip
        db.session.add(visit)
        db.session.flush()
        made.visits[f"{name}/{firm}"] = visit.id
        for code, part in parts.items():
            made.sheets[f"{name}/{firm}/{code}"] = _add_sheet(made, visit.id, code, part)


def _add_sheet(made: Year, visit: int, code: str, part: Part) -> int:
    ended, result, entered = part
    department = db.session.scalars(
        select(Sheet.department_id).where(Sheet.id == made.sheet_ids[code])
    ).one()
    sheet = Sheet(
        jurisdiction_id=made.jurisdiction_id, inspection_id=visit, department_id=department,
        code=code, lists=[{"list": f"{code}-list@1", "items": [one for one, _, _ in ITEMS[code]]}],
        ended_on=_date(ended) if ended else None,
    )  # fmt: skip
    db.session.add(sheet)
    db.session.flush()
    if result is not None:
        _add_version(made, sheet.id, 1, result, entered)
    return sheet.id


def _add_version(made: Year, sheet: int, version: int, result: int, day: str) -> None:
    db.session.add(
        SheetVersion(
            jurisdiction_id=made.jurisdiction_id, sheet_id=sheet, version=version,
            op=f"op-{sheet}-{version}", content="{}", digest="0" * 64, result_code=result,
            entered_by=made.people["wang"], entered_at=_at(day), snapshot={},
        )
    )  # fmt: skip
    db.session.flush()


def _add_correction(made: Year, name: str, day: str) -> None:
    """The order that the database asks for before it takes a second version."""
    sheet, visit = made.sheets[name], made.visits[name.rpartition("/")[0]]
    op, person = f"op-{sheet}-2", made.people["wang"]
    db.session.add(
        Receipt(
            jurisdiction_id=made.jurisdiction_id, op=op, device="server", seq=sheet,
            person_id=person, space=f"insp:{visit}", kind="result.set", payload="{}",
            payload_sha256="0" * 64, status="locked", outcome={}, received_at=_at(day),
        )
    )  # fmt: skip
    db.session.flush()
    db.session.add(
        Proposal(
            jurisdiction_id=made.jurisdiction_id, id=f"p-{sheet}", op=op, person_id=person,
            inspection_id=visit, space=f"insp:{visit}", entity="result", kind="result.set",
            status="locked", payload={}, against={}, current={}, state="submitted",
            made_at=_at(day),
        )
    )  # fmt: skip
    db.session.flush()


def _date(day: str) -> date:
    return date.fromisoformat(day if len(day) == 10 else f"2026-{day}")


def _at(day: str) -> datetime:
    """Ten in the morning at the site."""
    return datetime.fromisoformat(f"{_date(day)}T02:00").replace(tzinfo=UTC)
