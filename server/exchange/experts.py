"""专家与专业机构库 as a table (R002, R003)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.access import Action, Actor
from domain.tabular import read_choice, read_day, read_text, split_words
from server.exchange.spec import Column, Lookup, Problem, Register, Values
from server.organisation.models import Expert
from server.organisation.service import list_expert_ids, list_named_experts
from server.registry.service import CATEGORIES, initials_of

KINDS = {"expert": "专家", "agency": "专业机构"}
STATES = {"yes": "在库", "no": "已出库"}


def _text(width: int) -> Any:
    return lambda text, _lookup: read_text(text, width)


COLUMNS = (
    Column(
        "kind",
        "类型",
        lambda text, _lookup: read_choice(text, KINDS),
        ("类别",),
        lambda value, _lookup: KINDS.get(value, value),
        is_required=True,
        words=lambda _lookup: list(KINDS.values()),
        width=12,
    ),
    Column(
        "name",
        "姓名或名称",
        _text(80),
        ("姓名", "名称", "专家姓名", "机构名称"),
        is_required=True,
        width=28,
    ),
    Column("unit", "所在单位", _text(80), ("单位", "工作单位"), width=28),
    Column(
        "number",
        "资质编号",
        _text(40),
        ("证书编号", "资格证号", "统一社会信用代码"),
        is_required=True,
        hint="专家填资格证书编号，专业机构填资质编号或统一社会信用代码",
        width=24,
    ),
    Column(
        "valid_until",
        "资质有效期至",
        lambda text, _lookup: read_day(text),
        ("有效期至", "有效期"),
        empty=None,
        hint="如 2030-12-31",
    ),
    Column(
        "labels",
        "专业",
        lambda text, _lookup: [read_choice(word, CATEGORIES) for word in split_words(text)],
        ("专业领域", "标签"),
        lambda value, _lookup: "、".join(CATEGORIES.get(one, one) for one in value or []),
        empty=[],
        hint="可填多个，用顿号隔开：" + "、".join(CATEGORIES.values()),
        width=28,
    ),
    Column("phone", "联系电话", _text(32), ("电话", "手机"), width=16),
    Column(
        "is_active",
        "状态",
        lambda text, _lookup: read_choice(text, STATES) == "yes",
        ("在库状态",),
        lambda value, _lookup: STATES["yes" if value else "no"],
        words=lambda _lookup: list(STATES.values()),
        empty=True,
        hint="已出库的不能再指定协助检查",
        width=10,
    ),
)


def _check(values: Values, current: Values | None, _lookup: Lookup) -> Iterator[Problem]:
    """A number names one entry: an expert does not become an agency."""
    if current and values.get("kind", current["kind"]) != current["kind"]:
        yield Problem("number", "cell.taken", {"name": current["name"]})


def _complete(
    _values: dict[str, Any], _current: Values | None, _lookup: Lookup, _today: date
) -> None:
    """A row says all there is to say."""


def _list_filtered(_actor: Actor, wanted: Mapping[str, str]) -> list[int] | None:
    asked = {name: wanted.get(name, "") for name in ("q", "kind", "label")}
    return list_expert_ids(**asked, with_closed=wanted.get("closed") == "1")


EXPERTS = Register(
    code="experts",
    title="专家与专业机构名录",
    model=Expert,
    key="number",
    columns=COLUMNS,
    write=Action.EXPERT_WRITE,
    build_lookup=lambda _actor: {},
    check=_check,
    complete=_complete,
    silent=lambda values: (
        {"name_initials": initials_of(values["name"], 80)} if "name" in values else {}
    ),
    is_retired=lambda entry: not entry.get("is_active", True),
    retired={"is_active": False},
    restored={"is_active": True},
    list_in_use=list_named_experts,
    list_filtered=_list_filtered,
)
