"""Everything a run of operations may look at, read with one query each under the space's lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import cast

from sqlalchemy import bindparam, select

from domain.access import Actor
from server.db import db
from server.fieldsync.entities import load_row
from server.fieldsync.models import Entity, Space
from server.fieldsync.receiving.overlay import NeedsCare
from server.fieldsync.visit import Visit
from server.inspections.models import Inspection, Sheet
from server.inspections.records import VisitFacts, find_visit_facts
from server.timing import timed
from sync.cursor import Mark
from sync.messages.push_request import Offer
from sync.operation import Operation, parse_inspection
from sync.rows import Row

_SPACES, _ENTITIES = Space.__table__, Entity.__table__
# Statements are built once: building one costs as much as running it, with the locks held.
_FIND_SPACE = select(_SPACES.c.counter, _SPACES.c.digest).where(
    _SPACES.c.name == bindparam("space"), _SPACES.c.jurisdiction_id == bindparam("county")
)
_LOCK_SPACE = _FIND_SPACE.with_for_update(key_share=True)
_FIND_ROWS = select(_ENTITIES).where(
    _ENTITIES.c.space == bindparam("space"),
    _ENTITIES.c.id.in_(bindparam("wanted", expanding=True)),
)


class RunVisit(Visit):
    """The visit as a run has left it so far. ``rows`` and ``marks`` are the state's
    (``overlay.State``); what is not among them is read once."""

    def __init__(self, facts: VisitFacts) -> None:
        # all that judging asks of a visit and its sheets, without their objects
        super().__init__(cast(Inspection, facts))
        self.sheets = {sheet.code: cast(Sheet, sheet) for sheet in facts.sheets}
        self.rows: dict[str, Row | None] = {}
        self.marks: dict[str, Mark] = {}

    def load(self, ids: Iterable[str]) -> None:
        """Reads these rows, and that there are none."""
        wanted = sorted(ids)
        self.rows.update(dict.fromkeys(wanted))
        named = {"space": self.name, "wanted": wanted}
        for found in db.session.connection().execute(_FIND_ROWS, named):
            self.rows[found.id] = load_row(found, self.sheet_codes)
            self.marks[found.id] = Mark(found.type, found.id, found.seq)

    def find_row(self, entity: str) -> Row | None:
        if entity not in self.rows:
            self.load([entity])
        return self.rows[entity]

    def list_evidence(self, sheet: str) -> Sequence[Row]:
        raise NeedsCare


@dataclass(slots=True)
class OpenSpace:
    """An inspection's space under its lock."""

    counter: int
    digest: str
    visit: RunVisit


def find_open_space(
    actor: Actor, offers: Sequence[Offer], *, is_locked: bool = True
) -> OpenSpace | None:
    """Locks the space of a run, unless it is only to be looked at, and reads what its operations
    name. None where no visit of this county is behind it."""
    name = offers[0].space if offers else ""
    inspection_id = parse_inspection(name)
    if inspection_id is None:
        return None
    named = {"space": name, "county": actor.jurisdiction_id}
    with timed("queue") if is_locked else nullcontext():
        # The counter first: what is read after it and is newer moves it on, and shows by that.
        query = _LOCK_SPACE if is_locked else _FIND_SPACE
        head = db.session.connection().execute(query, named).first()
    facts = find_visit_facts(inspection_id) if head is not None else None
    if head is None or facts is None:
        return None
    visit = RunVisit(facts)
    visit.load({*_named_in(offers), *(f"sheet:{code}" for code in visit.sheets)})
    return OpenSpace(head.counter, head.digest, visit)


def _named_in(offers: Sequence[Offer]) -> Iterable[str]:
    for offer in offers:
        if isinstance(offer.read, Operation):
            yield offer.read.entity
            if offer.read.photo is not None:
                yield f"photo:{offer.read.photo.sha256}"
