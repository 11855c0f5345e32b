"""What a county may set for itself, with its default and the clause that leaves it open.

Where the sources disagree or are silent, domain.md part 7 gives the default; `row` is its line
there. What is typed is checked by `setting_values`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from domain.ceremony import DEFAULT_ROLLS, LARGEST_ROLLS, SMALLEST_ROLLS
from domain.deadlines import MetBy
from domain.draw_release import FirmsFrom
from domain.item_ratio import RatioRule
from domain.risk import CombinationRule
from domain.sampling import DEFAULT_MULTIPLIERS, WHOLE_TIER
from domain.signatures import TYPED_SETTING
from domain.term_settings import CHOSEN_STARTS, UNITS, Start, Unit

WHOLE: Final = "whole"


class Kind(StrEnum):
    """How a value is entered and checked."""

    FLAG = "flag"
    WHOLE_NUMBER = "whole_number"
    PERCENT = "percent"
    DAY = "day"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    DAYS_BEFORE = "days_before"
    DAYS_BY_DEPARTMENT = "days_by_department"
    MULTIPLIERS = "multipliers"
    RISK_TABLE = "risk_table"
    RESULT_CODES = "result_codes"
    LOCAL_RESULTS = "local_results"


@dataclass(frozen=True, slots=True)
class Setting:
    """`default` is what holds where the county has set nothing. `clauses` are the requirements it
    rests on, `row` the line of domain.md part 7 (None: no disagreement)."""

    key: str
    group: str
    kind: Kind
    default: Any
    clauses: tuple[str, ...]
    row: int | None = None
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()


def dump_multiplier(multiplier: Decimal) -> str:
    """2, 0.5, whole."""
    return WHOLE if multiplier == WHOLE_TIER else format(multiplier, "f")


SETTINGS: Final[Mapping[str, Setting]] = {
    one.key: one
    for one in (
        Setting(
            "draw.multipliers",
            "risk",
            Kind.MULTIPLIERS,
            {tier.value: dump_multiplier(m) for tier, m in DEFAULT_MULTIPLIERS.items()},
            ("R033", "R037", "R038"),
            11,
        ),
        Setting(
            "risk.combination",
            "risk",
            Kind.RISK_TABLE,
            {"rule": CombinationRule.HIGHER.value},
            ("R035",),
            10,
        ),
        Setting(
            "draw.dice_rolls",
            "draw",
            Kind.WHOLE_NUMBER,
            DEFAULT_ROLLS,
            ("R044",),
            None,
            SMALLEST_ROLLS,
            LARGEST_ROLLS,
        ),
        Setting(
            "officers.confirmed_within_days", "draw", Kind.WHOLE_NUMBER, 0, ("R050",), None, 0, 366
        ),
        Setting("training.within_days", "draw", Kind.WHOLE_NUMBER, 90, ("R120",), None, 1, 730),
        Setting("training.needed", "draw", Kind.FLAG, False, ("R120",)),
        Setting("draw.publish_frozen_pool", "draw", Kind.FLAG, True, ("R044",)),
        Setting(
            "public.firms_from",
            "draw",
            Kind.CHOICE,
            FirmsFrom.DRAWN.value,
            ("R044", "R087"),
            choices=tuple(one.value for one in FirmsFrom),
        ),
        Setting(
            "draw.item_ratio",
            "items",
            Kind.CHOICE,
            RatioRule.HIGHER.value,
            ("R007", "R037"),
            choices=tuple(one.value for one in RatioRule),
        ),
        Setting("items.key_percent", "items", Kind.PERCENT, "10", ("R007",), None, 1, 100),
        Setting("items.general_percent", "items", Kind.PERCENT, "3", ("R007", "R109"), 13, 1, 100),
        Setting("kpi.credit_use_min", "kpi", Kind.PERCENT, "100", ("R034", "R112"), 12, 0, 100),
        Setting("kpi.drawn_share_min", "kpi", Kind.PERCENT, "3", ("R109",), 13, 0, 100),
        Setting("kpi.joint_count_min", "kpi", Kind.PERCENT, "60", ("R110",), None, 0, 100),
        Setting("kpi.joint_firms_min", "kpi", Kind.PERCENT, "50", ("R111",), None, 0, 100),
        Setting(
            "entry.working_days", "entry", Kind.WHOLE_NUMBER, 20, ("R074", "R075", "R076"), 2, 1, 60
        ),
        Setting(
            "entry.working_days_by_department",
            "entry",
            Kind.DAYS_BY_DEPARTMENT,
            {},
            ("R074", "R076"),
            2,
            1,
            60,
        ),
        Setting("entry.cap_date", "entry", Kind.DAY, None, ("R076", "R126"), 4),
        Setting(
            "entry.met_by",
            "entry",
            Kind.CHOICE,
            MetBy.ENTERED.value,
            ("R074", "R076"),
            21,
            choices=tuple(one.value for one in MetBy),
        ),
        Setting("board.screen_names_firms", "entry", Kind.FLAG, True, ("R083",)),
        Setting("entry.acceptance_required", "entry", Kind.FLAG, True, ("R069", "R079"), 21),
        Setting(
            "reminders.days_before",
            "reminders",
            Kind.DAYS_BEFORE,
            [10, 5, 3, 1],
            ("R074", "R083"),
            None,
            1,
            60,
        ),
        Setting("reminders.on_due_day", "reminders", Kind.FLAG, True, ("R083",)),
        Setting(
            "reminders.deputy_after_days",
            "reminders",
            Kind.WHOLE_NUMBER,
            3,
            ("R083", "R088"),
            None,
            0,
            60,
        ),
        Setting("reminders.from_hour", "reminders", Kind.WHOLE_NUMBER, 8, ("R088",), None, 0, 12),
        Setting(
            "reminders.until_hour", "reminders", Kind.WHOLE_NUMBER, 18, ("R088",), None, 13, 24
        ),
        Setting("reminders.on_rest_days", "reminders", Kind.FLAG, False, ("R088",)),
        Setting(
            "entry.start",
            "terms",
            Kind.CHOICE,
            Start.FIRM_END.value,
            ("R074", "R076"),
            3,
            choices=CHOSEN_STARTS,
        ),
        Setting(
            "publication.within_days", "terms", Kind.WHOLE_NUMBER, 0, ("R076", "R083"), 22, 0, 60
        ),
        Setting("materials.within_days", "terms", Kind.WHOLE_NUMBER, 10, ("R102",), 5, 1, 60),
        Setting(
            "materials.unit", "terms", Kind.CHOICE, Unit.CALENDAR.value, ("R102",), 5, choices=UNITS
        ),
        Setting(
            "materials.start",
            "terms",
            Kind.CHOICE,
            Start.FIRM_END.value,
            ("R102",),
            3,
            choices=CHOSEN_STARTS,
        ),
        Setting(
            "correction.approver_roles",
            "correction",
            Kind.CHOICES,
            ["unit_head"],
            ("R080", "R081"),
            1,
            choices=("unit_head", "deputy_head"),
        ),
        Setting(
            "correction.needs_endorsement", "correction", Kind.FLAG, False, ("R080", "R081"), 1
        ),
        Setting(TYPED_SETTING, "correction", Kind.FLAG, False, ("R080", "R081"), 1),
        Setting(
            "follow_up.decide_within_days",
            "follow_up",
            Kind.WHOLE_NUMBER,
            10,
            ("R043", "R091"),
            None,
            1,
            60,
        ),
        Setting("telling.within_days", "follow_up", Kind.WHOLE_NUMBER, 7, ("R093",), None, 1, 60),
        Setting("revisit.percent", "follow_up", Kind.PERCENT, "10", ("R096",), 35, 0, 100),
        Setting("revisit.within_days", "follow_up", Kind.WHOLE_NUMBER, 90, ("R096",), 35, 1, 366),
        Setting(
            "clue.accept_within_days",
            "clues",
            Kind.WHOLE_NUMBER,
            7,
            ("R091", "R127"),
            38,
            1,
            60,
        ),
        Setting(
            "clue.finish_within_days",
            "clues",
            Kind.WHOLE_NUMBER,
            60,
            ("R091", "R127"),
            38,
            1,
            250,
        ),
        Setting("clue.phone", "clues", Kind.TEXT, "", ("R057", "R127")),
        Setting(
            "public.results_days", "public", Kind.WHOLE_NUMBER, 0, ("R015", "R083"), 34, 0, 36_600
        ),
        Setting("warning.months", "warning", Kind.WHOLE_NUMBER, 12, ("R097", "R099"), None, 3, 36),
        Setting("warning.min_checked", "warning", Kind.WHOLE_NUMBER, 5, ("R097",), None, 1, 1000),
        Setting("warning.min_found", "warning", Kind.WHOLE_NUMBER, 3, ("R097",), None, 1, 1000),
        Setting("warning.min_base", "warning", Kind.WHOLE_NUMBER, 20, ("R097",), None, 1, 1000),
        Setting(
            "report.own_draws",
            "report",
            Kind.CHOICE,
            "platform",
            ("R041", "R108"),
            19,
            choices=("platform", "other"),
        ),
        Setting(
            "report.region",
            "report",
            Kind.CHOICE,
            "city",
            ("R103",),
            24,
            choices=("city", "county"),
        ),
        Setting("group.office", "group", Kind.TEXT, "局法制办", ("R114", "R115")),
        Setting("platform.name", "platform", Kind.TEXT, "", ("R041", "R074", "R086"), 19),
        Setting(
            "platform.channel", "platform", Kind.TEXT, "国家企业信用信息公示系统", ("R076", "R082")
        ),
        Setting("platform.result_codes", "platform", Kind.RESULT_CODES, {}, ("R082", "R086"), 19),
        Setting("platform.local_results", "platform", Kind.LOCAL_RESULTS, {}, ("R082",), 33),
    )
}
GROUPS: Final = tuple(dict.fromkeys(one.group for one in SETTINGS.values()))


def read_setting(settings: Mapping[str, Any], key: str) -> Any:
    """What holds: the county's own value or the default. Raises KeyError for an unknown key."""
    return settings.get(key, SETTINGS[key].default)
