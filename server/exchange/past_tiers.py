"""Classes of risk older than the one on record: whichever file brings them, they go into a firm's
history and leave the register alone (R033, R040)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.access import Actor
from server.exchange.spec import Aside, Column, Lookup, Values
from server.registry.service import TIERS, add_past_tiers, drop_past_tiers, list_known_tiers

PAST, _KNOWN = "past_tiers", "known_tiers"
_KINDS = (("credit", "tier", "tier_as_of"), ("industry", "industry_tier", "industry_tier_as_of"))


def known_tiers(actor: Actor | None) -> Mapping[str, Mapping[Any, Any]]:
    """The part of a register's lookup that ``put_aside`` needs."""
    return {_KNOWN: dict.fromkeys(list_known_tiers(actor), True)}


def put_aside(values: dict[str, Any], current: Values | None, lookup: Lookup) -> None:
    """Takes out of ``values`` what is older than the entry's, and keeps it beside the fields unless
    it was kept before."""
    if current is None:
        return
    past = []
    for kind, tier, as_of in _KINDS:
        given, kept = values.get(as_of), current.get(as_of)
        if given is None or kept is None or given >= kept:
            continue
        del values[as_of]
        old = values.pop(tier, None)
        if old is not None and (current["id"], kind, old, given) not in lookup[_KNOWN]:
            past.append([kind, old, given])
    if past:
        values[PAST] = past


def _dump_past(value: list[list[str]] | None, _lookup: Lookup) -> str:
    return "；".join(f"{day} {TIERS.get(tier, tier)}" for _kind, tier, day in value or [])


PAST_TIERS = Aside(
    Column(PAST, "以前的等级", lambda text, _lookup: text, dump=_dump_past),
    add_past_tiers,
    drop_past_tiers,
)
