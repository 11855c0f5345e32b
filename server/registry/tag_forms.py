"""HTML form of a tag."""

from __future__ import annotations

from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.validators import Length, ValidationError

from server.i18n import translate as _
from server.inspections.forms import Required
from server.kit.forms import KitForm
from server.registry.tags import CODE
from server.registry.wording import origin_words


class TagForm(KitForm):
    """A tag's name, code, group and origin; without a code it is given one. ``seen`` is the newest
    change its person knows of."""

    seen = HiddenField(default="0")
    name = StringField(validators=[Required(), Length(max=40)])
    code = StringField(validators=[Length(max=40)])
    group_name = StringField(validators=[Length(max=40)])
    origin = SelectField(
        default="local",
        choices=lambda: list(origin_words().items()),
    )

    def validate_code(self, field: Field) -> None:
        """What every list and file can carry."""
        text = (field.data or "").strip()
        if text and not CODE.fullmatch(text):
            raise ValidationError(_("编号只用汉字、字母、数字和 . _ -"))

    def take(self, name: str, value: str) -> None:
        """Shows what is stored now in a field its person did not touch."""
        self[name].data = value

    def values(self) -> dict[str, str]:
        """As the library stores them."""
        names = ("name", "code", "group_name", "origin")
        return {name: (self[name].data or "").strip() for name in names}
