"""Use cases: the leading group 领导小组 and who was in it when (R106, R113–R115)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from domain.access import Actor
from domain.errors import fault
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.organisation.models import GroupMember
from server.registry.changes import note_written, said_of

FIELDS = ("name", "role", "post", "department_id", "document_no", "since", "until")
ROLES = ("head", "deputy", "member", "office_head", "liaison")


def list_group(on: date | None = None) -> list[GroupMember]:
    """By part; of a day those who held one then, else everybody who ever did, the newest first."""
    found = list(db.session.scalars(select(GroupMember).order_by(GroupMember.since.desc())))
    if on is not None:
        found = [one for one in found if one.since <= on and (one.until is None or one.until >= on)]
    return sorted(found, key=lambda one: ROLES.index(one.role))


def save_member(actor: Actor, member_id: int | None, **values: Any) -> GroupMember:
    """Adds somebody, or mends an entry. ``values``: role, name, post, department_id, document_no,
    since, until. Raises ``group.bad_period``, ``group.taken`` and ``request.not_found``."""
    if values["until"] is not None and values["until"] < values["since"]:
        raise fault("group.bad_period")
    with unit_of_work() as work:
        member = (
            _get(member_id) if member_id else GroupMember(jurisdiction_id=actor.jurisdiction_id)
        )
        _refuse_second(member_id, values)
        before = said_of(member, FIELDS) if member_id else None
        for name, value in values.items():
            setattr(member, name, value)
        work.add(member)
        work.flush()
        note_written(actor, "group", member, FIELDS, before)
        write_event(
            actor.jurisdiction_id, actor.person_id, "group.saved", f"group_member:{member.id}",
            **{name: str(value) for name, value in values.items() if value is not None},
        )  # fmt: skip
    return member


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
