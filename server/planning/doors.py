"""Which doors the plans' pages show: the bureau's own office writes, others read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from server.guard import find_actor
from server.planning.reading import home_target


def show_doors(blueprint: Blueprint) -> None:
    """Gives the templates of the blueprint ``home``, the target to ask ``can`` about."""

    @blueprint.context_processor
    def _doors() -> dict[str, Any]:
        actor = find_actor()
        return {"home": home_target(actor.jurisdiction_id) if actor is not None else None}
