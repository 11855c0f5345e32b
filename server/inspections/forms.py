"""HTML forms of inspections, and the two pieces every form of ours with a day is made of."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import DateField, Field, Form, TextAreaField
from wtforms.validators import StopValidation

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


class PlannedDayForm(FlaskForm):  # type: ignore[misc]
    """Moves a visit to another day."""

    planned_on = DayField(validators=[Required()])


class ReturnForm(FlaskForm):  # type: ignore[misc]
    """Returns a sheet to its team."""

    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])
