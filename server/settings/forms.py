"""What the settings page sends, read into one value per setting; checked by the domain alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, IntegerField

from domain.county_settings import SETTINGS, WHOLE, Kind
from domain.results import RESULTS, LocalResult
from domain.risk import NO_TIER, CombinationRule
from domain.sampling import RiskTier


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """``version`` is what the page was made from; ``preview`` asks for the effect and stores
    nothing. The values' own fields are read by ``typed_values``."""

    version = IntegerField()
    preview = HiddenField()


def typed_values(
    group: str, sent: MultiDict[str, str], departments: Iterable[str]
) -> dict[str, Any]:
    """Setting → what was typed for it, in the shape ``check_setting`` takes."""
    return {
        key: _typed(key, one.kind, sent, departments)
        for key, one in SETTINGS.items()
        if one.group == group
    }


def _typed(key: str, kind: Kind, sent: MultiDict[str, str], departments: Iterable[str]) -> Any:
    match kind:
        case Kind.FLAG:
            return key in sent
        case Kind.CHOICES:
            return sent.getlist(key)
        case Kind.DAYS_BY_DEPARTMENT:
            return {code: sent.get(f"{key}.{code}", "") for code in departments}
        case Kind.MULTIPLIERS:
            return {
                tier.value: _multiplier(sent.get(f"{key}.{tier.value}", "")) for tier in RiskTier
            }
        case Kind.RISK_TABLE:
            return _risk_table(key, sent)
        case Kind.RESULT_CODES:
            return {
                str(code): {
                    part: sent.get(f"{key}.{code}.{part}", "") for part in ("number", "text")
                }
                for code in RESULTS
            }
        case Kind.LOCAL_RESULTS:
            return {one.value: sent.get(f"{key}.{one.value}", "") for one in LocalResult}
        case _:
            return sent.get(key, "")


def _multiplier(text: str) -> str:
    """全部 as a person writes it."""
    return WHOLE if text.strip().lower() in {"全部", "all", WHOLE} else text


def _risk_table(key: str, sent: MultiDict[str, str]) -> dict[str, Any]:
    rule = sent.get(f"{key}.rule", "")
    if rule != CombinationRule.TABLE:
        return {"rule": rule}
    codes = [NO_TIER, *(tier.value for tier in RiskTier)]
    pairs = [f"{credit}/{industry}" for credit in codes for industry in codes]
    return {
        "rule": rule,
        "cells": {pair: sent[name] for pair in pairs if (name := f"{key}.{pair}") in sent},
    }
