"""The shares a county has reached by its draws and the visits they gave (R034, R109–R112).

Superseded draws and withdrawn visits are none: the caller leaves them out. How 随机抽查占比 is
computed no source says; part 7 row 13 gives drawn ÷ register. In it each firm counts once. In
R111 a firm counts with each draw (抽查总户数), as the monthly report counts it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.plan_coverage import Share

MARKET_OFFICE = "9"  # the first place of a credit code: registered with the market regulator
OLD_NUMBER_LENGTH = 15  # 注册号 of before the credit codes, given to market entities only


@dataclass(frozen=True, slots=True)
class MadeDraw:
    """A draw that stands. `firms` counts those still to be visited or visited;
    `has_market_entity` whether one of them is a market entity; `used_classes` whether the draw
    knew and weighed credit-risk classes."""

    id: int
    is_joint: bool
    firms: int
    has_market_entity: bool
    used_classes: bool


@dataclass(frozen=True, slots=True)
class Minima:
    """What the county is measured by, in percent."""

    drawn: Decimal = Decimal(3)
    joint_count: Decimal = Decimal(60)
    joint_firms: Decimal = Decimal(50)
    classes: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class Reached:
    """`drawn`: different firms ÷ register; `by_count`, `by_firms`: joint ÷ all; `by_classes`: draws
    of market entities that used their classes ÷ all draws of market entities."""

    drawn: Share
    by_count: Share
    by_firms: Share
    by_classes: Share


def is_market_entity(uscc: str) -> bool:
    """By its code: enterprises, sole traders and cooperatives, not public institutions."""
    return uscc.startswith(MARKET_OFFICE) or len(uscc) == OLD_NUMBER_LENGTH


def reach(
    draws: Iterable[MadeDraw], drawn: int, register: int, left: int, minima: Minima
) -> Reached:
    """`drawn` counts the different firms of all these draws, `register` the open firms today, each
    once; `left` are the drawn firms that are not open any more: they belonged to it when they were
    drawn. A draw without a firm is none."""
    made = [draw for draw in draws if draw.firms]
    joint = [draw for draw in made if draw.is_joint]
    market = [draw for draw in made if draw.has_market_entity]
    used = sum(draw.used_classes for draw in market)
    return Reached(
        drawn=Share(drawn, register + left, minima.drawn),
        by_count=Share(len(joint), len(made), minima.joint_count),
        by_firms=Share(_visits(joint), _visits(made), minima.joint_firms),
        by_classes=Share(used, len(market), minima.classes),
    )


def _visits(draws: Sequence[MadeDraw]) -> int:
    return sum(draw.firms for draw in draws)
