"""分类标签库: the labels entries may carry, the province's and our own (R010, R011)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from domain.access import Actor
from domain.errors import fault
from server.db import db
from server.registry.entry_models import Tag
from server.registry.firms import CATEGORIES, has_code
from server.registry.initials import fits
from server.registry.models import Firm, Officer
from server.registry.owner import owner_of

REGISTERS = {"firms": "检查对象", "officers": "执法检查人员"}
ORIGINS = {"province": "省级", "local": "本地"}
TRADE_GROUP = "行业"
CODE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff_.-]{1,40}")
FIELDS = ("register", "code", "name", "group_name", "origin", "is_in_use")
_MODELS: dict[str, type[Firm] | type[Officer]] = {"firms": Firm, "officers": Officer}


@dataclass(frozen=True, slots=True)
class TagUse:
    """A tag and how many entries carry it."""

    tag: Tag
    used: int


def list_tags(actor: Actor | None, register: str = "", *, in_use: bool = False) -> Sequence[Tag]:
    """By register, group and name; with ``in_use`` without the retired ones."""
    query = select(Tag).where(Tag.jurisdiction_id == owner_of(actor))
    if register:
        query = query.where(Tag.register == register)
    if in_use:
        query = query.where(Tag.retired_at.is_(None))
    return list(db.session.scalars(query.order_by(Tag.register, Tag.group_name, Tag.name)))


def offered_tags(actor: Actor | None, register: str, known: Collection[str]) -> list[Tag]:
    """For a form: those in use, and the retired ones the entry carries already."""
    tags = list_tags(actor, register)
    return [tag for tag in tags if tag.retired_at is None or tag.code in (known or ())]


def list_tag_uses(
    actor: Actor | None, register: str, wanted: Mapping[str, str] | None = None
) -> list[TagUse]:
    """The library of one register with the use of each tag; ``wanted`` as of ``find_tags``."""
    found = find_tags(actor, register, **(wanted or {}))
    return [TagUse(tag, count_uses(actor, tag)) for tag in found]


def find_tags(
    actor: Actor | None,
    register: str = "",
    q: str = "",
    group: str = "",
    origin: str = "",
    state: str = "",
) -> list[Tag]:
    """By words or initials of name, code or group; ``state`` is ``in_use`` or ``retired``."""
    return [
        tag
        for tag in list_tags(actor, register)
        if group in ("", tag.group_name)
        and origin in ("", tag.origin)
        and state in ("", "in_use" if tag.is_in_use else "retired")
        and fits(q, tag.name, tag.code, tag.group_name)
    ]


def list_tag_ids(actor: Actor | None, register: str = "", **wanted: str) -> list[int]:
    """The same as ids, in the same order."""
    return [tag.id for tag in find_tags(actor, register, **wanted)]


def list_used_tags(actor: Actor | None, ids: Collection[int]) -> set[int]:
    """Which of these an entry carries, or a draw asks for."""
    return {
        tag.id
        for tag in list_tags(actor)
        if tag.id in ids and (is_trade(tag) or count_uses(actor, tag))
    }


def is_trade(tag: Tag) -> bool:
    """Whether the draw asks for officers by it."""
    return tag.register == "officers" and tag.code in CATEGORIES


def count_uses(actor: Actor | None, tag: Tag) -> int:
    """Entries that carry it, also those no longer drawn."""
    model = _MODELS[tag.register]
    query = select(func.count()).select_from(model)
    query = query.where(
        model.jurisdiction_id == owner_of(actor),
        has_code(model.labels, tag.code),  # type: ignore[arg-type]
    )
    return db.session.scalar(query) or 0


def tag_names(actor: Actor | None, register: str) -> dict[str, str]:
    """Code → name, the retired ones too; officers carry trades by their code."""
    names = {tag.code: tag.name for tag in list_tags(actor, register)}
    return {**CATEGORIES, **names} if register == "officers" else names


def codes_of_group(actor: Actor | None, register: str, group: str) -> list[str]:
    """The codes of a group, the retired ones too."""
    return [tag.code for tag in list_tags(actor, register) if tag.group_name == group]


@dataclass(frozen=True, slots=True)
class LabelLibrary:
    """What entries of one register may carry, read once for many of them. ``codes`` has the code
    of each name and of each code, ``names`` the name of each code; both know the retired ones."""

    codes: Mapping[str, str]
    names: Mapping[str, str]
    in_use: frozenset[str]

    def find_refused(
        self, labels: Collection[str], known: Collection[str]
    ) -> tuple[str, dict[str, object]] | None:
        """The fault of the first label that is neither in use nor on the entry already."""
        for label in labels:
            if label not in self.in_use and label not in (known or ()):
                code = "tag.retired" if label in self.names else "tag.unknown"
                return code, {"name": self.names.get(label, label)}
        return None


def label_library(actor: Actor | None, register: str) -> LabelLibrary:
    """Officers carry trades by their code, whether the library names them or not."""
    in_use = {tag.code for tag in list_tags(actor, register, in_use=True)}
    names = {tag.code: tag.name for tag in list_tags(actor, register)}
    if register == "officers":
        in_use |= set(CATEGORIES)
        names = {**CATEGORIES, **names}
    codes: dict[str, str] = {}
    for code in sorted(names, key=in_use.__contains__):  # of two of one name the one in use
        codes |= {names[code]: code}
    return LabelLibrary(codes | {code: code for code in names}, names, frozenset(in_use))


def check_labels(
    actor: Actor | None, register: str, labels: Collection[str], known: Collection[str]
) -> None:
    """Raises ``tag.unknown`` or ``tag.retired`` for the first label that is neither in the library
    and in use, nor on the entry already."""
    if refused := label_library(actor, register).find_refused(labels, known):
        code, details = refused
        raise fault(code, **details)


def get_tag(actor: Actor, tag_id: int) -> Tag:
    """Raises ``tag.not_found``, also for another county's."""
    tag = db.session.get(Tag, tag_id)
    if tag is None or tag.jurisdiction_id != actor.jurisdiction_id:
        raise fault("tag.not_found")
    return tag
