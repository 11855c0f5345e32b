"""Who keeps a register: asked by each use case that writes, whoever called it."""

from __future__ import annotations

from domain.access import Action, Actor, Target, may
from server.accounts.directory import list_departments
from server.guard import require


def require_keeper(actor: Actor | None, action: Action, department_id: int | None = None) -> None:
    """Raises ``access.denied`` unless the actor may, with entries of that department where the
    register has departments' own. Without an actor it is the command line, which may."""
    if actor is not None:
        require(actor, action, Target(actor.jurisdiction_id, department_id))


def list_kept_departments(actor: Actor | None) -> set[int]:
    """Whose officers the actor may enter and change: the own department's, or everybody's for the
    home department (R050)."""
    return {
        one.id
        for one in list_departments()
        if actor is None or may(actor, Action.OFFICER_WRITE, Target(actor.jurisdiction_id, one.id))
    }
