"""HTML forms of the office: a step of a clue, and which firm it is about."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from domain.clues import Deed, StepKind, faults_of_deed
from domain.errors import message
from server.accounts.service import list_departments
from server.clues.handling import MAX_TEXT_CHARACTERS, Paper
from server.i18n import current_locale
from server.i18n import translate as _
from server.kit.file_form import KeptFileForm
from server.kit.forms import KitForm, ReasonLength
from server.organisation import service as organisation

FIELDS = ("department", "body", "into", "reason", "answer", "document")
# What each step asks for; the rest of the form is not shown.
ASKED: dict[StepKind, tuple[str, ...]] = {
    StepKind.ACCEPT: ("reason",),
    StepKind.ASSIGN: ("department", "reason", "document"),
    StepKind.FINISH: ("reason", "answer", "document"),
    StepKind.TRANSFER: ("body", "reason", "document"),
    StepKind.REJECT: ("answer", "reason"),
    StepKind.MERGE: ("into", "reason"),
    StepKind.GIVE_BACK: ("reason",),
    StepKind.NOTE: ("reason", "document"),
    StepKind.REOPEN: ("reason",),
}
_FIELD_OF = {
    "clue.merge_target": "into",
    "clue.wrong_team": "department",
    "clue.needs_department": "department",
    "reason.too_long": "reason",
}


class StepForm(KeptFileForm):
    """``revision`` is the state of the clue the page was made from; ``department`` is the id of a
    department, or with the id of one of its teams behind a colon."""

    field_of = _FIELD_OF
    revision = IntegerField()
    department = SelectField(choices=lambda: _departments(), validate_choice=False)
    body = StringField(validators=[Length(max=80)])
    into = StringField(validators=[Length(max=24)])
    reason = TextAreaField(validators=[ReasonLength(MAX_TEXT_CHARACTERS)])
    answer = TextAreaField(validators=[ReasonLength(MAX_TEXT_CHARACTERS)])

    def read(self, step: StepKind) -> bool:
        """Validates, and says every fault of the step at its field."""
        is_valid = bool(self.validate())
        told = faults_of_deed(self.deed(step))
        for name, code in told.items():
            if not self[name].errors:
                self[name].errors = [message(code, current_locale(), {})]
        return is_valid and not told

    def deed(self, step: StepKind) -> Deed:
        """As typed; a field the step does not ask for is left out."""
        asked = ASKED[step]
        department, _colon, team = (self.department.data or "").partition(":")
        takes_department = "department" in asked
        return Deed(
            step=step,
            reason=_text(self.reason.data) if "reason" in asked else "",
            answer=_text(self.answer.data) if "answer" in asked else "",
            body=" ".join((self.body.data or "").split()) if "body" in asked else "",
            department_id=_id(department) if takes_department else None,
            team_id=_id(team) if takes_department else None,
            into=(self.into.data or "").strip() if "into" in asked else "",
        )

    @property
    def paper(self) -> Paper | None:
        """The file that was sent, if any."""
        return Paper(*self.sent) if self.sent else None


class FirmForm(KitForm):
    """Which firm of the register it is about; 0 for none."""

    revision = IntegerField()
    firm_id = IntegerField()


def _text(typed: str | None) -> str:
    return (typed or "").replace("\r\n", "\n").strip()


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _departments() -> list[SelectChoice]:
    """Each department, its teams behind it."""
    teams: dict[int, list[Any]] = {}
    for team in organisation.list_teams():
        if team.is_active:
            teams.setdefault(team.department_id, []).append(team)
    found = [SelectChoice("", _("请选择"))]
    for one in list_departments():
        found.append(SelectChoice(str(one.id), one.name))
        found += [
            SelectChoice(f"{one.id}:{team.id}", f"{one.name} · {team.name}")
            for team in teams.get(one.id, [])
        ]
    return found
