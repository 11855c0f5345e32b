"""Use cases: early warning by control chart (R097–R099), a warning set aside, what it proposes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from domain.access import Action, Actor, Target
from domain.control_chart import Counted, Reading, SmallNumbers, Verdict, read_month
from domain.county_settings import read_setting
from domain.errors import fault
from domain.reasons import parse_reason
from server.accounts.service import get_jurisdiction
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require
from server.registry.service import CATEGORIES
from server.runtime import now
from server.statistics import overview
from server.statistics.counts import Wanted
from server.statistics.models import SetAsideWarning

KINDS = ("item", "trade")
MAX_REASON_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class MonthReading:
    """One month of a chart; ``month`` is its first day."""

    month: date
    reading: Reading


@dataclass(frozen=True, slots=True)
class Warned:
    """A chart's newest point. ``name``: the entry's words, or the trade's code. ``aside`` where
    somebody has set it aside and nothing was found since."""

    kind: str
    code: str
    name: str
    month: date
    reading: Reading
    aside: SetAsideWarning | None


@dataclass(frozen=True, slots=True)
class Chart:
    """All months of one chart, the oldest first, the last is ``warned``'s."""

    warned: Warned
    months: tuple[MonthReading, ...]


def list_warnings(actor: Actor, month: date) -> list[Warned]:
    """What stands out in the month, by how far it is beyond its limit; set aside comes last."""
    least, length = rules_of(actor.jurisdiction_id)
    asides = _asides(actor, month)
    found = [
        Warned(kind, code, name, month, reading, _standing(asides, kind, code, reading.month))
        for kind, code, name, counts in _counted(actor, month, length, least)
        if (reading := _read(counts, month, length, least)).verdict is Verdict.WARNING
    ]
    return sorted(found, key=lambda one: (one.aside is not None, -_excess(one.reading), one.code))


def view_chart(actor: Actor, kind: str, code: str, month: date) -> Chart:
    """Raises ``warning.not_found`` where nothing of that kind was counted in that time."""
    least, length = rules_of(actor.jurisdiction_id)
    # each point has its own months before it
    wanted = Wanted(add_months(month, -2 * length), last_day(month))
    if kind == "item":
        counts = overview.count_item_months(actor, wanted, [code])
        names = overview.map_found_items(actor, wanted, 1)
        name = names.get(code, "")
    else:
        counts = overview.count_trade_months(actor, wanted)
        name = code if code in CATEGORIES else ""
    own = {day: one for (key, day), one in counts.items() if key == code}
    if kind not in KINDS or not own or not name:
        raise fault("warning.not_found")
    months = tuple(
        MonthReading(day, _read(own, day, length, least))
        for day in (add_months(month, back) for back in range(-length, 1))
    )
    reading = months[-1].reading
    aside = _standing(_asides(actor, month), kind, code, reading.month)
    return Chart(Warned(kind, code, name, month, reading, aside), months)


def set_aside(actor: Actor, kind: str, code: str, month: date, reason: str) -> None:
    """With the numbers of now: one finding more, and it is back. Raises
    ``request.missing_field`` without a reason, ``warning.not_found``, ``warning.none`` where the
    chart does not warn."""
    scope = _scope(actor)
    require(actor, Action.WARNING_DECIDE, Target(actor.jurisdiction_id, actor.department_id))
    if not (reason := parse_reason(reason, MAX_REASON_CHARACTERS)):
        raise fault("request.missing_field", field="reason")
    with unit_of_work() as work:
        reading = view_chart(actor, kind, code, month).warned.reading
        if reading.verdict is not Verdict.WARNING:
            raise fault("warning.none")
        work.add(
            SetAsideWarning(
                jurisdiction_id=actor.jurisdiction_id,
                department_id=scope,
                kind=kind,
                code=code,
                month=month,
                checked=reading.month.checked,
                found=reading.month.found,
                reason=reason,
                person_id=actor.person_id,
                at=now(),
            )
        )
        write_event(
            actor.jurisdiction_id, actor.person_id, "warning.set_aside", f"warning:{kind}:{code}",
            month=month.isoformat(), found=reading.month.found, checked=reading.month.checked,
            reason=reason,
        )  # fmt: skip


def count_standing(actor: Actor, month: date) -> int:
    """Warnings of the month nobody has set aside."""
    return sum(one.aside is None for one in list_warnings(actor, month))


def rules_of(jurisdiction_id: int) -> tuple[SmallNumbers, int]:
    """The county's small-number rule, and how many months a base has."""
    settings = get_jurisdiction(jurisdiction_id).settings
    least = SmallNumbers(
        checked=int(read_setting(settings, "warning.min_checked")),
        found=int(read_setting(settings, "warning.min_found")),
        base=int(read_setting(settings, "warning.min_base")),
    )
    return least, int(read_setting(settings, "warning.months"))


def add_months(month: date, number: int) -> date:
    """First days in and out."""
    place = month.year * 12 + month.month - 1 + number
    return date(place // 12, place % 12 + 1, 1)


def last_day(month: date) -> date:
    """Of the month that begins on this day."""
    return add_months(month, 1) - timedelta(days=1)


def _counted(
    actor: Actor, month: date, length: int, least: SmallNumbers
) -> list[tuple[str, str, str, dict[date, Counted]]]:
    """Only entries with enough findings this month are counted back: nothing else can warn."""
    wanted = Wanted(add_months(month, -length), last_day(month))
    this = Wanted(month, last_day(month))
    names = overview.map_found_items(actor, this, max(1, least.found))
    by_key: dict[tuple[str, str], dict[date, Counted]] = {}
    if names:
        for (code, day), one in overview.count_item_months(actor, wanted, names).items():
            by_key.setdefault(("item", code), {})[day] = one
    for (code, day), one in overview.count_trade_months(actor, wanted).items():
        by_key.setdefault(("trade", code), {})[day] = one
    return [
        (kind, code, names[code] if kind == "item" else code, counts)
        for (kind, code), counts in sorted(by_key.items())
    ]


def _read(counts: dict[date, Counted], month: date, length: int, least: SmallNumbers) -> Reading:
    nothing = Counted(0, 0)
    before = (counts.get(add_months(month, -back), nothing) for back in range(1, length + 1))
    return read_month(sum(before, nothing), counts.get(month, nothing), least)


def _excess(reading: Reading) -> float:
    return reading.month.share - (reading.upper or 0)


def _scope(actor: Actor) -> int | None:
    return None if overview.sees_county(actor) else actor.department_id


def _asides(actor: Actor, month: date) -> dict[tuple[str, str], SetAsideWarning]:
    scope = _scope(actor)
    query = select(SetAsideWarning).where(
        SetAsideWarning.jurisdiction_id == actor.jurisdiction_id,
        SetAsideWarning.month == month,
        SetAsideWarning.department_id.is_(None)
        if scope is None
        else SetAsideWarning.department_id == scope,
    )
    return {
        (one.kind, one.code): one for one in db.session.scalars(query.order_by(SetAsideWarning.id))
    }


def _standing(
    asides: dict[tuple[str, str], SetAsideWarning], kind: str, code: str, month: Counted
) -> SetAsideWarning | None:
    one = asides.get((kind, code))
    return one if one is not None and month.found <= one.found else None
