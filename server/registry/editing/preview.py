"""An entry as the phone shows it before anything is filled in: the same parts in the same order
(``pwa/app/elements/CheckItem.vue``), in the same words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.check_items import Basis, CheckItem, Known
from domain.checklists import ItemType
from server.registry.editing.phone_words import PhoneWords


@dataclass(frozen=True, slots=True)
class PreviewEntry:
    """``choices`` are the answer's buttons, ``fields`` its boxes by label, ``later`` buttons that
    come once a box is filled in; ``offer`` is what the record may offer; ``demand`` what the phone
    asks for at once; ``is_optional`` marks what may stay empty."""

    code: str
    text: str
    meta: tuple[str, ...]
    rule: str
    choices: tuple[str, ...]
    fields: tuple[str, ...]
    is_date: bool
    later: tuple[str, ...]
    offer: str
    may_be_na: bool
    demand: str
    photo_on_fail: bool
    is_optional: bool
    basis: tuple[str, ...]


def build_preview(items: Sequence[CheckItem], words: PhoneWords) -> list[PreviewEntry]:
    """In the order of the list."""
    return [_entry(item, words) for item in items]


def _entry(item: CheckItem, t: PhoneWords) -> PreviewEntry:
    asks_photo = item.type is ItemType.PHOTO and item.known is not Known.FIRM_SIGNATURE
    return PreviewEntry(
        code=item.code,
        text=item.text,
        meta=(t(f"severity.{item.severity}"), *(t(f"method.{one}") for one in item.methods)),
        rule=_rule(item, t),
        choices=_judge(t) if item.type is ItemType.JUDGE else (),
        fields=_fields(item, t),
        is_date=item.type is ItemType.DATE,
        later=_later(item, t),
        offer=_offer(item, t),
        may_be_na=item.type is not ItemType.JUDGE,
        demand=t("item.photo_needed", n=max(1, item.min_photos))
        if asks_photo and item.is_required
        else "",
        photo_on_fail=item.photo_on_fail,
        is_optional=not item.is_required,
        basis=tuple(_basis(one, t) for one in item.basis),
    )


def _judge(t: PhoneWords) -> tuple[str, ...]:
    return t("item.pass"), t("item.fail"), t("item.na")


def _pair(item: CheckItem, t: PhoneWords) -> tuple[str, str]:
    labels = item.labels or (t("item.checked"), t("item.failed"))
    return labels[0], labels[1]


def _fields(item: CheckItem, t: PhoneWords) -> tuple[str, ...]:
    match item.type:
        case ItemType.NUMBER:
            first = t("item.number_unit", unit=item.unit) if item.unit else t("item.number")
            return first, *(item.rule.names if item.rule else ())
        case ItemType.NUMBER_PAIR:
            return _pair(item, t)
        case ItemType.TEXT:
            return (t("item.text"),)
        case ItemType.DATE:
            return (t("item.date"),)
        case _:
            return ()


def _later(item: CheckItem, t: PhoneWords) -> tuple[str, ...]:
    if item.type is ItemType.NUMBER_PAIR:
        return (t("item.pair_all", failed=_pair(item, t)[1]),)
    needs_verdict = item.rule is not None and not item.rule.is_computable
    return (t("item.pass"), t("item.fail")) if needs_verdict else ()


def _offer(item: CheckItem, t: PhoneWords) -> str:
    if item.known is None:
        return ""
    if item.known is Known.FIRM_SIGNATURE:
        return t("known.firm_signs")
    return t("known.take", value="…") + t("sep.note", text=t(f"known.{item.known}"))


def _basis(one: Basis, t: PhoneWords) -> str:
    text = f"{one.law}{one.article or ''}"
    return text if one.confidence == "A" else text + t("sep.note", text=t("item.basis_unchecked"))


def _rule(item: CheckItem, t: PhoneWords) -> str:
    """As ``pwa/app/screens/rule-text.ts`` puts it."""
    text = item.rule.text if item.rule else ""
    fixed = {
        ">=检查日期": "rule.not_before_inspection",
        "<=检查日期": "rule.not_after_inspection",
        "<=今天": "rule.not_after_today",
        "不符数==0": "rule.none_failed",
    }
    if text in fixed:
        return t(fixed[text])
    if "ceil(接入车辆数/100)" in text:
        return t("rule.monitors")
    if found := re.fullmatch(r">=(.+要求)", text):
        return t("rule.standard", name=found[1])
    if found := re.fullmatch(r"(>=|==)(\d+)", text):
        unit = item.unit or ""
        key = "rule.at_least" if found[1] == ">=" else "rule.exactly"
        return t(key, n=found[2], unit=unit if unit == "%" else f" {unit}".rstrip())
    return text
