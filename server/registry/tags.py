"""分类标签库: the labels entries may carry, the province's and our own (R010, R011)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from domain.access import Actor
from domain.errors import fault
from server.db import db
from server.registry.entry_models import Tag
from server.registry.firms import CATEGORIES, has_code
from server.registry.models import Firm, Officer
from server.registry.owner import owner_of

REGISTERS = {"firms": "检查对象", "officers": "执法检查人员"}
ORIGINS = {"province": "省级", "local": "本地"}
TRADE_GROUP = "行业"
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


def list_tag_uses(actor: Actor | None, register: str) -> list[TagUse]:
    """The library of one register with the use of each tag."""
    return [TagUse(tag, count_uses(actor, tag)) for tag in list_tags(actor, register)]


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
