"""A replaced officer 更换人员: candidates frozen at the request, one of them drawn at the approval
(R049; part 7 row 17).

Record (JSON): kind, algorithm, change_id, draw_id, pool, pool_sha256, reason, seed, tickets
[{id, ticket}] of the eligible, lowest first, joins. `pool` is {firm, area, department, label,
leaves, officers [{id, labels, area, is_recused, is_certified, was_on_team}]}; everything after
`seed` follows from everything before it. ticket = SHA-256 over seed, draw_id, "replacement",
change_id, firm, officer, as in `draw_tickets`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.canonical import canonical_sha256
from domain.draw_changes import (
    CHANGE_ALGORITHM,
    ChangeKind,
    ReplacementReason,
    compare_fields,
    find_bar,
    list_misfits,
)
from domain.draw_pool import Officer
from domain.draw_tickets import ticket
from domain.errors import Fault, fault

_FIELDS: Final = (
    "kind",
    "algorithm",
    "change_id",
    "draw_id",
    "pool",
    "pool_sha256",
    "reason",
    "seed",
    "tickets",
    "joins",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An officer of the department. `was_on_team` also for who was replaced on this visit before:
    nobody is drawn back."""

    id: str
    labels: tuple[str, ...] = ()
    area: str | None = None
    is_recused: bool = False
    is_certified: bool = True
    was_on_team: bool = False


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Whose place is to be taken: `leaves` on the visit to `firm`; `label` and `area` are what the
    draw asked for there."""

    firm: str
    department: str
    leaves: str
    label: str | None = None
    area: str | None = None


def freeze_candidates(vacancy: Vacancy, candidates: Sequence[Candidate]) -> dict[str, Any]:
    """The pool as it is kept and hashed; officers by id, so that no order can be chosen."""
    return {
        "firm": vacancy.firm,
        "area": vacancy.area,
        "department": vacancy.department,
        "label": vacancy.label,
        "leaves": vacancy.leaves,
        "officers": [
            {
                "id": one.id,
                "labels": sorted(set(one.labels)),
                "area": one.area,
                "is_recused": one.is_recused,
                "is_certified": one.is_certified,
                "was_on_team": one.was_on_team,
            }
            for one in sorted(candidates, key=lambda one: one.id)
        ],
    }


def list_bars(pool: Mapping[str, Any]) -> dict[str, str | None]:
    """Officer → why not: `team`, `certificate`, `label`, `area`, `recused`; None for who can be
    drawn."""
    return {one["id"]: _bar(one, pool) for one in pool["officers"]}


def draw_replacement(
    pool: Mapping[str, Any], reason: ReplacementReason, seed: str, draw_id: str, change_id: str
) -> dict[str, Any]:
    """The record: the lowest ticket takes the place. Raises `change.none_eligible`,
    `draw.seed_required`, `draw.bad_text`."""
    firm = pool["firm"]
    tickets = sorted(
        (ticket(seed, draw_id, ChangeKind.REPLACEMENT, change_id, firm, officer), officer)
        for officer, bar in list_bars(pool).items()
        if bar is None
    )
    if not tickets:
        raise fault("change.none_eligible")
    return {
        "kind": ChangeKind.REPLACEMENT.value,
        "algorithm": CHANGE_ALGORITHM,
        "change_id": change_id,
        "draw_id": draw_id,
        "pool": dict(pool),
        "pool_sha256": canonical_sha256(pool),
        "reason": ReplacementReason(reason).value,
        "seed": seed,
        "tickets": [{"id": officer, "ticket": lot} for lot, officer in tickets],
        "joins": tickets[0][1],
    }


def verify_replacement(record: Mapping[str, Any]) -> list[str]:
    """One line per difference; empty when all follows from pool and seed. Never raises."""
    if misfits := list_misfits(record, _FIELDS):
        return misfits
    try:
        again = draw_replacement(
            record["pool"],
            ReplacementReason(record["reason"]),
            record["seed"],
            record["draw_id"],
            record["change_id"],
        )
        return compare_fields(record, again, _FIELDS)
    except Fault as refusal:
        return [f"record: {refusal}"]
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return [f"record: cannot be read ({type(error).__name__}: {error})"]


def _bar(one: Mapping[str, Any], pool: Mapping[str, Any]) -> str | None:
    if one["was_on_team"]:
        return "team"
    if not one["is_certified"]:
        return "certificate"
    recused = (pool["firm"],) if one["is_recused"] else ()
    known = Officer(one["id"], pool["department"], tuple(one["labels"]), one["area"], recused)
    return find_bar(known, pool["firm"], pool["area"], pool["label"])
