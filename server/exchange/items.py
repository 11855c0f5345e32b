"""抽查事项清单 as a table (R004–R007): the county's own list; the provincial one is claimed item by
item. Nothing is deleted, and every change is a new version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.access import Action, Actor
from domain.checklists import METHODS
from domain.errors import Fault
from domain.item_list import WIDTHS, parse_kind, parse_methods, parse_ratio
from domain.tabular import CellRefused, read_choice, read_text
from server.exchange.spec import Column, Lookup, Problem, Register, Values
from server.registry.items.listing import list_items, ratio_text
from server.registry.items.versions import keep_versions, list_listed_items
from server.registry.models import InspectionItem

KINDS = {"key": "重点事项", "general": "一般事项"}
STATES = {"in_use": "在用", "withdrawn": "停用"}
FILTERS = ("q", "kind", "status", "origin", "guide", "missing")
MAX_TEXT = 4000
_CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
_METHOD_WORDS = {code: word for word, code in reversed(METHODS.items())}


def _text(field: str) -> Any:
    return lambda text, _lookup: read_text(text, WIDTHS.get(field, MAX_TEXT))


def _read_kind(text: str, _lookup: Lookup) -> str:
    return parse_kind(text) or read_choice(text, KINDS)


def _read_methods(text: str, _lookup: Lookup) -> list[str]:
    if (found := parse_methods(text)) is None:
        raise CellRefused("cell.unknown_word", text=text, known=list(METHODS))
    return list(found)


def _read_ratio(text: str, _lookup: Lookup) -> str | None:
    try:
        if re.fullmatch(r"0?[.][0-9]+", text):  # 5% as a spreadsheet stores it, or half a percent?
            raise CellRefused("sampling.percent")
        return parse_ratio(text)
    except Fault as refused:
        raise CellRefused(refused.code) from None


# The headers that the provincial file's reader knows.
COLUMNS = (
    Column(
        "code",
        "编号",
        lambda text, _lookup: read_text(text, 40),
        ("事项编码", "编码", "事项编号"),
        is_required=True,
        hint="字母、数字、点、横线；检查表以此对应，以后不变",
        width=16,
    ),
    Column(
        "name",
        "抽查事项",
        _text("name"),
        ("抽查事项名称", "事项名称", "检查事项", "名称"),
        is_required=True,
        width=32,
    ),
    Column(
        "kind",
        "事项类型",
        _read_kind,
        ("重点或一般", "事项分类", "重点/一般"),
        lambda value, _lookup: KINDS.get(value, value),
        words=lambda _lookup: list(KINDS.values()),
        empty="general",
        width=12,
    ),
    Column("category", "抽查类别", _text("category"), ("检查类别", "类别"), width=24),
    Column("objects", "检查对象", _text("objects"), ("抽查对象",), width=24),
    Column("basis", "检查依据", _text("basis"), ("抽查依据", "依据"), width=40),
    Column("bodies", "检查主体", _text("bodies"), ("抽查主体", "主体"), width=24),
    Column("content", "检查内容", _text("content"), ("抽查内容", "内容"), width=40),
    Column(
        "methods",
        "检查方式",
        _read_methods,
        ("抽查方式", "方式"),
        lambda value, _lookup: "、".join(_METHOD_WORDS.get(code, code) for code in value or []),
        empty=[],
        hint="可填多个，用顿号隔开：" + "、".join(METHODS),
        width=20,
    ),
    Column(
        "ratio_percent",
        "抽查比例",
        _read_ratio,
        ("比例",),
        lambda value, _lookup: f"{value}%" if value else "",
        empty=None,
        hint="只填本事项另定的比例，如 5%；不填的按事项类型的县级设置",
        width=10,
    ),
    Column(
        "ratio_in_force",
        "执行比例",
        lambda text, _lookup: text,
        hint="另定的比例，或县级设置的比例",
        width=10,
        show=lambda entry, lookup: lookup["ratios"].get(entry["id"], ""),
    ),
    Column(
        "status",
        "状态",
        lambda text, _lookup: read_choice(text, STATES),
        dump=lambda value, _lookup: STATES.get(value, value),
        words=lambda _lookup: list(STATES.values()),
        empty="in_use",
        hint="停用的不再抽取，也不再列入检查表；清单中的事项不删除",
        width=10,
    ),
    Column(
        "version",
        "版本",
        lambda text, _lookup: text,
        width=8,
        show=lambda entry, _lookup: str(entry["version"]),
    ),
    Column(
        "province_code",
        "省级编号",
        lambda text, _lookup: text,
        hint="认领在“省级清单与认领”中办理",
        width=16,
        show=lambda entry, _lookup: entry["province_code"] or "",
    ),
)


def _build_lookup(actor: Actor | None) -> Lookup:
    return {"ratios": {row.item.id: ratio_text(row) for row in list_items(actor)}}


def _complete(
    values: dict[str, Any], current: Values | None, _lookup: Lookup, _today: date
) -> None:
    """A table's cell has one line: where only the lines are others, nothing is."""
    if current is None:
        values.setdefault("kind", "general")
        return
    for name in ("basis", "content"):
        if name in values and values[name].split() == (current[name] or "").split():
            values[name] = current[name]


def _check(values: Values, current: Values | None, _lookup: Lookup) -> Iterator[Problem]:
    """As checklists and addresses can name it; what is claimed keeps the province's number."""
    if current is None and not _CODE.fullmatch(values["code"]):
        yield Problem("code", "cell.bad_item_code")


def _list_filtered(actor: Actor, wanted: Mapping[str, str]) -> list[int] | None:
    asked = {name: wanted.get(name, "") for name in FILTERS}
    return [row.item.id for row in list_items(actor, **asked)]


ITEMS = Register(
    code="items",
    title="随机抽查事项清单",
    model=InspectionItem,
    key="code",
    columns=COLUMNS,
    write=Action.ITEM_WRITE,
    build_lookup=_build_lookup,
    check=_check,
    complete=_complete,
    silent=lambda _values: {},
    is_retired=lambda entry: entry.get("status") == "withdrawn",
    retired={"status": "withdrawn"},
    restored={"status": "in_use"},
    list_in_use=list_listed_items,
    list_filtered=_list_filtered,
    extra=("version", "province_code"),
    has_objects=True,
    tell=keep_versions,
)
