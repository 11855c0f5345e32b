"""Reads checklists from the loaded form of data/checklists.yaml (R004, R005, R008).

The domain imports no YAML: it takes the dict and refuses with `checklist.malformed`, naming the
list, the item and the field. Unknown fields are refused, so that a typing error in a file is not
silently a missing rule. The rest of the subject is re-exported here, so that callers need one name.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

from domain.answers import ItemType
from domain.check_items import KNOWN_FITS, Basis, CheckItem, Checklist, Known
from domain.errors import fault
from domain.judging import Judgement, Missing, Verdict, judge_answer, parse_value
from domain.rule_text import RuleError, parse_rule
from domain.rules import DateBound, Rule

__all__ = [
    "Basis",
    "CheckItem",
    "Checklist",
    "ItemType",
    "Judgement",
    "Known",
    "Missing",
    "Rule",
    "RuleError",
    "Verdict",
    "judge_answer",
    "parse_checklists",
    "parse_item",
    "parse_rule",
    "parse_value",
]

METHODS: Final = {
    "实地核查": "on_site",
    "书面检查": "document",
    "网络监测": "online",
    "委托专业机构": "commissioned",
}
SEVERITIES: Final = {"一般": "minor", "较重": "major", "严重": "critical"}
# As an operation names them: an item that cannot be named cannot be answered (docs/protocol 1).
_LIST_CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")
_ITEM_CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,20}")
MAX_PHOTOS_ASKED: Final = 20
_CATALOGUE_CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,40}")
_LIST_FIELDS: Final = {"id", "title", "plan_tasks", "objects", "items"}
_ITEM_FIELDS: Final = {
    "code", "text", "basis", "method", "answer", "photo_on_fail", "severity", "severity_code",
    "is_required", "department", "item",
}  # fmt: skip
_ANSWER_FIELDS: Final = {"type", "values", "unit", "pair", "pass", "min", "known"}


def parse_checklists(data: Mapping[str, Any]) -> list[Checklist]:
    """All lists in file order. Raises `checklist.malformed` (checklist, item, field, reason)."""
    lists = data.get("checklists")
    if not isinstance(lists, list) or not lists:
        _refuse("-", "-", "checklists", "checklist.blank")
    parsed = [_checklist(entry) for entry in lists]
    _refuse_repeats((checklist.code for checklist in parsed), "-", "id")
    return parsed


def _checklist(entry: Any) -> Checklist:
    code = _code(entry, "id", _LIST_CODE, "-")
    _refuse_unknown(entry, _LIST_FIELDS, code, "-")
    items = entry.get("items")
    if not isinstance(items, list) or not items:
        _refuse(code, "-", "items", "checklist.blank")
    parsed = tuple(parse_item(code, item) for item in items)
    _refuse_repeats((item.code for item in parsed), code, "code")
    return Checklist(
        code=code,
        title=_text(entry, "title", code, "-"),
        objects=_text(entry, "objects", code, "-"),
        plan_tasks=tuple(_texts(entry, "plan_tasks", code, "-")),
        items=parsed,
    )


def parse_item(where: str, entry: Any) -> CheckItem:
    """One entry of the list `where`. Raises `checklist.malformed` as `parse_checklists`."""
    code = _code(entry, "code", _ITEM_CODE, where)
    _refuse_unknown(entry, _ITEM_FIELDS, where, code)
    answer = entry.get("answer")
    if not isinstance(answer, dict):
        _refuse(where, code, "answer", "checklist.blank")
    _refuse_unknown(answer, _ANSWER_FIELDS, where, code)
    kind = _type(answer, where, code)
    return CheckItem(
        code=code,
        text=_text(entry, "text", where, code),
        type=kind,
        unit=_text(answer, "unit", where, code) if "unit" in answer else None,
        labels=tuple(_texts(answer, "pair", where, code)) if "pair" in answer else (),
        rule=_rule(answer, kind, where, code),
        min_photos=_min_photos(answer, kind, where, code),
        photo_on_fail=_flag(entry, "photo_on_fail", False, where, code),
        severity=_severity(entry, where, code),
        is_required=_flag(entry, "is_required", True, where, code),
        department=_text(entry, "department", where, code) if "department" in entry else None,
        basis=tuple(_basis(entry, where, code)),
        methods=tuple(_methods(entry, where, code)),
        known=_known(answer, kind, where, code),
        item=_code(entry, "item", _CATALOGUE_CODE, where) if "item" in entry else None,
    )


def _type(answer: dict[str, Any], where: str, code: str) -> ItemType:
    kind = answer.get("type")
    if not isinstance(kind, str) or kind not in set(ItemType):
        _refuse(where, code, "type", "checklist.unknown_value")
    if "pair" in answer:
        pair = _texts(answer, "pair", where, code)
        if kind not in (ItemType.NUMBER, ItemType.NUMBER_PAIR) or len(pair) != 2:
            _refuse(where, code, "pair", "checklist.unknown_value")
        return ItemType.NUMBER_PAIR
    return ItemType(kind)


def _rule(answer: dict[str, Any], kind: ItemType, where: str, code: str) -> Rule | None:
    if "pass" not in answer:
        return None
    try:
        rule = parse_rule(_text(answer, "pass", where, code))
    except RuleError:
        _refuse(where, code, "pass", "checklist.bad_rule")
    is_day = isinstance(rule.bound, DateBound)
    fits = {
        ItemType.NUMBER: not is_day and not rule.is_about_failed,
        ItemType.NUMBER_PAIR: rule.is_about_failed and not is_day and not rule.names,
        ItemType.DATE: is_day,
    }
    if not fits.get(kind, False):
        _refuse(where, code, "pass", "checklist.rule_does_not_fit")
    return rule


def _known(answer: dict[str, Any], kind: ItemType, where: str, code: str) -> Known | None:
    if "known" not in answer:
        return None
    word = _text(answer, "known", where, code)
    if word not in set(Known) or KNOWN_FITS[Known(word)] is not kind:
        _refuse(where, code, "known", "checklist.unknown_value")
    return Known(word)


def _min_photos(answer: dict[str, Any], kind: ItemType, where: str, code: str) -> int:
    least = answer.get("min", 1 if kind is ItemType.PHOTO else 0)
    if isinstance(least, bool) or not isinstance(least, int) or not 0 <= least <= MAX_PHOTOS_ASKED:
        _refuse(where, code, "min", "checklist.unknown_value")
    return least


def _severity(entry: dict[str, Any], where: str, code: str) -> str:
    word = _text(entry, "severity", where, code)
    severity = SEVERITIES.get(word, word)
    if severity not in SEVERITIES.values() or entry.get("severity_code", severity) != severity:
        _refuse(where, code, "severity", "checklist.unknown_value")
    return severity


def _basis(entry: dict[str, Any], where: str, code: str) -> Iterable[Basis]:
    sources = entry.get("basis")
    if not isinstance(sources, list) or not sources:
        # 清单之外无检查: an item nobody can name a law for must not reach an inspector.
        _refuse(where, code, "basis", "checklist.blank")
    for source in sources:
        article = source.get("article") if isinstance(source, dict) else None
        if article is not None and not isinstance(article, str):
            _refuse(where, code, "basis", "checklist.unknown_value")
        confidence = _text(source, "confidence", where, code)
        yield Basis(_text(source, "law", where, code), article, confidence)


def _methods(entry: dict[str, Any], where: str, code: str) -> Iterable[str]:
    for word in _texts(entry, "method", where, code):
        if word not in METHODS:
            _refuse(where, code, "method", "checklist.unknown_value")
        yield METHODS[word]


def _text(entry: Any, field: str, where: str, code: str) -> str:
    value = entry.get(field) if isinstance(entry, dict) else None
    if not isinstance(value, str) or not value.strip():
        _refuse(where, code, field, "checklist.blank")
    if "\0" in value:
        _refuse(where, code, field, "checklist.unknown_value")
    return value


def _code(entry: Any, field: str, form: re.Pattern[str], where: str) -> str:
    code = _text(entry, field, where, "-")
    if not form.fullmatch(code):
        _refuse(where, code[:40], field, "checklist.unknown_value")
    return code


def _texts(entry: Any, field: str, where: str, code: str) -> list[str]:
    values = entry.get(field)
    if not isinstance(values, list) or not all(_is_text(v) for v in values):
        _refuse(where, code, field, "checklist.blank")
    return values


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\0" not in value


def _flag(entry: dict[str, Any], field: str, default: bool, where: str, code: str) -> bool:
    value = entry.get(field, default)
    if not isinstance(value, bool):
        _refuse(where, code, field, "checklist.unknown_value")
    return value


def _refuse_unknown(entry: dict[str, Any], known: set[str], where: str, code: str) -> None:
    unknown = sorted(str(name) for name in entry if name not in known)
    if unknown:
        _refuse(where, code, unknown[0], "checklist.unknown_field")


def _refuse_repeats(codes: Iterable[str], where: str, field: str) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            _refuse(where, code, field, "checklist.repeated")
        seen.add(code)


def _refuse(where: str, code: str, field: str, reason: str) -> NoReturn:
    raise fault("checklist.malformed", checklist=where, item=code, field=field, reason=reason)
