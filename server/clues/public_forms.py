"""HTML forms of the public: a report, and the question what became of it."""

from __future__ import annotations

from typing import IO, Any

from wtforms import HiddenField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from domain.clues import ClueKind
from domain.errors import Fault, message
from server.clues.receiving import Report, make_once
from server.clues.wording import kind_word
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import Required
from server.kit.forms import ReasonLength, VisitorForm

MAX_WHAT_CHARACTERS = 2000


class ReportForm(VisitorForm):
    """举报. ``website`` is for programs that fill in whatever they find: people do not see it.
    ``visit`` is the token of the visit from whose page somebody came."""

    kind = SelectField(choices=lambda: _kinds(), validators=[Required()])
    what = TextAreaField(validators=[Required(), ReasonLength(MAX_WHAT_CHARACTERS)])
    firm_text = StringField(validators=[Length(max=120)])
    happened = StringField(validators=[Length(max=80)])
    place = StringField(validators=[Length(max=200)])
    files = MultipleFileField()
    contact = StringField(validators=[Length(max=120)])
    once = HiddenField(default=make_once)
    visit = HiddenField()
    website = StringField()

    @property
    def streams(self) -> list[IO[bytes]]:
        """The files that were sent; a browser sends an empty one where none was chosen."""
        sent: list[Any] = [one for one in self.files.data or [] if getattr(one, "filename", "")]
        return [one.stream for one in sent]

    def report(self, inspection_id: int | None) -> Report:
        """As typed."""
        return Report(
            kind=ClueKind(self.kind.data),
            what=(self.what.data or "").replace("\r\n", "\n").strip(),
            happened=_line(self.happened.data),
            place=_line(self.place.data),
            firm_text=_line(self.firm_text.data),
            contact=_line(self.contact.data),
            inspection_id=inspection_id,
            once=self.once.data or "",
            files=self.streams,
        )

    def blame(self, refused: Fault) -> bool:
        """Puts a refusal at the field it is about; False for any other. Files are to be chosen
        again whatever was wrong: a browser gives them once."""
        if not refused.code.startswith(
            ("document.", "photo.", "clue.files", "clue.too_many_files")
        ):
            return False
        text = message(refused.code, current_locale(), refused.details)
        self.files.errors = [*self.files.errors, text]
        return True

    def ask_for_files_again(self) -> None:
        """Where something else was wrong."""
        if self.streams and not self.files.errors:
            self.files.errors = [_("请重新选择照片或文件")]


class FollowForm(VisitorForm):
    """编号 and 查询码."""

    number = StringField(validators=[Required(), Length(max=24)])
    code = StringField(validators=[Required(), Length(max=40)])


def _line(typed: str | None) -> str:
    return " ".join((typed or "").split())


def _kinds() -> list[SelectChoice]:
    blank = SelectChoice("", _("请选择"))
    return [blank, *(SelectChoice(one.value, kind_word(one)) for one in ClueKind)]
