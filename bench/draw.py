"""A draw in a large county: the pool frozen, firms and officers drawn, the visits created and
published to the officers' phones, all by the server's own use cases; then the record verified in
Python and in TypeScript (Node), as a visitor's browser does it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from bench.installation import ROOT
from domain.access import Actor, Role
from domain.draw import verify_draw
from server.accounts.models import Department, DepartmentAlias, Jurisdiction, Person, PersonRole
from server.app import create_app
from server.config import load_config
from server.db import db, scope_to, unit_of_work
from server.draws import service as draws
from server.fieldsync.service import ensure_epoch
from server.planning.models import Plan, PlanTask
from server.registry.models import CheckEntry, Checklist, Firm, InspectionItem, Officer
from server.runtime import today

Said = Callable[[str], None]
Answer = TypeVar("Answer")
AT = datetime(2026, 1, 5, tzinfo=UTC)
AREAS = ("", "城区", "北部", "南部", "东部")
TIERS = (None, "low", "normal", "normal", "normal", "elevated")
CATEGORY = "freight"
SEED = "3516244135162441"


@dataclass(frozen=True)
class DrawLoad:
    """How large the county is and how many are drawn."""

    firms: int = 20_000
    officers: int = 400
    drawn: int = 500


def measure_draw(env: Mapping[str, str], load: DrawLoad, folder: Path, say: Said) -> dict[str, Any]:
    """Seconds of each step; the schema must be there. Raises RuntimeError when the two
    verifications do not both say equal."""
    app = create_app(
        load_config({name: text for name, text in env.items() if name.startswith("SUICHA_")})
    )
    with app.app_context():
        try:
            say(f"making a county of {load.firms} firms and {load.officers} officers")
            with unit_of_work():
                actor, task_id = _make_county(load)
            say("freezing, drawing, creating the visits")
            frozen, freeze = _timed(lambda: draws.freeze_pool(actor, task_id))
            draw_id, public_id = frozen.id, frozen.public_id
            _, run = _timed(lambda: draws.run_draw(actor, draw_id, SEED, "bench", today()))
            record = draws.export_draw(actor, public_id)
        finally:
            db.session.remove()
            db.engine.dispose()
    differences, in_python = _timed(lambda: verify_draw(record))
    path = folder / "record.json"
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    say("verifying in Node")
    node = _verify_in_node(path)
    if differences or node["differences"]:
        raise RuntimeError(f"a verification says not equal: {differences[:1]}, {node}")
    return {
        "firms": load.firms,
        "officers": load.officers,
        "drawn": len(record["firms"]),
        "teams": len(record["assignments"]),
        "record_kilobytes": round(path.stat().st_size / 1000),
        "seconds": {
            "freeze": freeze,
            "draw": run,
            "verify_python": in_python,
            "verify_node": node["seconds"],
        },
    }


def _timed(work: Callable[[], Answer]) -> tuple[Answer, dict[str, float]]:
    """By the clock, and of this process's processor: on a machine with others the clock says
    little."""
    start, busy = time.perf_counter(), time.process_time()
    answer = work()
    spent = {"clock": time.perf_counter() - start, "processor": time.process_time() - busy}
    return answer, {name: round(seconds, 2) for name, seconds in spent.items()}


def _verify_in_node(path: Path) -> dict[str, Any]:
    run = subprocess.run(
        ["node", "bench/verify_draw.mjs", str(path)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=sys.stderr, check=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def _make_county(load: DrawLoad) -> tuple[Actor, int]:
    ensure_epoch()
    county = Jurisdiction(code="140000", name="测量县", settings={})
    db.session.add(county)
    db.session.flush()
    scope_to(county.id)
    home = Department(jurisdiction_id=county.id, code="tr", name="交通运输局", is_home=True)
    other = Department(jurisdiction_id=county.id, code="mr", name="市场监督管理局")
    other.aliases = [DepartmentAlias(jurisdiction_id=county.id, alias="县市场监管局")]
    db.session.add_all([home, other])
    db.session.flush()
    clerk = _person(county, home, "clerk", Role.OFFICE_STAFF)
    source = random.Random(2026)
    firm_ids = _firms(county, load.firms, source)
    _officers(county, (home, other), load.officers, firm_ids, source)
    _lists(county)
    task = _task(county, load)
    actor = Actor(clerk.id, county.id, home.id, frozenset({Role.OFFICE_STAFF}), is_home=True)
    return actor, task.id


def _person(county: Jurisdiction, department: Department, account: str, role: Role) -> Person:
    person = Person(
        jurisdiction_id=county.id,
        department_id=department.id,
        account=account,
        name=account,
        password_hash="-",
        roles=[PersonRole(role=str(role))],
    )
    db.session.add(person)
    db.session.flush()
    return person


def _firms(county: Jurisdiction, count: int, source: random.Random) -> list[int]:
    firms = [
        Firm(
            jurisdiction_id=county.id,
            uscc=f"91140000{number:010d}",
            name=f"测量运输企业{number}",
            category=CATEGORY,
            tier=source.choice(TIERS),
            area=source.choice(AREAS),
        )
        for number in range(count)
    ]
    db.session.add_all(firms)
    db.session.flush()
    return [firm.id for firm in firms]


def _officers(
    county: Jurisdiction,
    departments: tuple[Department, ...],
    count: int,
    firm_ids: list[int],
    source: random.Random,
) -> None:
    for number in range(count):
        department = departments[number % len(departments)]
        person = _person(county, department, f"bench{number}", Role.INSPECTOR)
        db.session.add(
            Officer(
                jurisdiction_id=county.id,
                person_id=person.id,
                department_id=department.id,
                name=person.name,
                cert_no=f"04{number:08d}",
                labels=[CATEGORY],
                # Half may go everywhere, so that no area lacks officers in a small measurement.
                area=source.choice(AREAS) if number % 4 > 1 else "",
                recused_firm_ids=source.sample(firm_ids, min(3, len(firm_ids))),
            )
        )
    db.session.flush()


def _lists(county: Jurisdiction) -> None:
    for code in ("common", CATEGORY, "market_reg"):
        # A ratio of its own below the plan's, so that the load asked for is what is drawn.
        item = InspectionItem(
            jurisdiction_id=county.id, code=code, name=code, ratio_percent=Decimal("0.01")
        )
        db.session.add(item)
        db.session.flush()
        entries = [
            CheckEntry(
                jurisdiction_id=county.id,
                inspection_item_id=item.id,
                position=position,
                code=f"{code[:3].upper()}-{position:02d}",
                text="是否持有效证件上岗",
                basis=[{"law": "道路运输条例", "article": "第三十四条", "confidence": "A"}],
                methods=["on_site"],
                answer={"type": "judge"},
                photo_on_fail=True,
                severity="minor",
                department_name="市场监督管理局" if code == "market_reg" else None,
            )
            for position in range(1, 16)
        ]
        db.session.add(
            Checklist(
                jurisdiction_id=county.id,
                code=code,
                version=1,
                title=code,
                plan_tasks=["全部任务"],
                content_sha256=code.ljust(64, "0"),
                imported_at=AT,
                entries=entries,
            )
        )


def _task(county: Jurisdiction, load: DrawLoad) -> PlanTask:
    plan = Plan(
        jurisdiction_id=county.id,
        kind="joint",
        year=AT.year,
        title="测量计划",
        file_name="bench.csv",
        file_sha256="0" * 64,
        imported_at=AT,
    )
    task = PlanTask(
        jurisdiction_id=county.id,
        plan=plan,
        row_no=1,
        task_no="BENCH",
        name="测量任务",
        ratio_percent=Decimal(2 * load.drawn * 100) / Decimal(2 * load.firms),
        initiators=["交通运输局"],
        cooperators=["县市场监管局"],
        ownership="initiating",
        category=CATEGORY,
        checklist_codes=[CATEGORY, "market_reg"],
        cells={},
    )
    db.session.add_all([plan, task])
    db.session.flush()
    return task
