"""The door of every route: who is it, and may they (``domain.access`` decides, nobody else).

A view without ``@guarded`` is refused at start by ``check_every_route_is_guarded``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, g

from domain.access import Action, Actor, Target, may, may_ever
from domain.access_table import DELIVERY
from domain.errors import Fault, fault
from server.accounts.enrolment import device_revoked

View = TypeVar("View", bound=Callable[..., Any])


def guarded(action: Action) -> Callable[[View], View]:
    """Marks a view with the action it performs and refuses whoever may not perform it at all.

    Conditions on a particular record (own team, own department) are checked by the service with
    ``require`` once the record is known.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            actor = find_actor()
            if not may_ever(actor, action) or not _is_open_to_delivery(action):
                raise _refusal(actor)
            return view(*args, **kwargs)

        checked.required_action = action  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return mark


def _is_open_to_delivery(action: Action) -> bool:
    """A push-only credential signs nobody in: it opens what delivers, and what is public."""
    return not g.get("is_delivery") or action in DELIVERY or may_ever(None, action)


def _refusal(actor: Actor | None) -> Fault:
    if actor is None or g.get("is_delivery"):
        return fault("session.required")
    if actor.is_quarantined:
        return device_revoked(actor.device_id)
    return fault("access.denied")


def find_actor() -> Actor | None:
    """The signed-in person as the access rules see them, None for a visitor."""
    return getattr(g, "actor", None)


def get_actor() -> Actor:
    """The signed-in person; raises ``session.required`` for a visitor."""
    if (actor := find_actor()) is None:
        raise fault("session.required")
    return actor


def require(actor: Actor, action: Action, target: Target | None = None) -> None:
    """Raises ``access.denied`` unless the actor may do this to that record; without one only what
    the table allows whatever the record (the home department's office)."""
    if not may(actor, action, target):
        raise fault("access.denied")


def check_every_route_is_guarded(app: Flask) -> None:
    """Fails at start when a route was added without saying what it does."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not hasattr(view, "required_action"):
            raise RuntimeError(f"{rule.rule} ({rule.endpoint}) has no @guarded action")
