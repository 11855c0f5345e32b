"""HTML form of a phrase."""

from __future__ import annotations

from wtforms import Field, StringField, TextAreaField
from wtforms.validators import ValidationError

from server.i18n import translate as _
from server.inspections.forms import Required
from server.kit.forms import KitForm, ReasonLength
from server.phrases.models import MAX_CHARACTERS


class PhraseForm(KitForm):
    """The words as they go into a note, in one line, and the entry they are meant for."""

    text = TextAreaField(validators=[Required(), ReasonLength(MAX_CHARACTERS)])
    item_code = StringField()

    def validate_text(self, field: Field) -> None:
        """A phrase is one sentence: a line end in it would tear the note apart."""
        field.data = (field.data or "").strip()
        if any(ord(one) < 0x20 for one in field.data):
            raise ValidationError(_("常用语只能写在一行内"))
