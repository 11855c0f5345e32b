"""The public record of a draw, and its verification by anybody (DESIGN §7.4, R044, R047).

Record (JSON): algorithm, draw_id, pool, pool_sha256, seed, quotas {tier: n},
firms [{id, tier, ticket}] in ticket order, assignments [{firm, department, officers [id, …]}].
Everything after `seed` follows from everything before it.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from domain.draw_differences import Difference, What, compare, printable, shown
from domain.draw_officers import Assignment, Matched, match_officers
from domain.draw_pool import Pool, canonical_pool, pool_digest, quotas_as_json
from domain.draw_reading import Reader
from domain.draw_tickets import DrawnFirm, draw_firms, is_plain_seed
from domain.draw_versions import KNOWN, V1
from domain.errors import Fault, fault

FIELDS: Final = (
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
    `draw.too_few_officers` (for the first lack; `lacks` lists them all), `draw.bad_text` for a seed
    in another spelling than `plain_seed` gives."""
    if pool.algorithm != V1 and not (seed and is_plain_seed(seed)):
        raise fault("draw.bad_text" if seed else "draw.seed_required", field=seed)
    quotas = pool.quota().by_tier
    drawn = draw_firms(pool.firms, quotas, seed, draw_id)
    assignments = _match(pool, drawn, seed, draw_id)
    return {
        "algorithm": pool.algorithm,
        "draw_id": unicodedata.normalize("NFC", draw_id) if pool.algorithm != V1 else draw_id,
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
    """One line per difference of `find_differences`; empty when the record is equal."""
    return [str(one) for one in find_differences(record)]


def find_differences(record: object) -> list[Difference]:
    """Recomputes everything that follows from pool, seed and draw id, in the version the record
    names. Empty when equal. Never raises: a record that cannot be read differs too."""
    try:
        return _differences(record)
    except RecursionError:
        return [Difference("record", What.UNREADABLE, "…", "an object")]


def _differences(record: object) -> list[Difference]:
    if not isinstance(record, Mapping):
        return [Difference("record", What.UNREADABLE, shown(record), "an object")]
    shape = [Difference(name, What.MISSING) for name in FIELDS if name not in record]
    strange = sorted(str(name) for name in record if name not in FIELDS)
    shape += [Difference(printable(name), What.UNKNOWN_FIELD) for name in strange]
    if shape:
        return shape
    algorithm = record["algorithm"]
    if algorithm not in KNOWN:
        known = ", ".join(KNOWN)
        return [Difference("algorithm", What.UNKNOWN_ALGORITHM, shown(algorithm), known)]
    reader = Reader()
    draw_id = reader.text(record["draw_id"], "draw_id")
    seed = reader.text(record["seed"], "seed")
    build = reader.pool(record["pool"], algorithm)
    if reader.faults:
        return reader.faults
    try:
        recomputed = build_record(build(), seed, draw_id)
    except Fault as refusal:
        return [Difference("record", What.REFUSED, refusal.code, printable(str(refusal)))]
    return [
        Difference(printable(one.path), one.what, one.recorded, one.recomputed)
        for name in FIELDS
        for one in compare(name, record[name], recomputed[name])
    ]


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
