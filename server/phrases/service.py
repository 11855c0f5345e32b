"""Use cases: keeping a department's phrases, and bringing them to its officers' phones.

They travel as one row of each officer's own space: written when the office changes something, and
with an assignment where the officer's row is behind (docs/protocol 13.4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from domain.access import Action, Actor, Role, Target
from domain.errors import fault
from server.accounts.directory import list_holders, lock_department
from server.accounts.service import get_department
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.fieldsync.service import RowWrite
from server.guard import require
from server.phrases.models import MAX_CHARACTERS, Phrase
from server.registry import service as registry
from server.runtime import now

KIND = "office.phrases"
MAX_PHRASES = 300
FIELD_ROLES = (Role.INSPECTOR, Role.TEAM_LEAD)

__all__ = [
    "MAX_CHARACTERS",
    "add_phrases",
    "edit_phrase",
    "list_phrases",
    "phrases_row",
    "phrases_rows",
    "retire",
]


def list_phrases(department_id: int) -> list[Phrase]:
    """In use first, those for one entry by its code, then the general ones."""
    query = select(Phrase).where(Phrase.department_id == department_id)
    found = db.session.scalars(query.order_by(Phrase.id))
    return sorted(found, key=lambda one: (one.retired_at is not None, one.item_code or "~", one.id))


def add_phrases(actor: Actor, wanted: Sequence[tuple[str, str]]) -> None:
    """(text, code of the check entry or nothing) each, for the actor's own department. Raises
    ``phrase.duplicate``, ``phrase.unknown_item``, ``phrase.too_many``."""
    with unit_of_work() as work:
        department = _own_department(actor)
        in_use = sum(one.retired_at is None for one in list_phrases(department))
        if in_use + len(wanted) > MAX_PHRASES:
            raise fault("phrase.too_many", max=MAX_PHRASES)
        for text, item_code in wanted:
            phrase = Phrase(
                jurisdiction_id=actor.jurisdiction_id,
                department_id=department,
                item_code=_read_item(item_code),
                text=text,
                changed_at=now(),
            )
            _refuse_second(department, phrase)
            work.add(phrase)
            work.flush()
            _note(actor, "phrase.added", phrase)
        _tell(actor, department)


def edit_phrase(actor: Actor, phrase_id: int, text: str, item_code: str = "") -> None:
    """What was written with it stays as it was written. Raises ``phrase.not_found`` and as
    ``add_phrases``."""
    with unit_of_work() as work:
        phrase = _get(actor, phrase_id)
        code = _read_item(item_code)
        if (phrase.text, phrase.item_code) == (text, code):
            return
        with work.no_autoflush:
            phrase.text, phrase.item_code, phrase.changed_at = text, code, now()
            _refuse_second(phrase.department_id, phrase)
        work.flush()
        _note(actor, "phrase.changed", phrase)
        _tell(actor, phrase.department_id)


def retire(actor: Actor, phrase_id: int, is_retired: bool = True) -> None:
    """Takes it from the phones, or gives it back. Raises ``phrase.not_found``."""
    with unit_of_work() as work:
        phrase = _get(actor, phrase_id)
        if (phrase.retired_at is not None) == is_retired:
            return
        phrase.retired_at = phrase.changed_at = now()
        if not is_retired:
            phrase.retired_at = None
            _refuse_second(phrase.department_id, phrase)
        work.flush()
        _note(actor, "phrase.retired" if is_retired else "phrase.used", phrase)
        _tell(actor, phrase.department_id)


def phrases_row(person_id: int, department_id: int) -> RowWrite | None:
    """The officer's row with the phrases of now; None where the phone has them already. To be
    written in the same unit of work: the space is locked before anything is read, or a row built
    meanwhile would be written over by this one."""
    fieldsync.lock_space(fieldsync.user_space(person_id))
    known = fieldsync.list_own_rows(person_id, "phrases", 1)
    return _unless_known(_row(department_id), known[0] if known else None)


def phrases_rows(people: Mapping[int, int]) -> dict[int, RowWrite]:
    """The same for many (person → department), each department's phrases read once; who has them
    already is left out. The caller holds the persons' spaces and writes in its unit of work."""
    rows = {department: _row(department) for department in set(people.values())}
    known = fieldsync.map_own_rows(list(people), "phrases")
    told = {
        person: _unless_known(rows[department], known.get(person))
        for person, department in people.items()
    }
    return {person: row for person, row in told.items() if row is not None}


def _unless_known(row: RowWrite, known: Mapping[str, Any] | None) -> RowWrite | None:
    has_none = known is None and not row.fields["phrases"]
    return None if has_none or known == row.fields else row


def _row(department_id: int) -> RowWrite:
    code = get_department(department_id).code
    told: list[dict[str, Any]] = [
        {"text": one.text, "item": one.item_code or None}
        for one in list_phrases(department_id)
        if one.retired_at is None
    ]
    return RowWrite("phrases", "phrases:own", {"department": code, "phrases": told})


def _tell(actor: Actor, department_id: int) -> None:
    """Whoever fills sheets for the department, person by person."""
    for person_id in list_holders(department_id, FIELD_ROLES):
        if (row := phrases_row(person_id, department_id)) is not None:
            fieldsync.write_rows(
                jurisdiction_id=actor.jurisdiction_id,
                space=f"user:{person_id}",
                kind=KIND,
                person_id=actor.person_id,
                rows=[row],
                at=now(),
            )


def _note(actor: Actor, event: str, phrase: Phrase) -> None:
    write_event(
        actor.jurisdiction_id,
        actor.person_id,
        event,
        f"phrase:{phrase.id}",
        text=phrase.text,
        item=phrase.item_code,
    )


def _own_department(actor: Actor) -> int:
    """Two who change its phrases at once do so one after the other: each counts, compares and
    tells the phones what the other has left."""
    if actor.department_id is None:
        raise fault("access.denied")
    require(actor, Action.PHRASE_WRITE, Target(actor.jurisdiction_id, actor.department_id))
    lock_department(actor.department_id)
    return actor.department_id


def _get(actor: Actor, phrase_id: int) -> Phrase:
    department = _own_department(actor)
    phrase = db.session.scalar(select(Phrase).where(Phrase.id == phrase_id))
    if phrase is None or phrase.department_id != department:
        raise fault("phrase.not_found")
    return phrase


def _read_item(text: str) -> str:
    """``pax-03`` is PAX-03."""
    code = text.strip().upper()
    if code and not registry.is_check_entry(code):
        raise fault("phrase.unknown_item", item=code)
    return code


def _refuse_second(department_id: int, phrase: Phrase) -> None:
    query = select(Phrase).where(
        Phrase.department_id == department_id,
        Phrase.text == phrase.text,
        Phrase.item_code == phrase.item_code,
        Phrase.retired_at.is_(None),
    )
    with db.session.no_autoflush:
        if any(one is not phrase for one in db.session.scalars(query)):
            raise fault("phrase.duplicate")
