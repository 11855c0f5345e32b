"""HTML forms of the calendar: a notice to look at, and the one that was looked at."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from domain.calendar_notices import (
    FIRST_YEAR,
    LAST_YEAR,
    NoticeDay,
    announced_years,
    dump_notice_file,
    read_notice_file,
)
from domain.errors import Fault, fault, message
from domain.notice_text import MAX_TEXT_CHARACTERS, ReadNotice, read_notice_text
from server.deadlines.notices import MAX_DOCUMENT_CHARACTERS
from server.i18n import current_locale
from server.kit.forms import KitForm

_FIELD_OF = {
    "calendar.document_missing": "document",
    "calendar.year_missing": "year",
    "calendar.nothing_given": "text",
}


class NoticeForm(KitForm):
    """A notice as text or as a file; ``days`` is what the page understood last, kept so that a file
    need not be chosen again."""

    text = TextAreaField(render_kw={"rows": 8})
    file = FileField()
    year = IntegerField(validators=[Optional(), NumberRange(FIRST_YEAR, LAST_YEAR)])
    document = StringField(validators=[Length(max=MAX_DOCUMENT_CHARACTERS)])
    days = HiddenField()
    source = HiddenField()
    mark = HiddenField()

    def read(self) -> ReadNotice:
        """What was pasted or chosen now, as days. Raises ``calendar.*`` and ``plan.*``."""
        data = self.file.data.read() if self.file.data else b""
        if data:
            days = read_notice_file(data)
            return ReadNotice(_year_of(days), "", tuple(days), ())
        if not (self.text.data or "").strip():
            raise fault("calendar.nothing_given")
        return read_notice_text(self.text.data, self.year.data)

    def read_again(self) -> list[NoticeDay]:
        """The days the person saw in the preview."""
        if len(self.days.data or "") > MAX_TEXT_CHARACTERS:
            raise fault("calendar.text_too_long", max=MAX_TEXT_CHARACTERS)
        return read_notice_file((self.days.data or "").encode())

    def keep(self, told: ReadNotice) -> None:
        """Carries what was read to the confirmation."""
        self.days.data = dump_notice_file(told.days)
        self.source.data = (self.text.data or "").strip() or self.days.data
        if not (self.document.data or "").strip():
            self.document.data = told.document

    def blame(self, refused: Fault) -> None:
        """Says the fault at its field; those of a file at the file."""
        name = "file" if refused.code.startswith("plan.") else _FIELD_OF.get(refused.code, "text")
        text = message(refused.code, current_locale(), refused.details)
        self[name].errors = [*self[name].errors, text]


def _year_of(days: list[NoticeDay]) -> int:
    years = announced_years(days)
    return years[-1] if years else max(one.day.year for one in days)
