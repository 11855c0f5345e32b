"""HTML forms of the draw's room, and of redraws."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import ValidationError

from domain.ceremony import parse_rolls
from domain.errors import Fault, message
from server.draws.freezing import MAX_REASON_CHARACTERS
from server.draws.seeds import readable_seed
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.forms import ReasonLength
from server.runtime import SITE_ZONE, today

NAME, LINE = 40, 120
MOST_DAYS_APART = 31


class InstantField(DateTimeLocalField):  # type: ignore[misc]
    """A wall-clock time at the site as ``<input type="datetime-local">`` sends it; an aware
    instant inside."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.astimezone(SITE_ZONE):%Y-%m-%dT%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError with a message for a person."""
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        try:
            self.data = datetime.fromisoformat(text).replace(tzinfo=SITE_ZONE)
        except ValueError:
            raise ValueError(_("请填写真实时间，格式如 2026-03-09 09:30")) from None


class MeetingForm(FlaskForm):  # type: ignore[misc]
    """When, where, who. ``present`` by department code, as typed in ``present-<code>``."""

    place = StringField(validators=[Required(), ReasonLength(LINE)])
    began_at = InstantField(validators=[Required()])
    witness_name = StringField(validators=[Required(), ReasonLength(NAME)])
    witness_unit = StringField(validators=[Required(), ReasonLength(NAME)])
    platform = StringField(validators=[ReasonLength(LINE)])
    held_on = DayField()
    participants = StringField(validators=[ReasonLength(MAX_REASON_CHARACTERS)])
    scheme_no = StringField(validators=[ReasonLength(NAME)])

    def __init__(self, typed: Mapping[str, str] | None = None, **values: Any) -> None:
        super().__init__(**values)
        self.present = {
            name.removeprefix("present-"): text[:MAX_REASON_CHARACTERS]
            for name, text in (typed or {}).items()
            if name.startswith("present-")
        }

    def validate_began_at(self, field: Field) -> None:
        """A mistyped year or month would stand on the signed record sheet and in public."""
        if (
            field.data
            and abs((field.data.astimezone(SITE_ZONE).date() - today()).days) > MOST_DAYS_APART
        ):
            raise ValidationError(_("与今天相差超过 {n} 天，请核对年月日", n=MOST_DAYS_APART))


class RollsForm(FlaskForm):  # type: ignore[misc]
    """One roll or several, and how many were on record when the page was shown."""

    rolls = StringField(validators=[Required()])
    seen = HiddenField()

    def validate_rolls(self, field: Field) -> None:
        """Only what a die can show."""
        try:
            parse_rolls(field.data)
        except Fault as refused:
            text = message(refused.code, current_locale(), refused.details)
            raise ValidationError(text) from None

    @property
    def seen_count(self) -> int:
        """-1 for anything that is no number: it then fits nothing."""
        return int(self.seen.data) if (self.seen.data or "").isdecimal() else -1


class StrikeForm(FlaskForm):  # type: ignore[misc]
    """Which roll, and why it does not count."""

    number = StringField(validators=[Required()])
    reason = StringField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])

    @property
    def chosen(self) -> int:
        """0 for anything that is no number."""
        return int(self.number.data) if (self.number.data or "").isdecimal() else 0


class LotteryForm(FlaskForm):  # type: ignore[misc]
    """Which public lottery, before its result exists."""

    name = StringField(validators=[Required(), ReasonLength(NAME)])
    issue = StringField(validators=[Required(), ReasonLength(NAME)])


class LotteryResultForm(FlaskForm):  # type: ignore[misc]
    """What was published, and when."""

    numbers = StringField(validators=[Required()])
    published_at = InstantField(validators=[Required()])

    def validate_numbers(self, field: Field) -> None:
        """Long enough to be a seed."""
        try:
            readable_seed(field.data)
        except Fault as refused:
            text = message(refused.code, current_locale(), refused.details)
            raise ValidationError(text) from None


class DrawDayForm(FlaskForm):  # type: ignore[misc]
    """The day of the visits; the randomness is on record."""

    planned_on = DayField(validators=[Required()])

    def validate_planned_on(self, field: Field) -> None:
        """Not before today."""
        if field.data < today():
            raise ValidationError(_("不能早于今天"))


class SignedForm(FlaskForm):  # type: ignore[misc]
    """Where the signed record sheet is kept."""

    note = StringField(validators=[Required(), ReasonLength(LINE)])


class RedrawForm(FlaskForm):  # type: ignore[misc]
    """Why it must be drawn again."""

    reason = StringField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])


class DecideForm(FlaskForm):  # type: ignore[misc]
    """The head's decision; a reason where it is refused."""

    reason = StringField(validators=[ReasonLength(MAX_REASON_CHARACTERS)])
    password = PasswordField(validators=[Required()])
