"""The indicators, the statistics, the warnings and a firm's history over five years of visits:
whole pages over HTTP, one at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from bench.measures import spread
from bench.registers import Desk
from bench.years import VISITS, YEARS
from server.runtime import SITE_ZONE

EACH = 12
TABLE, CARDS = 'class="table-block"', 'class="cards'
# By officer is not the office's business, whose account the measured county has.
PAGES = {
    "indicators": 'id="indicators"',
    "indicators_last_year": 'id="indicators"',
    "rates": CARDS,
    "missing": TABLE,
    "drawn_firms": TABLE,
    **dict.fromkeys(
        (f"by_{one}" for one in (
            "item", "trade", "firm", "tier", "month", "season", "repeat",
        )),
        TABLE,
    ),
    "five_years_by_item": TABLE,
    "five_years_repeat": TABLE,
    "warnings": '>问题预警<',
    "warning": 'id="firms"',
    "firm": "timeline",
}  # fmt: skip


def measure_statistics(
    port: int, visits: int, say: Callable[[str], None]
) -> dict[str, dict[str, float]]:
    """Milliseconds by page, of ``EACH`` after two that warm up; a page that is not what was meant
    raises ``Refused``."""
    desk, figures = Desk(port), dict[str, dict[str, float]]()
    for kind, part in PAGES.items():
        say(f"{visits} visits: {kind.replace('_', ' ')}")
        chance = random.Random(kind)
        paths = [path_of(kind, visits, chance) for _ in range(EACH + 2)]
        figures[kind] = spread([desk.open(path, part) for path in paths][2:])
    desk.close()
    return figures


def path_of(kind: str, visits: int, chance: random.Random) -> str:
    """Another period, month or firm each time, the same in each run."""
    day = datetime.now(SITE_ZONE).date()
    first = day.replace(month=1, day=1) + timedelta(days=chance.randrange(10))
    past = day.replace(day=1) - timedelta(days=chance.randrange(300))
    match kind:
        case "indicators":
            return "/indicators"
        case "indicators_last_year":
            return f"/indicators?year={day.year - 1}"
        case "rates":
            return f"/publication?year={day.year}"
        case "missing":
            return f"/publication/missing?year={day.year}"
        case "drawn_firms":
            return f"/draws/reached/firms?year={day.year}"
        case "five_years_by_item" | "five_years_repeat":
            by = kind.rpartition("_")[2]
            return f"/statistics?by={by}&first={day.year - YEARS + 1}-01-01"
        case "warnings":
            return f"/statistics/warnings?month={past:%Y-%m}"
        case "warning":
            return f"/statistics/warning?kind=trade&code=freight&month={past:%Y-%m}"
        case "firm":
            return f"/registry/firms/{chance.randint(1, max(1, visits // VISITS))}/past"
        case _:
            return f"/statistics?by={kind.removeprefix('by_')}&first={first}"
