"""HTML forms of departments, teams, the leading group, experts and assistants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import Field, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.forms import KitForm, ReasonLength
from server.organisation.experts import KINDS, MAX_TASK_CHARACTERS
from server.organisation.group import ROLES


def choices(pairs: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """(value, word) pairs as WTForms wants them."""
    return [SelectChoice(value, word) for value, word in pairs]


class Longest:
    """At most so many characters, said in the reader's language."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, form: KitForm, field: Field) -> None:
        """Raises ValidationError; takes blanks at the ends away."""
        field.data = (field.data or "").strip()
        if len(field.data) > self.longest:
            raise ValidationError(_("最多 {n} 字", n=self.longest))


class DepartmentForm(KitForm):
    """A new department."""

    code = StringField(validators=[Required()])
    name = StringField(validators=[Required(), Longest(80)])


class NameForm(KitForm):
    """One name: of a department, or another spelling of it. ``seen`` is the name as its person saw
    it."""

    seen = HiddenField()
    name = StringField(validators=[Required(), Longest(80)])


class TeamForm(KitForm):
    """A team and its people; choices are set by the page. ``seen`` is the newest change its person
    knows of."""

    seen = HiddenField(default="0")
    department_id = SelectField(coerce=int, choices=[])
    name = StringField(validators=[Required(), Longest(60)])
    officer_ids = SelectMultipleField(coerce=int, choices=[])
    lead_officer_id = SelectField(coerce=int, choices=[], default=0)

    def take(self, name: str, value: Any) -> None:
        """Shows what is stored now in a field its person did not touch."""
        self[name].data = value or 0 if name == "lead_officer_id" else value


class MemberForm(KitForm):
    """Somebody's part in the leading group. ``seen`` as in ``TeamForm``."""

    seen = HiddenField(default="0")
    role = SelectField(choices=choices((one, one) for one in ROLES))
    name = StringField(validators=[Required(), Longest(64)])
    post = StringField(validators=[Longest(80)])
    department_id = SelectField(coerce=int, choices=[], default=0)
    document_no = StringField(validators=[Longest(60)])
    since = DayField(validators=[Required()])
    until = DayField()

    def take(self, name: str, value: Any) -> None:
        """Shows what is stored now in a field its person did not touch."""
        if name in ("since", "until"):
            self[name].show(value)
        else:
            self[name].data = value or 0 if name == "department_id" else value


class ExpertForm(KitForm):
    """An expert or an agency. ``seen`` as in ``TeamForm``."""

    seen = HiddenField(default="0")
    kind = SelectField(choices=choices((one, one) for one in KINDS))
    name = StringField(validators=[Required(), Longest(80)])
    unit = StringField(validators=[Longest(80)])
    number = StringField(validators=[Required(), Longest(40)])
    valid_until = DayField()
    labels = SelectMultipleField(choices=[])
    phone = StringField(validators=[Longest(32)])
    status = SelectField(choices=choices([("active", ""), ("closed", "")]), default="active")

    def take(self, name: str, value: Any) -> None:
        """Shows what is stored now in a field its person did not touch."""
        if name == "valid_until":
            self.valid_until.show(value)
        elif name == "is_active":
            self.status.data = "active" if value else "closed"
        else:
            self[name].data = value


class AssistantForm(KitForm):
    """Who helps at a visit, and with what."""

    expert_id = SelectField(coerce=int, choices=[])
    task = StringField(validators=[Required(), ReasonLength(MAX_TASK_CHARACTERS)])


class TakeBackForm(KitForm):
    """Why an assistant did not help after all."""

    reason = StringField(validators=[Required(), ReasonLength(MAX_TASK_CHARACTERS)])
