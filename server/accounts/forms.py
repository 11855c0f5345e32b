"""HTML forms of this subject."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from server.i18n import translate as _


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Account and password."""

    account = StringField(validators=[InputRequired(), Length(max=64)])
    password = PasswordField(validators=[InputRequired(), Length(max=200)])

    def labels(self) -> dict[str, str]:
        """Field name → label in the current language."""
        return {"account": _("账号"), "password": _("密码")}
