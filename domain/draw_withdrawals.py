"""A withdrawn firm 撤出对象, and the one that takes its place.

The substitute is the next firm of the same tier in the draw's own ticket order; its officers are
matched from the draw's own pool, by its seed, with the loads as they are by then. So nobody
chooses anything, and the draw's record tells who is next before anybody is withdrawn.

Record (JSON): kind, algorithm, change_id, draw_id, draw_sha256, before, firm, reason,
wants_substitute, passed_over [{firm, why}], unavailable [officer], substitute {id, tier, ticket} |
null, assignments [{firm, department, officers}], why_none. Exported with `draw`, the whole record
of the draw (null for a draw made on the platform). `before` are the effects of the changes
approved earlier; `passed_over` and `unavailable` say what the registers said on that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.canonical import canonical_sha256
from domain.draw_changes import (
    CHANGE_ALGORITHM,
    ChangeKind,
    Standing,
    WithdrawalReason,
    compare_fields,
    find_bar,
    list_misfits,
    standing_of,
)
from domain.draw_pool import Pool, PoolFirm
from domain.draw_reading import read_pool
from domain.draw_records import verify_draw
from domain.draw_tickets import ticket
from domain.errors import Fault
from domain.sampling import RiskTier

_FIELDS: Final = (
    "kind",
    "algorithm",
    "change_id",
    "draw_id",
    "draw_sha256",
    "before",
    "firm",
    "reason",
    "wants_substitute",
    "passed_over",
    "unavailable",
    "substitute",
    "assignments",
    "why_none",
)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was asked for. `closed` are firms of the pool that can no longer be inspected by the
    register, firm → why; `unavailable` officers who no longer may."""

    change_id: str
    firm: str
    reason: WithdrawalReason
    wants_substitute: bool
    closed: Mapping[str, str]
    unavailable: frozenset[str]


def withdraw_firm(
    draw_id: str,
    draw: Mapping[str, Any] | None,
    before: Sequence[Mapping[str, Any]],
    asked: Withdrawal,
) -> dict[str, Any]:
    """The record. `draw` is None for a draw made on the platform: its order is not ours to
    continue. `why_none`: `not_wanted`, `official`, `none_left`, `too_few_officers`."""
    record: dict[str, Any] = {
        "kind": ChangeKind.WITHDRAWAL.value,
        "algorithm": CHANGE_ALGORITHM,
        "change_id": asked.change_id,
        "draw_id": draw_id,
        "draw_sha256": None if draw is None else canonical_sha256(draw),
        "before": [dict(one) for one in before],
        "firm": asked.firm,
        "reason": WithdrawalReason(asked.reason).value,
        "wants_substitute": asked.wants_substitute,
        "passed_over": [],
        "unavailable": sorted(asked.unavailable),
        "substitute": None,
        "assignments": [],
        "why_none": "official" if draw is None else "not_wanted",
    }
    if draw is None or not asked.wants_substitute:
        return record
    pool = read_pool(draw["pool"])
    standing = standing_of(draw, before)
    found = _next_firm(draw, pool, standing, asked, record["passed_over"])
    if found is None:
        return {**record, "why_none": "none_left"}
    firm, tier, lot = found
    standing = standing_of(draw, [*before, {**record, "substitute": None}])
    assignments = _match(draw, pool, standing, firm, asked.unavailable)
    if assignments is None:
        return {**record, "why_none": "too_few_officers"}
    substitute = {"id": firm.id, "tier": tier.value, "ticket": lot}
    return {**record, "substitute": substitute, "assignments": assignments, "why_none": None}


def effect_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a change's record did to the draw, as later records carry it in `before`."""
    if record["kind"] == ChangeKind.REPLACEMENT:
        pool = record["pool"]
        return {
            "change_id": record["change_id"],
            "kind": record["kind"],
            "firm": pool["firm"],
            "department": pool["department"],
            "leaves": pool["leaves"],
            "joins": record["joins"],
        }
    substitute = record["substitute"]
    return {
        "change_id": record["change_id"],
        "kind": record["kind"],
        "firm": record["firm"],
        "substitute": substitute["id"] if substitute else None,
        "assignments": record["assignments"],
    }


def verify_withdrawal(record: Mapping[str, Any]) -> list[str]:
    """One line per difference, of the draw it belongs to as well. Never raises."""
    if misfits := list_misfits(record, (*_FIELDS, "draw")):
        return misfits
    draw = record["draw"]
    try:
        lines = [f"draw.{line}" for line in verify_draw(draw)] if draw is not None else []
        if lines:
            return lines
        asked = Withdrawal(
            record["change_id"],
            record["firm"],
            WithdrawalReason(record["reason"]),
            bool(record["wants_substitute"]),
            {one["firm"]: one["why"] for one in record["passed_over"]},
            frozenset(record["unavailable"]),
        )
        draw_id = record["draw_id"] if draw is None else draw["draw_id"]
        again = withdraw_firm(draw_id, draw, record["before"], asked)
        return compare_fields(record, again, _FIELDS)
    except Fault as refusal:
        return [f"record: {refusal}"]
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return [f"record: cannot be read ({type(error).__name__}: {error})"]


def _next_firm(
    draw: Mapping[str, Any],
    pool: Pool,
    standing: Standing,
    asked: Withdrawal,
    passed_over: list[dict[str, str]],
) -> tuple[PoolFirm, RiskTier, str] | None:
    """The lowest ticket of the tier that was not drawn yet. Closed ones on the way are noted."""
    tiers = {firm.id: firm.tier or RiskTier.NORMAL for firm in pool.firms}
    wanted = tiers[asked.firm]
    lots = sorted(
        (ticket(draw["seed"], draw["draw_id"], "firm", firm.id), firm.id, firm)
        for firm in pool.firms
        if tiers[firm.id] is wanted and firm.id not in standing.used
    )
    for lot, firm_id, firm in lots:
        if firm_id not in asked.closed:
            return firm, wanted, lot
        passed_over.append({"firm": firm_id, "why": asked.closed[firm_id]})
    return None


def _match(
    draw: Mapping[str, Any],
    pool: Pool,
    standing: Standing,
    firm: PoolFirm,
    unavailable: frozenset[str],
) -> list[dict[str, Any]] | None:
    """Per department the lowest loads, then the lowest tickets, as in the draw itself."""
    load, rules = standing.load(), pool.rules
    assignments = []
    for department in rules.departments:
        label = rules.required_labels.get(department)
        eligible = [
            officer
            for officer in pool.officers
            if officer.department == department
            and officer.id not in unavailable
            and find_bar(officer, firm.id, firm.area, label) is None
        ]
        if len(eligible) < rules.per_department:
            return None
        order = {
            one.id: (
                one.load + load[one.id],
                ticket(draw["seed"], draw["draw_id"], "officer", firm.id, one.id),
            )
            for one in eligible
        }
        picked = sorted(order, key=order.__getitem__)[: rules.per_department]
        assignments.append({"firm": firm.id, "department": department, "officers": picked})
    return assignments
