"""Words for the fields and the states of plans."""

from __future__ import annotations

from typing import Any

from domain.plan_cells import DrawMode
from server.guard import find_actor
from server.i18n import translate as _
from server.registry.service import CATEGORIES, list_checklists, list_inspection_items


def field_word(field: str) -> str:
    """The label of a task's field, as the form has it."""
    words = {
        "name": _("任务名称"),
        "official_no": _("上级任务编号"),
        "draw_type": _("抽查类型"),
        "item_codes": _("抽查事项"),
        "item_text": _("抽查事项（原文）"),
        "object_scope": _("抽查对象范围"),
        "category": _("抽查对象行业"),
        "ratio_text": _("抽查比例及频次"),
        "times_per_year": _("每年次数"),
        "fixed_count": _("固定户数"),
        "window_text": _("起止时间"),
        "initiators": _("发起部门"),
        "lead_units": _("牵头单位"),
        "cooperators": _("配合部门"),
        "inspecting_bodies": _("检查主体"),
        "draw_mode": _("抽查模式"),
        "uses_risk": _("运用企业信用风险分类"),
        "risk_text": _("信用风险分类要求"),
        "checklist_codes": _("检查表"),
        "responsible_unit": _("责任股所"),
        "completion_text": _("完成时限"),
    }
    return words.get(field, field)


def value_text(field: str, value: Any) -> str:
    """A field's value for a person; empty for nothing."""
    if value in (None, "", []):
        return ""
    if field in ("item_codes", "checklist_codes"):
        names = _item_names() if field == "item_codes" else _list_titles()
        return _("、").join(names.get(one, one) for one in value)
    if field == "uses_risk":
        return _("是") if value else _("否")
    if field == "category":
        return _(CATEGORIES[value]) if value in CATEGORIES else str(value)
    if field == "draw_type":
        return {"directed": _("定向"), "undirected": _("不定向")}.get(value, str(value))
    if field == "draw_mode":
        return " ".join(_mode_word(one) for one in str(value).split())
    if isinstance(value, list):
        return _("、").join(str(one) for one in value)
    return str(value)


def adjustment_word(kind: str) -> str:
    """增, 减, 改."""
    return {"add": _("增加任务"), "drop": _("删减任务"), "change": _("修改任务")}.get(kind, kind)


def event_word(action: str) -> str:
    """What was done to a plan, in its history."""
    words = {
        "plan.imported": _("从文件导入"),
        "plan.created": _("建立草稿"),
        "plan.changed": _("修改计划信息"),
        "plan.task_added": _("添加任务"),
        "plan.task_changed": _("修改任务"),
        "plan.task_removed": _("删去任务"),
        "plan.published": _("公布"),
        "plan.reported": _("上报县双随机办"),
        "plan.adjustment_requested": _("申请调整"),
        "plan.adjustment_approved": _("批准调整"),
        "plan.adjustment_refused": _("不批准调整"),
        "plan.adjustment_withdrawn": _("撤回调整申请"),
        "plan.link_confirmed": _("确认为同一任务"),
        "plan.link_rejected": _("确认不是同一任务"),
        "plan.link_undone": _("撤销对应"),
    }
    return words.get(action, action)


def _item_names() -> dict[str, str]:
    return {one.code: one.name for one in list_inspection_items(find_actor())}


def _list_titles() -> dict[str, str]:
    return {one.code: one.title for one in list_checklists(find_actor())}


def _mode_word(mode: str) -> str:
    words = {
        str(DrawMode.COUNTY_DRAWS_COUNTY_INSPECTS): _("县抽县查"),
        str(DrawMode.COUNTY): _("县抽查"),
        str(DrawMode.CITY): _("市抽查"),
        str(DrawMode.CITY_COUNTY): _("市县抽查"),
    }
    return words.get(mode, mode)
