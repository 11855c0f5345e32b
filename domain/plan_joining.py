"""一业一查: which internal tasks of one trade could become one joint visit (R027, R030).

Proposed, never done: two tasks of one trade whose months meet, one that could go along with a joint
task of that trade, or one of a trade on which other departments have tasks or items of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.plan_links import common_window

Months = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class JoinableTask:
    """A task that was not drawn yet. `departments` are the codes of all who take part."""

    id: int
    is_joint: bool
    trade: str
    months: Months
    departments: frozenset[str]


@dataclass(frozen=True, slots=True)
class JoiningProposal:
    """`tasks` are internal ones, `target` the joint task they could go along with (None: a new one
    would be needed), `months` those in which all allow a visit, `departments` whom to ask."""

    trade: str
    tasks: tuple[int, ...]
    target: int | None
    months: Months
    departments: tuple[str, ...]


def propose_joining(
    tasks: Sequence[JoinableTask], on_trade: Mapping[str, frozenset[str]], home: str
) -> tuple[JoiningProposal, ...]:
    """`on_trade`: the departments with tasks or items of their own, by trade. In the order of
    `tasks`; no task in two proposals."""
    found = []
    for trade in dict.fromkeys(one.trade for one in tasks):
        joint = [one for one in tasks if one.trade == trade and one.is_joint]
        for group, months in _groups([one for one in tasks if one.trade == trade]):
            target, shared = _target(joint, months)
            departments = set(on_trade.get(trade, frozenset()))
            departments.update(target.departments if target is not None else ())
            departments.discard(home)
            if len(group) > 1 or target is not None or departments:
                found.append(
                    JoiningProposal(
                        trade=trade,
                        tasks=tuple(one.id for one in group),
                        target=target.id if target is not None else None,
                        months=shared,
                        departments=tuple(sorted(departments)),
                    )
                )
    return tuple(found)


def _groups(tasks: Sequence[JoinableTask]) -> list[tuple[list[JoinableTask], Months]]:
    """Internal tasks whose months meet, each group with the months common to all of it."""
    groups: list[tuple[list[JoinableTask], Months]] = []
    for task in tasks:
        if task.is_joint:
            continue
        for place, (group, months) in enumerate(groups):
            if _meet(months, task.months):
                groups[place] = ([*group, task], common_window(months, task.months))
                break
        else:
            groups.append(([task], task.months))
    return groups


def _target(joint: Sequence[JoinableTask], months: Months) -> tuple[JoinableTask | None, Months]:
    for one in joint:
        if _meet(one.months, months):
            return one, common_window(one.months, months)
    return None, months


def _meet(one: Months, other: Months) -> bool:
    return one is None or other is None or common_window(one, other) is not None


def merge_values(
    base: Mapping[str, Any], others: Sequence[Mapping[str, Any]], cooperators: Sequence[str]
) -> dict[str, Any]:
    """One task out of several, to be looked at before it is asked for: all items, lists and bodies,
    the highest ratio as it is written, the common months where there are any."""
    rows = [base, *others]
    merged = dict(base)
    for field in ("item_codes", "checklist_codes", "inspecting_bodies"):
        merged[field] = _union(row[field] for row in rows)
    texts = [str(row["item_text"]).strip() for row in rows]
    merged["item_text"] = "；".join(dict.fromkeys(text for text in texts if text))
    scopes = [str(row["object_scope"]).strip() for row in rows]
    merged["object_scope"] = "；".join(dict.fromkeys(text for text in scopes if text))
    top = max(rows, key=lambda row: Decimal(row["ratio_percent"] or 0))
    for field in ("ratio_text", "ratio_percent", "is_minimum", "times_per_year", "fixed_count"):
        merged[field] = top[field]
    months = common_window(_months(base), None)
    for row in others:
        months = common_window(months, _months(row)) if months else None
    if months and months != _months(base):
        start, end = months
        merged["start_month"], merged["end_month"] = months
        merged["window_text"] = f"{start}月-{end}月" if start != end else f"{start}月"
    known = set(merged["initiators"])
    wanted = [one for one in (*merged["cooperators"], *cooperators) if one not in known]
    merged["cooperators"] = list(dict.fromkeys(wanted))
    merged["uses_risk"] = any(row["uses_risk"] for row in rows)
    return merged


def _union(lists: Any) -> list[str]:
    return list(dict.fromkeys(one for found in lists for one in found))


def _months(values: Mapping[str, Any]) -> Months:
    start, end = values["start_month"], values["end_month"]
    return None if start is None or end is None else (start, end)
