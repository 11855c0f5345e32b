"""HTML forms: a receipt of the platform, a publication; what is wrong stands at its field."""

from __future__ import annotations

from urllib.parse import urlsplit

from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from domain.errors import Fault, message
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.file_form import KeptFileForm
from server.kit.forms import ReasonLength
from server.publication.service import MAX_REASON_CHARACTERS, Proof, Told
from server.runtime import today

# Fault → the field it is about.
FIELDS = {
    "publication.before_visit": "day",
    "publication.in_future": "day",
    "publication.needs_reason": "reason",
    "publication.number_taken": "number",
}


class _EntryForm(KeptFileForm):
    """``version`` is the one the page showed."""

    field_of = FIELDS
    version = IntegerField(validators=[InputRequired()])
    day = DayField(validators=[Required()])
    reason = TextAreaField(validators=[ReasonLength(MAX_REASON_CHARACTERS)])
    is_void = BooleanField()

    def validate_day(self, field: DayField) -> None:
        """Not after today: told together with what else is wrong."""
        if field.data and field.data > today():
            raise ValidationError(message("publication.in_future", current_locale(), {}))

    def told(self) -> Told:
        """What the use case takes; after ``validate``."""
        assert self.version.data is not None and self.day.data is not None, "the form requires them"
        return Told(
            version=self.version.data,
            day=self.day.data,
            reason=self.reason.data or "",
            is_void=bool(self.is_void.data),
            proof=Proof(*self.sent) if self.sent else None,
        )


class ReceiptForm(_EntryForm):
    """回执 of the official platform."""

    number = StringField(validators=[Required(), Length(max=80)])
    is_checked = BooleanField()
    is_taken = False

    def blame(self, refused: Fault) -> bool:
        """Also offers to say that the number is right."""
        self.is_taken = refused.code == "publication.number_taken"
        return super().blame(refused)


class PublicationForm(_EntryForm):
    """Where and since when the result is public."""

    channel = StringField(validators=[Required(), Length(max=80)])
    address = StringField(validators=[Length(max=500)])

    def validate_address(self, field: StringField) -> None:
        """A web address, or nothing: it becomes a link."""
        text = (field.data or "").strip()
        try:
            is_web = not text or (
                urlsplit(text).scheme in ("http", "https") and urlsplit(text).netloc
            )
        except ValueError:
            is_web = False
        if not is_web:
            raise ValidationError(_("请填写以 http:// 或 https:// 开头的网址"))
