"""HTML forms of plan adjustments, their decision, and the report of a version."""

from __future__ import annotations

from typing import IO, Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from domain.errors import Fault, message
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.forms import KitForm, ReasonLength
from server.planning.adjusting import MAX_REASON_CHARACTERS
from server.planning.task_form import PlanTaskForm
from server.planning.versions import MAX_REPORT_NO
from server.runtime import today


class _Sealed(FlaskForm):  # type: ignore[misc]
    """A reason and the sealed document that an adjustment is asked for with."""

    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])
    document = FileField()

    def validate_document(self, field: FileField) -> None:
        """There is a file; what it is, is found out when it is kept."""
        if field.data is None or not getattr(field.data, "filename", ""):
            raise ValidationError(_("请附上加盖公章的书面材料"))

    def blame(self, refused: Fault) -> bool:
        """Puts what is wrong with the document at its field; False for anything else."""
        if not refused.code.startswith("document."):
            return False
        text = message(refused.code, current_locale(), refused.details)
        self.document.errors = [*self.document.errors, text]
        return True

    @property
    def document_stream(self) -> IO[bytes]:
        """The bytes."""
        stream: Any = self.document.data.stream
        return stream  # type: ignore[no-any-return]

    @property
    def document_name(self) -> str:
        """As the browser named it, without folders."""
        return str(self.document.data.filename).replace("\\", "/").rsplit("/", 1)[-1]


class AdjustTaskForm(PlanTaskForm, _Sealed):
    """A task added or changed."""


class DropTaskForm(KitForm, _Sealed):
    """A task dropped."""


class DecisionForm(KitForm):
    """The unit head's words, of which a refusal needs some, and the password once more."""

    reason = TextAreaField(validators=[ReasonLength(MAX_REASON_CHARACTERS)])
    password = PasswordField(validators=[Required()])


class ReportForm(KitForm):
    """When and under which number a version was sent to the county office."""

    reported_on = DayField(validators=[Required()])
    report_no = StringField(validators=[Required(), Length(max=MAX_REPORT_NO)])

    def validate_reported_on(self, field: DayField) -> None:
        """Not after today."""
        if field.data and field.data > today():
            raise ValidationError(_("上报日期不能晚于今天"))
