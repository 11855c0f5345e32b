"""Words for what an order changes, as a person at a desk reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.check_items import CheckItem
from server.i18n import translate as _
from server.inspections.wording import answer_text, judge_word, outcome_word, result_word


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing that differs: where, what stood there, what holds after."""

    item: str
    what: str
    old: str
    new: str


def kind_word(kind: str, payload: Mapping[str, Any]) -> str:
    """What somebody did, by the operation's kind; an absence is never called an arrival."""
    fields = payload.get("fields")
    if kind == "checkin.add" and isinstance(fields, Mapping) and "absent" in fields:
        return _("补登记未到场")
    words = {
        "answer.set": _("修改填写内容"),
        "photo.attach": _("补传照片"),
        "photo.remove": _("移除照片"),
        "signature.add": _("补签名"),
        "checkin.add": _("补登记到场"),
        "sheet.submit": _("再次提交"),
        "sheet.accept": _("通过审核"),
        "sheet.return": _("退回修改"),
        "sheet.enter": _("再次录入"),
        "correction.propose": _("申请更正"),
    }
    return words.get(kind, kind)


def item_text(entity: str, items: Mapping[str, CheckItem]) -> str:
    """The check entry's code and text; empty for what is about no entry."""
    if not entity.startswith("answer:"):
        return ""
    code = entity.rpartition("/")[2]
    return f"{code} {items[code].text}" if code in items else code


def change_lines(
    changes: list[Mapping[str, Any]], items: Mapping[str, CheckItem]
) -> list[ChangeLine]:
    """``changes`` as in a ``version`` row. Of a photo only what it is attached to is told."""
    lines = []
    for one in changes:
        entity, field = str(one["entity"]), str(one["field"])
        if entity.startswith("photo:"):
            if field == "attached":
                lines.append(_photo_line(one, items))
            continue
        item = items.get(entity.rpartition("/")[2])
        old, new = (_shown(field, one.get(side), item) or _("空") for side in ("old", "new"))
        lines.append(ChangeLine(item_text(entity, items), _field_word(field), old, new))
    return lines


def _photo_line(change: Mapping[str, Any], items: Mapping[str, CheckItem]) -> ChangeLine:
    old, new = list(change.get("old") or []), list(change.get("new") or [])
    added = next((one for one in new if one not in old), "")
    return ChangeLine(item_text(str(added), items), _("取证照片"), _("无此照片"), _("增加 1 张"))


def _field_word(field: str) -> str:
    words = {
        "value": _("填写内容"),
        "verdict": _("判定"),
        "note": _("检查情况"),
        "by_rest": _("本节其余项一并判为合格"),
        "outcome": _("现场情况"),
        "result": _("检查结果"),
    }
    return words.get(field, field)


def _shown(field: str, value: Any, item: CheckItem | None) -> str:
    match field:
        case "result":
            return result_word(value)
        case "verdict":
            return judge_word(value)
        case "outcome":
            return outcome_word(value)
        case "by_rest":
            return _("是") if value else ""
        case "value" if item is not None:
            return answer_text(item, value)
        case _:
            return str(value) if value is not None else ""
