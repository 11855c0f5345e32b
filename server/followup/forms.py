"""HTML forms of follow-up: a decision, a paper, the end of a case, what is published."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from domain.errors import fault, message
from domain.followup import Decision, Disposal, faults_of_decision, list_disposals
from server.followup.deciding import MAX_TEXT_CHARACTERS, Paper
from server.followup.models import FollowUp
from server.followup.reading import own_names
from server.followup.wording import disposal_word
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.file_form import KeptFileForm
from server.kit.forms import ReasonLength
from server.runtime import today

_FIELD_OF = {
    "follow_up.needs_outcome": "outcome",
    "follow_up.done_in_future": "done_on",
    "follow_up.needs_document": "document",
}


class CaseForm(KeptFileForm):
    """``revision`` is the state of the case the page was made from."""

    field_of = _FIELD_OF
    revision = IntegerField()

    @property
    def paper(self) -> Paper | None:
        """The file that was sent, if any."""
        return Paper(*self.sent) if self.sent else None


class DecideForm(CaseForm):
    """处置决定."""

    disposal = RadioField(choices=lambda: _disposals(), validators=[Required()])
    body = StringField(validators=[Length(max=80)])
    case_no = StringField(validators=[Length(max=60)])
    due_on = DayField()
    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_TEXT_CHARACTERS)])

    def offer(self, case: FollowUp) -> None:
        """Only what may be decided about this problem."""
        allowed = list_disposals(case.result_code, case.severity)
        self.disposal.choices = [SelectChoice(one.value, disposal_word(one)) for one in allowed]

    def read(self, case: FollowUp) -> bool:
        """Validates, and says every fault of the decision at its field."""
        self.offer(case)
        is_valid = bool(self.validate())
        if self.disposal.data not in set(Disposal):
            return False
        told = faults_of_decision(
            self.decision, case.result_code, case.severity, own_names(case), today()
        )
        for name, code in told.items():
            if not self[name].errors:
                self[name].errors = [message(code, current_locale(), {})]
        return is_valid and not told

    @property
    def decision(self) -> Decision:
        """As typed; a field the chosen disposal does not use is left out."""
        disposal = Disposal(self.disposal.data)
        is_none = disposal is Disposal.NONE
        return Decision(
            disposal=disposal,
            body=" ".join((self.body.data or "").split()),
            reason=(self.reason.data or "").strip(),
            due_on=None if is_none else self.due_on.data,
            case_no=(self.case_no.data or "").strip() if disposal is Disposal.PENALTY else "",
        )


class AttachForm(CaseForm):
    """One more paper."""

    note = StringField(validators=[ReasonLength(MAX_TEXT_CHARACTERS)])

    def validate_document(self, field: FileField) -> None:
        """There is a file; what it is, is found out when it is kept."""
        if self.paper is None:
            raise ValidationError(_("请选择文件"))


class FinishForm(CaseForm):
    """办结."""

    outcome = TextAreaField(validators=[Required(), ReasonLength(MAX_TEXT_CHARACTERS)])
    done_on = DayField(validators=[Required()])

    def read(self, needs_paper: bool) -> bool:
        """Validates; a paper that is missing is told together with the rest."""
        is_valid = bool(self.validate())
        if needs_paper and self.paper is None:
            self.blame(fault("follow_up.needs_document"))
            return False
        return is_valid


class PublishForm(CaseForm):
    """What everybody may read; ``withdraw`` takes it back."""

    public_text = TextAreaField(validators=[ReasonLength(MAX_TEXT_CHARACTERS)])
    withdraw = HiddenField()

    def validate_public_text(self, field: TextAreaField) -> None:
        """Something is published, unless it is taken back."""
        if not self.withdraw.data and not (field.data or "").strip():
            raise ValidationError(message("follow_up.needs_public_text", current_locale(), {}))


def _disposals() -> list[SelectChoice]:
    return [SelectChoice(one.value, disposal_word(one)) for one in Disposal]
