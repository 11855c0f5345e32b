"""HTML form of an account."""

from __future__ import annotations

from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from domain.access import Role
from server.accounts.directory import list_departments
from server.accounts.people import ROLES
from server.i18n import translate as _
from server.inspections.forms import Required
from server.kit.forms import KitForm


def role_words() -> dict[str, str]:
    """Each role as the bureau calls it."""
    return {
        Role.INSPECTOR: _("检查人员"),
        Role.TEAM_LEAD: _("检查组长"),
        Role.OFFICE_STAFF: _("办公室"),
        Role.DEPUTY_HEAD: _("分管负责人"),
        Role.UNIT_HEAD: _("主要负责人"),
        Role.AUDITOR: _("督查室"),
        Role.ADMIN: _("管理员"),
    }


class PersonForm(KitForm):
    """Who it is and what they may do."""

    name = StringField(validators=[Required()])
    department_id = SelectField(coerce=int, choices=[])
    roles = SelectMultipleField(choices=[], validators=[Required()])

    def offer_choices(self) -> None:
        """Departments and roles as they are now."""
        words = role_words()
        self.department_id.choices = [SelectChoice(one.id, one.name) for one in list_departments()]
        self.roles.choices = [SelectChoice(str(role), words[role]) for role in ROLES]

    @property
    def chosen(self) -> list[Role]:
        """After validation."""
        return [Role(one) for one in self.roles.data or ()]


class AccountForm(PersonForm):
    """A new one."""

    account = StringField(validators=[Required()])
