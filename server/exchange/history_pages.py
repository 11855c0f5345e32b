"""HTML page: the history of one entry, for registers whose entries have no page of their own."""

from __future__ import annotations

from flask import Blueprint, render_template

from domain.access import Action
from server.accounts.service import list_people
from server.exchange import words
from server.exchange.history import tell_entry
from server.guard import get_actor, guarded

blueprint = Blueprint("entry_history", __name__, url_prefix="/registry/history")


@blueprint.get("/<register>/<int:entry_id>")
@guarded(Action.REGISTER_READ)
def show(register: str, entry_id: int) -> str:
    """Old → new, who, when, and by which file."""
    found, name, events = tell_entry(get_actor(), register, entry_id)
    return render_template(
        "exchange/history.html",
        register=found,
        name=name,
        events=events,
        people={one.id: one.name for one in list_people()},
        words=words,
    )
