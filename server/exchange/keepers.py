"""Whose imports they are: a department's office brings in and takes back its own people only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from domain.access import Actor, Target, may
from server.accounts.service import list_people, map_person_departments
from server.exchange.models import Import
from server.exchange.registers import REGISTERS
from server.exchange.spec import Register
from server.guard import require


def require_import(actor: Actor | None, register: Register, made_by: int | None) -> None:
    """Raises ``access.denied`` unless the actor keeps this register, or for entries of departments
    their own the one whose office brought the file. Without an actor it is the command line."""
    if actor is None:
        return
    made_in = map_person_departments([made_by])[made_by] if made_by is not None else None
    require(actor, register.write, Target(actor.jurisdiction_id, made_in))


def list_writable(actor: Actor) -> list[str]:
    """Codes of the registers the actor may bring a file into."""
    target = Target(actor.jurisdiction_id, actor.department_id)
    return [code for code, one in REGISTERS.items() if may(actor, one.write, target)]


def is_open_to(actor: Actor) -> ColumnElement[bool]:
    """The imports ``require_import`` lets the actor see."""
    whole = [
        code
        for code, one in REGISTERS.items()
        if may(actor, one.write, Target(actor.jurisdiction_id))
    ]
    own = [code for code in list_writable(actor) if code not in whole]
    colleagues = [one.id for one in list_people() if one.department_id == actor.department_id]
    return or_(
        Import.register.in_(whole),
        and_(Import.register.in_(own), Import.made_by.in_(colleagues)),
    )


def is_anothers(register: Register, changes: Mapping[str, Any], entry: Any, kept: set[int]) -> bool:
    """Whether the entry is, or would become, one of a department the actor does not keep."""
    if not register.owned_by:
        return False
    new = changes.get(register.owned_by, [None, None])[1]
    old = getattr(entry, register.owned_by) if entry is not None else None
    return any(one is not None and one not in kept for one in (new, old))
