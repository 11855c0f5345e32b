"""Annex 2 of the Qinghe notice: five numbered parts about one month (domain research 1.2).

Draws, ratios and items are those of the draws made in the month; problems those of visits that
ended in it; publications those dated in it. Meetings, documents and trainings nobody can derive:
they are entered by hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.reports.listed import Listed, ListOf

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
    """A task of which something was drawn in the month. `visits` are the ids of what the draws
    gave."""

    task: str
    scope: str
    ratio: str
    visits: Sequence[int]


@dataclass(frozen=True, slots=True)
class Channel:
    """Where results of the month were published; `results` are ids of departments' parts."""

    name: str
    results: Sequence[int]


@dataclass(frozen=True, slots=True)
class Month:
    """All that annex 2 is made of."""

    notes: Sequence[Noted] = ()
    tasks: Sequence[DrawnTask] = ()
    major_items: Sequence[int] = ()
    minor_items: Sequence[str] = ()
    problems: Sequence[int] = ()
    channels: Sequence[Channel] = ()
    units: Sequence[str] = field(default=())


def tell_month(month: Month, region: str) -> dict[str, str]:
    """Line → its text as it is printed; `region` is 市 or 县."""
    drawn = sum(len(one.visits) for one in month.tasks)
    published = sum(len(one.results) for one in month.channels)
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
        "items": f"{len(month.major_items)} 大项、{len(month.minor_items)} 小项"
        if month.minor_items
        else NONE_WORD,
        "problems": f"{len(month.problems)} 户",
        "published": _list(f"{one.name} {len(one.results)} 条" for one in month.channels),
        "system": f"开展单位：{'、'.join(month.units) or NONE_WORD}；抽查检查主体 {drawn} 户；"
        f"公示抽查结果 {published} 条",
    }


def list_behind_month(month: Month) -> list[Listed]:
    """Every number the lines name that is counted, in their order; what was entered by hand has no
    list."""
    drawn = sorted(one for task in month.tasks for one in task.visits)
    published = sorted(one for found in month.channels for one in found.results)
    return [
        *(
            Listed(f"drawn/{number}", "drawn", ListOf.VISITS, sorted(one.visits), "户", one.task)
            for number, one in enumerate(month.tasks, start=1)
        ),
        Listed("items/major", "items", ListOf.ITEMS, month.major_items, "大项"),
        Listed("items/minor", "items", ListOf.ENTRIES, month.minor_items, "小项"),
        Listed("problems", "problems", ListOf.VISITS, sorted(month.problems), "户"),
        *(
            Listed(
                f"published/{number}",
                "published",
                ListOf.RESULTS,
                sorted(one.results),
                "条",
                one.name,
            )
            for number, one in enumerate(month.channels, start=1)
        ),
        Listed("system/drawn", "system", ListOf.VISITS, drawn, "户"),
        Listed("system/published", "system", ListOf.RESULTS, published, "条"),
    ]


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
