"""领导小组 as a table: who holds which part from when to when (R113, R114)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.access import Action, Actor
from domain.tabular import read_choice, read_day, read_text
from server.exchange.officers import department_lookup, read_department
from server.exchange.spec import Column, Lookup, Problem, Register, Values
from server.organisation.models import GroupMember
from server.organisation.service import list_member_ids

ROLES = {
    "head": "组长",
    "deputy": "副组长",
    "member": "成员",
    "office_head": "办公室主任",
    "liaison": "信息联络员",
}
_NOBODY = ""


def _day(text: str, _lookup: Lookup) -> str:
    return read_day(text)


def _read_until(text: str, _lookup: Lookup) -> str | None:
    return None if text in ("至今", "现任") else read_day(text)


COLUMNS = (
    Column(
        "name",
        "姓名",
        lambda text, _lookup: read_text(text, 64),
        is_required=True,
        width=12,
    ),
    Column(
        "role",
        "职责",
        lambda text, _lookup: read_choice(text, ROLES),
        ("小组职务", "组内职务"),
        lambda value, _lookup: ROLES.get(value, value),
        is_required=True,
        words=lambda _lookup: list(ROLES.values()),
        width=14,
    ),
    Column("post", "职务", lambda text, _lookup: read_text(text, 80), ("行政职务",), width=24),
    Column(
        "department_id",
        "单位",
        read_department,
        ("部门", "所属单位", "所属部门"),
        lambda value, lookup: lookup["department_names"].get(value, _NOBODY),
        words=lambda lookup: list(lookup["department_names"].values()),
        empty=None,
        hint="单位全称、简称或代码",
        width=24,
    ),
    Column(
        "document_no",
        "文号",
        lambda text, _lookup: read_text(text, 60),
        ("任职文号", "文件号"),
        width=24,
    ),
    Column(
        "since",
        "任职日期",
        _day,
        ("任职时间", "起始日期", "开始日期"),
        is_required=True,
        hint="如 2026-01-01",
    ),
    Column(
        "until",
        "截止日期",
        _read_until,
        ("卸任日期", "结束日期"),
        lambda value, _lookup: value or "至今",
        empty=None,
        hint="现任的填“至今”或不填",
    ),
)


def _check(values: Values, current: Values | None, _lookup: Lookup) -> Iterator[Problem]:
    """Nobody ends before the beginning."""
    until = values.get("until", (current or {}).get("until"))
    if until is not None and until < values["since"]:
        yield Problem("until", "group.bad_period")


def _complete(
    _values: dict[str, Any], _current: Values | None, _lookup: Lookup, _today: date
) -> None:
    """A row says all there is to say."""


def _list_filtered(_actor: Actor, wanted: Mapping[str, str]) -> list[int] | None:
    asked = (wanted.get(name, "") for name in ("q", "department", "state", "role"))
    return list_member_ids(*asked)


GROUP = Register(
    code="group",
    title="双随机抽查工作领导小组",
    model=GroupMember,
    key="name",
    with_key=("role", "since"),
    columns=COLUMNS,
    write=Action.ORGANISATION_WRITE,
    build_lookup=lambda _actor: department_lookup(),
    check=_check,
    complete=_complete,
    silent=lambda _values: {},
    is_retired=lambda _entry: False,
    retired={},
    restored={},
    list_in_use=lambda _actor, _ids: set(),
    list_filtered=_list_filtered,
    is_taken_away=True,
)
