"""信用风险分类 as a table: the classes of firms the register knows, each with its day (R033, R040).

A class older than the one on record goes into the firm's history and leaves the register alone. A
firm is also known by a code it had before: these lists are often older than the code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from domain.access import Action, Actor
from server.exchange import firms
from server.exchange.past_tiers import PAST_TIERS, known_tiers, put_aside
from server.exchange.spec import Lookup, Problem, Register, Values
from server.registry.models import Firm
from server.registry.service import firm_filter, list_firm_ids
from server.runtime import today

_BORROWED = ("uscc", "name", "tier", "tier_as_of", "industry_tier", "industry_tier_as_of")
# No firm begins here, so that a row needs no more than the code.
COLUMNS = tuple(
    replace(column, is_required=column.field == "uscc")
    for column in firms.COLUMNS
    if column.field in _BORROWED
)


def _build_lookup(actor: Actor | None) -> Lookup:
    return {**known_tiers(actor), "day": {"today": today()}}


def _complete(values: dict[str, Any], current: Values | None, lookup: Lookup, day: date) -> None:
    """Names belong to the firms' own file."""
    values.pop("name", None)
    if current is not None:
        put_aside(values, current, lookup)
        firms.date_tiers(values, current, day)


def _check(values: Values, current: Values | None, lookup: Lookup) -> Iterator[Problem]:
    """No class was given on a day that has not come."""
    for as_of in firms.TIER_DAYS.values():
        if (day := values.get(as_of)) and day > lookup["day"]["today"].isoformat():
            yield Problem(as_of, "cell.future_day", {"text": day})
    yield from firms.check_tier_days(values, current)


def _list_filtered(actor: Actor, wanted: Mapping[str, str]) -> list[int] | None:
    return list_firm_ids(actor, firm_filter(actor, wanted))


TIER_CLASSES = Register(
    code="tiers",
    title="信用风险分类",
    model=Firm,
    key="uscc",
    columns=COLUMNS,
    write=Action.FIRM_WRITE,
    build_lookup=_build_lookup,
    check=_check,
    complete=_complete,
    silent=lambda _values: {},
    is_retired=lambda _entry: False,
    retired={},
    restored={},
    list_in_use=lambda _actor, _ids: set(),
    list_filtered=_list_filtered,
    history="firms",
    aside=PAST_TIERS,
    extra=("former_usccs",),
    former="former_usccs",
)
