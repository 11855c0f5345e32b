"""HTML forms of trainings."""

from __future__ import annotations

import re
from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import DecimalField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange

from domain.errors import Fault, message
from domain.training import (
    LEAST_HOURS,
    MAX_CONTENT,
    MAX_NAME,
    MAX_PLACE,
    MAX_REASON,
    MOST_HOURS,
    TrainingKind,
)
from server.i18n import current_locale
from server.inspections.forms import DayField, Required
from server.kit.forms import KitForm, ReasonLength
from server.training.service import Course, Material
from server.training.wording import kind_words

NUMBER = re.compile(r"[0-9]{1,9}")  # what is none names nobody
FIELD_OF = {"training.day_refused": "held_on", "training.nobody": "attendees"}


class TrainingForm(KitForm):
    """One training; who attended is ticked as ``officer-3`` or ``person-7``."""

    kind = SelectField(choices=lambda: [SelectChoice(*one) for one in kind_words().items()])
    held_on = DayField(validators=[Required()])
    hours = DecimalField(places=1, validators=[Required(), NumberRange(LEAST_HOURS, MOST_HOURS)])
    name = StringField(validators=[Required(), Length(max=MAX_NAME)])
    content = TextAreaField(validators=[Required(), ReasonLength(MAX_CONTENT)])
    place = StringField(validators=[Required(), Length(max=MAX_PLACE)])
    held_by = StringField(validators=[Required(), Length(max=MAX_PLACE)])
    document = FileField()
    attendees_errors: tuple[str, ...] = ()

    @property
    def ticked_officers(self) -> set[int]:
        """Ticked in the register."""
        return _ticked("officer")

    @property
    def ticked_people(self) -> set[int]:
        """Ticked among the accounts."""
        return _ticked("person")

    def course(self) -> Course:
        """What the use case takes; after ``validate``."""
        assert self.held_on.data is not None and self.hours.data is not None
        words = {
            one: " ".join((self[one].data or "").split())
            for one in ("name", "content", "place", "held_by")
        }
        return Course(
            kind=TrainingKind(self.kind.data),
            held_on=self.held_on.data,
            hours=self.hours.data,
            officer_ids=frozenset(self.ticked_officers),
            person_ids=frozenset(self.ticked_people),
            **words,
        )

    @property
    def material(self) -> Material | None:
        """The file that was sent, if any."""
        sent: Any = self.document.data
        name = str(getattr(sent, "filename", "") or "")
        return Material(sent.stream, name.replace("\\", "/").rsplit("/", 1)[-1]) if name else None

    def blame(self, refused: Fault) -> bool:
        """Puts a refusal at the field it is about; False for any other."""
        text = message(refused.code, current_locale(), refused.details)
        is_file = refused.code.startswith(("document.", "photo.", "upload."))
        name = "document" if is_file else FIELD_OF.get(refused.code, "")
        if name == "attendees":
            self.attendees_errors = (text,)
        elif name:
            self[name].errors = [*self[name].errors, text]
        return bool(name)


def _ticked(kind: str) -> set[int]:
    boxes = (one.partition("-") for one in request.form.getlist("attendee"))
    return {int(one) for name, _dash, one in boxes if name == kind and NUMBER.fullmatch(one)}


class TakingBackForm(KitForm):
    """Why a record is taken back."""

    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_REASON)])
