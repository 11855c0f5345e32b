"""HTML forms of phones."""

from __future__ import annotations

from typing import IO

from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from server.accounts.enrolment import MAX_REASON_CHARACTERS
from server.i18n import translate as _
from server.inspections.forms import Required
from server.kit.forms import KitForm, ReasonLength


class NameForm(KitForm):
    """A name people recognise."""

    name = StringField(validators=[InputRequired(), Length(max=80)])


class RevokeForm(KitForm):
    """Why a phone is stopped; it goes on record."""

    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])


class UnsentFileForm(KitForm):
    """A file of unsent work; ``opened`` is its stream, which lies on disk and not in memory."""

    file = FileField()
    opened: IO[bytes]

    def validate_file(self, field: FileField) -> None:
        """There is a file."""
        if field.data is None or not getattr(field.data, "filename", ""):
            raise ValidationError(_("请选择文件"))
        self.opened = field.data.stream
