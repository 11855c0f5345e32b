"""Words of the editor: what is asked of an entry, and what a version changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.check_items import Basis, CheckItem, Known
from domain.checklist_changes import ChangeKind
from domain.rules import Rule
from server.i18n import translate as _
from server.inspections.wording import rule_word, severity_word
from server.registry.items.wording import methods_text


def type_word(kind: str) -> str:
    """What kind of answer is given."""
    return {
        "judge": _("合格、不合格、不适用"),
        "number": _("数值"),
        "number_pair": _("抽查数与不符数"),
        "text": _("文字"),
        "date": _("日期"),
        "photo": _("照片"),
    }[kind]


def known_word(known: str) -> str:
    """What the record holds already and the phone offers."""
    return {
        Known.OFFICERS: _("已登记到场的检查人员"),
        Known.NOTICE_DAY: _("告知书签收时间"),
        Known.FIRM_SIGNATURE: _("当事人签字或拒签记录"),
        Known.END_DAY: _("检查结束日期"),
    }[Known(known)]


def confidence_word(confidence: str) -> str:
    """How sure the article is."""
    return {
        "A": _("条文已核对"),
        "B": _("条号待核"),
        "C": _("只列法规名"),
    }[confidence]


def change_word(kind: ChangeKind) -> str:
    """Added, removed, changed, moved."""
    return {
        ChangeKind.ADDED: _("增加"),
        ChangeKind.REMOVED: _("删除"),
        ChangeKind.CHANGED: _("修改"),
        ChangeKind.MOVED: _("调整顺序"),
    }[kind]


def part_word(name: str) -> str:
    """A part of an entry, as ``domain.checklist_changes`` names it."""
    return {
        "text": _("检查内容"),
        "item": _("对应事项"),
        "basis": _("检查依据"),
        "methods": _("检查方式"),
        "type": _("答案类型"),
        "unit": _("计量单位"),
        "labels": _("两个数的名称"),
        "rule": _("合格标准"),
        "min_photos": _("照片最少张数"),
        "known": _("现场已有的记录"),
        "photo_on_fail": _("不合格时必拍"),
        "severity": _("问题程度"),
        "is_required": _("必填"),
        "department": _("负责部门"),
    }[name]


def part_text(name: str, value: Any, item: CheckItem, items: Mapping[str, str]) -> str:
    """A part's value for a person; ``items`` are names of items by code, ``item`` whose part it
    is."""
    if name == "item":
        return items.get(value, value) if value else _("本表对应的事项")
    if name == "basis":
        return _("；").join(basis_text(one) for one in value)
    if isinstance(value, Rule):
        return rule_word(item)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value is None or value == ():
        return _("（空）")
    words = {"type": type_word, "severity": severity_word, "known": known_word}
    if name == "methods":
        return methods_text(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _("、").join(value)
    return words[name](str(value)) if name in words else str(value)


def basis_text(one: Basis) -> str:
    """Law, article, and whether it is to be looked up before use."""
    text = f"《{one.law}》{one.article or ''}"
    return (
        text
        if one.confidence == "A"
        else _("{basis}（{note}）", basis=text, note=confidence_word(one.confidence))
    )


EDITOR_WORDS = {
    "type_word": type_word,
    "change_word": change_word,
    "part_word": part_word,
    "part_text": part_text,
    "basis_text": basis_text,
    "rule_word": rule_word,
    "severity_word": severity_word,
    "methods_text": methods_text,
}
