"""Annex 2 of the Qinghe notice: five numbered parts about one month (domain research 1.2).

Draws, ratios and items are those of the draws made in the month; problems those of visits that
ended in it; publications those dated in it. Meetings, documents and trainings nobody can derive:
they are entered by hand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

NONE_WORD: Final = "无"
SEPARATOR: Final = "；"


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry of the month (`domain.reports.entries`); `day` in ISO."""

    kind: str
    day: str
    name: str
    number: str = ""
    people: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class DrawnTask:
    """A task of which something was drawn in the month. `draws` counts them, `visits` are the ids
    of what they gave."""

    task: str
    scope: str
    ratio: str
    draws: int
    visits: Sequence[int]


@dataclass(frozen=True, slots=True)
class Channel:
    """Where results of the month were published; `visits` one id for each result."""

    name: str
    visits: Sequence[int]


@dataclass(frozen=True, slots=True)
class Month:
    """All that annex 2 is made of."""

    notes: Sequence[Noted] = ()
    tasks: Sequence[DrawnTask] = ()
    major_items: int = 0
    minor_items: int = 0
    problems: Sequence[int] = ()
    channels: Sequence[Channel] = ()
    units: Sequence[str] = field(default=())


def tell_month(month: Month, region: str) -> dict[str, str]:
    """Line → its text as it is printed; `region` is 市 or 县."""
    drawn = sum(len(one.visits) for one in month.tasks)
    published = sum(len(one.visits) for one in month.channels)
    return {
        "meetings": _list(f"{one.name}（{one.day}）" for one in _of(month, "meeting")),
        "documents": _list(_paper(one) for one in _of(month, "document")),
        "trainings": _list(_training(one) for one in _of(month, "training")),
        "draw_papers": _list(_paper(one) for one in _of(month, "draw_paper")),
        "drawn": _list(
            f"{one.task}：对象范围为{one.scope or '—'}，抽查 {len(one.visits)} 户，"
            f"抽查比例 {one.ratio or '—'}"
            for one in month.tasks
        ),
        "items": f"{month.major_items} 大项、{month.minor_items} 小项"
        if month.minor_items
        else NONE_WORD,
        "problems": f"{len(month.problems)} 户",
        "published": _list(f"{one.name} {len(one.visits)} 条" for one in month.channels),
        "system": f"开展单位：{'、'.join(month.units) or NONE_WORD}；抽查检查主体 {drawn} 户；"
        f"公示抽查结果 {published} 条",
    }


def list_behind_month(month: Month) -> dict[str, list[int]]:
    """Line → the visits its numbers stand for; lines of hand-made entries have none."""
    return {
        "drawn": sorted(one for task in month.tasks for one in task.visits),
        "problems": sorted(month.problems),
        "published": sorted({one for found in month.channels for one in found.visits}),
    }


def count_month(month: Month) -> Mapping[str, int]:
    """The bare numbers, for comparing one report with the next."""
    return {
        "drawn": sum(len(one.visits) for one in month.tasks),
        "problems": len(month.problems),
        "published": sum(len(one.visits) for one in month.channels),
    }


def _of(month: Month, kind: str) -> list[Noted]:
    return [one for one in month.notes if one.kind == kind]


def _paper(one: Noted) -> str:
    return f"《{one.name.strip('《》')}》（{one.number}）" if one.number else f"《{one.name}》"


def _training(one: Noted) -> str:
    people = "" if one.people is None else f"，{one.people} 人"
    text = f"，内容：{one.text}" if one.text else ""
    return f"{one.name}（{one.day}）{people}{text}"


def _list(texts: Iterable[str]) -> str:
    return SEPARATOR.join(texts) or NONE_WORD
