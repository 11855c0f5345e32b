"""Words for what pages show of items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.i18n import translate as _
from server.registry.items.guides import GuideState
from server.registry.items.province import ClaimState


def field_word(name: str) -> str:
    """A field of ``domain.item_list.FIELDS``."""
    return {
        "name": _("抽查事项"),
        "kind": _("事项类型"),
        "category": _("抽查类别"),
        "objects": _("检查对象"),
        "basis": _("检查依据"),
        "bodies": _("检查主体"),
        "content": _("检查内容"),
        "methods": _("检查方式"),
        "ratio_percent": _("抽查比例（%）"),
    }[name]


def kind_word(kind: str) -> str:
    """重点事项 or 一般事项."""
    return _("重点事项") if kind == "key" else _("一般事项")


def method_word(code: str) -> str:
    """How something is checked."""
    return {
        "on_site": _("实地核查"),
        "document": _("书面检查"),
        "online": _("网络监测"),
        "commissioned": _("委托专业机构"),
    }[code]


def value_text(name: str, value: Any) -> str:
    """A field's value as read."""
    if name == "kind":
        return kind_word(value)
    if name == "methods":
        return _("、").join(method_word(code) for code in value or ())
    return "" if value is None else str(value)


def methods_text(codes: Sequence[str]) -> str:
    """All of them in one line."""
    return value_text("methods", codes)


def guide_word(state: GuideState) -> str:
    """Whether the guide goes with the list."""
    return {
        GuideState.NONE: _("未编写"),
        GuideState.BEHIND: _("落后于清单"),
        GuideState.IN_STEP: _("与清单一致"),
    }[state]


def claim_word(state: ClaimState) -> str:
    """How a line of the provincial list and ours go together."""
    return {
        ClaimState.CLAIMED: _("已认领"),
        ClaimState.DIFFERS: _("与省级不一致"),
        ClaimState.NOT_YET: _("未认领"),
        ClaimState.SAME_NAME: _("本级有同名事项"),
        ClaimState.OURS_ONLY: _("本级自有"),
        ClaimState.GONE: _("省级已取消"),
    }[state]


WORDS = {
    "field_word": field_word,
    "kind_word": kind_word,
    "value_text": value_text,
    "methods_text": methods_text,
    "guide_word": guide_word,
    "claim_word": claim_word,
}
