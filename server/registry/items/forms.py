"""HTML forms of the item list."""

from __future__ import annotations

import re
from typing import Any

from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, ValidationError

from domain.checklists import METHODS
from domain.errors import Fault, message
from domain.item_list import parse_ratio
from domain.reasons import parse_reason
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.forms import KitForm, ReasonLength
from server.registry.items.wording import kind_word, method_word

MAX_REASON, MAX_TEXT = 200, 4000
_CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")


class ItemForm(KitForm):
    """What an item says. ``ratio`` after validation is what is stored."""

    name = StringField(validators=[Required(), Length(max=200)])
    kind = RadioField(choices=lambda: [(k, kind_word(k)) for k in ("key", "general")])
    category = StringField(validators=[Length(max=120)])
    objects = StringField(validators=[Length(max=200)])
    basis = TextAreaField(validators=[ReasonLength(MAX_TEXT)])
    bodies = StringField(validators=[Length(max=200)])
    content = TextAreaField(validators=[ReasonLength(MAX_TEXT)])
    methods = SelectMultipleField(choices=lambda: [(m, method_word(m)) for m in METHODS.values()])
    ratio_percent = StringField()
    in_force_on = DayField()
    ratio: str | None = None

    def validate_ratio_percent(self, field: Field) -> None:
        """A percentage, or nothing for the county's ratio."""
        try:
            self.ratio = parse_ratio(field.data or "")
        except Fault as refused:
            text = message(refused.code, current_locale(), refused.details)
            raise ValidationError(text) from None

    @property
    def fields(self) -> dict[str, Any]:
        """As ``versions`` takes them."""
        texts = ("name", "kind", "category", "objects", "basis", "bodies", "content")
        said = {name: (self[name].data or "").replace("\r\n", "\n").strip() for name in texts}
        return {**said, "methods": self.methods.data or [], "ratio_percent": self.ratio}


class NewItemForm(ItemForm):
    """With the code, which stays."""

    code = StringField(validators=[Required()])

    def validate_code(self, field: Field) -> None:
        """As checklists and addresses can name it."""
        if not _CODE.fullmatch((field.data or "").strip()):
            raise ValidationError(_("编号用字母、数字、点、横线，不超过 40 个字符"))


class ReasonForm(KitForm):
    """Why an item is withdrawn or used again."""

    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_REASON)])

    @property
    def why(self) -> str:
        """As it is kept: a browser's line ends would make it longer than its column."""
        return parse_reason(self.reason.data or "", MAX_REASON)


class ChangedItemForm(ItemForm, ReasonForm):
    """A change says why; ``seen`` is the version it was written over."""

    seen = HiddenField()


class GuideForm(KitForm):
    """工作指引; ``seen`` and ``item_version`` are what the page showed."""

    seen = HiddenField()
    item_version = HiddenField()
    steps = TextAreaField(validators=[Required(), ReasonLength(MAX_TEXT)])
    materials = TextAreaField(validators=[ReasonLength(MAX_TEXT)])
    points = TextAreaField(validators=[ReasonLength(MAX_TEXT)])
