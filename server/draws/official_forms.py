"""HTML forms of draws made on the official platform."""

from __future__ import annotations

import base64
import binascii

from flask_wtf.file import FileField
from wtforms import Field, HiddenField, StringField
from wtforms.validators import Length, ValidationError

from domain.errors import Fault, message
from domain.official_draws import parse_drawn_at
from server.draws.official import OfficialFile
from server.draws.official_files import MAX_FILE_BYTES
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.forms import KitForm
from server.runtime import today


class OfficialForm(KitForm):
    """What both steps carry: the platform, and what its file may not say."""

    platform = StringField(validators=[Required(), Length(max=120)])
    official_no = StringField(validators=[Length(max=80)])
    drawn_at = StringField(validators=[Length(max=40)])
    data_bytes: bytes = b""

    def validate_drawn_at(self, field: Field) -> None:
        """A day, and a time where it is known."""
        try:
            if field.data and field.data.strip():
                parse_drawn_at(field.data)
        except Fault as refused:
            text = message(refused.code, current_locale(), refused.details)
            raise ValidationError(text) from None

    def handed_in(self, name: str) -> OfficialFile:
        """As the use cases take it."""
        return OfficialFile(
            name=name,
            data=self.data_bytes,
            platform=self.platform.data or "",
            official_no=self.official_no.data or "",
            drawn_at=self.drawn_at.data or "",
        )


class OfficialFileForm(OfficialForm):
    """A file to look at; nothing is stored yet."""

    file = FileField()

    def validate_file(self, field: FileField) -> None:
        """There is a file, and it is not too large to be one."""
        if field.data is None or not getattr(field.data, "filename", ""):
            raise ValidationError(_("请选择文件"))
        self.data_bytes = field.data.read(MAX_FILE_BYTES + 1)
        if len(self.data_bytes) > MAX_FILE_BYTES:
            raise ValidationError(_("文件过大（限 {n} KB）", n=MAX_FILE_BYTES // 1024))

    @property
    def file_name(self) -> str:
        """As the browser named it, without folders."""
        return str(self.file.data.filename).replace("\\", "/").rsplit("/", 1)[-1]


class ConfirmOfficialForm(OfficialForm):
    """The same file again, after a look at what was understood."""

    content = HiddenField()
    file_name = HiddenField()
    planned_on = DayField(validators=[Required()])

    def validate_content(self, field: HiddenField) -> None:
        """Base64, as the preview wrote it."""
        try:
            self.data_bytes = base64.b64decode(field.data or "", validate=True)
        except (binascii.Error, ValueError):
            self.data_bytes = b""
        if not self.data_bytes or len(self.data_bytes) > MAX_FILE_BYTES:
            raise ValidationError(_("请重新选择文件"))

    def validate_planned_on(self, field: Field) -> None:
        """Not before today."""
        if field.data < today():
            raise ValidationError(_("不能早于今天"))
