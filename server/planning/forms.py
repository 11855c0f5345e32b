"""HTML forms of annual plans."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_wtf.file import FileField
from wtforms import Field, Form, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, StopValidation, ValidationError

from server.i18n import translate as _
from server.inspections.forms import Required
from server.kit.forms import KitForm

MAX_PHASES = 6
PHASE_FIELDS = ("name", "starts_on", "ends_on")
MAX_PLAN_BYTES = 256 * 1024  # the preview carries the file to its confirmation in the page


class PlanFileForm(KitForm):
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


class ConfirmPlanForm(KitForm):
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


class Filled:
    """As ``Required``, before a number is made of what was typed: nothing is not a wrong number."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Raises StopValidation for nothing or blanks only."""
        if not field.raw_data or not str(field.raw_data[0]).strip():
            field.errors = []
            raise StopValidation(_("请填写此项"))


class PlanHeadForm(KitForm):
    """A new plan, or the head of one."""

    kind = SelectField(choices=lambda: _kinds(), validators=[Optional()])
    year = IntegerField(validators=[Filled(), NumberRange(2000, 2100)])
    title = StringField(validators=[Required(), Length(max=200)])
    document_no = StringField(validators=[Length(max=80)])


class PhasesForm(PlanHeadForm):
    """The head of a plan with the phases of a campaign (R122): what was typed, row by row, in
    ``rows``; what is wrong with a row in ``faults`` by its number."""

    kind = None
    year = None

    def __init__(self, typed: Mapping[str, str] | None = None, **values: Any) -> None:
        super().__init__(**values)
        self.rows = _phase_rows(typed) if typed is not None else []
        self.faults: dict[int, str] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Each row whole and in order, or empty."""
        is_valid = bool(super().validate(extra_validators))
        for number, row in enumerate(self.rows):
            if any(row.values()) and (wrong := _wrong_phase(row)):
                self.faults[number] = wrong
        return is_valid and not self.faults

    @property
    def phases(self) -> list[dict[str, str]]:
        """The rows that say something."""
        return [row for row in self.rows if any(row.values())]


def _phase_rows(typed: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {name: typed.get(f"phase-{number}-{name}", "").strip() for name in PHASE_FIELDS}
        for number in range(MAX_PHASES)
    ]


def _wrong_phase(row: Mapping[str, str]) -> str:
    if not all(row.values()):
        return _("阶段名称、开始和结束日期都要填写")
    if len(row["name"]) > 80:
        return _("阶段名称最多 80 字")
    try:
        starts_on = date.fromisoformat(row["starts_on"])
        ends_on = date.fromisoformat(row["ends_on"])
    except ValueError:
        return _("请填写真实日期，格式如 2026-03-09")
    return _("结束日期早于开始日期") if ends_on < starts_on else ""


def _kinds() -> list[SelectChoice]:
    return [SelectChoice("internal", _("部门内部")), SelectChoice("joint", _("部门联合"))]
