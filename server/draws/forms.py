"""HTML forms of the draw."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from domain.draw import plain_seed
from server.draws.freezing import MAX_REASON_CHARACTERS
from server.draws.running import (
    MAX_SEED_CHARACTERS,
    MAX_SOURCE_CHARACTERS,
    SMALLEST_SEED_CHARACTERS,
)
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.forms import ReasonLength
from server.runtime import today


class RunDrawForm(FlaskForm):  # type: ignore[misc]
    """The public randomness, where it came from, and the day of the visits."""

    seed = StringField(validators=[Required()])
    seed_source = StringField(validators=[Required(), ReasonLength(MAX_SOURCE_CHARACTERS)])
    planned_on = DayField(validators=[Required()])

    def validate_seed(self, field: Field) -> None:
        """At least eight letters or digits; signs between them do not count."""
        text = field.data.strip()
        if len(plain_seed(text)) < SMALLEST_SEED_CHARACTERS:
            raise ValidationError(_("至少 {n} 位", n=SMALLEST_SEED_CHARACTERS))
        if len(text) > MAX_SEED_CHARACTERS or not text.isprintable():
            raise ValidationError(_("只能是可打印字符，最多 {n} 位", n=MAX_SEED_CHARACTERS))

    def validate_planned_on(self, field: Field) -> None:
        """Not before today."""
        if field.data < today():
            raise ValidationError(_("不能早于今天"))


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why nothing was drawn, or why a frozen pool is given up."""

    reason = StringField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])
