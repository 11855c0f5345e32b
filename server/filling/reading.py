"""What the pages show: one's own visits, a sheet with what it still lacks, one of its entries."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from domain.access import Action, Actor, may
from domain.check_items import CheckItem
from domain.errors import fault
from domain.results import Unmet, entry_preconditions
from server.fieldsync import service as fieldsync
from server.fieldsync.service import SheetRows
from server.guard import require
from server.inspections import service as inspections
from server.inspections.service import Inspection, Sheet, SheetView, TeamMember
from server.registry.paging import Page
from server.results import service as results
from sync.rows import Sibling

# Signatures are drawn on a phone; arrival, acceptance and results come after the handing in.
_LATER = ("entry.signature", "entry.not_", "entry.result", "entry.photo_not_received")


@dataclass(frozen=True, slots=True)
class FillView:
    """One sheet on a page. ``missing`` keeps it from being handed in, ``unsigned`` is what only a
    phone can still add."""

    inspection: Inspection
    view: SheetView
    officers: tuple[TeamMember, ...]
    present: frozenset[int]
    missing: tuple[Unmet, ...]
    unsigned: tuple[Unmet, ...]

    @property
    def is_open(self) -> bool:
        """Whether answers are still taken."""
        return self.view.sheet.state in {"open", "returned"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page showed of an answer: it goes with the form and comes back with it."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    heads: Mapping[str, str | None] = field(default_factory=dict)
    siblings: tuple[str, ...] = ()

    def dump(self) -> str:
        """As the hidden field carries it."""
        return json.dumps(
            {"fields": dict(self.fields), "heads": dict(self.heads), "siblings": self.siblings},
            ensure_ascii=False,
        )


@dataclass(frozen=True, slots=True)
class EntryView:
    """One check entry: its answer as it stands, other versions beside it."""

    item: CheckItem
    seen: Seen
    siblings: tuple[Sibling, ...]
    before: str
    after: str


def make_page() -> str:
    """The id of a page that is shown: what is sent from it twice applies once."""
    return str(uuid.uuid4())


def list_own(actor: Actor, page: int) -> Page[Inspection]:
    """The visits the actor is on the team of, the latest planned first."""
    return inspections.list_inspections(actor, officer=actor.officer_id or 0, page=page)


def can_fill(actor: Actor, inspection: Inspection, sheet: Sheet) -> bool:
    """Whether the sheet is the actor's to fill."""
    return may(actor, Action.SHEET_FILL, inspections.target_of(inspection, sheet))


def view_fill(actor: Actor, inspection_id: int, code: str, ended_on: date) -> FillView:
    """Judged as of the day the visit ends. Raises ``access.denied`` for whoever does not fill this
    sheet, ``inspection.not_found``, ``sheet.not_found``."""
    inspection = inspections.get_inspection(actor, inspection_id)
    sheet = inspections.get_sheet(inspection, code)
    require(actor, Action.SHEET_FILL, inspections.target_of(inspection, sheet))
    rows = fieldsync.read_sheet(inspection.id, code)
    facts = results.entry_facts(replace(rows, ended_on=rows.ended_on or ended_on))
    unmet = entry_preconditions(facts)
    team = inspections.active_team(inspection)
    return FillView(
        inspection=inspection,
        view=inspections.view_sheet(actor, inspection, sheet),
        officers=tuple(one for one in team if one.department_id == sheet.department_id),
        present=frozenset(facts.checked_in),
        missing=tuple(one for one in unmet if not one.code.startswith(_LATER)),
        unsigned=tuple(one for one in unmet if one.code.startswith("entry.signature")),
    )


def find_item(rows: SheetRows, code: str) -> tuple[CheckItem, str, str]:
    """The entry and the codes of its neighbours, empty at the ends. Raises ``request.not_found``
    for one that is not on the sheet."""
    items = results.list_items(rows)
    for at, item in enumerate(items):
        if item.code == code:
            before = items[at - 1].code if at else ""
            return item, before, items[at + 1].code if at + 1 < len(items) else ""
    raise fault("request.not_found")


def view_entry(inspection_id: int, code: str, item: str) -> EntryView:
    """The answer as it stands; whoever may see it was asked before."""
    rows = fieldsync.read_sheet(inspection_id, code)
    found, before, after = find_item(rows, item)
    row = rows.answers.get(item)
    siblings = row.siblings if row is not None else ()
    seen = Seen(
        dict(row.fields) if row is not None else {},
        dict(row.heads) if row is not None else {},
        tuple(one.op for one in siblings),
    )
    return EntryView(found, seen, siblings, before, after)


def parse_seen(text: str) -> Seen:
    """What a form says its page showed; what cannot be read was not shown."""
    try:
        told = json.loads(text)
        heads = {str(name): None if op is None else str(op) for name, op in told["heads"].items()}
        return Seen(dict(told["fields"]), heads, tuple(str(op) for op in told["siblings"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Seen()
