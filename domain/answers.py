"""The wire shapes of item answers (docs/protocol.md §13.3), read strictly.

No JSON fraction anywhere: a decimal is a string, so that the canonical text of an answer is the
same in Python and in the browser and its digest can be signed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from domain.errors import Refused
from domain.units import MAX_COUNT, find_given_fault, find_number_fault

MAX_TEXT_CHARACTERS: Final = 2000
MAX_PAIR: Final = MAX_COUNT
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ItemType(StrEnum):
    """What kind of answer an item takes."""

    JUDGE = "judge"
    NUMBER = "number"
    NUMBER_PAIR = "number_pair"
    TEXT = "text"
    DATE = "date"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Number:
    """A measured number, exact, with the quantities its rule asks for."""

    number: Fraction
    given: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """抽查数 and 不符数; 0 ≤ failed ≤ checked."""

    checked: int
    failed: int


AnswerValue = str | Number | Pair | date


def parse_answer_value(
    kind: ItemType, item: str, value: object, unit: str | None = None
) -> AnswerValue | Refused | None:
    """The value in its own type, None for null or blank text, Refused when the shape is wrong or
    the number cannot be one of its `unit`. `item` is the code named in the refusal."""
    if value is None:
        return None
    match kind:
        case ItemType.JUDGE:
            good = isinstance(value, str) and value in ("pass", "fail", "na")
            return str(value) if good else Refused("answer.bad_choice", {"item": item})
        case ItemType.NUMBER:
            return _number(item, value, unit)
        case ItemType.NUMBER_PAIR:
            return _pair(item, value)
        case ItemType.TEXT:
            return _text(item, value)
        case ItemType.DATE:
            return _date(item, value)
        case ItemType.PHOTO:
            return Refused("answer.photo_takes_no_value", {"item": item})


def _number(item: str, value: object, unit: str | None) -> Number | Refused:
    if not isinstance(value, dict) or not {"number"} <= set(value) <= {"number", "given"}:
        return Refused("answer.bad_shape", {"item": item})
    given = value.get("given") or {}
    if not isinstance(given, dict):
        return Refused("answer.bad_shape", {"item": item})
    for text in (value["number"], *given.values()):
        if isinstance(text, float):
            return Refused("op.fraction", {"field": item})
        if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
            return Refused("answer.bad_number", {"item": item})
    number = Fraction(value["number"])
    quantities = {str(name): Fraction(text) for name, text in given.items()}
    faults = [(unit, find_number_fault(unit, number))]
    faults += [(name, find_given_fault(name, one)) for name, one in quantities.items()]
    for of_what, code in faults:
        if code is not None:
            return Refused(code, {"item": item, "unit": of_what})
    return Number(number, quantities)


def _pair(item: str, value: object) -> Pair | Refused:
    if not isinstance(value, dict) or set(value) != {"checked", "failed"}:
        return Refused("answer.bad_pair", {"item": item})
    checked, failed = value["checked"], value["failed"]
    if isinstance(checked, float) or isinstance(failed, float):
        return Refused("op.fraction", {"field": item})
    if not _is_count(checked) or not _is_count(failed):
        return Refused("answer.bad_pair", {"item": item})
    if failed > checked:
        return Refused("answer.failed_over_checked", {"item": item})
    return Pair(checked, failed)


def _is_count(value: object) -> bool:
    # bool is an int in Python, but true is not a number on the wire.
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_PAIR


def _text(item: str, value: object) -> str | Refused | None:
    if not isinstance(value, str):
        return Refused("answer.bad_shape", {"item": item})
    if len(value) > MAX_TEXT_CHARACTERS:
        return Refused("answer.too_long", {"item": item, "length": MAX_TEXT_CHARACTERS})
    return value if value.strip() else None


def _date(item: str, value: object) -> date | Refused:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    return Refused("answer.bad_date", {"item": item})
