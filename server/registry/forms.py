"""HTML forms of the registers: each takes one file."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from server.i18n import translate as _


class RegisterFileForm(FlaskForm):  # type: ignore[misc]
    """A register or a checklists file; the request's own limit bounds its size."""

    file = FileField()
    data_bytes: bytes = b""

    def validate_file(self, field: FileField) -> None:
        """There is a file."""
        if field.data is None or not getattr(field.data, "filename", ""):
            raise ValidationError(_("请选择文件"))
        self.data_bytes = field.data.read()
