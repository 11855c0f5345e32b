"""HTML forms of annual plans."""

from __future__ import annotations

import base64
import binascii

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError

from server.i18n import translate as _

MAX_PLAN_BYTES = 256 * 1024  # the preview carries the file to its confirmation in the page


class PlanFileForm(FlaskForm):  # type: ignore[misc]
    """A plan table to look at; nothing is stored yet."""

    file = FileField()
    year = IntegerField(validators=[Optional(), NumberRange(2000, 2100)])
    data_bytes: bytes = b""

    def validate_file(self, field: FileField) -> None:
        """There is a file, and it is not too large to be one."""
        if field.data is None or not getattr(field.data, "filename", ""):
            raise ValidationError(_("请选择计划表文件"))
        self.data_bytes = field.data.read(MAX_PLAN_BYTES + 1)
        if len(self.data_bytes) > MAX_PLAN_BYTES:
            raise ValidationError(_("文件超过 {n} KB，不像一份计划表", n=MAX_PLAN_BYTES // 1024))

    @property
    def file_name(self) -> str:
        """As the browser named it, without folders."""
        return str(self.file.data.filename).replace("\\", "/").rsplit("/", 1)[-1]


class ConfirmPlanForm(FlaskForm):  # type: ignore[misc]
    """The same file again, after a look at what was understood."""

    content = HiddenField()
    file_name = HiddenField()
    year = IntegerField(validators=[Optional(), NumberRange(2000, 2100)])
    data_bytes: bytes = b""

    def validate_content(self, field: HiddenField) -> None:
        """Base64, as the preview wrote it."""
        try:
            self.data_bytes = base64.b64decode(field.data or "", validate=True)
        except (binascii.Error, ValueError):
            self.data_bytes = b""
        if not self.data_bytes or len(self.data_bytes) > MAX_PLAN_BYTES:
            raise ValidationError(_("请重新选择文件"))
