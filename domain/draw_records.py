"""The public record of a draw, and its verification by anybody (DESIGN §7.4, R044, R047).

Record (JSON): algorithm, draw_id, pool, pool_sha256, seed, quotas {tier: n},
firms [{id, tier, ticket}] in ticket order, assignments [{firm, department, officers [id, …]}].
Everything after `seed` follows from everything before it.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from domain.draw_officers import Assignment, Matched, match_officers
from domain.draw_pool import (
    DrawRules,
    Officer,
    Pool,
    PoolFirm,
    build_pool,
    canonical_pool,
    pool_digest,
    quotas_as_json,
)
from domain.draw_tickets import ALGORITHM, DrawnFirm, draw_firms
from domain.errors import Fault, fault
from domain.sampling import WHOLE_TIER, RiskTier

_FIELDS: Final = (
    "algorithm",
    "draw_id",
    "pool",
    "pool_sha256",
    "seed",
    "quotas",
    "firms",
    "assignments",
)


def build_record(pool: Pool, seed: str, draw_id: str) -> dict[str, object]:
    """Draws and matches. JSON-ready. Raises `draw.pool_empty`, `draw.seed_required`,
    `draw.too_few_officers` (for the first lack; `lacks` lists them all)."""
    quotas = pool.quota().by_tier
    drawn = draw_firms(pool.firms, quotas, seed, draw_id)
    assignments = _match(pool, drawn, seed, draw_id)
    return {
        "algorithm": ALGORITHM,
        "draw_id": draw_id,
        "pool": canonical_pool(pool),
        "pool_sha256": pool_digest(pool),
        "seed": seed,
        "quotas": quotas_as_json(quotas),
        "firms": [
            {"id": firm.id, "tier": firm.tier.value, "ticket": firm.ticket} for firm in drawn
        ],
        "assignments": [
            {"firm": one.firm, "department": one.department, "officers": list(one.officers)}
            for one in assignments
        ],
    }


def verify_draw(record: Mapping[str, Any]) -> list[str]:
    """Recomputes everything that follows from pool, seed and draw id. Returns one line per
    difference, `path: recorded …, recomputed …`; empty when the record is equal. Never raises: a
    record that cannot be read is a difference too."""
    try:
        return [_printable(line) for line in _differences(record)]
    except RecursionError:
        return ["record: nested too deeply"]


def _differences(record: Mapping[str, Any]) -> list[str]:
    problems = [f"{name}: missing" for name in _FIELDS if name not in record]
    problems += [f"{name}: unknown field" for name in record if name not in _FIELDS]
    if problems:
        return problems
    if record["algorithm"] != ALGORITHM:
        return [f"algorithm: recorded {record['algorithm']!r}, only {ALGORITHM!r} is known"]
    try:
        pool = read_pool(record["pool"])
        recomputed = build_record(pool, str(record["seed"]), str(record["draw_id"]))
    except Fault as refusal:
        return [f"record: {refusal}"]
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        return [f"pool: cannot be read ({type(error).__name__}: {error})"]
    differences: list[str] = []
    for name in _FIELDS:
        _compare(name, record[name], recomputed[name], differences)
    return differences


def read_pool(data: Mapping[str, Any]) -> Pool:
    """The pool of a record. Raises KeyError, TypeError or ValueError when it has another
    shape; `verify_draw` turns these into differences."""
    rules = data["rules"]
    return build_pool(
        [PoolFirm(f["id"], _tier(f["tier"]), f["area"]) for f in data["firms"]],
        [
            Officer(
                o["id"],
                o["department"],
                tuple(o["labels"]),
                o["area"],
                tuple(o["recused_firms"]),
            )
            for o in data["officers"]
        ],
        DrawRules(
            percent=_number(rules["percent"]),
            departments=tuple(rules["departments"]),
            per_department=int(rules["per_department"]),
            required_labels=dict(rules["required_labels"]),
            multipliers={
                RiskTier(tier): WHOLE_TIER if text == "whole" else _number(text)
                for tier, text in rules["multipliers"].items()
            },
            at_least=int(rules["at_least"]),
        ),
    )


def _match(pool: Pool, drawn: list[DrawnFirm], seed: str, draw_id: str) -> tuple[Assignment, ...]:
    by_id = {firm.id: firm for firm in pool.firms}
    rules = pool.rules
    outcome = match_officers(
        [by_id[firm.id] for firm in drawn],
        pool.officers,
        rules.departments,
        seed,
        draw_id,
        rules.per_department,
        rules.required_labels,
    )
    if isinstance(outcome, Matched):
        return outcome.assignments
    first = outcome.lacks[0]
    raise fault(
        "draw.too_few_officers",
        department=first.department,
        firm=first.firm,
        eligible=first.eligible,
        needed=first.needed,
        lacks=[{"firm": one.firm, "department": one.department} for one in outcome.lacks],
    )


def _number(text: str) -> Decimal:
    """Short plain decimals only: "1e-999999999" would keep whoever verifies busy for days."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text):
        raise ValueError(f"not a plain number: {text[:20]}")
    return Decimal(text)


def _printable(line: str) -> str:
    """Half a surrogate pair is not."""
    return line.encode("utf-8", "backslashreplace").decode()


def _tier(text: str | None) -> RiskTier | None:
    return None if text is None else RiskTier(text)


def _compare(path: str, recorded: Any, recomputed: Any, differences: list[str]) -> None:
    if isinstance(recorded, dict) and isinstance(recomputed, dict):
        for key in sorted({*map(str, recorded), *recomputed}):
            here = f"{path}.{key}"
            if key not in recorded or key not in recomputed:
                what = "missing" if key in recomputed else "unknown field"
                differences.append(f"{here}: {what}")
            else:
                _compare(here, recorded[key], recomputed[key], differences)
    elif isinstance(recorded, list) and isinstance(recomputed, list):
        if len(recorded) != len(recomputed):
            differences.append(
                f"{path}: recorded {len(recorded)} entries, recomputed {len(recomputed)}"
            )
        for index, (left, right) in enumerate(zip(recorded, recomputed, strict=False)):
            _compare(f"{path}[{index}]", left, right, differences)
    elif type(recorded) is not type(recomputed) or recorded != recomputed:
        differences.append(f"{path}: recorded {recorded!r}, recomputed {recomputed!r}")
