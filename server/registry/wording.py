"""Register entries and their history in people's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.coordinates import dump_degrees
from server.i18n import translate as _
from server.registry.firms import CATEGORIES, MISTAKEN, STATUSES, TIERS
from server.registry.models import RegisterChange


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a change: its name, what it said, what it says."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """One change in a timeline."""

    at: datetime
    what: str
    who: str
    note: str
    icon: str
    tone: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What codes and ids stand for. ``tags`` code → name, ``firms``, ``people``, ``departments``
    and ``officers`` id → name."""

    tags: Mapping[str, str]
    people: Mapping[int, str]
    firms: Mapping[int, str]
    departments: Mapping[int, str]


def firm_words() -> dict[str, str]:
    """A firm's fields, in the order of its page."""
    return {
        "name": _("名称"),
        "uscc": _("统一社会信用代码"),
        "no_uscc_reason": _("无信用代码的原因"),
        "legal_person": _("法定代表人"),
        "status": _("状态"),
        "is_active": _("参加抽取"),
        "category": _("主营行业"),
        "more_categories": _("兼营行业"),
        "tier": _("信用风险等级"),
        "tier_as_of": _("信用风险分类日期"),
        "industry_tier": _("行业风险等级"),
        "industry_tier_as_of": _("行业风险分类日期"),
        "licence_no": _("许可证号"),
        "more_licences": _("其他许可证号"),
        "vehicle_count": _("车辆数"),
        "address": _("地址"),
        "area": _("片区（乡镇）"),
        "lat_e7": _("纬度"),
        "lng_e7": _("经度"),
        "contact_name": _("联系人"),
        "contact_phone": _("联系电话"),
        "labels": _("分类标签"),
    }


def officer_words() -> dict[str, str]:
    """An officer's fields, in the order of the page."""
    return {
        "name": _("姓名"),
        "department_id": _("单位"),
        "cert_no": _("执法证号"),
        "cert_expires_on": _("有效期至"),
        "labels": _("业务专长标签"),
        "area": _("片区（乡镇）"),
        "person_id": _("账号"),
        "is_active": _("在岗"),
        "recused_firm_ids": _("回避对象"),
    }


def color_words() -> dict[str, str]:
    """Colours of plates."""
    return {
        "blue": _("蓝"),
        "yellow": _("黄"),
        "green": _("绿"),
        "yellow_green": _("黄绿"),
        "white": _("白"),
        "black": _("黑"),
    }


def origin_words() -> dict[str, str]:
    """Where a tag comes from."""
    return {"province": _("省级"), "local": _("本地")}


def field_words(register: str) -> dict[str, str]:
    """A register's fields by their column."""
    return firm_words() if register == "firms" else officer_words()


def tell_history(register: str, changes: Iterable[RegisterChange], names: Names) -> list[Told]:
    """For the timeline, in the order given."""
    words = field_words(register)
    return [_tell(one, words, names) for one in changes]


def tell_value(name: str, value: Any, names: Names) -> str:
    """A stored value as a person reads it; empty for nothing."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name in _CODED:
        return _(_CODED[name].get(value, str(value)))
    if name in _OF_LISTS:
        return _("、").join(_OF_LISTS[name](one, names) for one in value)
    if name in ("lat_e7", "lng_e7"):
        return dump_degrees(value)
    if name == "department_id":
        return names.departments.get(value, str(value))
    if name == "person_id":
        return names.people.get(value, str(value))
    return str(value)


_CODED: dict[str, dict[str, str]] = {
    "status": STATUSES,
    "category": CATEGORIES,
    "tier": TIERS,
    "industry_tier": TIERS,
}
_OF_LISTS: dict[str, Callable[[Any, Names], str]] = {
    "more_categories": lambda one, _names: _(CATEGORIES.get(one, one)),
    "labels": lambda one, names: _(names.tags.get(one, one)),
    "more_licences": lambda one, _names: str(one),
    "recused_firm_ids": lambda one, names: names.firms.get(one, f"#{one}"),
}


def _tell(change: RegisterChange, words: Mapping[str, str], names: Names) -> Told:
    is_first = (
        bool(change.changes) and "name" in change.changes and change.changes["name"][0] is None
    )
    lines = []
    for name, (old, new) in change.changes.items():
        if name == "recused_firm_ids":
            lines += _recusals(old or [], new or [], names)
            continue
        label = _label(name, words)
        line = Line(label, tell_value(name, old, names), tell_value(name, new, names))
        # A new entry is told by what it says; what it leaves open is no news.
        if not is_first or line.new:
            lines.append(line)
    order = {label: place for place, label in enumerate(words.values())}
    lines.sort(key=lambda line: order.get(line.label, len(order)))
    kind = change.source.partition(":")[0]
    return Told(
        at=change.changed_at,
        what=_what(change.source, is_first, change.changes),
        who=names.people.get(change.changed_by or 0, _("系统")),
        note=_("原因：{reason}", reason=change.reason) if change.reason else "",
        icon="plus" if is_first else "returned" if kind == "undo" else "pen",
        tone="ok" if is_first else "plain",
        lines=tuple(lines),
    )


def _what(source: str, is_first: bool, changes: Mapping[str, Any]) -> str:
    kind, _colon, number = source.partition(":")
    if kind == "import":
        return _("导入时新增") if is_first else _("导入时更新")
    if kind == "undo" and changes.get("status", ["", ""])[1] == MISTAKEN:
        return _("误录移出：第 {n} 号导入已撤销", n=number)
    if kind == "undo":
        return _("撤销导入，恢复原值")
    if kind == "tiers":
        return _("风险分类更新")
    if is_first:
        return _("登记入库")
    if set(changes) == {"status"}:
        return _("变更状态")
    if set(changes) == {"recused_firm_ids"}:
        return _("变更回避")
    if all(name.startswith("vehicle:") for name in changes):
        return _("变更车辆")
    return _("修改")


def _label(name: str, words: Mapping[str, str]) -> str:
    if name.startswith("vehicle:"):
        return _("车辆 {plate}", plate=name.removeprefix("vehicle:"))
    return words.get(name, name)


def _recusals(old: list[int], new: list[int], names: Names) -> list[Line]:
    """Who was added, who left: the whole list would hide it."""
    label = _("回避对象")
    added = [Line(label, "", names.firms.get(one, f"#{one}")) for one in new if one not in old]
    return added + [
        Line(label, names.firms.get(one, f"#{one}"), "") for one in old if one not in new
    ]
