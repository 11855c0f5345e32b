"""Use cases: officers are entered and edited (R001, R010)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from server.accounts.directory import get_person
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.registry.changes import apply_change
from server.registry.clashes import ChangedMeanwhile, save_entry
from server.registry.keeping import require_keeper
from server.registry.models import Officer
from server.registry.officers import find_officer_of_person, get_officer
from server.registry.owner import take_turns
from server.registry.tags import check_labels


def add_officer(actor: Actor, values: Mapping[str, Any]) -> Officer:
    """Raises ``officer.cert_taken``, ``officer.account_taken``, ``tag.unknown``; ``access.denied``
    for an officer of a department the actor does not keep (R050)."""
    _require_keeper(actor, values)
    with unit_of_work():
        take_turns(actor.jurisdiction_id)
        _refuse_taken(actor, values, None)
        check_labels(actor, "officers", values["labels"], [])
        officer = Officer(jurisdiction_id=actor.jurisdiction_id)
        apply_change(actor, "officers", officer, values, "form")
        _note(actor, "officer.added", officer)
    return officer


def edit_officer(
    actor: Actor, officer_id: int, values: Mapping[str, Any], seen: int
) -> Officer | ChangedMeanwhile:
    """``seen`` is the newest change the form's person knows of. Raises ``request.not_found`` and as
    ``add_officer``: neither somebody else's officer is changed nor one's own given away."""
    with unit_of_work():
        take_turns(actor.jurisdiction_id)
        officer = get_officer(actor, officer_id)
        require_keeper(actor, Action.OFFICER_WRITE, officer.department_id)
        _require_keeper(actor, values, officer.person_id)
        _refuse_taken(actor, values, officer)
        check_labels(actor, "officers", values["labels"], officer.labels)
        saved = save_entry(actor, "officers", officer, values, seen)
        if isinstance(saved, ChangedMeanwhile):
            return saved
        if saved is not None:
            _note(actor, "officer.changed", officer, fields=sorted(saved.changes))
    return officer


def _require_keeper(actor: Actor, values: Mapping[str, Any], linked: int | None = None) -> None:
    """Of the officer's department, and of an account that is linked anew: nobody sends another
    department's person out."""
    require_keeper(actor, Action.OFFICER_WRITE, values["department_id"])
    if (person_id := values["person_id"]) not in (None, linked):
        require_keeper(actor, Action.OFFICER_WRITE, get_person(person_id).department_id)


def _refuse_taken(actor: Actor, values: Mapping[str, Any], officer: Officer | None) -> None:
    query = select(Officer).where(
        Officer.jurisdiction_id == actor.jurisdiction_id, Officer.cert_no == values["cert_no"]
    )
    with db.session.no_autoflush:
        other = db.session.scalar(query)
        if other is not None and other is not officer:
            raise fault("officer.cert_taken", name=other.name)
        if values["person_id"] is not None:
            other = find_officer_of_person(values["person_id"])
            if other is not None and other is not officer:
                raise fault("officer.account_taken", name=other.name)


def _note(actor: Actor, event: str, officer: Officer, **details: object) -> None:
    write_event(
        actor.jurisdiction_id,
        actor.person_id,
        event,
        f"officer:{officer.id}",
        name=officer.name,
        **details,
    )
