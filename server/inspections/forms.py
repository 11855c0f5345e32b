"""HTML forms of inspections, and the two pieces every form of ours with a day is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import DateField, Field, Form, TextAreaField
from wtforms.validators import StopValidation

from domain.errors import Fault, message
from domain.reasons import parse_reason
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.reviewing import MAX_REASON_CHARACTERS
from server.kit.forms import ReasonLength


class Required:
    """The field must say something; the message is in the reader's language."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Raises StopValidation for nothing or blanks only."""
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            # a day that could not be read has said so already
            if not field.errors:
                raise StopValidation(_("请填写此项"))
            raise StopValidation()


class DayField(DateField):  # type: ignore[misc]
    """A date as ``<input type="date">`` sends it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError with a message for a person."""
        text = (valuelist[0] if valuelist else "").strip()
        if not text:
            self.data = None
            return
        try:
            self.data = date.fromisoformat(text)
        except ValueError:
            self.data = None
            raise ValueError(_("请填写真实日期，格式如 2026-03-09")) from None

    def show(self, iso: str | None) -> None:
        """Another day than was sent: WTForms would go on showing what was."""
        self.raw_data, self.data = None, date.fromisoformat(iso) if iso else None


def parse_day(text: str) -> date | None:
    """A day as an address names it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class PlannedDayForm(FlaskForm):  # type: ignore[misc]
    """Moves a visit to another day."""

    planned_on = DayField(validators=[Required()])


class ReturnForm(FlaskForm):  # type: ignore[misc]
    """Returns a sheet to its team. ``comments`` by item code, as typed in ``comment-<item>``;
    ``faults`` says of which what is wrong with them."""

    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])

    def __init__(self, typed: Mapping[str, str] | None = None, **values: Any) -> None:
        super().__init__(**values)
        self.comments = {
            name.removeprefix("comment-"): text
            for name, text in (typed or {}).items()
            if name.startswith("comment-")
        }
        self.faults: dict[str, str] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Also each comment's length."""
        for item, text in self.comments.items():
            try:
                parse_reason(text, MAX_REASON_CHARACTERS)
            except Fault as refused:
                self.faults[item] = message(refused.code, current_locale(), refused.details)
        return bool(super().validate(extra_validators)) and not self.faults
