"""Who may do what: one table, role × action × condition (domain research 1.4, DESIGN §4).

Views never decide; they ask `may`. Everything is scoped by jurisdiction: a target of another
jurisdiction is always refused. Where a condition needs a target and none is given, the answer is
no: a caller that forgets the target must not open a door.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.access_table import DELIVERY, GRANTS, ONESELF, Action, Condition, Role

__all__ = ["Action", "Actor", "Condition", "Role", "Target", "may", "may_ever", "roles_for"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person in one jurisdiction. `officer_id` where the person is in the officer
    register, `device_id` where the session was opened on a phone, `name` as it is shown where it is
    known. `is_quarantined`: the person or
    the phone is revoked; what was recorded already may still be delivered, nothing else.
    `is_home`: of the home department, whose county the registers and draws are."""

    person_id: int
    jurisdiction_id: int
    department_id: int | None
    roles: frozenset[Role]
    officer_id: int | None = None
    device_id: str | None = None
    is_quarantined: bool = False
    name: str = ""
    is_home: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What the action is about. `department_id` is the department that owns it (of a sheet: its
    department; of a whole visit: None). `team_person_ids` are the persons assigned to the visit.
    `author_person_id` wrote what is to be decided."""

    jurisdiction_id: int
    department_id: int | None = None
    team_person_ids: frozenset[int] = field(default_factory=frozenset)
    author_person_id: int | None = None


def may(actor: Actor | None, action: Action, target: Target | None = None) -> bool:
    """Whether the actor (None: nobody signed in) may do this to the target. Roles add up. Never
    raises."""
    if actor is None:
        return Role.PUBLIC in GRANTS[action]
    if target is not None and target.jurisdiction_id != actor.jurisdiction_id:
        return Role.PUBLIC in GRANTS[action]
    if actor.is_quarantined:
        return may_ever(actor, action)
    return any(_holds(condition, actor, target) for condition in _conditions(actor, action))


def may_ever(actor: Actor | None, action: Action) -> bool:
    """Whether some target could be allowed: for menus, and for a route before its target is
    loaded. It never replaces `may`."""
    if actor is None:
        return Role.PUBLIC in GRANTS[action]
    if actor.is_quarantined:  # whatever the roles: they may have been withdrawn too (I17)
        return action in DELIVERY | ONESELF or Role.PUBLIC in GRANTS[action]
    return bool(_conditions(actor, action))


def roles_for(action: Action) -> Mapping[Role, Condition]:
    """The table's row, for the page that shows it."""
    return GRANTS[action]


def _conditions(actor: Actor, action: Action) -> list[Condition]:
    granted = GRANTS[action]
    # Somebody without any role is still a signed-in person; everybody can do what the public can.
    held = {*actor.roles, Role.PUBLIC}
    found = [condition for role, condition in granted.items() if role in held]
    # No target can change it, so that the doors of a partner department do not show it either.
    return [one for one in found if one is not Condition.HOME_DEPARTMENT or actor.is_home]


def _holds(condition: Condition, actor: Actor, target: Target | None) -> bool:
    match condition:
        case Condition.ANY | Condition.OWN_JURISDICTION:
            return True
        case Condition.HOME_DEPARTMENT:
            return actor.is_home
        case Condition.OWN_OR_HOME:
            return target is not None and (actor.is_home or _is_own_department(actor, target))
        case Condition.OWN_DEPARTMENT:
            return target is not None and _is_own_department(actor, target)
        case Condition.OWN_TEAM:
            return target is not None and _is_own_team(actor, target)
        case Condition.OTHERS_IN_DEPARTMENT:
            return (
                target is not None
                and _is_own_department(actor, target)
                and target.author_person_id is not None
                and target.author_person_id != actor.person_id
            )


def _is_own_department(actor: Actor, target: Target) -> bool:
    return actor.department_id is not None and target.department_id == actor.department_id


def _is_own_team(actor: Actor, target: Target) -> bool:
    """On the team, and where the target is a department's, of that department: a joint visit has
    one team and a sheet per department, and nobody fills another department's."""
    if actor.person_id not in target.team_person_ids:
        return False
    return target.department_id is None or _is_own_department(actor, target)
