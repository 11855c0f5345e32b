"""HTML forms of the editor; an entry's form writes the form a checklists file has."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional, ValidationError

from domain.answers import ItemType
from domain.check_items import Known
from domain.checklists import METHODS, SEVERITIES, parse_item
from domain.errors import Fault, message
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import Required
from server.inspections.wording import severity_word
from server.kit.forms import KitForm, ReasonLength
from server.registry.editing.wording import confidence_word, known_word, type_word
from server.registry.items.forms import ReasonForm
from server.registry.items.wording import method_word

MOST_BASES = 6
MAX_TEXT = 500
CONFIDENCES = ("A", "B", "C")
_LIST_CODE = re.compile(r"[A-Za-z0-9._-]{1,32}")
_RIGHT: dict[str, Any] = {
    "code": "X", "text": "X", "method": list(METHODS)[:1], "severity": next(iter(SEVERITIES)),
    "basis": [{"law": "X", "article": None, "confidence": "B"}],
}  # fmt: skip
# Where the domain's fault goes: its field → the form's.
FIELDS = {
    "code": "code", "text": "text", "item": "item_id", "basis": "law0", "law": "law0",
    "confidence": "law0", "method": "methods", "type": "type", "unit": "unit", "pair": "label0",
    "pass": "rule", "min": "min_photos", "known": "known", "severity": "severity",
    "department": "department",
}  # fmt: skip


class HeadForm(KitForm):
    """Title and objects of a list."""

    seen = HiddenField()
    title = StringField(validators=[Required(), Length(max=120)])
    objects = StringField(validators=[Required(), Length(max=200)])


class NewListForm(HeadForm):
    """With its code, which stays."""

    code = StringField(validators=[Required()])

    def validate_code(self, field: Field) -> None:
        """As a phone can name it."""
        if not _LIST_CODE.fullmatch((field.data or "").strip()):
            raise ValidationError(_("编号用字母、数字、点、横线，不超过 32 个字符"))


class PublishForm(ReasonForm):
    """Why there is a new version; ``over`` is the version it was compared with."""

    over = HiddenField()


class EntryForm(KitForm):
    """An entry. Its laws are ``law0`` … with ``article0`` and ``confidence0``."""

    seen = HiddenField()
    code = StringField(validators=[Required()])
    position = IntegerField(validators=[Optional()])
    item_id = SelectField(coerce=str, validate_choice=False)
    text = TextAreaField(validators=[Required(), ReasonLength(MAX_TEXT)])
    methods = SelectMultipleField(
        choices=lambda: [(word, method_word(code)) for word, code in METHODS.items()]
    )
    type = SelectField(choices=lambda: [(str(kind), type_word(kind)) for kind in ItemType])
    unit = StringField(validators=[Length(max=20)])
    label0 = StringField(validators=[Length(max=20)])
    label1 = StringField(validators=[Length(max=20)])
    rule = StringField(validators=[Length(max=200)])
    min_photos = IntegerField(validators=[Optional()])
    known = SelectField(
        choices=lambda: [("", _("无")), *((str(one), known_word(one)) for one in Known)],
        validate_choice=False,  # the domain says which fit the type
    )
    photo_on_fail = BooleanField()
    is_required = BooleanField(default=True)
    severity = SelectField(
        choices=lambda: [(word, severity_word(code)) for word, code in SEVERITIES.items()]
    )
    department = SelectField(validators=[Length(max=80)], validate_choice=False)

    def validate_item_id(self, field: Field) -> None:
        """清单之外无检查; whether it is in use is asked when it is stored."""
        if not field.data:
            raise ValidationError(message("checklist.no_item", current_locale()))

    @property
    def entry(self) -> dict[str, Any]:
        """As a checklists file writes it, without its item."""
        entry: dict[str, Any] = {
            "code": (self.code.data or "").strip(),
            "text": (self.text.data or "").replace("\r\n", "\n").strip(),
            "basis": self._bases(),
            "method": list(self.methods.data or ()),
            "answer": self._answer(),
            "photo_on_fail": bool(self.photo_on_fail.data),
            "severity": self.severity.data,
        }
        if not self.is_required.data:
            entry["is_required"] = False
        if self.department.data:
            entry["department"] = self.department.data
        return entry

    def _bases(self) -> list[dict[str, Any]]:
        return [
            {
                "law": law,
                "article": (self[f"article{n}"].data or "").strip() or None,
                "confidence": told if (told := self[f"confidence{n}"].data) in CONFIDENCES else "B",
            }
            for n in range(MOST_BASES)
            if (law := (self[f"law{n}"].data or "").strip().strip("《》"))
        ]

    def _answer(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"type": self.type.data}
        pair = [(self.label0.data or "").strip(), (self.label1.data or "").strip()]
        for name, value in (
            ("unit", (self.unit.data or "").strip()),
            ("pair", pair if any(pair) else None),
            ("pass", typed_rule(self.rule.data or "")),
            ("min", self.min_photos.data),
            ("known", self.known.data),
        ):
            if value:
                answer[name] = value
        return answer

    def fill(self, code: str, entry: dict[str, Any]) -> None:
        """From an entry as a checklists file writes it."""
        answer = entry["answer"]
        pair = answer.get("pair", ["", ""])
        self.code.data, self.text.data = code, entry["text"]
        self.methods.data = list(entry["method"])
        self.type.data = "number_pair" if "pair" in answer else answer["type"]
        self.unit.data, self.rule.data = answer.get("unit", ""), shown_rule(answer.get("pass", ""))
        self.label0.data, self.label1.data = pair
        self.min_photos.data, self.known.data = answer.get("min"), answer.get("known", "")
        self.photo_on_fail.data = entry.get("photo_on_fail", False)
        self.is_required.data = entry.get("is_required", True)
        self.severity.data = entry["severity"]
        self.department.data = entry.get("department", "")
        for n, basis in enumerate(entry["basis"][:MOST_BASES]):
            self[f"law{n}"].data, self[f"article{n}"].data = basis["law"], basis["article"]
            self[f"confidence{n}"].data = basis["confidence"]

    @property
    def shown_bases(self) -> int:
        """Rows to show at once: those filled and one more."""
        filled = [n for n in range(MOST_BASES) if self[f"law{n}"].data]
        return min(MOST_BASES, max(filled, default=-1) + 2)

    def blame_all(self, where: str, taken: Collection[str]) -> None:
        """Beside what the fields said themselves, all that the domain finds: what was told is
        replaced by something right, and the rest is read again. ``taken``: codes of the others."""
        entry = self.entry
        answer = entry["answer"]
        if entry["code"] in taken:
            self._add("code", message("checklist.repeated", current_locale()))
        for field in [one for one in FIELDS if self[FIELDS[one]].errors]:
            _mend(entry, answer, field)
        for _again in FIELDS:
            try:
                parse_item(where, entry)
            except Fault as refused:
                if not self.blame(refused.details):
                    return
                _mend(entry, answer, str(refused.details["field"]))
            else:
                return

    def _add(self, name: str, text: str) -> None:
        self[name].errors = [*self[name].errors, text]

    def blame(self, details: dict[str, object]) -> bool:
        """Puts a ``checklist.malformed`` at its field; False where the form has none."""
        name = FIELDS.get(str(details.get("field")))
        if name is None:
            return False
        text = message(str(details.get("reason")), current_locale(), details)
        self._add(name, text)
        return True


def _mend(entry: dict[str, Any], answer: dict[str, Any], field: str) -> None:
    """Puts something that fits in the place of what was found wrong."""
    if field in _RIGHT:
        entry[field] = _RIGHT[field]
    elif field in ("law", "confidence"):
        entry["basis"] = _RIGHT["basis"]
    elif field in ("type", "pair"):  # whether a rule fits cannot be said without them
        answer.clear()
        answer["type"] = str(ItemType.JUDGE)
    else:
        entry.pop(field, None)
        answer.pop(field, None)


def typed_rule(text: str) -> str:
    """A pass rule as a checklists file writes it; ≥, ≤ and a single = are read too."""
    text = re.sub(r"(?<![<>=])[=＝](?!=)", "==", text.strip())
    return text.replace("≥", ">=").replace("≤", "<=")


def shown_rule(text: str) -> str:
    """The same with the signs people write."""
    return text.replace(">=", "≥").replace("<=", "≤").replace("==", "=")


def _confidences() -> list[tuple[str, str]]:
    return [(code, confidence_word(code)) for code in CONFIDENCES]


for _n in range(MOST_BASES):
    setattr(EntryForm, f"law{_n}", StringField(validators=[Length(max=120)]))
    setattr(EntryForm, f"article{_n}", StringField(validators=[Length(max=60)]))
    setattr(
        EntryForm,
        f"confidence{_n}",
        SelectField(choices=_confidences, default="B", validate_choice=False),
    )
