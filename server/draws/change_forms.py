"""HTML forms of changes after a draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from wtforms import BooleanField, Field, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, StopValidation, ValidationError

from domain.draw import plain_seed
from server.draws.change_wording import replacement_reasons, withdrawal_reasons
from server.draws.changes import MAX_SEED_CHARACTERS, MAX_WORDS, SMALLEST_SEED_CHARACTERS
from server.draws.replacing import MAX_SOURCE_CHARACTERS
from server.i18n import translate as _
from server.inspections.forms import Required
from server.kit.forms import KitForm, ReasonLength


class Chosen:
    """One of the choices; said in our words, whatever was sent."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, told: Callable[[], str]) -> None:
        self.told = told

    def __call__(self, form: KitForm, field: Field) -> None:
        """Raises StopValidation where nothing known was chosen."""
        if not field.data or field.data not in {value for value, _label in field.choices}:
            field.errors = []
            raise StopValidation(self.told())


class Choice(SelectField):  # type: ignore[misc]
    """A list that lets ``Chosen`` say what is wrong."""

    def pre_validate(self, form: KitForm) -> None:
        """Nothing: WTForms would answer in words of its own."""


def blank(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """With a first line that chooses nothing."""
    return [("", _("请选择")), *choices]


class ReplacementForm(KitForm):
    """Which officer cannot go, and why."""

    officer = Choice(validators=[Chosen(lambda: _("请选择要更换的人员"))])
    reason = Choice(
        choices=lambda: blank(replacement_reasons()), validators=[Chosen(lambda: _("请选择原因"))]
    )
    words = TextAreaField(validators=[Required(), ReasonLength(MAX_WORDS)])


class WithdrawalForm(KitForm):
    """Why the firm cannot be inspected."""

    reason = Choice(
        choices=lambda: blank(withdrawal_reasons()), validators=[Chosen(lambda: _("请选择原因"))]
    )
    words = TextAreaField(validators=[Required(), ReasonLength(MAX_WORDS)])
    wants_substitute = BooleanField(default=True)


class ApprovalForm(KitForm):
    """The unit head's decision on a withdrawal. ``words`` are needed to refuse only."""

    words = TextAreaField(validators=[Optional(), ReasonLength(MAX_WORDS)])
    password = PasswordField(validators=[Required()])


class DrawingForm(ApprovalForm):
    """The decision on a replacement, with the fresh random number."""

    seed = StringField(validators=[Required()])
    seed_source = StringField(validators=[Required(), ReasonLength(MAX_SOURCE_CHARACTERS)])

    def validate_seed(self, field: Field) -> None:
        """At least eight letters or digits; signs between them do not count."""
        text = (field.data or "").strip()
        if len(plain_seed(text)) < SMALLEST_SEED_CHARACTERS:
            raise ValidationError(_("至少 {n} 位", n=SMALLEST_SEED_CHARACTERS))
        if len(text) > MAX_SEED_CHARACTERS:
            raise ValidationError(_("只能是可打印字符，最多 {n} 位", n=MAX_SEED_CHARACTERS))


class RefusalForm(KitForm):
    """Why not."""

    words = TextAreaField(validators=[Required(), ReasonLength(MAX_WORDS)])
