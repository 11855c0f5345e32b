"""执法人员库 as a table (R001, R010)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.access import Action, Actor
from domain.identifiers import check_certificate, normalise_certificate, normalise_uscc
from domain.tabular import CellRefused, read_choice, read_day, read_text, refuse_cut, split_words
from server.accounts.service import list_departments, list_people
from server.exchange.labels import check_labels, dump_labels, label_lookup, read_labels
from server.exchange.spec import Column, Lookup, Problem, Register, Values
from server.inspections.service import list_sent_officers
from server.registry.models import Firm, Officer
from server.registry.service import (
    CATEGORIES,
    initials_of,
    list_entries,
    list_kept_departments,
    list_officer_ids,
    officer_filter,
)
from server.runtime import today

# 分类标注 as bureaus write it, and the category whose firms it makes an officer suitable for.
LABELS = {
    "客运": "passenger",
    "货运": "freight",
    "出租": "taxi",
    "驾培": "driver_training",
    "危货": "hazmat",
    "维修": "repair",
    "网约车": "ride_hailing",
    "工程": "highway_works",
    "站场": "station",
    "检测": "vehicle_test",
} | {name: code for code, name in CATEGORIES.items()}
ACTIVE = {"yes": "在岗", "no": "离岗"}


def read_department(text: str, lookup: Lookup) -> int:
    """By name, another spelling, or code."""
    if (found := lookup["departments"].get("".join(text.split()))) is None:
        raise CellRefused(
            "cell.unknown_word", text=text, known=list(lookup["department_names"].values())
        )
    return int(found)


def _read_certificate(text: str, _lookup: Lookup) -> str:
    refuse_cut(text)
    if refused := check_certificate(text):
        raise CellRefused(refused.code, **refused.details)
    return normalise_certificate(text)


def _read_account(text: str, lookup: Lookup) -> int:
    if (found := lookup["accounts"].get(text.lower())) is None:
        raise CellRefused("account.unknown")
    return int(found)


def _read_recusals(text: str, lookup: Lookup) -> list[int]:
    found = []
    for code in split_words(text):
        if (firm := lookup["firms"].get(normalise_uscc(code))) is None:
            raise CellRefused("cell.unknown_firm", text=code)
        found.append(firm)
    return found


COLUMNS = (
    Column(
        "name",
        "姓名",
        lambda text, _lookup: read_text(text, 64),
        ("执法人员", "人员姓名", "检查人员"),
        is_required=True,
        width=12,
    ),
    Column(
        "department_id",
        "单位",
        read_department,
        ("部门", "所属单位", "所属部门", "工作单位", "执法单位"),
        lambda value, lookup: lookup["department_names"].get(value, ""),
        is_required=True,
        words=lambda lookup: list(lookup["department_names"].values()),
        hint="单位全称、简称或代码",
        width=24,
    ),
    Column(
        "cert_no",
        "执法证号",
        _read_certificate,
        ("行政执法证号", "执法证编号", "证件编号", "执法证件号"),
        is_required=True,
        hint="6 至 20 位数字或大写字母",
        width=20,
    ),
    Column(
        "cert_expires_on",
        "有效期至",
        lambda text, _lookup: read_day(text),
        ("证件有效期", "有效期", "执法证有效期", "有效期限"),
        empty=None,
        hint="如 2030-12-31",
    ),
    Column(
        "labels",
        "标签",
        lambda text, lookup: read_labels(text, lookup, LABELS),
        ("业务专长", "业务专长标签", "分类标签", "分类标注", "专业类别"),
        dump_labels,
        empty=[],
        hint="客运、货运、出租、驾培、危货、维修、网约车、工程、站场、检测，或标签库中的标签，"
        "用顿号隔开",
        width=30,
    ),
    Column("area", "片区", lambda text, _lookup: read_text(text, 40), ("辖区",), width=12),
    Column(
        "person_id",
        "账号",
        _read_account,
        ("登录账号", "用户名"),
        lambda value, lookup: lookup["account_names"].get(value, ""),
        empty=None,
        hint="本人登录随查的账号",
    ),
    Column(
        "recused_firm_ids",
        "回避对象",
        _read_recusals,
        ("回避", "回避企业"),
        lambda value, lookup: "、".join(lookup["firm_codes"].get(one, "") for one in value or []),
        empty=[],
        hint="应回避的检查对象的统一社会信用代码，用顿号隔开",
        width=24,
    ),
    Column(
        "is_active",
        "在岗状态",
        lambda text, _lookup: read_choice(text, ACTIVE) == "yes",
        ("状态", "是否在岗"),
        lambda value, _lookup: ACTIVE["yes" if value else "no"],
        words=lambda _lookup: list(ACTIVE.values()),
        empty=True,
        hint="离岗的不参加抽取",
        width=10,
    ),
)


def department_lookup() -> Lookup:
    """The part of a register's lookup that a column of departments needs."""
    departments = list_departments()
    spellings: dict[str, int] = {}
    for one in reversed(departments):  # of two that share an alias the first counts
        for name in (*one.alias_names, one.code, one.name):
            spellings[name] = one.id
    names = {one.id: one.name for one in departments}
    return {"departments": spellings, "department_names": names}


def _build_lookup(actor: Actor | None) -> Lookup:
    people = list_people()
    firms = list_entries(actor, Firm, ["uscc"])
    return {
        **label_lookup(actor, "officers"),
        **department_lookup(),
        "kept": dict.fromkeys(list_kept_departments(actor), True),
        "account_departments": {one.id: one.department_id for one in people},
        "accounts": {one.account: one.id for one in people},
        "account_names": {one.id: one.account for one in people},
        "firms": {one["uscc"]: one["id"] for one in firms},
        "firm_codes": {one["id"]: one["uscc"] for one in firms},
    }


def _check(values: Values, current: Values | None, lookup: Lookup) -> Iterator[Problem]:
    """A department hands in its own people: neither another's officer nor another's account."""
    for one in (current or {}), values:
        department = one.get("department_id")
        if department is not None and department not in lookup["kept"]:
            named = lookup["department_names"].get(department, "")
            yield Problem("department_id", "officer.other_department", {"name": named})
    account = values.get("person_id")
    is_new = account is not None and account != (current or {}).get("person_id")
    if is_new and lookup["account_departments"].get(account) not in lookup["kept"]:
        yield Problem("person_id", "officer.account_elsewhere")
    yield from check_labels(values, current, lookup)


def _complete(
    _values: dict[str, Any], _current: Values | None, _lookup: Lookup, _today: date
) -> None:
    """A row says all there is to say."""


def _list_filtered(actor: Actor, wanted: Mapping[str, str]) -> list[int] | None:
    department = wanted.get("department", "")
    is_number = department.isascii() and department.isdigit() and len(department) < 10
    found = officer_filter(actor, wanted, int(department) if is_number else None)
    return list_officer_ids(actor, found, today())


OFFICERS = Register(
    code="officers",
    title="执法检查人员名录",
    model=Officer,
    key="cert_no",
    columns=COLUMNS,
    write=Action.OFFICER_WRITE,
    build_lookup=_build_lookup,
    check=_check,
    complete=_complete,
    silent=lambda values: (
        {"name_initials": initials_of(values["name"], 64)} if "name" in values else {}
    ),
    is_retired=lambda entry: not entry.get("is_active", True),
    retired={"is_active": False},
    restored={"is_active": True},
    list_in_use=list_sent_officers,
    list_filtered=_list_filtered,
    extra=("name_initials",),
    unique=("person_id",),
    owned_by="department_id",
)
