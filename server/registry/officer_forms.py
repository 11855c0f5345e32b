"""HTML forms of an officer and of a recusal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from domain.errors import message
from domain.identifiers import check_certificate, normalise_certificate
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.forms import KitForm, ReasonLength
from server.registry.entry_models import Tag
from server.registry.firm_forms import MAX_REASON_CHARACTERS, choices_of
from server.registry.handovers import MAX_NOTE_CHARACTERS
from server.registry.models import Officer
from server.registry.wording import officer_words


class OfficerForm(KitForm):
    """All an officer's entry says but the recusals. ``seen`` is the newest change its person knows
    of."""

    seen = HiddenField(default="0")
    name = StringField(validators=[Required(), Length(max=64)])
    department_id = SelectField(coerce=int)
    cert_no = StringField(validators=[Required(), Length(max=40)])
    cert_expires_on = DayField()
    labels = SelectMultipleField()
    area = StringField(validators=[Length(max=40)])
    person_id = SelectField()
    is_active = BooleanField(default=True)

    def __init__(
        self,
        tags: Sequence[Tag],
        departments: Iterable[tuple[int, str]],
        people: Iterable[tuple[int, str]],
        **values: Any,
    ) -> None:
        super().__init__(**values)
        self.labels.choices = choices_of(tags)
        self.department_id.choices = list(departments)
        accounts = [SelectChoice(str(one), name) for one, name in people]
        self.person_id.choices = [SelectChoice("", _("未关联")), *accounts]

    def validate_cert_no(self, field: Field) -> None:
        """6 to 20 digits or capitals."""
        if refused := check_certificate(field.data or ""):
            raise ValidationError(message(refused.code, current_locale(), refused.details))

    def values(self) -> dict[str, Any]:
        """As the register stores them; to be asked once the form is valid."""
        return {
            "name": self.name.data.strip(),
            "department_id": self.department_id.data,
            "cert_no": normalise_certificate(self.cert_no.data),
            "cert_expires_on": self.cert_expires_on.data,
            "labels": self.labels.data,
            "area": (self.area.data or "").strip(),
            "person_id": int(self.person_id.data) if self.person_id.data else None,
            "is_active": self.is_active.data,
        }

    def take(self, name: str, value: Any) -> None:
        """Shows what is stored now in a field its person did not touch."""
        if name == "cert_expires_on":
            self.cert_expires_on.show(value)
        elif name == "person_id":
            self.person_id.data = str(value or "")
        else:
            self[name].data = value

    def labels_of_fields(self) -> dict[str, str]:
        """Field → its words, for the list of errors on top."""
        return officer_words()


def values_of(officer: Officer, seen: int) -> dict[str, Any]:
    """What fills the form of a known officer."""
    return {
        "seen": str(seen),
        "name": officer.name,
        "department_id": officer.department_id,
        "cert_no": officer.cert_no,
        "cert_expires_on": officer.cert_expires_on,
        "labels": list(officer.labels or []),
        "area": officer.area,
        "person_id": str(officer.person_id or ""),
        "is_active": officer.is_active,
    }


class HandoverForm(KitForm):
    """What the home office's note of another department's data rests on."""

    note = StringField(validators=[Required(), ReasonLength(MAX_NOTE_CHARACTERS)])


class RecusalForm(KitForm):
    """A firm the officer never inspects, and why. ``firm_id`` is chosen among what the words
    find."""

    firm_id = HiddenField()
    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])
