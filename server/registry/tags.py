"""分类标签库: the labels entries may carry, the province's and our own (R010, R011)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


def check_labels(
    actor: Actor | None, register: str, labels: Collection[str], known: Collection[str]
) -> None:
    """Raises ``tag.unknown`` for the first label that is neither in the library and in use, nor
    on the entry already."""
    allowed = {tag.code for tag in list_tags(actor, register, in_use=True)} | set(known or ())
    if register == "officers":
        allowed |= set(CATEGORIES)
    for label in labels:
        if label not in allowed:
            raise fault("tag.unknown", name=label)


def read_labels(
    actor: Actor | None, register: str, words: Collection[str]
) -> tuple[list[str], list[str]]:
    """Codes of the tags that go by these names or codes, and the words that are in no library: for
    imports."""
    by_word: dict[str, str] = {}
    for tag in list_tags(actor, register, in_use=True):
        by_word |= {tag.code: tag.code, tag.name: tag.code}
    found = {word: by_word.get(word) for word in words}
    return (
        list(dict.fromkeys(code for code in found.values() if code)),
        [word for word, code in found.items() if code is None],
    )


def get_tag(actor: Actor, tag_id: int) -> Tag:
    """Raises ``tag.not_found``, also for another county's."""
    tag = db.session.get(Tag, tag_id)
    if tag is None or tag.jurisdiction_id != actor.jurisdiction_id:
        raise fault("tag.not_found")
    return tag
