"""Use cases: the tag library is kept: a tag is added, changed, retired; deleted only while nothing
carries it (R011)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.registry.changes import note_written, remove_entries, said_of
from server.registry.clashes import ChangedMeanwhile, save_entry
from server.registry.entry_models import Tag
from server.registry.firms import CATEGORIES
from server.registry.keeping import require_keeper
from server.registry.owner import owner_of, person_id_of, take_turns
from server.registry.tags import FIELDS, TRADE_GROUP, count_uses, get_tag, is_trade, list_tags

REGISTER = "tags"


def seed_tags(actor: Actor | None) -> None:
    """The trades as tags of officers: the draw asks for them. What is there stays as it is."""
    with unit_of_work() as work:
        known = {tag.code for tag in list_tags(actor, "officers")}
        for code, name in CATEGORIES.items():
            if code not in known:
                work.add(make_tag(actor, "officers", code, name, TRADE_GROUP, "local"))
        work.flush()


def add_tag(actor: Actor, register: str, values: Mapping[str, str]) -> Tag:
    """A local or provincial tag. Raises ``tag.duplicate``, for its code as for its name."""
    require_keeper(actor, Action.TAG_WRITE)
    with unit_of_work() as work:
        take_turns(actor.jurisdiction_id)
        seed_tags(actor)
        code = values["code"] or _next_code(actor, register)
        tag = make_tag(
            actor, register, code, values["name"], values["group_name"], values["origin"]
        )
        refuse_second(actor, tag)
        work.add(tag)
        work.flush()
        note_written(actor, "tags", tag, FIELDS, None)
        _note(actor, "tag.added", tag)
    return tag


def edit_tag(
    actor: Actor, tag_id: int, values: Mapping[str, str], seen: int
) -> Tag | ChangedMeanwhile:
    """Another name, group or origin; entries keep it by its code. ``seen`` is the newest change the
    form's person knows of. Raises ``tag.not_found``, ``tag.duplicate``."""
    require_keeper(actor, Action.TAG_WRITE)
    wanted = {name: values[name] for name in ("name", "group_name", "origin")}
    with unit_of_work():
        take_turns(actor.jurisdiction_id)
        tag = get_tag(actor, tag_id)
        saved = save_entry(actor, REGISTER, tag, wanted, seen)
        if isinstance(saved, ChangedMeanwhile):
            return saved
        refuse_second(actor, tag)
        if saved is not None:
            _note(actor, "tag.changed", tag)
    return tag


def retire_tag(actor: Actor, tag_id: int, is_retired: bool = True) -> None:
    """Offered no more, or again; entries that carry it keep it. Raises ``tag.not_found``,
    ``tag.duplicate``."""
    require_keeper(actor, Action.TAG_WRITE)
    with unit_of_work():
        take_turns(actor.jurisdiction_id)
        tag = get_tag(actor, tag_id)
        before = said_of(tag, FIELDS)
        tag.is_in_use = not is_retired
        note_written(actor, "tags", tag, FIELDS, before)
        _note(actor, "tag.retired" if is_retired else "tag.used", tag)


def delete_tag(actor: Actor, tag_id: int) -> None:
    """Only one that nothing carries. Raises ``tag.not_found``, ``tag.in_use``."""
    require_keeper(actor, Action.TAG_WRITE)
    with unit_of_work():
        take_turns(actor.jurisdiction_id)
        tag = get_tag(actor, tag_id)
        if is_trade(tag) or count_uses(actor, tag):
            raise fault("tag.in_use", name=tag.name)
        _note(actor, "tag.deleted", tag)
        remove_entries(actor, "tags", [tag], FIELDS, "form")


def make_tag(
    actor: Actor | None, register: str, code: str, name: str, group_name: str, origin: str
) -> Tag:
    """Not stored yet."""
    return Tag(
        jurisdiction_id=owner_of(actor),
        register=register,
        code=code,
        name=name,
        group_name=group_name,
        origin=origin,
    )


def refuse_second(actor: Actor | None, tag: Tag) -> None:
    """Raises ``tag.duplicate`` where another tag of the register has its code or its name."""
    query = select(Tag).where(
        Tag.jurisdiction_id == owner_of(actor),
        Tag.register == tag.register,
        (Tag.code == tag.code) | (Tag.name == tag.name),
    )
    with db.session.no_autoflush:
        if any(one is not tag for one in db.session.scalars(query)):
            raise fault("tag.duplicate", name=tag.name)


def _next_code(actor: Actor, register: str) -> str:
    """``L001``, ``L002``, … for tags of our own that were given none."""
    known = {tag.code for tag in list_tags(actor, register)}
    return next(code for n in range(1, len(known) + 2) if (code := f"L{n:03d}") not in known)


def _note(actor: Actor, event: str, tag: Tag) -> None:
    write_event(
        actor.jurisdiction_id,
        person_id_of(actor),
        event,
        f"tag:{tag.id}",
        register=tag.register,
        code=tag.code,
        name=tag.name,
    )
