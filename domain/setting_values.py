"""What is typed for a county's setting, checked and brought into the form in which it is stored."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final, NoReturn

from domain.county_settings import SETTINGS, WHOLE, Kind, Setting, dump_multiplier
from domain.errors import fault
from domain.result_codes import EXPORTED_AS, RESULTS
from domain.risk import CombinationRule, combination
from domain.sampling import WHOLE_TIER, RiskTier
from domain.typed import read_typed_decimal

MAX_TEXT_CHARACTERS: Final = 80
MAX_STEPS: Final = 10
BETWEEN: Final = re.compile(r"[、,，;；\s]+")
MAX_NUMBER_CHARACTERS: Final = 8
MAX_MULTIPLIER: Final = 1000
LOCAL_CODES: Final = ("7", "4")


def check_setting(key: str, value: Any) -> Any:
    """The value in the form in which it is stored. Raises `setting.refused` with key, reason (a
    code of the catalogue) and what the reason needs to be said."""
    setting = SETTINGS[key]
    match setting.kind:
        case Kind.FLAG:
            return bool(value)
        case Kind.WHOLE_NUMBER:
            return _whole_number(setting, value)
        case Kind.PERCENT:
            return _percent(setting, value)
        case Kind.DAY:
            return _day(setting, value)
        case Kind.TEXT:
            return _text(setting, value)
        case Kind.CHOICE:
            return _choice(setting, value)
        case Kind.CHOICES:
            return _choices(setting, value)
        case Kind.DAYS_BEFORE:
            return _days_before(setting, value)
        case Kind.DAYS_BY_DEPARTMENT:
            filled = {code: text for code, text in value.items() if str(text).strip()}
            return {code: _whole_number(setting, text) for code, text in filled.items()}
        case Kind.MULTIPLIERS:
            return _multipliers(setting, value)
        case Kind.RISK_TABLE:
            return _risk_table(setting, value)
        case Kind.RESULT_CODES:
            return _result_codes(setting, value)
        case Kind.LOCAL_RESULTS:
            return _local_results(setting, value)


def _whole_number(setting: Setting, value: Any) -> int:
    number = _number(setting, str(value), "setting.not_whole")
    if number != int(number):
        _refuse(setting, "setting.not_whole")
    return int(_in_range(setting, number))


def _days_before(setting: Setting, value: Any) -> list[int]:
    """`10、5、3、1`, most first; nothing for none."""
    typed = [str(one) for one in value] if isinstance(value, list) else BETWEEN.split(str(value))
    days = {_whole_number(setting, one) for one in typed if one.strip()}
    if len(days) > MAX_STEPS:
        _refuse(setting, "setting.too_many", max=MAX_STEPS)
    return sorted(days, reverse=True)


def _percent(setting: Setting, value: Any) -> str:
    number = _number(setting, str(value).strip().removesuffix("%").removesuffix("％"))
    return format(_in_range(setting, number), "f")


def _in_range(setting: Setting, number: Decimal) -> Decimal:
    if not setting.low <= number <= setting.high:
        _refuse(setting, "setting.out_of_range", low=setting.low, high=setting.high)
    return number


def _day(setting: Setting, value: Any) -> str | None:
    if not (text := str(value or "").strip()):
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        _refuse(setting, "date.malformed", text=text)


def _text(setting: Setting, value: Any) -> str:
    text = " ".join(str(value or "").split())
    if len(text) > MAX_TEXT_CHARACTERS:
        _refuse(setting, "setting.too_long", max=MAX_TEXT_CHARACTERS)
    return text


def _choice(setting: Setting, value: Any) -> str:
    if value not in setting.choices:
        _refuse(setting, "setting.unknown_choice")
    return str(value)


def _choices(setting: Setting, value: Any) -> list[str]:
    chosen = [one for one in setting.choices if one in value]
    return chosen or _refuse(setting, "setting.none_chosen")


def _multipliers(setting: Setting, value: Mapping[str, Any]) -> dict[str, str]:
    """They must rise with the tier (R033 递加), strictly; only "all" may follow "all"."""
    numbers = {tier: _multiplier(setting, value.get(tier.value, "")) for tier in RiskTier}
    in_order = list(numbers.values())
    for lower, higher in pairwise(in_order):
        if lower > higher or lower == higher != WHOLE_TIER:
            _refuse(setting, "setting.must_rise")
    return {tier.value: dump_multiplier(number) for tier, number in numbers.items()}


def _multiplier(setting: Setting, value: Any) -> Decimal:
    text = str(value).strip()
    if text == WHOLE:
        return WHOLE_TIER
    number = _number(setting, text)
    if not 0 < number <= MAX_MULTIPLIER:
        _refuse(setting, "setting.not_positive", high=MAX_MULTIPLIER)
    return number


def _risk_table(setting: Setting, value: Mapping[str, Any]) -> dict[str, Any]:
    rule = value.get("rule")
    if rule not in set(CombinationRule):
        _refuse(setting, "setting.unknown_choice")
    cells = dict(value.get("cells") or {})
    combination(CombinationRule(rule), cells)
    return {"rule": rule, "cells": cells} if rule == CombinationRule.TABLE else {"rule": rule}


def _result_codes(setting: Setting, value: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Only what differs from the national numbers and words is kept."""
    kept = {}
    for code, result in RESULTS.items():
        told = value.get(str(code)) or {}
        number = " ".join(str(told.get("number") or code).split())
        text = " ".join(str(told.get("text") or result.zh).split())
        for part, most in ((number, MAX_NUMBER_CHARACTERS), (text, MAX_TEXT_CHARACTERS)):
            if len(part) > most:
                _refuse(setting, "setting.too_long", max=most)
        if (number, text) != (str(code), result.zh):
            kept[str(code)] = {"number": number, "text": text}
    return kept


def _local_results(setting: Setting, value: Mapping[str, Any]) -> dict[str, int]:
    kept = {}
    for local, usual in EXPORTED_AS.items():
        code = str(value.get(local.value) or usual)
        if code not in LOCAL_CODES:
            _refuse(setting, "setting.unknown_choice")
        if int(code) != usual:
            kept[local.value] = int(code)
    return kept


def _number(setting: Setting, text: str, reason: str = "setting.not_a_number") -> Decimal:
    """Written 2.0 or ２, it is 2: one value has one spelling."""
    plain = read_typed_decimal(text)
    return _refuse(setting, reason) if plain is None else Decimal(plain)


def _refuse(setting: Setting, reason: str, **details: object) -> NoReturn:
    raise fault("setting.refused", key=setting.key, reason=reason, **details)
