"""The form of one check entry, built for what that entry asks, and what was typed into it read
strictly: every refusal stands at its field, every typed character stays."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from domain.answers import MAX_TEXT_CHARACTERS, ItemType
from domain.check_items import CheckItem
from domain.typed import read_typed_decimal, read_typed_pair
from domain.units import find_given_fault, find_number_fault
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.forms import KitForm

MAX_NOTE_CHARACTERS = 2000  # sync.messages.field_shapes.MAX_NOTE
FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2099, 12, 31)  # as on the phone: a year nobody means


class SubmitForm(FlaskForm):  # type: ignore[misc]
    """Hands the sheet in."""

    ended_on = DayField(validators=[Required()])


def show_form(item: CheckItem, fields: Mapping[str, Any], **how: Any) -> KitForm:
    """The form of this entry, filled with the answer's ``fields``; ``how`` as WTForms takes it
    (``prefix``, ``meta``), where several stand on a page."""
    return _make_form(item)(formdata=None, data=_shown(item, fields), **how)


def sent_form(item: CheckItem, **how: Any) -> KitForm:
    """The form as it was sent with this request."""
    return _make_form(item)(**how)


def _make_form(item: CheckItem) -> type[KitForm]:
    return type("ItemForm", (KitForm,), dict(_fields_of(item)))


def given_names(item: CheckItem) -> tuple[str, ...]:
    """The quantities asked beside a number, in reading order."""
    return item.rule.names if item.rule is not None else ()


def asks_verdict(item: CheckItem) -> bool:
    """Whether the officer judges, because the rule cannot be computed."""
    return item.rule is not None and not item.rule.is_computable


def read_answer(item: CheckItem, form: KitForm, was: Mapping[str, Any]) -> dict[str, Any] | None:
    """``value``, ``verdict`` and ``note`` as on the wire, None where something is wrong and said at
    its field. An entry marked not applicable keeps the value it had."""
    form.validate()
    note = _text(form.note, MAX_NOTE_CHARACTERS)
    is_na = item.type is not ItemType.JUDGE and form.na.data
    value = was.get("value") if is_na else _read_value(item, form)
    verdict: str | None = None
    if is_na:
        verdict = "na"
    elif asks_verdict(item):
        verdict = form.verdict.data or None
    if form.errors or any(field.errors for field in form):
        return None
    return {"value": value, "verdict": verdict, "note": note}


def _fields_of(item: CheckItem) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    number = {"inputmode": "decimal", "autocomplete": "off"}
    count = {"inputmode": "numeric", "autocomplete": "off"}
    match item.type:
        case ItemType.JUDGE:
            found.append(("judge", _radio("pass", "fail", "na")))
        case ItemType.NUMBER:
            found.append(("number", StringField(render_kw=number)))
            found += [
                (f"given{n}", StringField(name, render_kw=number))
                for n, name in enumerate(given_names(item))
            ]
        case ItemType.NUMBER_PAIR:
            found += [(name, StringField(render_kw=count)) for name in ("checked", "failed")]
        case ItemType.TEXT:
            found.append(("text", TextAreaField(render_kw={"rows": 3})))
        case ItemType.DATE:
            found.append(("day", DayField()))
    if asks_verdict(item):
        found.append(("verdict", _radio("pass", "fail")))
    if item.type is not ItemType.JUDGE:
        found.append(("na", BooleanField()))
    found.append(("note", TextAreaField(render_kw={"rows": 3})))
    found.append(("photo", FileField()))
    return found


def _radio(*choices: str) -> RadioField:
    words = {"pass": _("合格"), "fail": _("不合格"), "na": _("不适用")}
    return RadioField(
        choices=[SelectChoice(one, words[one]) for one in choices], validators=[Optional()]
    )


def _shown(item: CheckItem, fields: Mapping[str, Any]) -> dict[str, Any]:
    value, shown = fields.get("value"), {"note": fields.get("note") or ""}
    shown["na"] = fields.get("verdict") == "na"
    shown["verdict"] = fields.get("verdict")
    if isinstance(value, Mapping):
        parts = ("number", "checked", "failed")
        shown |= {name: str(value[name]) for name in parts if name in value}
        given = value.get("given") or {}
        shown |= {f"given{n}": given.get(name, "") for n, name in enumerate(given_names(item))}
    elif item.type is ItemType.DATE:
        shown["day"] = date.fromisoformat(value) if value else None
    elif value is not None:
        shown |= {"judge": value, "text": value}
    return shown


def _read_value(item: CheckItem, form: KitForm) -> Any:
    match item.type:
        case ItemType.JUDGE:
            return form.judge.data or None
        case ItemType.NUMBER:
            return _read_number(item, form)
        case ItemType.NUMBER_PAIR:
            return _read_pair(form)
        case ItemType.TEXT:
            return _text(form.text, MAX_TEXT_CHARACTERS)
        case ItemType.DATE:
            day = form.day.data
            if day is not None and not FIRST_DAY <= day <= LAST_DAY:
                _refuse(form.day, _("请核对年份，须在 1980 至 2099 年之间"))
            return day.isoformat() if day is not None else None
        case ItemType.PHOTO:
            return None


def _read_number(item: CheckItem, form: KitForm) -> dict[str, Any] | None:
    names = {f"given{n}": name for n, name in enumerate(given_names(item))}
    fields = ["number", *names]
    filled = [name for name in fields if (form[name].data or "").strip()]
    if not filled:
        return None
    read = {name: read_typed_decimal(form[name].data) for name in filled}
    for name, decimal in read.items():
        if decimal is None:
            _refuse(form[name], _("请填写数字，例如 12.5"))
            continue
        fault = (
            find_given_fault(names[name], Fraction(decimal))
            if name in names
            else find_number_fault(item.unit, Fraction(decimal))
        )
        if fault == "answer.not_a_count":
            _refuse(form[name], _("请填写 0 至 1000000 的整数"))
        elif fault is not None:
            _refuse(form[name], _("不能填写负数"))
    if "number" not in filled:
        _refuse(form.number, _("请填写此项"))
    value: dict[str, Any] = {"number": read.get("number")}
    if given := {names[name]: read[name] for name in filled if name in names}:
        value["given"] = given
    return value


def _read_pair(form: KitForm) -> dict[str, int] | None:
    checked, failed = (form.checked.data or "").strip(), (form.failed.data or "").strip()
    if not checked and not failed:
        return None
    if not checked or not failed:
        _refuse(form.failed if checked else form.checked, _("请填写此项"))
        return None
    pair = read_typed_pair(checked, failed)
    if pair is None:
        _refuse(form.failed, _("请填写整数，且不符数不大于抽查数"))
    return pair


def _text(field: Field, longest: int) -> str | None:
    text = unicodedata.normalize("NFC", (field.data or "").replace("\r\n", "\n")).strip()
    if len(text) > longest:
        _refuse(field, _("最多填写 {n} 字，现为 {length} 字", n=longest, length=len(text)))
    return text or None


def _refuse(field: Field, text: str) -> None:
    field.errors = [*field.errors, text]
