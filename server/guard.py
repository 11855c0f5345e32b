"""The door of every route: who is it, and may they (``domain.access`` decides, nobody else).

A view without ``@guarded`` is refused at start by ``check_every_route_is_guarded``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, g

from domain.access import Action, Actor, Target, may, may_ever
from domain.errors import fault

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
            if not may_ever(actor, action):
                raise fault("session.required" if actor is None else "access.denied")
            return view(*args, **kwargs)

        checked.required_action = action  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return mark


def find_actor() -> Actor | None:
    """The signed-in person as the access rules see them, None for a visitor."""
    return getattr(g, "actor", None)


def get_actor() -> Actor:
    """The signed-in person; raises ``session.required`` for a visitor."""
    if (actor := find_actor()) is None:
        raise fault("session.required")
    return actor


def require(actor: Actor, action: Action, target: Target) -> None:
    """Raises ``access.denied`` unless the actor may do this to that record."""
    if not may(actor, action, target):
        raise fault("access.denied")


def check_every_route_is_guarded(app: Flask) -> None:
    """Fails at start when a route was added without saying what it does."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not hasattr(view, "required_action"):
            raise RuntimeError(f"{rule.rule} ({rule.endpoint}) has no @guarded action")
