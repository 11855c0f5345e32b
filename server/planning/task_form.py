"""HTML form of one task, as it is typed for a draft or for an adjustment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from domain.access import Actor
from domain.errors import Refused, message
from domain.plan_cells import DrawMode, Ratio, parse_ratio, parse_window
from domain.plan_headers import PlanKind
from domain.plan_typed import WIDTHS, TypedTask, read_typed
from server.i18n import current_locale
from server.i18n import translate as _
from server.kit.forms import KitForm
from server.planning.models import Plan
from server.planning.remarks import read_remarks
from server.registry.service import CATEGORIES, list_checklists, list_inspection_items

UNKNOWN = {"item_codes": "plan.unknown_item", "checklist_codes": "plan.unknown_checklist"}
MAX_SHOWN_CODE = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of the two cells that are typed as they are printed, in words; empty
    for what cannot be read."""

    ratio: str
    window: str


class Needed:
    """Marks a field as one that must be filled; ``read_typed`` says so where it is not."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Nothing: all of a row is judged at once."""


class PlanTaskForm(KitForm):
    """The task's fields. ``values`` after ``read`` are as a plan stores them. ``seen`` is the
    newest change its person knows of, ``stored`` what the plan says by now where that is more."""

    seen = HiddenField(default="0")
    name = StringField(validators=[Needed()])
    official_no = StringField()
    draw_type = RadioField(choices=lambda: _draw_types(), default="directed")
    # What is not on the lists is refused by ``read``, in a person's words.
    item_codes = SelectMultipleField(choices=[], validate_choice=False)
    item_text = TextAreaField()
    object_scope = TextAreaField(validators=[Needed()])
    category = SelectField(choices=lambda: _categories(), validators=[Optional()])
    ratio_text = StringField(validators=[Needed()])
    times_per_year = IntegerField(validators=[Optional()])
    fixed_count = IntegerField(validators=[Optional()])
    window_text = StringField(validators=[Needed()])
    initiators = StringField(validators=[Needed()])
    lead_units = StringField()
    cooperators = StringField()
    inspecting_bodies = StringField()
    draw_mode = SelectField(choices=lambda: _draw_modes(), validators=[Optional()])
    uses_risk = BooleanField()
    risk_text = TextAreaField()
    checklist_codes = SelectMultipleField(choices=[], validate_choice=False)
    responsible_unit = StringField()
    completion_text = StringField()

    def __init__(
        self,
        actor: Actor,
        formdata: Any = ...,
        stored: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        """``stored`` is what the task says now: codes the lists no longer have stay choosable for
        it, or saving would drop them unseen. No other task can take them."""
        if formdata is ...:
            super().__init__(**values)
        else:
            super().__init__(formdata=formdata, **values)
        self.values: dict[str, Any] = {}
        self.stored: Mapping[str, Any] = {}
        kept: Mapping[str, Any] = stored or values
        found = list_inspection_items(actor)
        self._items = {one.code: one.name for one in found}
        self._choose("item_codes", {o.code: o.name for o in found if o.is_in_use}, kept)
        lists = {one.code: one.title for one in list_checklists(actor)}
        self._choose("checklist_codes", lists, kept)

    def _choose(self, name: str, known: Mapping[str, str], kept: Mapping[str, Any]) -> None:
        old = [one for one in kept.get(name) or () if one not in known]
        self[name].choices = [*known.items(), *((one, self._items.get(one, one)) for one in old)]

    def read(self, kind: PlanKind, year: int) -> bool:
        """Whether all of it can be understood; what cannot says so at its field."""
        is_valid = self.validate()
        values, wrong = read_typed(kind, self._typed(), year)
        wrong |= self._unknown()
        for name, refused in wrong.items():
            self[name].errors = [*self[name].errors, _sentence(refused)]
        if not wrong and is_valid:
            self.values = values
        return is_valid and not wrong

    def take(self, name: str, _value: Any) -> None:
        """Shows what is stored now in a field its person did not touch."""
        if name in self and name in self.stored:
            # a number goes on showing what was sent otherwise
            self[name].raw_data, self[name].data = None, self.stored[name]

    def _unknown(self) -> dict[str, Refused]:
        """What only a form made by hand can name (清单之外无检查)."""
        wrong = {}
        for name, code in UNKNOWN.items():
            known = {value for value, _label in self[name].choices}
            for one in self[name].data or ():
                if one not in known:
                    wrong[name] = Refused(code, {"text": one[:MAX_SHOWN_CODE]})
        return wrong

    def understood(self, kind: PlanKind, year: int) -> dict[str, Any]:
        """The values as they stand in the form now; empty where they cannot be read."""
        return self.values or read_typed(kind, self._typed(), year)[0]

    def reading(self, year: int) -> Reading:
        """For the words beside the cells."""
        return Reading(
            ratio_words(self.ratio_text.data or ""), window_words(self.window_text.data or "", year)
        )

    def _typed(self) -> TypedTask:
        texts = {name: self[name].data or "" for name in WIDTHS}
        codes = list(self.item_codes.data or ())
        return TypedTask(
            **texts,
            draw_type=self.draw_type.data or "",
            item_codes=codes,
            item_names=[self._items.get(one, one) for one in codes],
            category=self.category.data or "",
            times_per_year=self.times_per_year.data,
            fixed_count=self.fixed_count.data,
            draw_mode=self.draw_mode.data or "",
            uses_risk=bool(self.uses_risk.data),
            checklist_codes=list(self.checklist_codes.data or ()),
        )


def remarks_of_form(actor: Actor, plan: Plan, form: PlanTaskForm) -> list[str]:
    """What should be looked at again in what stands in the form."""
    values = form.understood(PlanKind(plan.kind), plan.year)
    return read_remarks(actor, current_locale()).of_values(plan.kind, values) if values else []


def form_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """A stored task as the form shows it. Numbers the ratio cell says already stay empty beside
    it, so that changing the cell does not make them disagree."""
    ratio = parse_ratio(values["ratio_text"])
    in_cell = ratio if isinstance(ratio, Ratio) else None
    leads = values["lead_units"]
    return {
        **values,
        "official_no": values["official_no"] or "",
        "category": values["category"] or "",
        "draw_type": values["draw_type"] or "directed",
        "times_per_year": None if in_cell and in_cell.times else values["times_per_year"],
        "fixed_count": None if in_cell and in_cell.fixed_count else values["fixed_count"],
        "initiators": "、".join(one for one in values["initiators"] if one not in leads),
        "lead_units": "、".join(leads),
        "cooperators": "、".join(values["cooperators"]),
        "inspecting_bodies": "、".join(values["inspecting_bodies"]),
        "draw_mode": values["draw_mode"].split()[-1] if values["draw_mode"] else "",
    }


def ratio_words(text: str) -> str:
    """`不低于5% 1次/年` in words; empty where it cannot be read."""
    ratio = parse_ratio(text)
    if isinstance(ratio, Refused):
        return ""
    percent = f"{ratio.percent.normalize():f}%"
    parts = [f"{_('不低于')} {percent}" if ratio.is_minimum else percent]
    if ratio.fixed_count:
        parts.append(_("{n} 户", n=ratio.fixed_count))
    parts.append(_("{n} 次/年", n=ratio.times) if ratio.times else _("频次未注明"))
    return _("，").join(parts)


def window_words(text: str, year: int | None = None) -> str:
    """`3月-10月` in words; empty where it cannot be read."""
    window = parse_window(text, year)
    if isinstance(window, Refused):
        return ""
    return _("{start} 月至 {end} 月", start=window.start_month, end=window.end_month)


def _sentence(refused: Refused) -> str:
    return message(refused.code, current_locale(), refused.details)


# Asked for at each request: a list made at import would keep one language for ever.
def _draw_types() -> list[SelectChoice]:
    return [SelectChoice("directed", _("定向")), SelectChoice("undirected", _("不定向"))]


def _categories() -> list[SelectChoice]:
    named = [SelectChoice(code, _(name)) for code, name in CATEGORIES.items()]
    return [SelectChoice("", _("未指定")), *named]


def _draw_modes() -> list[SelectChoice]:
    words = {
        DrawMode.COUNTY_DRAWS_COUNTY_INSPECTS: _("县抽县查"),
        DrawMode.COUNTY: _("县抽查"),
        DrawMode.CITY: _("市抽查"),
        DrawMode.CITY_COUNTY: _("市县抽查"),
    }
    named = [SelectChoice(str(mode), word) for mode, word in words.items()]
    return [SelectChoice("", _("未注明")), *named]
