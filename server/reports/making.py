"""Use cases: making a report. What is counted is frozen with the ids behind each number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from domain.access import Action, Actor
from domain.canonical import canonical_json, canonical_sha256
from domain.county_settings import read_setting
from domain.errors import fault
from domain.reports.annex1 import count_annex1
from domain.reports.annex1_form import DEFAULT_PLATFORM
from domain.reports.frozen import ReportKind, dump_draw
from server.accounts.service import get_jurisdiction, lock_jurisdiction
from server.audit.service import write_event
from server.db import unit_of_work
from server.guard import require
from server.reports.head import read_head
from server.reports.models import Report
from server.reports.overview import list_draws_of
from server.runtime import now, today

FIRST_YEAR = 2000
OWN_DRAWS = "report.own_draws"
REGION = "report.region"
ON_PLATFORM = "platform"


def count_annex1_of(actor: Actor, day: date) -> dict[str, Any]:
    """Annex 1 for the year up to and with ``day``, as it would be frozen. Raises
    ``report.day_refused`` for a day to come."""
    check_day(day)
    draws = list_draws_of(
        actor.jurisdiction_id,
        day.replace(month=1, day=1),
        day,
        own_on_platform=read(actor, OWN_DRAWS) == ON_PLATFORM,
    )
    counted = [one.counted for one in draws]
    return {
        **beginning(ReportKind.ANNEX1, day),
        "platform": read(actor, "platform.name") or DEFAULT_PLATFORM,
        "numbers": {row: list(told) for row, told in count_annex1(counted).items()},
        "draws": [
            {
                **dump_draw(one.counted),
                "public_id": one.draw.public_id,
                "task_no": one.draw.task.task_no,
                "task": one.draw.task.name,
            }
            for one in draws
        ],
    }


def make_annex1(actor: Actor, day: date) -> Report:
    """Frozen. Raises as ``count_annex1_of``."""
    require(actor, Action.REPORT_MAKE)
    with unit_of_work():
        return freeze(actor, count_annex1_of(actor, day), str(day.year))


def freeze(actor: Actor, content: Mapping[str, Any], period: str, subject: str = "") -> Report:
    """Stores a report as the next of its period; inside a unit of work."""
    with unit_of_work() as work:
        lock_jurisdiction(actor.jurisdiction_id)
        newest = select(func.max(Report.number)).where(
            Report.kind == content["kind"], Report.period == period
        )
        made = Report(
            jurisdiction_id=actor.jurisdiction_id,
            kind=str(content["kind"]),
            period=period,
            number=(work.scalar(newest) or 0) + 1,
            subject=subject,
            day=date.fromisoformat(content["day"]),
            content=canonical_json(content),
            digest=canonical_sha256(content),
            made_by=actor.person_id,
            made_at=now(),
        )
        work.add(made)
        work.flush()
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            "report.made",
            f"report:{made.id}",
            kind=made.kind,
            period=period,
            number=made.number,
            sha256=made.digest,
        )
        return made


def check_day(day: date) -> None:
    """Nothing can be told of a day that has not come. Raises ``report.day_refused``."""
    if day > today() or day.year < FIRST_YEAR:
        raise fault("report.day_refused")


def read(actor: Actor, key: str) -> Any:
    """A setting of the actor's county."""
    return read_setting(get_jurisdiction(actor.jurisdiction_id).settings, key)


def beginning(kind: ReportKind, day: date) -> dict[str, Any]:
    head = read_head()
    return {
        "format": 1,
        "kind": kind.value,
        "day": day.isoformat(),
        "unit": head.unit,
        "contact": dict(head.contact),
    }
