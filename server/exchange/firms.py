"""监管对象库 as a table (R001, R009, R010)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.access import Action, Actor
from domain.identifiers import USCC_LENGTH, check_uscc, normalise_uscc
from domain.sampling import RiskTier
from domain.tabular import (
    CellRefused,
    dump_degrees,
    read_choice,
    read_count,
    read_day,
    read_degrees,
    read_text,
    refuse_cut,
    split_words,
)
from server.exchange.labels import check_labels, dump_labels, label_lookup, read_labels
from server.exchange.past_tiers import PAST_TIERS, known_tiers, put_aside
from server.exchange.spec import Column, Lookup, Problem, Register, Values
from server.inspections.service import list_inspected_firms
from server.registry.models import Firm
from server.registry.service import (
    CATEGORIES,
    MISTAKEN,
    STATUSES,
    TIERS,
    firm_filter,
    initials_of,
    list_firm_ids,
)
from server.runtime import today

OLD_NUMBER_LENGTH = 15
# What registration authorities write; 停业 alone says neither for how long nor for good.
STATUS_WORDS = {
    "正常": "open",
    "存续": "open",
    "在营": "open",
    "暂停": "suspended",
    "迁出": "moved",
    "关闭": "closed",
    "注销": "deregistered",
}
TIER_DAYS = {"tier": "tier_as_of", "industry_tier": "industry_tier_as_of"}
_BETWEEN = re.compile(r"[、，,；;|\n]")
_GONE = ("moved", "closed", "deregistered")
CHINA = {"lat_e7": (3, 54), "lng_e7": (73, 136)}


def _read_code(text: str, _lookup: Lookup) -> str:
    """A credit code, or the form of an old 15-digit number; whether that one is explained is
    the row's business."""
    refuse_cut(text)
    code = normalise_uscc(text)
    if len(code) == OLD_NUMBER_LENGTH and code.isascii() and code.isdigit():
        return code
    if refused := check_uscc(code):
        raise CellRefused(str(refused.details["reason"]))
    return code


def _text(width: int) -> Any:
    return lambda text, _lookup: read_text(text, width)


def _read_status(text: str, _lookup: Lookup) -> str:
    return STATUS_WORDS.get("".join(text.split())) or read_choice(text, STATUSES)


def _status_words() -> list[str]:
    """Only an undone import takes a firm out as entered by mistake."""
    return [word for code, word in STATUSES.items() if code != MISTAKEN]


def _read_tier(text: str, _lookup: Lookup) -> str | None:
    if text in ("未分类", "无"):
        return None
    if (tier := RiskTier.parse(text)) is None:
        raise CellRefused("cell.unknown_word", text=text, known=list(TIERS.values()))
    return str(tier)


def _dump_tier(value: str | None, _lookup: Lookup) -> str:
    return TIERS.get(value or "", "")


def _read_trades(text: str, _lookup: Lookup) -> list[str]:
    return [read_choice(word, CATEGORIES) for word in split_words(text)]


def _day(text: str, _lookup: Lookup) -> str:
    return read_day(text)


def _degrees(name: str) -> Any:
    return lambda text, _lookup: read_degrees(text, *CHINA[name])


def _read_licences(text: str, _lookup: Lookup) -> list[str]:
    """As written: a licence number may hold blanks."""
    found = (read_text(one.strip(), 64) for one in _BETWEEN.split(text) if one.strip())
    return list(dict.fromkeys(found))


def _dump_list(value: list[str] | None, _lookup: Lookup) -> str:
    return "、".join(value or [])


def _dump_place(value: int | None, _lookup: Lookup) -> str:
    return dump_degrees(value)


COLUMNS = (
    Column(
        "uscc",
        "统一社会信用代码",
        _read_code,
        ("信用代码", "社会信用代码", "统一信用代码", "信用代码（注册号）", "注册号", "工商注册号"),
        is_required=True,
        hint="18 位；确无信用代码的填 15 位旧注册号，并填写“无统一社会信用代码原因”",
        width=22,
    ),
    Column(
        "name",
        "名称",
        _text(120),
        ("企业名称", "单位名称", "检查对象", "检查对象名称", "市场主体名称", "经营主体名称"),
        is_required=True,
        hint="与营业执照一致",
        width=32,
    ),
    Column(
        "category",
        "类别",
        lambda text, _lookup: read_choice(text, CATEGORIES),
        ("行业", "行业类别", "所属行业", "主营类别"),
        lambda value, _lookup: CATEGORIES.get(value, value),
        is_required=True,
        words=lambda _lookup: list(CATEGORIES.values()),
        hint="从下拉列表中选择",
    ),
    Column(
        "more_categories",
        "兼营类别",
        _read_trades,
        ("其他类别", "兼营"),
        lambda value, _lookup: "、".join(CATEGORIES.get(one, one) for one in value or []),
        empty=[],
        hint="可填多个，用顿号隔开",
        width=18,
    ),
    Column(
        "tier",
        "信用风险等级",
        _read_tier,
        ("风险等级", "信用等级", "信用风险分类", "企业信用风险分类"),
        _dump_tier,
        words=lambda _lookup: list(TIERS.values()),
        empty=None,
        hint="低、一般、较高、高风险，或 A、B、C、D",
    ),
    Column(
        "tier_as_of",
        "等级日期",
        _day,
        ("信用风险等级日期", "评定日期", "分类日期"),
        empty=None,
        hint="未填而等级有变的，记为导入当日",
    ),
    Column(
        "industry_tier",
        "行业风险等级",
        _read_tier,
        ("行业风险",),
        _dump_tier,
        words=lambda _lookup: list(TIERS.values()),
        empty=None,
    ),
    Column("industry_tier_as_of", "行业等级日期", _day, empty=None),
    Column(
        "status",
        "状态",
        _read_status,
        ("经营状态", "登记状态"),
        lambda value, _lookup: STATUSES.get(value, value),
        words=lambda _lookup: _status_words(),
        empty="open",
        hint="只有“正常经营”的参加抽取",
        width=10,
    ),
    Column("address", "地址", _text(200), ("经营地址", "住所", "经营场所", "注册地址"), width=32),
    Column("area", "片区", _text(40), ("乡镇", "辖区", "所属乡镇"), width=12),
    Column("legal_person", "法定代表人", _text(64), ("法人", "法人代表", "负责人"), width=12),
    Column("contact_name", "联系人", _text(64), width=12),
    Column(
        "contact_phone", "联系电话", _text(32), ("电话", "手机", "手机号", "联系方式"), width=16
    ),
    Column(
        "licence_no",
        "许可证号",
        _text(64),
        ("经营许可证号", "道路运输经营许可证号", "许可证编号"),
        width=34,
    ),
    Column(
        "more_licences",
        "其他许可证号",
        _read_licences,
        ("其他许可证", "其他许可证编号"),
        _dump_list,
        empty=[],
        hint="可填多个，用顿号隔开",
        width=24,
    ),
    Column(
        "vehicle_count",
        "车辆数",
        lambda text, _lookup: read_count(text),
        ("车辆数量", "车辆总数"),
        empty=0,
        width=8,
    ),
    Column(
        "lat_e7",
        "纬度",
        _degrees("lat_e7"),
        dump=_dump_place,
        empty=None,
        hint="十进制度数，如 35.4862；与经度一同填写",
        width=12,
    ),
    Column(
        "lng_e7",
        "经度",
        _degrees("lng_e7"),
        dump=_dump_place,
        empty=None,
        hint="十进制度数，如 112.4189",
        width=12,
    ),
    Column(
        "labels",
        "标签",
        read_labels,
        ("分类标签", "分类标注"),
        dump_labels,
        empty=[],
        hint="标签库中的标签，可填多个，用顿号隔开",
        width=18,
    ),
    Column(
        "no_uscc_reason",
        "无统一社会信用代码原因",
        _text(200),
        ("无信用代码原因",),
        hint="填 15 位旧注册号时必填",
        width=22,
    ),
    Column(
        "former_usccs",
        "曾用信用代码",
        lambda text, lookup: [_read_code(code, lookup) for code in split_words(text)],
        ("原信用代码", "曾用统一社会信用代码", "曾用注册号"),
        _dump_list,
        empty=[],
        hint="换码前的代码，用顿号隔开；凭旧代码的抽取记录据此对应",
        width=22,
    ),
)


def _check(values: Values, current: Values | None, lookup: Lookup) -> Iterator[Problem]:
    merged = {**(current or {}), **values}
    yield from check_labels(values, current, lookup)
    if values.get("status") == MISTAKEN != (current or {}).get("status"):
        yield Problem(
            "status", "cell.unknown_word", {"text": STATUSES[MISTAKEN], "known": _status_words()}
        )
    if len(merged["uscc"]) != USCC_LENGTH and not merged.get("no_uscc_reason"):
        yield Problem("uscc", "cell.old_number_reason")
    if ("lat_e7" in values) != ("lng_e7" in values):
        yield Problem("lng_e7" if "lat_e7" in values else "lat_e7", "plan.blank")
    yield from check_tier_days(values, current)


def check_tier_days(values: Values, current: Values | None) -> Iterator[Problem]:
    """A day is the day of a class."""
    merged = {**(current or {}), **values}
    for tier, day in TIER_DAYS.items():
        if values.get(day) and not merged.get(tier):
            header = next(one.header for one in COLUMNS if one.field == tier)
            yield Problem(day, "cell.incomplete", {"other": header})
        if values.get(day) and values[day] > today().isoformat():
            yield Problem(day, "cell.future_day", {"text": values[day]})


def _complete(values: dict[str, Any], current: Values | None, lookup: Lookup, today: date) -> None:
    """A changed class is dated, one of the past put aside; only what is open takes part in
    draws."""
    put_aside(values, current, lookup)
    date_tiers(values, current, today)
    if "status" in values:
        values["is_active"] = values["status"] == "open"


def date_tiers(values: dict[str, Any], current: Values | None, today: date) -> None:
    """A class that changes without a day has today's; one that goes takes its day along."""
    for tier, day in TIER_DAYS.items():
        was = current.get(tier) if current else None
        if tier in values and day not in values and values[tier] != was:
            values[day] = today.isoformat() if values[tier] else None


def _list_filtered(actor: Actor, wanted: Mapping[str, str]) -> list[int] | None:
    return list_firm_ids(actor, firm_filter(actor, wanted))


FIRMS = Register(
    code="firms",
    title="检查对象名录",
    model=Firm,
    key="uscc",
    columns=COLUMNS,
    write=Action.FIRM_WRITE,
    build_lookup=lambda actor: {**label_lookup(actor, "firms"), **known_tiers(actor)},
    check=_check,
    complete=_complete,
    silent=lambda values: (
        {"name_initials": initials_of(values["name"])} if "name" in values else {}
    ),
    is_retired=lambda entry: entry.get("status") in _GONE,
    retired={"status": MISTAKEN, "is_active": False},
    restored={"status": "open", "is_active": True},
    list_in_use=list_inspected_firms,
    list_filtered=_list_filtered,
    extra=("is_active", "name_initials"),
    has_similar_names=True,
    former="former_usccs",
    aside=PAST_TIERS,
    is_mistaken=lambda entry: entry.get("status") == MISTAKEN,
)
