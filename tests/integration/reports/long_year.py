"""A whole year, 2025, by a rule that can be counted by hand.

Each month on the 5th the internal task draws E1 to E4 and P1, visited on the 15th and entered on
the 18th; E1 has a problem in March, June, September and December. In even months, on the 8th, the
task with the market office draws E1 and E5, both departments visit on the 20th. In April and
September the bureau takes part in the market office's task with E6.
"""

from __future__ import annotations

from tests.integration.reports.year import KNOWN, OPEN, Part, Told

INTERNAL = ("E1", "E2", "E3", "E4", "P1")


def _month(month: int) -> str:
    return f"2025-{month:02d}"


def _clean(month: int, day: int, result: int = 1) -> Part:
    return f"{_month(month)}-{day}", result, f"{_month(month)}-{day + 3}"


def _draws() -> dict[str, tuple[str, str, str, str, dict[str, dict[str, Part]]]]:
    draws: dict[str, tuple[str, str, str, str, dict[str, dict[str, Part]]]] = {}
    for month in range(1, 13):
        visits = {firm: {"tr": _clean(month, 15)} for firm in INTERNAL}
        if month % 3 == 0:
            visits["E1"] = {"tr": _clean(month, 15, 5)}
        draws[f"i{month}"] = ("internal", f"{_month(month)}-05", "own", KNOWN, visits)
        if month % 2 == 0:
            both = {code: _clean(month, 20) for code in ("tr", "mr")}
            draws[f"j{month}"] = (
                "with_market", f"{_month(month)}-08", "official", "{}",
                {"E1": dict(both), "E5": dict(both)},
            )  # fmt: skip
        if month in (4, 9):
            draws[f"c{month}"] = (
                "for_market", f"{_month(month)}-09", "official", "{}",
                {"E6": {"tr": _clean(month, 22, 5 if month == 9 else 1)}},
            )  # fmt: skip
    draws["i2"][4]["E4"] = {"tr": OPEN}  # taken back on the 10th
    draws["i12"][4]["E3"] = {"tr": ("2026-01-06", 1, "2026-01-08")}
    draws["j6"][4]["E5"]["tr"] = _clean(6, 20, 5)
    draws["j10"][4]["E5"] = {code: _clean(10, 20, 5) for code in ("tr", "mr")}  # one firm
    draws["j12"][4]["E5"]["mr"] = OPEN
    draws["province"] = (
        "province", "2025-03-10", "official", "{}", {"E2": {"tr": _clean(3, 24, 5)}},
    )  # fmt: skip
    draws["again"] = ("internal", "2025-07-04", "own", KNOWN, {"E2": {"tr": OPEN}})
    return draws


LONG_YEAR = Told(
    draws=_draws(),
    withdrawn={("i2", "E4"): "2025-02-10", ("again", "E2"): "2025-07-05"},
    superseded=frozenset({"again"}),
    corrected={"i3/E1/tr": (1, "2025-04-20"), "i5/E2/tr": (5, "2025-06-10")},
    plan_year=2025,
)
