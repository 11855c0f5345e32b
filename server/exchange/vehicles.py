"""车辆 as a table: plates with the firms that run them (R001; domain.md 3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.access import Action, Actor
from domain.identifiers import check_plate, normalise_plate, normalise_uscc
from domain.tabular import CellRefused, read_choice, read_text, refuse_cut
from server.exchange.spec import Column, Lookup, Problem, Register, Values
from server.registry.entry_models import Vehicle
from server.registry.models import Firm
from server.registry.service import COLORS, list_entries, list_vehicle_ids, tell_vehicles


def _read_plate(text: str, _lookup: Lookup) -> str:
    if refused := check_plate(text):
        raise CellRefused(refused.code, **refused.details)
    return normalise_plate(text)


def _read_firm(text: str, lookup: Lookup) -> int:
    """By the code it has, or one it had."""
    refuse_cut(text)
    code = normalise_uscc(text)
    found = lookup["firms"].get(code) or lookup["former"].get(code)
    if found is None:
        raise CellRefused("cell.unknown_firm", text=text)
    return int(found)


def _read_color(text: str, _lookup: Lookup) -> str:
    return read_choice(text.removesuffix("牌").removesuffix("色"), COLORS)


COLUMNS = (
    Column(
        "plate",
        "车牌号",
        _read_plate,
        ("号牌号码", "车牌", "车牌号码", "车号"),
        is_required=True,
        width=14,
    ),
    Column(
        "firm_id",
        "统一社会信用代码",
        _read_firm,
        ("信用代码", "社会信用代码", "所属企业信用代码", "业户信用代码"),
        lambda value, lookup: lookup["codes"].get(value, ""),
        is_required=True,
        hint="所属检查对象的代码，须已在名录库中；曾用代码也可以",
        width=22,
    ),
    Column(
        "firm_name",
        "企业名称",
        lambda text, _lookup: text,
        ("名称", "单位名称", "业户名称"),
        hint="按代码自动带出，不导入",
        width=32,
        show=lambda entry, lookup: lookup["names"].get(entry["firm_id"], ""),
    ),
    Column(
        "color",
        "号牌颜色",
        _read_color,
        ("车牌颜色", "颜色"),
        lambda value, _lookup: COLORS.get(value, ""),
        words=lambda _lookup: list(COLORS.values()),
        width=10,
    ),
    Column(
        "kind",
        "车辆类型",
        lambda text, _lookup: read_text(text, 40),
        ("类型", "车型"),
        width=16,
    ),
    Column(
        "permit_no",
        "道路运输证号",
        lambda text, _lookup: read_text(text, 64),
        ("运输证号", "道路运输证"),
        width=28,
    ),
)


def _build_lookup(actor: Actor | None) -> Lookup:
    firms = list_entries(actor, Firm, ["uscc", "name", "former_usccs"])
    return {
        "firms": {one["uscc"]: one["id"] for one in firms},
        "former": {code: one["id"] for one in firms for code in one["former_usccs"] or ()},
        "codes": {one["id"]: one["uscc"] for one in firms},
        "names": {one["id"]: one["name"] for one in firms},
    }


def _check(_values: Values, _current: Values | None, _lookup: Lookup) -> Iterator[Problem]:
    """Nothing beyond the cells."""
    return iter(())


def _complete(
    _values: dict[str, Any], _current: Values | None, _lookup: Lookup, _today: date
) -> None:
    """A row says all there is to say."""


def _list_filtered(actor: Actor, wanted: Mapping[str, str]) -> list[int] | None:
    return list_vehicle_ids(actor, **{n: wanted.get(n, "") for n in ("q", "color", "kind")})


VEHICLES = Register(
    code="vehicles",
    title="车辆名录",
    model=Vehicle,
    key="plate",
    label="plate",
    columns=COLUMNS,
    write=Action.FIRM_WRITE,
    build_lookup=_build_lookup,
    check=_check,
    complete=_complete,
    silent=lambda values: {"tail": values["plate"][2:]} if "plate" in values else {},
    is_retired=lambda _entry: False,
    retired={},
    restored={},
    list_in_use=lambda _actor, _ids: set(),
    list_filtered=_list_filtered,
    is_taken_away=True,
    has_objects=True,
    tell=tell_vehicles,
)
