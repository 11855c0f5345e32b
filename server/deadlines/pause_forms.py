"""HTML forms of pauses: asking, approving, refusing."""

from __future__ import annotations

from typing import ClassVar

from wtforms import PasswordField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from domain.errors import Fault, message
from domain.pauses import MAX_WORDS, Span
from server.deadlines.pause_wording import pause_reasons
from server.deadlines.pauses import Evidence
from server.i18n import current_locale
from server.inspections.forms import DayField, Required
from server.kit.file_form import KeptFileForm
from server.kit.forms import KitForm, ReasonLength


class PauseForm(KeptFileForm):
    """Why, from when to when, and what proves it."""

    field_of: ClassVar = {"pause.without_evidence": "document"}
    reason = RadioField(
        choices=lambda: [SelectChoice(*one) for one in pause_reasons()], validators=[Required()]
    )
    words = TextAreaField(validators=[Required(), ReasonLength(MAX_WORDS)])
    from_on = DayField(validators=[Required()])
    to_on = DayField(validators=[Required()])

    @property
    def span(self) -> Span:
        """As typed, once the form is valid."""
        assert self.from_on.data is not None and self.to_on.data is not None
        return Span(self.from_on.data, self.to_on.data)

    @property
    def evidence(self) -> Evidence | None:
        """The file that was sent now or before, if any."""
        return Evidence(*self.sent) if self.sent else None

    def read(self) -> bool:
        """Validates; missing evidence is told together with the rest."""
        is_valid = bool(self.validate())
        if self.evidence is None:
            text = message("pause.without_evidence", current_locale(), {})
            self.document.errors = [*self.document.errors, text]
        return is_valid and self.evidence is not None

    def blame(self, refused: Fault) -> bool:
        """Puts a refusal at the field it is about; False for any other."""
        if super().blame(refused):
            return True
        name = str(refused.details.get("field", ""))
        if name not in self._fields:
            return False
        text = message(refused.code, current_locale(), refused.details)
        self[name].errors = [*self[name].errors, text]
        return True


class PauseApprovalForm(KitForm):
    """``words`` are needed to refuse only."""

    words = TextAreaField(validators=[Optional(), ReasonLength(MAX_WORDS)])
    password = PasswordField(validators=[Required()])


class PauseRefusalForm(KitForm):
    """Why not."""

    words = TextAreaField(validators=[Required(), ReasonLength(MAX_WORDS)])
