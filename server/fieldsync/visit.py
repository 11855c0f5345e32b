"""One inspection as the apply code sees it: its sheets, its team, and the ports of ``sync``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from domain.access import Action, Actor, Target, may
from domain.checklists import CheckItem, parse_value
from domain.errors import Refused, fault
from domain.inspections import last_possible_end
from domain.results import Unmet
from server.deadlines.service import due_of_visit
from server.fieldsync.entities import find_entity, list_evidence, load_row
from server.fieldsync.files.blobs import has_blob
from server.fieldsync.instants import dump_instant
from server.fieldsync.models import Entity
from server.inspections.models import Inspection, Sheet
from server.inspections.records import (
    find_assigned_on,
    find_inspection,
    list_sheets,
    list_team_persons,
)
from server.registry.checklists import list_check_items
from server.results import service as results
from server.runtime import now, today
from sync.canonical import Plain
from sync.operation import Kind, parse_inspection
from sync.rows import Row

ACTIONS: Mapping[Kind, Action] = {
    Kind.ANSWER_SET: Action.SHEET_FILL,
    Kind.PHOTO_ATTACH: Action.SHEET_FILL,
    Kind.PHOTO_REMOVE: Action.SHEET_FILL,
    Kind.SIGNATURE_ADD: Action.SHEET_FILL,
    Kind.CHECKIN_ADD: Action.SHEET_FILL,
    Kind.SHEET_SUBMIT: Action.SHEET_SUBMIT,
    Kind.SHEET_ACCEPT: Action.SHEET_REVIEW,
    Kind.SHEET_RETURN: Action.SHEET_REVIEW,
    Kind.SHEET_ENTER: Action.SHEET_ENTER,
    Kind.CORRECTION_PROPOSE: Action.CORRECTION_REQUEST,
}


class Visit:
    """Implements ``sync.ports.Space`` and ``sync.ports.Rules`` over the tables. Make one per
    transaction: what it remembers is true under the space's lock only."""

    def __init__(self, inspection: Inspection) -> None:
        self.inspection = inspection
        self.name = inspection.space
        self._kept: dict[str, Entity | None] = {}
        self._known_items: dict[str, dict[str, CheckItem]] = {}

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """Sheets by department code."""
        return {sheet.code: sheet for sheet in list_sheets(self.inspection.id)}

    @cached_property
    def sheet_ids(self) -> dict[str, int]:
        return {code: sheet.id for code, sheet in self.sheets.items()}

    @cached_property
    def sheet_codes(self) -> dict[int, str]:
        """Department codes by sheet id."""
        return {sheet_id: code for code, sheet_id in self.sheet_ids.items()}

    @cached_property
    def team_person_ids(self) -> frozenset[int]:
        """Persons on the team now."""
        return list_team_persons(self.inspection.id)

    def target(self, code: str | None) -> Target:
        """What the access rules look at: a sheet, or the visit itself."""
        sheet = self.sheets.get(code) if code is not None else None
        return Target(
            jurisdiction_id=self.inspection.jurisdiction_id,
            department_id=sheet.department_id if sheet else None,
            team_person_ids=self.team_person_ids,
        )

    # sync.ports.Space

    def find_row(self, entity: str) -> Row | None:
        found = find_entity(self.name, entity)
        self._kept[entity] = found  # or the session would forget it and read it again
        return load_row(found, self.sheet_codes) if found is not None else None

    def list_evidence(self, sheet: str) -> Sequence[Row]:
        found = list_evidence(self.name, self.sheet_ids[sheet])
        return [load_row(one, self.sheet_codes) for one in found]

    def has_bytes(self, sha256: str) -> bool:
        return has_blob(sha256)

    # sync.ports.Rules

    def _items(self, sheet: str) -> dict[str, CheckItem]:
        if sheet not in self._known_items:
            lists = self.sheets[sheet].lists
            found = [item for one in lists for item in list_check_items(one["list"])]
            self._known_items[sheet] = {item.code: item for item in found}
        return self._known_items[sheet]

    def check_value(self, sheet: str, item: str, value: Plain) -> Refused | None:
        known = self._items(sheet).get(item)
        if known is None:
            return Refused("op.unknown_entity", {"entity": f"answer:{sheet}/{item}"})
        parsed = parse_value(known, value)
        return parsed if isinstance(parsed, Refused) else None

    def list_unmet(self, sheet: str, results_chosen: Mapping[str, int]) -> Sequence[Unmet]:
        return results.list_unmet(self.inspection.id, sheet, results_chosen)

    def needs_acceptance(self) -> bool:
        return results.needs_acceptance(self.inspection.jurisdiction_id)

    def find_entered_digest(self, sheet: str) -> str | None:
        return results.find_entered_digest(self.sheet_ids[sheet])

    def due_of(self, ended_on: str) -> tuple[str | None, bool]:
        day = date.fromisoformat(ended_on)
        visit = self.inspection
        due = due_of_visit(visit.id, day, list(self.sheets), visit.jurisdiction_id)
        return (due.due.isoformat(), due.provisional) if due else (None, False)

    def end_bounds(self) -> tuple[str, str]:
        assigned_on = find_assigned_on(self.inspection.id)
        assert assigned_on is not None  # it is this visit's
        return assigned_on.isoformat(), last_possible_end(today()).isoformat()

    def now(self) -> str:
        return dump_instant(now())


class TeamRights:
    """``sync.ports.Rights`` of one actor at arrival; ``is_revoked`` forbids everything."""

    def __init__(self, actor: Actor, visit: Visit, is_revoked: bool = False) -> None:
        self._actor, self._visit, self._is_revoked = actor, visit, is_revoked
        self._asked: dict[tuple[Kind, str], bool] = {}

    def may(self, kind: Kind, sheet: str) -> bool:
        if self._is_revoked:
            return False
        if (kind, sheet) not in self._asked:
            self._asked[kind, sheet] = may(self._actor, ACTIONS[kind], self._visit.target(sheet))
        return self._asked[kind, sheet]


def target_of_sheet(space: str, code: str) -> Target:
    """One department's sheet as the access rules see it now; raises ``sheet.not_found``."""
    visit = find_visit(space)
    if visit is None or code not in visit.sheets:
        raise fault("sheet.not_found")
    return visit.target(code)


def find_visit(space: str) -> Visit | None:
    """The inspection a space belongs to, in this county; None for any other space."""
    inspection_id = parse_inspection(space)
    if inspection_id is None:
        return None
    inspection = find_inspection(inspection_id)
    return Visit(inspection) if inspection is not None else None
