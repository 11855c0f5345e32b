"""抽查事项清单 as a table that leaves (R004–R006); what comes in is the provincial list, claimed
item by item."""

from __future__ import annotations

from collections.abc import Mapping

from domain.access import Actor
from domain.checklists import METHODS
from server.exchange.writing import build_table
from server.registry.items.listing import ItemRow, list_items

TITLE = "随机抽查事项清单"
# The headers that the provincial file's reader knows come first.
COLUMNS = (
    ("编号", 16),
    ("抽查事项", 32),
    ("事项类型", 12),
    ("抽查类别", 24),
    ("检查对象", 24),
    ("检查依据", 40),
    ("检查主体", 24),
    ("检查内容", 40),
    ("检查方式", 20),
    ("抽查比例", 10),
    ("状态", 10),
    ("版本", 8),
    ("省级编号", 16),
)
KINDS = {"key": "重点事项", "general": "一般事项"}
STATES = {"in_use": "在用", "withdrawn": "停用"}
FILTERS = ("q", "kind", "status", "origin", "guide")
_METHOD_WORDS = {code: word for word, code in reversed(METHODS.items())}


def build_item_export(actor: Actor, wanted: Mapping[str, str], form: str) -> bytes:
    """The list under the filters of its page, ``xlsx`` or ``csv``."""
    rows = list_items(actor, **{name: wanted.get(name, "") for name in FILTERS})
    headers, widths = [name for name, _ in COLUMNS], [width for _, width in COLUMNS]
    return build_table(TITLE, headers, widths, map(_cells, rows), form)


def _cells(row: ItemRow) -> list[str]:
    item = row.item
    return [
        item.code,
        item.name,
        KINDS.get(item.kind, item.kind),
        item.category,
        item.objects,
        item.basis,
        item.bodies,
        item.content,
        "、".join(_METHOD_WORDS.get(code, code) for code in item.methods),
        f"{row.ratio.normalize():f}%",
        STATES.get(item.status, item.status),
        str(item.version),
        item.province_code or "",
    ]
