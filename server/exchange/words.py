"""What pages call registers, columns and states; files keep their Chinese headers."""

from __future__ import annotations

from typing import Any

from domain.errors import message
from server.exchange.models import ImportState
from server.exchange.spec import Lookup, Register
from server.i18n import current_locale
from server.i18n import translate as _


def register_word(code: str) -> str:
    """By the register's code."""
    return {
        "firms": _("检查对象名录库"),
        "tiers": _("信用风险分类"),
        "officers": _("执法检查人员名录库"),
        "experts": _("专家与专业机构"),
        "departments": _("部门"),
        "teams": _("队伍"),
        "group": _("领导小组"),
        "tags": _("分类标签库"),
        "vehicles": _("车辆"),
        "items": _("抽查事项清单"),
    }.get(code, code)


def page_of(code: str) -> str:
    """Where a register is looked at."""
    place = {
        "tiers": "firms",
        "departments": "organisation#departments",
        "teams": "organisation#teams",
        "group": "organisation#group",
    }.get(code, code)
    return f"/registry/{place}"


def key_word(register: Register) -> str:
    """What a row finds its entry by."""
    return _("、").join(field_word(name, register.code) for name in register.key_fields)


def undone_text(register: Register, restored: int, withdrawn: int) -> str:
    """What an undo did, by what becomes of new entries there."""
    if register.is_taken_away or register.code == "firms":
        return _("已撤销：恢复 {restored} 条，移出 {n} 条", restored=restored, n=withdrawn)
    return _(
        "已撤销：恢复 {restored} 条，停用 {withdrawn} 条", restored=restored, withdrawn=withdrawn
    )


def undo_notes(register: Register) -> str:
    """What an undo will do, before somebody says yes."""
    if register.code == "firms":
        fate = _("新增的作为误录移出：不参加抽取，不计入统计，名录中不再列出。")
    elif register.is_taken_away:
        fate = _("新增的移出名录。")
    else:
        fate = _("新增的停用，留在名录库中，不再参加抽取。")
    return (
        _("更新过的恢复原值。") + fate + _("之后又被改动的，以及已在使用的，不会动，并逐条列出。")
    )


def field_word(name: str, register: str = "") -> str:
    """A column in the reader's language; a person has another word for the name than a firm."""
    words = _fields()
    return words.get(f"{register}.{name}") or words.get(name, name)


def _fields() -> dict[str, str]:
    return {
        "uscc": _("统一社会信用代码"),
        "name": _("名称"),
        "officers.name": _("姓名"),
        "experts.name": _("姓名或名称"),
        "experts.labels": _("专业"),
        "experts.is_active": _("状态"),
        "kind": _("类型"),
        "unit": _("所在单位"),
        "number": _("资质编号"),
        "valid_until": _("资质有效期至"),
        "phone": _("联系电话"),
        "past_tiers": _("以前的等级，只记入历史"),
        "more_licences": _("其他许可证号"),
        "former_usccs": _("曾用信用代码"),
        "category": _("类别"),
        "more_categories": _("兼营类别"),
        "tier": _("信用风险等级"),
        "tier_as_of": _("等级日期"),
        "industry_tier": _("行业风险等级"),
        "industry_tier_as_of": _("行业等级日期"),
        "status": _("状态"),
        "address": _("地址"),
        "area": _("片区"),
        "legal_person": _("法定代表人"),
        "contact_name": _("联系人"),
        "contact_phone": _("联系电话"),
        "licence_no": _("许可证号"),
        "vehicle_count": _("车辆数"),
        "lat_e7": _("纬度"),
        "lng_e7": _("经度"),
        "labels": _("标签"),
        "no_uscc_reason": _("无统一社会信用代码原因"),
        "department_id": _("单位"),
        "cert_no": _("执法证号"),
        "cert_expires_on": _("有效期至"),
        "person_id": _("账号"),
        "recused_firm_ids": _("回避对象"),
        "is_active": _("在岗状态"),
        **_short_lists(),
    }


def _short_lists() -> dict[str, str]:
    """Departments, teams, the leading group, tags, vehicles and the item list."""
    return {
        "departments.code": _("代码"),
        "alias_names": _("其他写法"),
        "teams.name": _("队伍名称"),
        "officer_ids": _("成员"),
        "lead_officer_id": _("负责人"),
        "teams.is_active": _("状态"),
        "group.name": _("姓名"),
        "role": _("职责"),
        "post": _("职务"),
        "document_no": _("文号"),
        "since": _("任职日期"),
        "until": _("截止日期"),
        "register": _("适用"),
        "code": _("编号"),
        "tags.name": _("标签名称"),
        "group_name": _("分组"),
        "origin": _("来源"),
        "is_in_use": _("状态"),
        "plate": _("车牌号"),
        "firm_id": _("所属检查对象"),
        "firm_name": _("企业名称"),
        "color": _("号牌颜色"),
        "vehicles.kind": _("车辆类型"),
        "permit_no": _("道路运输证号"),
        "items.name": _("抽查事项"),
        "items.kind": _("事项类型"),
        "items.category": _("抽查类别"),
        "objects": _("检查对象"),
        "basis": _("检查依据"),
        "bodies": _("检查主体"),
        "content": _("检查内容"),
        "methods": _("检查方式"),
        "ratio_percent": _("抽查比例"),
        "ratio_in_force": _("执行比例"),
        "version": _("版本"),
        "province_code": _("省级编号"),
    }


def state_badge(state: str) -> tuple[str, str, str]:
    """Word, tone and icon."""
    match ImportState(state):
        case ImportState.COLUMNS:
            return _("待核对列"), "warn", "pen"
        case ImportState.COMPARING:
            return _("正在比对"), "info", "hourglass"
        case ImportState.READY:
            return _("待确认"), "warn", "question"
        case ImportState.APPLYING:
            return _("正在写入"), "info", "hourglass"
        case ImportState.DONE:
            return _("已导入"), "ok", "check_ring"
        case ImportState.UNDOING:
            return _("正在撤销"), "info", "hourglass"
        case ImportState.UNDONE:
            return _("已撤销"), "plain", "returned"
        case ImportState.DROPPED:
            return _("已放弃"), "plain", "cross"
        case ImportState.FAILED:
            return _("未能完成"), "error", "stop"


def kind_badge(kind: str) -> tuple[str, str, str]:
    """Of a row: word, tone and icon."""
    return {
        "new": (_("新增"), "ok", "plus"),
        "changed": (_("更新"), "info", "pen"),
        "unchanged": (_("未变"), "plain", "check"),
        "error": (_("有错误"), "error", "stop"),
    }[kind]


def shown_value(register: Register, lookup: Lookup, name: str, value: Any) -> str:
    """A stored value in the words of the file."""
    for column in register.columns:
        if column.field == name:
            return column.dump(value, lookup) if value is not None else ""
    return ""


def shown_changes(
    register: Register, lookup: Lookup, changes: dict[str, Any], without: tuple[str, ...] = ()
) -> list[tuple[str, str | None, str]]:
    """Field, old and new value, of what has a column of its own; old None for what is put aside
    and replaces nothing."""
    told: list[tuple[str, str | None, str]] = []
    for column in register.columns:
        if column.field in changes and column.field not in without:
            old, new = (
                shown_value(register, lookup, column.field, one) for one in changes[column.field]
            )
            told.append((field_word(column.field, register.code), old, new))
    if register.aside and (pair := changes.get(register.aside.column.field)):
        aside = register.aside.column
        told.append((field_word(aside.field, register.code), None, aside.dump(pair[1], lookup)))
    return told


def problem_text(problem: dict[str, Any]) -> str:
    """What is wrong with a cell and what to do, in the reader's language."""
    told = message(problem["code"], current_locale(), problem["details"]).rstrip("。.")
    advice = _advice(problem["code"])
    return told + (_("，{advice}", advice=advice) if advice else "")


def _advice(code: str) -> str:
    if code.startswith("uscc."):
        return _("请与营业执照核对")
    return {
        "account.unknown": _("请填已有的账号或留空"),
        "cell.bad_count": _("请只填数字"),
        "cell.taken": _("请核对是哪一个填错"),
        "cell.unknown_firm": _("请先导入该对象或改正代码"),
        "plan.blank": _("请补填"),
        "plan.duplicate": _("请只留一行"),
        "plan.ragged": _("请检查是否错列"),
        "cell.unknown_officer": _("请先登记该人员或改正"),
    }.get(code, "")
