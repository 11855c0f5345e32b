"""HTML forms of reports."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from domain.reports.entries import MAX_PEOPLE, NEEDS_NUMBER, NEEDS_PEOPLE, EntryKind
from domain.reports.report_calendar import month_before
from server.boundary import whole_number
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.forms import KitForm, ReasonLength
from server.reports.head import Head
from server.reports.making_summary import MAX_REMARK
from server.reports.service import LAST_PROGRESS, Entry
from server.reports.wording import entry_words, type_words, which_word

_MONTH = re.compile(r"(\d{4})-(\d{2})")


class MonthField(StringField):  # type: ignore[misc]
    """A month as ``<input type="month">`` sends it; ``first`` is its first day."""

    first: date | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError with a message for a person."""
        super().process_formdata(valuelist)
        found = _MONTH.fullmatch((self.data or "").strip())
        try:
            self.first = date(int(found[1]), int(found[2]), 1) if found else None
        except ValueError:
            self.first = None
        if self.first is None and (self.data or "").strip():
            raise ValueError(_("请填写年和月，格式如 2026-03"))


class Annex1Form(KitForm):
    """Up to which day."""

    day = DayField(validators=[Required()])


class Annex2Form(KitForm):
    """Of which month."""

    month = MonthField(validators=[Required()])

    @classmethod
    def of(cls, day: date) -> Annex2Form:
        """The last full month before the day."""
        return cls(formdata=None, month=f"{month_before(day)[0]:%Y-%m}")


class AnnualForm(KitForm):
    """Which of the year's reports, up to which day."""

    which = SelectField(
        choices=lambda: [
            SelectChoice(str(one), which_word(one)) for one in range(LAST_PROGRESS + 1)
        ],
    )
    day = DayField(validators=[Required()])


class SummaryForm(KitForm):
    """Of which task, as what."""

    task = SelectField(coerce=lambda one: whole_number(str(one)))
    kind = SelectField(choices=lambda: [SelectChoice(*one) for one in type_words().items()])
    remark = TextAreaField(validators=[ReasonLength(MAX_REMARK)])

    def offer(self, tasks: list[tuple[int, str]]) -> SummaryForm:
        """The tasks to choose from."""
        self.task.choices = tasks
        return self


class EntryForm(KitForm):
    """One thing entered by hand; what else it needs depends on its kind (annex 2, 填写说明)."""

    kind = SelectField(choices=lambda: [SelectChoice(*one) for one in entry_words().items()])
    day = DayField(validators=[Required()])
    name = StringField(validators=[Required(), Length(max=200)])
    number = StringField(validators=[Length(max=80)])
    people = IntegerField(validators=[Optional(), NumberRange(min=1, max=MAX_PEOPLE)])
    text = TextAreaField(validators=[ReasonLength(MAX_REMARK)])

    def validate_kind(self, field: SelectField) -> None:
        """A document has a number, a training its people: told beside what else is wrong."""
        wants = {
            "number": (NEEDS_NUMBER, bool((self.number.data or "").strip())),
            "people": (NEEDS_PEOPLE, bool(self.people.raw_data and self.people.raw_data[0])),
        }
        for name, (kinds, is_there) in wants.items():
            if field.data in [one.value for one in kinds] and not is_there:
                self._missing = {*getattr(self, "_missing", set()), name}

    def validate_number(self, field: StringField) -> None:
        """Of a document."""
        if "number" in getattr(self, "_missing", ()):
            raise ValidationError(_("请填写文号"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also a training's people: an empty number ends its own checks early."""
        is_valid = bool(super().validate(extra_validators))
        if "people" in getattr(self, "_missing", ()):
            self.people.errors = [_("请填写培训人数")]
            return False
        return is_valid

    def entry(self) -> Entry:
        """What the use case takes; after ``validate``."""
        assert self.day.data is not None, "the form requires it"
        return Entry(
            kind=EntryKind(self.kind.data),
            day=self.day.data,
            name=" ".join(self.name.data.split()),
            number=" ".join((self.number.data or "").split()),
            people=self.people.data,
            text=" ".join((self.text.data or "").split()),
        )


class HeadForm(KitForm):
    """单位名称 and the contact below every form."""

    unit = StringField(validators=[Required(), Length(max=80)])
    name = StringField(validators=[Length(max=64)])
    phone = StringField(validators=[Length(max=32)])
    mobile = StringField(validators=[Length(max=32)])

    def head(self) -> Head:
        """What the use case takes; after ``validate``."""
        told = (self.unit.data, self.name.data, self.phone.data, self.mobile.data)
        return Head(*(" ".join((one or "").split()) for one in told))
