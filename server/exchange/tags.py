"""分类标签库 as a table (R011): the province's library comes as a file, ours may, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.access import Action, Actor
from domain.tabular import CellRefused, read_choice, read_text
from server.exchange.spec import Column, Lookup, Problem, Register, Values
from server.registry.entry_models import Tag
from server.registry.service import (
    TAG_CODE,
    TAG_ORIGINS,
    TAG_REGISTERS,
    list_entries,
    list_tag_ids,
    list_used_tags,
    seed_tags,
)

STATES = {"yes": "使用中", "no": "已停用"}


def _read_code(text: str, _lookup: Lookup) -> str:
    if not TAG_CODE.fullmatch(text):
        raise CellRefused("cell.bad_tag_code")
    return text


def _text(text: str, _lookup: Lookup) -> str:
    return read_text(text, 40)


COLUMNS = (
    Column(
        "register",
        "适用",
        lambda text, _lookup: read_choice(text, TAG_REGISTERS),
        ("适用名录", "适用对象"),
        lambda value, _lookup: TAG_REGISTERS.get(value, value),
        is_required=True,
        words=lambda _lookup: list(TAG_REGISTERS.values()),
        width=16,
    ),
    Column(
        "code",
        "编号",
        _read_code,
        ("标签编号", "编码"),
        is_required=True,
        hint="省级标签填省级编号；只用汉字、字母、数字和 . _ -，以后不变",
        width=16,
    ),
    Column("name", "名称", _text, ("标签名称", "标签"), is_required=True, width=24),
    Column("group_name", "分组", _text, ("标签分组",), hint="如 经营规模、安全风险", width=16),
    Column(
        "origin",
        "来源",
        lambda text, _lookup: read_choice(text, TAG_ORIGINS),
        dump=lambda value, _lookup: TAG_ORIGINS.get(value, value),
        words=lambda _lookup: list(TAG_ORIGINS.values()),
        empty="province",
        hint="不填的，新标签作为省级",
        width=10,
    ),
    Column(
        "is_in_use",
        "状态",
        lambda text, _lookup: read_choice(text, STATES) == "yes",
        dump=lambda value, _lookup: STATES["yes" if value else "no"],
        words=lambda _lookup: list(STATES.values()),
        empty=True,
        hint="已停用的不再选用，已标注的条目保留",
        width=10,
    ),
)


def _build_lookup(actor: Actor | None) -> Lookup:
    tags = list_entries(actor, Tag, ["register", "code", "name"])
    # ``names`` grows with the rows: of two rows of a file with one name the second is told.
    return {"names": {(one["register"], one["name"]): one["code"] for one in tags}}


def _complete(
    values: dict[str, Any], current: Values | None, _lookup: Lookup, _today: date
) -> None:
    """What says nothing else comes from the province."""
    if current is None:
        values.setdefault("origin", "province")


def _check(values: Values, current: Values | None, lookup: Lookup) -> Iterator[Problem]:
    """A name stands for one tag, and what is the province's stays the province's."""
    name = (values["register"], values.get("name", (current or {}).get("name")))
    holder = lookup["names"].setdefault(name, values["code"])  # type: ignore[attr-defined]
    if holder != values["code"]:
        yield Problem("name", "tag.duplicate", {"name": name[1]})
    if current and current["origin"] == "province" != values.get("origin", "province"):
        yield Problem("origin", "tag.of_province", {"name": current["name"]})


def _list_filtered(actor: Actor, wanted: Mapping[str, str]) -> list[int] | None:
    asked = {name: wanted.get(name, "") for name in ("q", "group", "origin", "state")}
    return list_tag_ids(actor, wanted.get("for", ""), **asked)


TAGS = Register(
    code="tags",
    title="分类标签库",
    model=Tag,
    key="register",
    with_key=("code",),
    columns=COLUMNS,
    write=Action.TAG_WRITE,
    build_lookup=_build_lookup,
    check=_check,
    complete=_complete,
    silent=lambda _values: {},
    # The library of the province names what we retired: that brings it back only in words.
    is_retired=lambda _entry: False,
    retired={"is_in_use": False},
    restored={},
    list_in_use=list_used_tags,
    list_filtered=_list_filtered,
    is_taken_away=True,
    has_objects=True,
    tell=lambda actor, _written, _source: seed_tags(actor),
)
