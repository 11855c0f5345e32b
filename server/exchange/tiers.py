"""信用风险分类 as a table: the classes of firms the register knows, each with its day (R033, R040).

A class older than the one on record goes into the firm's history and leaves the register alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from domain.access import Action, Actor
from server.exchange import firms
from server.exchange.spec import Aside, Column, Lookup, Problem, Register, Values
from server.registry.models import Firm
from server.registry.service import (
    TIERS,
    add_past_tiers,
    drop_past_tiers,
    firm_filter,
    list_firm_ids,
    list_known_tiers,
)
from server.runtime import today

PAST = "past_tiers"
_KINDS = (("credit", "tier", "tier_as_of"), ("industry", "industry_tier", "industry_tier_as_of"))
_BORROWED = ("uscc", "name", "tier", "tier_as_of", "industry_tier", "industry_tier_as_of")
# No firm begins here, so that a row needs no more than the code.
COLUMNS = tuple(
    replace(column, is_required=column.field == "uscc")
    for column in firms.COLUMNS
    if column.field in _BORROWED
)


def _build_lookup(actor: Actor | None) -> Lookup:
    return {"known": dict.fromkeys(list_known_tiers(actor), True), "day": {"today": today()}}


def _complete(values: dict[str, Any], current: Values | None, lookup: Lookup, day: date) -> None:
    """Names belong to the firms' own file. What is older is put aside, unless it was before."""
    values.pop("name", None)
    if current is None:
        return
    past = []
    for kind, tier, as_of in _KINDS:
        given, kept = values.get(as_of), current.get(as_of)
        if given is None or kept is None or given >= kept:
            continue
        del values[as_of]
        old = values.pop(tier, None)
        if old is not None and (current["id"], kind, old, given) not in lookup["known"]:
            past.append([kind, old, given])
    if past:
        values[PAST] = past
    firms.date_tiers(values, current, day)


def _check(values: Values, current: Values | None, lookup: Lookup) -> Iterator[Problem]:
    """No class was given on a day that has not come."""
    for _kind, _tier, as_of in _KINDS:
        if (day := values.get(as_of)) and day > lookup["day"]["today"].isoformat():
            yield Problem(as_of, "cell.future_day", {"text": day})
    yield from firms.check_tier_days(values, current)


def _dump_past(value: list[list[str]] | None, _lookup: Lookup) -> str:
    return "；".join(f"{day} {TIERS.get(tier, tier)}" for _kind, tier, day in value or [])


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
    aside=Aside(
        Column(PAST, "以前的等级", lambda text, _lookup: text, dump=_dump_past),
        add_past_tiers,
        drop_past_tiers,
    ),
)
