"""The base of every HTML form: built-in messages speak the page's language."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    Form,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.i18n import get_translations
from wtforms.validators import InputRequired, Length, ValidationError

from domain.errors import Fault, message
from domain.reasons import parse_reason
from server.i18n import current_locale
from server.i18n import translate as _

_WTFORMS_LOCALES = {"zh_CN": ["zh_CN", "zh"], "en": ["en"]}


class _Translations:
    """WTForms' catalogue, but for what it says to somebody who has chosen or written nothing."""

    def __init__(self, catalogue: Any) -> None:
        self._catalogue = catalogue

    def gettext(self, text: str) -> str:
        """The sentence in the page's language."""
        if text in ("Not a valid choice.", "Invalid Choice: could not coerce."):
            return _("请从列出的选项中选择一项")
        if text in ("Not a valid decimal value.", "Not a valid integer value."):
            return _("请填写数字")
        return str(self._catalogue.gettext(text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The same, of a number."""
        return str(self._catalogue.ngettext(one, many, n))


class KitForm(FlaskForm):  # type: ignore[misc]
    """Inherit from this instead of ``FlaskForm``. Labels are given to ``kit.field`` translated."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Messages of WTForms' own validators in the current language."""

        def get_translations(self, form: FlaskForm) -> object:
            """WTForms' catalogue; English is written in its source."""
            return _Translations(get_translations(_WTFORMS_LOCALES[current_locale()]))


class VisitorForm(KitForm):
    """A form of the public, whose view is exempt from the site-wide check of the token and so has
    to call ``validate``: a stale or missing token is ``is_stale``, to be sent once more from the
    page that shows it, with a new token and all that was typed. A visitor cannot sign in again."""

    is_stale = False

    def validate(self, extra_validators: object = None) -> bool:
        """False also for a stale token."""
        is_valid = bool(super().validate(extra_validators))
        token = self._fields.get("csrf_token")  # not there where tokens are switched off
        self.is_stale = token is not None and bool(token.errors)
        if token is not None:
            token.errors = []
        return is_valid


class ReasonLength:
    """For what somebody types to say why: at most ``longest`` characters as ``domain.reasons``
    counts them. Unlike ``Length`` it sets no ``maxlength``: a browser cuts what is pasted there
    without a word."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, form: Form, field: Field) -> None:
        """Raises ValidationError with the catalogue's sentence."""
        try:
            parse_reason(field.data or "", self.longest)
        except Fault as refused:
            text = message(refused.code, current_locale(), refused.details)
            raise ValidationError(text) from None


class ExampleForm(KitForm):
    """One field of each kind, for ``/kit``."""

    class Meta(KitForm.Meta):
        """Never sent anywhere."""

        csrf = False

    name = StringField(validators=[InputRequired(), Length(max=80)])
    kind = SelectField(choices=lambda: _kinds())
    manner = RadioField(choices=lambda: _manners(), default="undirected")
    held_on = DateField()
    area = TextAreaField(validators=[InputRequired()])
    is_key = BooleanField()

    def __init__(self, **values: object) -> None:
        super().__init__(formdata=None, **values)


def _kinds() -> list[SelectChoice]:
    # Asked for at each request: a list made at import would keep one language for ever.
    return [SelectChoice("internal", _("部门内部")), SelectChoice("joint", _("部门联合"))]


def _manners() -> list[SelectChoice]:
    return [SelectChoice("undirected", _("不定向抽取")), SelectChoice("directed", _("定向抽取"))]
