"""Use cases: the leading group 领导小组 and who was in it when (R106, R113–R115)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require
from server.organisation.models import GroupMember
from server.registry import service as registry

REGISTER = "group"
FIELDS = ("name", "role", "post", "department_id", "document_no", "since", "until")
ROLES = ("head", "deputy", "member", "office_head", "liaison")


def list_group(on: date | None = None) -> list[GroupMember]:
    """By part; of a day those who held one then, else everybody who ever did, the newest first."""
    found = list(db.session.scalars(select(GroupMember).order_by(GroupMember.since.desc())))
    if on is not None:
        found = [one for one in found if one.since <= on and (one.until is None or one.until >= on)]
    return sorted(found, key=lambda one: ROLES.index(one.role))


def add_member(actor: Actor, **values: Any) -> GroupMember:
    """``values``: role, name, post, department_id, document_no, since, until. Raises
    ``group.bad_period`` and ``group.taken``."""
    require(actor, Action.ORGANISATION_WRITE)
    _check_period(values)
    with unit_of_work():
        registry.take_turns(actor.jurisdiction_id)
        _refuse_second(None, values)
        member = GroupMember(jurisdiction_id=actor.jurisdiction_id)
        registry.apply_change(actor, REGISTER, member, values, "form")
        _note(actor, member, values)
    return member


def edit_member(
    actor: Actor, member_id: int, seen: int, **values: Any
) -> GroupMember | registry.ChangedMeanwhile:
    """Mends an entry, or ends it; ``seen`` is the newest change the form's person knows of. Raises
    as ``add_member``, and ``request.not_found``."""
    require(actor, Action.ORGANISATION_WRITE)
    _check_period(values)
    with unit_of_work():
        registry.take_turns(actor.jurisdiction_id)
        member = _get(member_id)
        saved = registry.save_entry(actor, REGISTER, member, values, seen)
        if isinstance(saved, registry.ChangedMeanwhile):
            return saved
        _refuse_second(member_id, values)
        _note(actor, member, values)
    return member


def _check_period(values: Mapping[str, Any]) -> None:
    if values["until"] is not None and values["until"] < values["since"]:
        raise fault("group.bad_period")


def _note(actor: Actor, member: GroupMember, values: Mapping[str, Any]) -> None:
    write_event(
        actor.jurisdiction_id, actor.person_id, "group.saved", f"group_member:{member.id}",
        **{name: str(value) for name, value in values.items() if value is not None},
    )  # fmt: skip


def _refuse_second(member_id: int | None, values: dict[str, Any]) -> None:
    same = (GroupMember.name, GroupMember.role, GroupMember.since)
    query = select(GroupMember.id).where(*(one == values[one.key] for one in same))
    if any(found != member_id for found in db.session.scalars(query)):
        raise fault("group.taken", name=values["name"])


def _get(member_id: int) -> GroupMember:
    member = db.session.scalar(select(GroupMember).where(GroupMember.id == member_id))
    if member is None:
        raise fault("request.not_found")
    return member
