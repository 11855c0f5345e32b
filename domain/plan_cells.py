"""Cells of published plan tables, read as they were written (R031, R032, R033, R039; part 2).

Each parser takes the raw cell and answers with a value or a `Refused`; it never guesses. Blanks
inside a cell mean nothing: line wraps of the printed tables left them there (`至10 月`).
"""

import html
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.errors import Refused
from domain.sampling import RiskTier


@dataclass(frozen=True, slots=True)
class Ratio:
    """`percent` of the register, 0 < percent ≤ 100; `is_minimum` for 不低于/不少于; `times` a year,
    None where the plan names no number (shown as 未注明, treated as 1); `fixed_count` a number of
    firms named beside the ratio; `text` the cell as written."""

    percent: Decimal
    is_minimum: bool
    times: int | None
    fixed_count: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Window:
    """First and last month, 1–12, in one year (None where neither cell nor caller names it).
    `starts_on` and `ends_on` only where the cell gives days; both are inside the window."""

    start_month: int
    end_month: int
    year: int | None
    starts_on: date | None
    ends_on: date | None
    text: str


class DrawMode(StrEnum):
    """抽查检查模式: who draws and who inspects."""

    COUNTY_DRAWS_COUNTY_INSPECTS = "county_county"
    COUNTY = "county"
    CITY = "city"
    CITY_COUNTY = "city_county"


class DrawType(StrEnum):
    """抽查类型 (R022): directed at a trade or region, or not."""

    DIRECTED = "directed"
    UNDIRECTED = "undirected"


DRAW_MODES: Final = {
    "县抽县查": DrawMode.COUNTY_DRAWS_COUNTY_INSPECTS,
    "县抽查": DrawMode.COUNTY,
    "市抽查": DrawMode.CITY,
    "市县抽查": DrawMode.CITY_COUNTY,
}
DRAW_TYPES: Final = {"定向": DrawType.DIRECTED, "不定向": DrawType.UNDIRECTED}

# A Chinese input method left in full width types `５％　１次／年`.
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SUPERSCRIPTS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Only tags of word processors: text such as "<12吨" must stay.
_TAG: Final = re.compile(r"</?(?:sup|sub|br|p|b|i|u|span|font|div)\b[^<>]*>", re.IGNORECASE)
_SUP: Final = re.compile(r"\s*<sup\b[^<>]*>\s*([0-9]+)\s*</sup\s*>", re.IGNORECASE)
_RATIO: Final = re.compile(
    r"(?:按抽查比例)?(?P<least>不低于|不少于)?(?:监管对象的)?"
    # two decimals: more would be rounded when kept, and the draw would not be the plan's
    r"(?P<percent>[0-9]{1,3}(?:\.[0-9]{1,2})?)%(?:抽取)?"
    r"(?:[,，]将?随机抽取(?P<count>[0-9]{1,6})户(?:市场主体)?(?:进行抽查)?)?"
    r"(?P<frequency>(?P<times>[0-9]{0,3})次/年)?"
)
_WINDOW: Final = re.compile(
    r"(?:(?P<year>[0-9]{4})年)?(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日)?"
    r"[-－–—~～至到]"
    r"(?:(?P<last_year>[0-9]{4})年)?(?P<last_month>[0-9]{1,2})月(?:(?P<last_day>[0-9]{1,2})日)?"
)
_TIER: Final = re.compile(r"(较高|一般|低|高)风险")


def plain_text(cell: str) -> str:
    """The cell without markup: `m <sup>2</sup>` becomes m², entities become characters, runs of
    blanks one blank, none before a closing bracket."""
    text = _SUP.sub(lambda match: match.group(1).translate(_SUPERSCRIPTS), cell)
    text = html.unescape(_TAG.sub(" ", text))
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r" (?=[)）])", "", text)


def parse_ratio(text: str) -> Ratio | Refused:
    """`50%`, `不低于10% 1次/年`, `10% 次/年` (times None), or the sentence of R039 with its fixed
    number of firms. Refused with `plan.bad_ratio`."""
    match = _RATIO.fullmatch(_squeezed(text))
    if match is None:
        return Refused("plan.bad_ratio", {"text": text})
    percent = Decimal(match["percent"])
    times = int(match["times"]) if match["times"] else None
    if not 0 < percent <= 100 or times == 0:
        return Refused("plan.bad_ratio", {"text": text})
    count = int(match["count"]) if match["count"] else None
    return Ratio(percent, match["least"] is not None, times, count, text)


def parse_window(text: str, year: int | None = None) -> Window | Refused:
    """`3月-12月`, `2024年6月至10 月`, `2018年11月28日-12月31日`. A year in the cell goes before
    `year`. Refused with `plan.bad_window` when months or days are impossible, the end lies before
    the start, or the window leaves its year (the plans are annual)."""
    refusal = Refused("plan.bad_window", {"text": text})
    match = _WINDOW.fullmatch(_squeezed(text))
    if match is None:
        return refusal
    own_year = int(match["year"]) if match["year"] else year
    if match["last_year"] and int(match["last_year"]) != own_year:
        return refusal
    first, last = int(match["month"]), int(match["last_month"])
    if not 1 <= first <= last <= 12:
        return refusal
    try:
        starts_on = _day(own_year, first, match["day"])
        ends_on = _day(own_year, last, match["last_day"])
    except ValueError:
        return refusal
    if starts_on and ends_on and ends_on < starts_on:
        return refusal
    return Window(first, last, own_year, starts_on, ends_on, text)


def parse_draw_mode(text: str) -> tuple[DrawMode, ...] | Refused:
    """One mode, or several separated by blanks (`市县抽查 市抽查`). Refused with
    `plan.bad_mode`."""
    words = text.split()
    if not words or any(word not in DRAW_MODES for word in words):
        return Refused("plan.bad_mode", {"text": text})
    return tuple(DRAW_MODES[word] for word in words)


def parse_draw_type(text: str) -> DrawType | Refused:
    """定向 or 不定向. Refused with `plan.bad_type`."""
    kind = DRAW_TYPES.get(_squeezed(text))
    return kind if kind is not None else Refused("plan.bad_type", {"text": text})


def parse_tiers(text: str) -> tuple[RiskTier, ...]:
    """The risk tiers a requirement names, lowest first; empty for a blank cell."""
    named = {RiskTier.parse(word) for word in _TIER.findall(text)}
    return tuple(tier for tier in RiskTier if tier in named)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).translate(_HALF_WIDTH)


def _day(year: int | None, month: int, day: str | None) -> date | None:
    if day is None:
        return None
    if year is None:
        raise ValueError("a day without a year")
    return date(year, month, int(day))
