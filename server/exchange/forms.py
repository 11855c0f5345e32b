"""HTML forms of imports."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from server.i18n import translate as _
from server.kit.forms import KitForm


class RegisterFileForm(KitForm):
    """A register's file; the request's own limit bounds its size."""

    file = FileField()
    data_bytes: bytes = b""
    file_name: str = ""

    def validate_file(self, field: FileField) -> None:
        """There is a file, and something in it."""
        if field.data is None or not getattr(field.data, "filename", ""):
            raise ValidationError(_("请选择文件"))
        self.file_name = str(field.data.filename).replace("\0", "")
        self.data_bytes = field.data.read()
        if not self.data_bytes:
            raise ValidationError(_("文件是空的"))
