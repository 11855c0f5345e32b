"""HTML forms of a firm, its status and its vehicles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from domain.coordinates import LATITUDES, LONGITUDES, dump_degrees, parse_degrees
from domain.errors import message
from domain.identifiers import check_plate, check_uscc, normalise_uscc
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.forms import KitForm, ReasonLength
from server.registry.entry_models import Tag
from server.registry.firms import CATEGORIES, MISTAKEN, STATUSES, TIERS
from server.registry.models import Firm
from server.registry.vehicles import PARTS
from server.registry.wording import color_words, firm_words
from server.runtime import today

OLD_NUMBER = re.compile(r"[0-9]{15}")
MAX_REASON_CHARACTERS = 200
MAX_VEHICLES = 999_999
# Fields whose text is stored as typed, without blanks around it.
_TEXTS = (
    "name",
    "no_uscc_reason",
    "legal_person",
    "licence_no",
    "address",
    "area",
    "contact_name",
    "contact_phone",
)
_VALUES = ("category", "tier_as_of", "industry_tier_as_of")


class FirmForm(KitForm):
    """All a firm's entry says but its status and vehicles. ``seen`` is the newest change its person
    knows of."""

    seen = HiddenField(default="0")
    name = StringField(validators=[Required(), Length(max=120)])
    uscc = StringField(validators=[Required(), Length(max=40)])
    no_uscc_reason = StringField(validators=[Length(max=200)])
    legal_person = StringField(validators=[Length(max=64)])
    category = SelectField(choices=lambda: _named(CATEGORIES))
    more_categories = SelectMultipleField(choices=lambda: _named(CATEGORIES))
    tier = SelectField(choices=lambda: [SelectChoice("", _("未分类")), *_named(TIERS)])
    tier_as_of = DayField()
    industry_tier = SelectField(choices=lambda: [SelectChoice("", _("未分类")), *_named(TIERS)])
    industry_tier_as_of = DayField()
    licence_no = StringField(validators=[Length(max=64)])
    more_licences = TextAreaField()
    vehicle_count = StringField()
    address = StringField(validators=[Length(max=200)])
    area = StringField(validators=[Length(max=40)])
    lat = StringField()
    lng = StringField()
    contact_name = StringField(validators=[Length(max=64)])
    contact_phone = StringField(validators=[Length(max=32)])
    labels = SelectMultipleField()

    def __init__(self, tags: Sequence[Tag], **values: Any) -> None:
        super().__init__(**values)
        self.labels.choices = choices_of(tags)

    @classmethod
    def of(cls, firm: Firm, tags: Sequence[Tag], seen: int) -> FirmForm:
        """Filled from the register."""
        values = {name: getattr(firm, name) for name in (*_TEXTS, *_VALUES, "uscc")}
        return cls(
            tags,
            formdata=None,
            seen=str(seen),
            tier=firm.tier or "",
            industry_tier=firm.industry_tier or "",
            more_categories=list(firm.more_categories or []),
            labels=list(firm.labels or []),
            more_licences="\n".join(firm.more_licences or []),
            vehicle_count=str(firm.vehicle_count or ""),
            lat=dump_degrees(firm.lat_e7),
            lng=dump_degrees(firm.lng_e7),
            **values,
        )

    def validate_uscc(self, field: Field) -> None:
        """A code that adds up; an old number only where the form says why."""
        uscc = normalise_uscc(field.data or "")
        if OLD_NUMBER.fullmatch(uscc):
            if not (self.no_uscc_reason.data or "").strip():
                raise ValidationError(_("15 位为旧注册号，请在下一栏写明无信用代码的原因"))
        elif refused := check_uscc(uscc):
            reason = message(str(refused.details["reason"]), current_locale())
            raise ValidationError(_("{reason}，请与营业执照核对", reason=reason))

    def validate_vehicle_count(self, field: Field) -> None:
        """A whole number, or nothing."""
        text = (field.data or "").strip()
        if text and not (text.isascii() and text.isdigit() and int(text) <= MAX_VEHICLES):
            raise ValidationError(_("请填写整数，如 46"))

    def validate_tier_as_of(self, field: Field) -> None:
        """A class was given today at the latest."""
        if field.data and field.data > today():
            raise ValidationError(_("分类日期不能晚于今天"))

    def validate_industry_tier_as_of(self, field: Field) -> None:
        """As ``validate_tier_as_of``."""
        self.validate_tier_as_of(field)

    def validate_lat(self, field: Field) -> None:
        """Within the country, and never without its pair."""
        self._check_degrees(field, self.lng, LATITUDES)

    def validate_lng(self, field: Field) -> None:
        """As ``validate_lat``."""
        self._check_degrees(field, self.lat, LONGITUDES)

    def validate_more_licences(self, field: Field) -> None:
        """One in each line, each as wide as the first may be."""
        if any(len(line) > 64 for line in lines_of(field.data)):
            raise ValidationError(_("每行一个许可证号，每个不超过 64 字"))

    def _check_degrees(self, field: Field, other: Field, bounds: tuple[int, int]) -> None:
        text = (field.data or "").strip()
        if not text and (other.data or "").strip():
            raise ValidationError(_("经度、纬度要一并填写"))
        if text and parse_degrees(text, bounds) is None:
            hint = _("请填写十进制度数，在 {least} 与 {most} 之间", least=bounds[0], most=bounds[1])
            raise ValidationError(hint)

    def values(self) -> dict[str, Any]:
        """As the register stores them; to be asked once the form is valid."""
        category = self.category.data
        texts = {name: (self[name].data or "").strip() for name in _TEXTS}
        uscc = normalise_uscc(self.uscc.data)
        if not OLD_NUMBER.fullmatch(uscc):
            texts["no_uscc_reason"] = ""
        return {
            **texts,
            **{name: self[name].data for name in _VALUES},
            "uscc": uscc,
            "tier": self.tier.data or None,
            "industry_tier": self.industry_tier.data or None,
            "more_categories": [one for one in self.more_categories.data if one != category],
            "more_licences": lines_of(self.more_licences.data),
            "vehicle_count": int((self.vehicle_count.data or "").strip() or 0),
            "lat_e7": parse_degrees(self.lat.data or "", LATITUDES),
            "lng_e7": parse_degrees(self.lng.data or "", LONGITUDES),
            "labels": self.labels.data,
        }

    def take(self, name: str, value: Any) -> None:
        """Shows what is stored now in a field its person did not touch."""
        match name:
            case "lat_e7":
                self.lat.data = dump_degrees(value)
            case "lng_e7":
                self.lng.data = dump_degrees(value)
            case "more_licences":
                self.more_licences.data = "\n".join(value or [])
            case "vehicle_count":
                self.vehicle_count.data = str(value or "")
            case "tier" | "industry_tier":
                self[name].data = value or ""
            case "tier_as_of" | "industry_tier_as_of":
                self[name].show(value)
            case _:
                self[name].data = value

    def labels_of_fields(self) -> dict[str, str]:
        """Field → its words, for the list of errors on top."""
        return firm_words() | {"lat": _("纬度"), "lng": _("经度")}


class StatusForm(KitForm):
    """Another status, with its reason."""

    status = SelectField(choices=lambda: [one for one in _named(STATUSES) if one.value != MISTAKEN])
    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])


class VehicleForm(KitForm):
    """One vehicle."""

    plate = StringField(validators=[Required(), Length(max=20)])
    color = SelectField(choices=lambda: [SelectChoice("", _("不详")), *color_words().items()])
    kind = StringField(validators=[Length(max=40)])
    permit_no = StringField(validators=[Length(max=64)])

    def validate_plate(self, field: Field) -> None:
        """A mainland plate."""
        if refused := check_plate(field.data or ""):
            raise ValidationError(message(refused.code, current_locale(), refused.details))

    def values(self) -> dict[str, str]:
        """As the register stores them."""
        return {name: (self[name].data or "").strip() for name in ("plate", *PARTS)}


class ReasonForm(KitForm):
    """Why."""

    reason = TextAreaField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])


def choices_of(tags: Sequence[Tag]) -> list[SelectChoice]:
    """The library's tags by name; the retired ones say so."""
    return [
        SelectChoice(tag.code, _(tag.name) + (_("（已停用）") if tag.retired_at else ""))
        for tag in tags
    ]


def lines_of(text: str | None) -> list[str]:
    """What stands in each line, without the empty ones."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _named(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(code, _(word)) for code, word in words.items()]
