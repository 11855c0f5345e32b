"""单位 with the other spellings plans use for them, as a table (R113; domain.md part 7 row 29)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.access import Action, Actor
from domain.tabular import CellRefused, read_text
from server.accounts.models import Department
from server.accounts.service import list_departments
from server.exchange.spec import Column, Lookup, Problem, Register, Values
from server.organisation.service import (
    list_department_ids,
    list_used_departments,
    map_plan_bodies,
)

_CODE = re.compile(r"[a-z]{2,12}")
_BETWEEN = re.compile(r"[、，,；;|\n]")  # a name may hold a blank
WIDTH = 80


def _read_code(text: str, _lookup: Lookup) -> str:
    code = text.strip().lower()
    if not _CODE.fullmatch(code):
        raise CellRefused("department.bad_code")
    return code


def _read_name(text: str, _lookup: Lookup) -> str:
    return read_text(" ".join(text.split()), WIDTH)


def _read_aliases(text: str, lookup: Lookup) -> list[str]:
    found = {_read_name(one, lookup) for one in _BETWEEN.split(text) if one.strip()}
    return sorted(found)


COLUMNS = (
    Column(
        "code",
        "代码",
        _read_code,
        ("部门代码", "单位代码"),
        is_required=True,
        hint="2 至 12 个小写字母，如 fire；出现在结果表编号中，设定后不改",
    ),
    Column(
        "name",
        "名称",
        _read_name,
        ("部门", "部门名称", "单位", "单位名称"),
        is_required=True,
        hint="改名的，原名称自动成为其他写法",
        width=28,
    ),
    Column(
        "alias_names",
        "其他写法",
        _read_aliases,
        ("别名", "简称", "其他名称"),
        lambda value, _lookup: "、".join(value or []),
        empty=[],
        hint="计划表中的其他写法，与计划表文字完全一致；可填多个，用顿号隔开",
        width=40,
    ),
)


def _build_lookup(actor: Actor | None) -> Lookup:
    spellings: dict[str, str] = {}
    for one in list_departments():
        spellings |= dict.fromkeys((*one.alias_names, one.name), one.code)
    names = {one.code: one.name for one in list_departments()}
    # ``said`` grows with the rows: one spelling never stands for two departments of a file.
    return {"spellings": spellings, "names": names, "plans": map_plan_bodies(actor), "said": {}}


def _complete(
    values: dict[str, Any], current: Values | None, _lookup: Lookup, _today: date
) -> None:
    """A name that goes stays as a spelling: plans and records were written with it."""
    if current is None or values.get("name", current["name"]) == current["name"]:
        return
    known: list[str] = values.get("alias_names") or current["alias_names"]
    values["alias_names"] = sorted({*known, current["name"]} - {values["name"]})


def _check(values: Values, current: Values | None, lookup: Lookup) -> Iterator[Problem]:
    """One spelling, one department; and none goes that a plan still uses."""
    code = values["code"]
    for field in ("name", "alias_names"):
        said = values.get(field, [])
        for spelling in [said] if isinstance(said, str) else said:
            holder = lookup["said"].setdefault(spelling, lookup["spellings"].get(spelling, code))  # type: ignore[attr-defined]
            if holder != code:
                yield Problem(field, "cell.taken", {"name": lookup["names"].get(holder, holder)})
    if current is not None and "alias_names" in values:
        kept = {*values["alias_names"], values.get("name", current["name"])}
        for gone in [one for one in current["alias_names"] if one not in kept]:
            if plan := lookup["plans"].get(gone):
                named = {"plan": plan, "alias": gone}
                yield Problem("alias_names", "department.named_in_plan", named)


def _list_filtered(_actor: Actor, wanted: Mapping[str, str]) -> list[int] | None:
    return list_department_ids(wanted.get("q", ""), wanted.get("department", ""))


DEPARTMENTS = Register(
    code="departments",
    title="参与抽查的部门",
    model=Department,
    key="code",
    columns=COLUMNS,
    write=Action.ORGANISATION_WRITE,
    build_lookup=_build_lookup,
    check=_check,
    complete=_complete,
    silent=lambda _values: {},
    is_retired=lambda _entry: False,
    retired={},
    restored={},
    list_in_use=list_used_departments,
    list_filtered=_list_filtered,
    is_taken_away=True,
    has_objects=True,
)
