"""The pass rules of checklist items, as values, and whether a value holds against one.

`rule_text` reads them from a checklist. Arithmetic is on fractions, so Python and the browser
agree on every digit.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final


class DateBound(StrEnum):
    """A day known when the answer is judged."""

    TODAY = "今天"
    INSPECTION = "检查日期"


@dataclass(frozen=True, slots=True)
class Number:
    """A literal."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Given:
    """A quantity given by the officer beside the answer."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """`max`, `min`, `ceil`, or one of + - * / with its operands."""

    function: str
    arguments: tuple["Expression", ...]


Expression = Number | Given | Call


@dataclass(frozen=True, slots=True)
class Standard:
    """A requirement set elsewhere; it cannot be computed."""

    name: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed pass rule. `names` lists the quantities the officer must give, in reading order."""

    text: str
    is_about_failed: bool
    comparison: str
    bound: Expression | DateBound | Standard
    names: tuple[str, ...]

    @property
    def is_computable(self) -> bool:
        """False where the bound is a standard: then the officer's own verdict is asked."""
        return not isinstance(self.bound, Standard)


_COMPARE: Final[Mapping[str, Callable[[Fraction, Fraction], bool]]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
_COMPARE_DAYS: Final[Mapping[str, Callable[[date, date], bool]]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


def holds_number(rule: Rule, value: Fraction, given: Mapping[str, Fraction]) -> bool | None:
    """Whether the value passes; None when the rule cannot be computed (a standard, a missing
    quantity, a division by zero)."""
    if isinstance(rule.bound, (DateBound, Standard)):
        return None
    bound = _evaluate(rule.bound, given)
    return None if bound is None else _COMPARE[rule.comparison](value, bound)


def holds_date(rule: Rule, value: date, inspection_date: date | None, today: date) -> bool | None:
    """Whether the date passes; None when the day it is compared with is not known yet."""
    if not isinstance(rule.bound, DateBound):
        return None
    bound = today if rule.bound is DateBound.TODAY else inspection_date
    return None if bound is None else _COMPARE_DAYS[rule.comparison](value, bound)


def _evaluate(expression: Expression, given: Mapping[str, Fraction]) -> Fraction | None:
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Given):
        return given.get(expression.name)
    values = [_evaluate(argument, given) for argument in expression.arguments]
    numbers = [value for value in values if value is not None]
    if len(numbers) < len(values):
        return None
    return _apply(expression.function, numbers)


def _apply(function: str, numbers: list[Fraction]) -> Fraction | None:
    match function:
        case "max":
            return max(numbers)
        case "min":
            return min(numbers)
        case "ceil":
            return Fraction(-(-numbers[0].numerator // numbers[0].denominator))
        case "+":
            return numbers[0] + numbers[1]
        case "-":
            return numbers[0] - numbers[1]
        case "*":
            return numbers[0] * numbers[1]
        case _:
            return numbers[0] / numbers[1] if numbers[1] else None
