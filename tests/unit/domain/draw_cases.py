"""Made-up pools for the draw: by hand for `tests/vectors/draw-2.json`, at random for
`draw-random.json`. `python -m tests.unit.domain.draw_cases` writes both files."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from domain.canonical import canonical_sha256
from domain.draw import (
    DrawRules,
    Officer,
    Pool,
    PoolFirm,
    build_pool,
    build_record,
    canonical_pool,
    find_differences,
    is_plain_seed,
    ticket,
)
from domain.draw_versions import V1, V2
from domain.errors import Fault
from domain.sampling import DEFAULT_MULTIPLIERS, WHOLE_TIER, RiskTier, tier_quotas

VECTORS = Path(__file__).parents[2] / "vectors"
SEED, DRAW = "35162441", "CQ20260105-7KMPQRST"
LOW, NORMAL, ELEVATED, HIGH = RiskTier
Record = dict[str, Any]


def firms_of(count: int, tiers: tuple[RiskTier | None, ...] = (NORMAL,)) -> list[PoolFirm]:
    """f01, f02, …, the tiers in turn."""
    return [PoolFirm(f"f{n:02d}", tiers[n % len(tiers)]) for n in range(1, count + 1)]


def officers_of(count: int, department: str = "tr") -> list[Officer]:
    """tr-1, tr-2, …"""
    return [Officer(f"{department}-{n}", department) for n in range(1, count + 1)]


def record_of(firms: list[PoolFirm], officers: list[Officer], rules: DrawRules) -> Record:
    """Drawn with the one seed."""
    return build_record(build_pool(firms, officers, rules), SEED, DRAW)


def named_records() -> dict[str, Record]:
    """One record for each thing that decides."""
    plain = DrawRules(Decimal(20), ("tr",))
    staff = officers_of(5)
    return {
        "two firms: all of them": record_of(firms_of(2), staff, plain),
        "seven firms: at least three": record_of(firms_of(7), staff, plain),
        "tiers": record_of(firms_of(24, (LOW, NORMAL, None, ELEVATED, HIGH, NORMAL)), staff, plain),
        "multipliers of the county": record_of(
            firms_of(30, (LOW, NORMAL, HIGH)),
            staff,
            DrawRules(
                Decimal("12.5"),
                ("tr",),
                multipliers={
                    LOW: Decimal(1),
                    NORMAL: Decimal("1.5"),
                    ELEVATED: Decimal(2),
                    HIGH: Decimal("2.25"),
                },
            ),
        ),
        "a number fixed by the plan": record_of(
            firms_of(20, (LOW, NORMAL)), staff, DrawRules(Decimal("0.01"), ("tr",), at_least=11)
        ),
        "labels": record_of(
            firms_of(9),
            [*officers_of(3), *(Officer(f"hz-{n}", "tr", ("货运", "危货")) for n in (1, 2, 3))],
            DrawRules(Decimal(40), ("tr",), required_labels={"tr": "危货"}),
        ),
        "areas": record_of(
            [PoolFirm(f"f{n}", None, ("城区", "北部", None)[n % 3]) for n in range(9)],
            [Officer(f"o{n}", "tr", (), ("城区", "北部", None)[n % 3]) for n in range(8)],
            DrawRules(Decimal(60), ("tr",)),
        ),
        "recusals": record_of(
            firms_of(8),
            [Officer("tr-0", "tr", (), None, tuple(f"f{n:02d}" for n in range(1, 8))), *staff[:3]],
            DrawRules(Decimal(100), ("tr",)),
        ),
        "load before the freeze": record_of(
            firms_of(6),
            [Officer(f"o{n}", "tr", load=load) for n, load in enumerate((9, 3, 3, 0, 1))],
            DrawRules(Decimal(100), ("tr",)),
        ),
        "three departments, three officers each": record_of(
            firms_of(6, (NORMAL, HIGH)),
            [*officers_of(4), *officers_of(3, "mr"), *officers_of(5, "ee")],
            DrawRules(Decimal(50), ("tr", "mr", "ee"), per_department=3),
        ),
        "ids beyond ASCII, sorted by code point": record_of(
            [PoolFirm(one) for one in ("甲运输公司", "ﬀ", "𠮷", "Z", "é", "🚌客运")],
            [Officer(one, "运管", ("客运",)) for one in ("乙", "𠮷2", "ﬀ2", "丙")],
            DrawRules(Decimal(70), ("运管",), required_labels={"运管": "客运"}),
        ),
    }


Touch = Callable[[Record], object]
TAMPERED: dict[str, Touch] = {
    "another seed was used": lambda r: r.update(seed="35162442"),
    "a firm was left out of the published pool": lambda r: r["pool"]["firms"].pop(0),
    "a firm was put into another tier": lambda r: r["pool"]["firms"][0].update(tier="high"),
    "a firm was moved to another area": lambda r: r["pool"]["firms"][0].update(area="北部"),
    "the percentage was changed": lambda r: r["pool"]["rules"].update(percent="21"),
    "a drawn firm was swapped": lambda r: r["firms"][0].update(id="f01"),
    "a drawn firm was left out": lambda r: r["firms"].pop(),
    "an officer was swapped": lambda r: r["assignments"][0]["officers"].reverse(),
    "a recusal was hidden": lambda r: r["pool"]["officers"][0].update(recused_firms=["f01"]),
    "a load was lowered": lambda r: r["pool"]["officers"][1].update(load=1),
    "the quotas were raised": lambda r: r["quotas"].update(low=9),
    "the digest is another": lambda r: r.update(pool_sha256="0" * 64),
    "the pool stands in another order": lambda r: r["pool"]["officers"].reverse(),
    "a percentage with a zero too many": lambda r: r["pool"]["rules"].update(percent="20.0"),
    "an older version is named": lambda r: r.update(algorithm=V1),
    "an older version is named in the pool": lambda r: r["pool"].update(algorithm=V1),
    "an unknown version is named": lambda r: r.update(algorithm="suicha-draw-0"),
    "a version that is no text": lambda r: r.update(algorithm=[]),
    "a field is missing": lambda r: r.pop("seed"),
    "fields nobody knows": lambda r: r.update(note="x", about=None),
    "a field nobody knows in the pool": lambda r: r["pool"].update(note="x"),
    "no pool": lambda r: r.update(pool=None),
    "a pool of three faults of shape": lambda r: (
        r["pool"]["firms"][0].pop("tier"),
        r["pool"]["firms"].insert(1, 7),
        r["pool"]["rules"].update(departments={}),
    ),
    "a tier nobody knows": lambda r: r["pool"]["firms"][2].update(tier="extreme"),
    "a load that is a text": lambda r: r["pool"]["officers"][0].update(load="0"),
    "a load below nothing": lambda r: r["pool"]["officers"][0].update(load=-1),
    "yes for a number": lambda r: r["pool"]["rules"].update(at_least=True),
    "a number with an exponent": lambda r: r["pool"]["rules"].update(percent="1e2"),
    "a multiplier is missing": lambda r: r["pool"]["rules"]["multipliers"].pop("high"),
    "a team of one": lambda r: r["pool"]["rules"].update(per_department=1),
    "a firm twice": lambda r: r["pool"]["firms"].append(r["pool"]["firms"][0]),
    "a department twice": lambda r: r["pool"]["rules"].update(departments=["tr", "tr"]),
    "an id that could be read two ways": lambda r: r["pool"]["firms"][0].update(id="a\x1fb"),
    "an officer without an id": lambda r: r["pool"]["officers"][0].update(id=""),
    "no seed": lambda r: r.update(seed=""),
    "a seed in a second spelling": lambda r: r.update(seed="3 5 1 6 2 4 4 1"),
    "a percentage above the whole": lambda r: r["pool"]["rules"].update(percent="100.5"),
    "multipliers that fall": lambda r: r["pool"]["rules"]["multipliers"].update(low="3"),
    "an empty pool": lambda r: r["pool"]["firms"].clear(),
    "a draw number that is empty": lambda r: r.update(draw_id=""),
    "too few officers": lambda r: r["pool"]["rules"].update(per_department=9),
    "a text that is not composed": lambda r: r["pool"]["officers"][0].update(labels=["cafe\u0301"]),
}


def tampered() -> list[Record]:
    """Each fault once, in a record of nine firms."""
    firms = firms_of(9, (NORMAL, None, ELEVATED, LOW))
    whole = record_of(firms, officers_of(3), DrawRules(Decimal(20), ("tr",)))
    cases = []
    for why, touch in TAMPERED.items():
        record = copy.deepcopy(whole)
        touch(record)
        told = [[one.path, one.what.value] for one in find_differences(record)]
        cases.append({"why": why, "record": record, "differences": told})
    return cases


def quota_cases() -> list[Record]:
    """Counts and rules with what they give."""
    cases = []
    for counts, percent, at_least in (
        ((2, 14, 4, 3), "20", 0), ((0, 2, 0, 0), "5", 0), ((0, 3, 0, 0), "0.01", 0),
        ((10, 0, 0, 0), "10", 7), ((1, 1, 1, 1), "5", 0), ((0, 110, 0, 0), "10", 11),
        ((400, 300, 20, 1), "3", 0), ((9, 9, 9, 0), "33.333333", 0), ((5, 5, 5, 5), "100", 99),
    ):  # fmt: skip
        available = dict(zip(RiskTier, counts, strict=True))
        quota = tier_quotas(available, Decimal(percent), DEFAULT_MULTIPLIERS, at_least)
        cases.append(
            {
                "available": {tier.value: n for tier, n in available.items()},
                "percent": percent,
                "at_least": at_least,
                "quotas": {tier.value: quota.by_tier[tier] for tier in RiskTier},
            }
        )
    return cases


def by_hand() -> Record:
    """The document `draw-2.json`."""
    parts = (["f01"], ["甲运输公司"], ["cafe\u0301"], ["caf\u00e9"])
    seeds = (
        "35162441",
        "351 62",
        "３５",
        "abc",
        "ABC",
        "双色球2026033期",
        "〇",
        "❶",
        "ß",
        "3,5",
        "٣",
    )
    return {
        "about": "suicha-draw-2 (docs/draw.md): tickets, quotas, seeds, records that verify, and "
        "records that do not with every [path, kind]. Made-up firms and officers.",
        "tickets": [
            {"seed": SEED, "draw_id": DRAW, "kind": kind, "x": x,
             "ticket": ticket(SEED, DRAW, kind, *x)}
            for kind, x in [*(("firm", x) for x in parts), ("officer", ["f01", "tr-1"])]
        ],
        "quotas": quota_cases(),
        "seeds": [{"seed": seed, "is_plain": is_plain_seed(seed)} for seed in seeds],
        "records": [{"why": why, "record": record} for why, record in named_records().items()],
        "tampered": tampered(),
    }  # fmt: skip


IDS = [*"甲乙丙丁戊己庚辛", "é", "𠮷", "ﬀ", "🚌", *"abcdefghijkmnpqrst"]


def random_pool(r: random.Random, algorithm: str) -> Pool:
    """Small, of every shape the server makes and a few more; some have too few officers."""
    areas = r.choice([[None], [None, "城区"], ["城区", "北部", None]])
    labels = ["货运", "危货"]
    departments = r.sample(["tr", "mr", "ee"], r.choice([1, 1, 2, 3]))
    firms = [
        PoolFirm(f"{r.choice(IDS)}{n}", r.choice([None, *RiskTier]), r.choice(areas))
        for n in r.sample(range(100), r.randint(1, 9))
    ]
    officers = [
        Officer(
            f"{r.choice(IDS)}{n}",
            r.choice(departments),
            tuple(one for one in labels if r.random() < 0.8),
            r.choice(areas) if r.random() < 0.3 else None,
            tuple({r.choice(firms).id for _ in range(r.choice([0, 0, 0, 0, 1, 2]))}),
            r.choice([0, 0, 1, 2, 30]),
        )
        for n in r.sample(range(100), r.randint(3, 6) * len(departments) // 2 + 4)
    ]
    rising = sorted(r.choice(["0", "0.25", "0.5", "1", "1.333333", "2"]) for _ in range(3))
    high = r.choice(["2", "3.5", "whole"])
    rules = DrawRules(
        Decimal(r.choice(["0.01", "3", "10", "12.5", "33.333333", "50", "100"])),
        tuple(departments),
        r.choice([2, 2, 2, 3]),
        {one: r.choice(labels) for one in departments if r.random() < 0.2},
        dict(
            zip(
                RiskTier,
                [*map(Decimal, rising), WHOLE_TIER if high == "whole" else Decimal(high)],
                strict=True,
            )
        ),
        r.choice([0, 0, 0, 5, 40]),
    )
    return build_pool(firms, officers, rules, algorithm)


def at_random(count: int = 240) -> Record:
    """The document `draw-random.json`."""
    r = random.Random(2026)
    cases = []
    for number in range(count):
        pool = random_pool(r, V1 if number % 6 == 5 else V2)
        seed = "".join(r.choice("0123456789") for _ in range(8))
        case = {"draw_id": f"CQ-{number}", "seed": seed, "pool": canonical_pool(pool)}
        try:
            record = build_record(pool, seed, case["draw_id"])
        except Fault as refused:
            cases.append(case | {"refused": refused.code})
            continue
        touched, spot, value = _touched(r, record)
        first = find_differences(touched)
        cases.append(
            case
            | {
                "record_sha256": canonical_sha256(record),
                "touched": [spot, value],
                "differs": [[one.path, one.what.value] for one in first[:1]],
                "differences": len(first),
            }
        )
    return {
        "about": "Pools made at random (tests/unit/domain/draw_cases.py). Drawn with seed and "
        "draw_id, each gives the record whose canonical JSON has this SHA-256, or is refused; the "
        "record with the value at the place `touched` then differs first at `differs`, and at as "
        "many places as `differences` says.",
        "cases": cases,
    }


def _touched(r: random.Random, record: Record) -> tuple[Record, list[str | int], Any]:
    """The record with one leaf changed: which and into what."""
    changed = copy.deepcopy(record)
    place: Any = changed
    spot: list[str | int] = []
    while True:
        step = r.choice(list(place) if isinstance(place, dict) else list(range(len(place))))
        spot.append(step)
        inner = place[step]
        if not isinstance(inner, (dict, list)) or not inner:
            break
        place = inner
    old = place[step]
    value = old + 1 if isinstance(old, int) else "normal" if step == "tier" else f"{old}1"
    place[step] = value
    return changed, spot, value


def dump(document: Record) -> str:
    """One case a line, so that a change of one is a change of one line."""
    lines = [f"{json.dumps('about')}: {json.dumps(document['about'])}"]
    for name in list(document)[1:]:
        cases = ",\n".join(
            json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in document[name]
        )
        lines.append(f"{json.dumps(name)}: [\n{cases}\n]")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def documents() -> dict[str, Record]:
    """File name → what stands in it."""
    return {"draw-2.json": by_hand(), "draw-random.json": at_random()}


if __name__ == "__main__":
    for name, document in documents().items():
        (VECTORS / name).write_text(dump(document), encoding="utf-8")
