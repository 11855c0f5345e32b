"""Use cases: firms are entered, edited, change their status (R001). None is ever deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.access import Action, Actor
from domain.errors import fault
from server.audit.service import write_event
from server.db import unit_of_work
from server.registry.changes import apply_change
from server.registry.clashes import ChangedMeanwhile, save_entry
from server.registry.firms import MISTAKEN, STATUSES, find_firm_by_uscc, get_firm
from server.registry.keeping import require_keeper
from server.registry.models import Firm
from server.registry.owner import take_turns
from server.registry.tags import check_labels


def add_firm(actor: Actor, values: Mapping[str, Any]) -> Firm:
    """Raises ``firm.uscc_taken``, ``tag.unknown``."""
    require_keeper(actor, Action.FIRM_WRITE)
    with unit_of_work():
        take_turns(actor.jurisdiction_id)
        firm = find_firm_by_uscc(actor, values["uscc"])
        if firm is None or firm.status != MISTAKEN:  # that one comes back with its history
            _refuse_taken(actor, values["uscc"], None)
            firm = Firm(jurisdiction_id=actor.jurisdiction_id, former_usccs=[])
        check_labels(actor, "firms", values.get("labels", []), [])
        is_back = {} if firm.id is None else {"status": "open"}
        apply_change(actor, "firms", firm, {**values, **is_back}, "form")
        _note(actor, "firm.added", firm)
    return firm


def edit_firm(
    actor: Actor, firm_id: int, values: Mapping[str, Any], seen: int
) -> Firm | ChangedMeanwhile:
    """``seen`` is the newest change the form's person knows of. A credit code that is replaced
    stays among the former ones. Raises ``firm.not_found``, ``firm.uscc_taken``, ``tag.unknown``.
    """
    require_keeper(actor, Action.FIRM_WRITE)
    with unit_of_work():
        take_turns(actor.jurisdiction_id)
        firm = get_firm(actor, firm_id)
        _refuse_taken(actor, values["uscc"], firm)
        check_labels(actor, "firms", values.get("labels", []), firm.labels)
        old = firm.uscc
        saved = save_entry(actor, "firms", firm, values, seen)
        if isinstance(saved, ChangedMeanwhile):
            return saved
        if saved is not None:
            if old != firm.uscc:
                firm.former_usccs = [*(one for one in firm.former_usccs if one != firm.uscc), old]
            _note(actor, "firm.changed", firm, fields=sorted(saved.changes))
    return firm


def change_firm_status(actor: Actor, firm_id: int, status: str, reason: str) -> Firm:
    """Only open firms are drawn from now on. Raises ``firm.not_found``; ``request.bad_parameter``
    for a status there is not."""
    require_keeper(actor, Action.FIRM_WRITE)
    if status not in STATUSES or status == MISTAKEN:
        raise fault("request.bad_parameter", field="status")
    with unit_of_work():
        take_turns(actor.jurisdiction_id)
        firm = get_firm(actor, firm_id)
        if apply_change(actor, "firms", firm, {"status": status}, "form", reason):
            _note(actor, "firm.status_changed", firm, status=status, reason=reason)
    return firm


def _refuse_taken(actor: Actor, uscc: str, firm: Firm | None) -> None:
    other = find_firm_by_uscc(actor, uscc)
    if other is not None and other is not firm:
        raise fault("firm.uscc_taken", name=other.name)


def _note(actor: Actor, event: str, firm: Firm, **details: object) -> None:
    write_event(
        actor.jurisdiction_id,
        actor.person_id,
        event,
        f"firm:{firm.id}",
        name=firm.name,
        **details,
    )
