"""Use case: a newer version of its checklists for a visit that has not begun (R008).

An open inspection keeps its version. Where nothing has been recorded, its department's lead or the
office may give it the newest: the sheet's row is written again, the road by which phones hear of
everything, and they fetch the list it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.access import Action, Actor, may
from domain.checklist_changes import EntryChange, compare_items
from domain.errors import Fault, fault
from server.accounts.service import list_devices
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.guard import require
from server.inspections.models import Inspection, Sheet
from server.inspections.publishing import active_team, publish_lists
from server.inspections.reading import get_inspection, get_sheet, target_of
from server.registry import service as registry
from server.runtime import today

Lists = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a sheet has and could have. ``obstacle`` is why it cannot be given now; ``changes`` are
    those of its own entries, by list."""

    sheet: Sheet
    old: tuple[str, ...]
    new: tuple[str, ...]
    changes: tuple[tuple[str, tuple[EntryChange, ...]], ...]
    obstacle: Fault | None


@dataclass
class _Codes:
    checklist_codes: list[str]


def list_offers(actor: Actor, inspection: Inspection) -> list[Offer]:
    """The sheets that are not entered yet, have an older version and whose version this person
    may change; none of a visit that was taken back."""
    if inspection.withdrawn_at is not None:
        return []
    return [
        offer
        for sheet in inspection.sheets
        if sheet.state not in ("entered", "published")
        and may(actor, Action.CHECKLIST_OFFER, target_of(inspection, sheet))
        and (offer := _offer(inspection, sheet)) is not None
    ]


def take_newest_lists(actor: Actor, inspection_id: int, code: str) -> Sheet:
    """Gives the sheet the newest version of each of its lists and tells the phones. Raises
    ``inspection.withdrawn``, ``sheet.lists_newest``, ``sheet.begun``, ``sheet.visit_day``,
    ``sheet.phone_holds``."""
    with unit_of_work():
        inspection = get_inspection(actor, inspection_id)
        sheet = get_sheet(inspection, code)
        require(actor, Action.CHECKLIST_OFFER, target_of(inspection, sheet))
        if inspection.withdrawn_at is not None:
            raise fault("inspection.withdrawn")
        # Before anything is looked at: an answer that arrives meanwhile must be seen here.
        fieldsync.lock_space(inspection.space)
        db.session.refresh(sheet)
        lists = _newest_lists(sheet)
        if lists == sheet.lists:
            raise fault("sheet.lists_newest")
        if (obstacle := _find_obstacle(inspection, sheet)) is not None:
            raise obstacle
        before = [one["list"] for one in sheet.lists]
        sheet.lists = lists
        publish_lists(inspection, sheet, actor.person_id)
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            "sheet.relisted",
            f"inspection:{inspection.id}",
            sheet=code,
            old=before,
            new=[one["list"] for one in lists],
        )
    return sheet


def _offer(inspection: Inspection, sheet: Sheet) -> Offer | None:
    lists = _newest_lists(sheet)
    if lists == sheet.lists:
        return None
    return Offer(
        sheet=sheet,
        old=tuple(one["list"] for one in sheet.lists),
        new=tuple(one["list"] for one in lists),
        changes=_changes(sheet.lists, lists),
        obstacle=_find_obstacle(inspection, sheet),
    )


def _newest_lists(sheet: Sheet) -> Lists:
    """The same lists as were drawn, each in its newest version; a list that has nothing left for
    this department falls away."""
    codes = [one["list"].partition("@")[0] for one in sheet.lists]
    return registry.sheet_lists_for(_Codes(codes), sheet.department)


def _find_obstacle(inspection: Inspection, sheet: Sheet) -> Fault | None:
    rows = fieldsync.read_sheet(inspection.id, sheet.code)
    if sheet.state != "open" or rows.is_begun:
        return fault("sheet.begun")
    if inspection.planned_on is not None and inspection.planned_on <= today():
        return fault("sheet.visit_day")
    for member in active_team(inspection):
        if member.officer.person_id is not None and _holds_work(member.officer.person_id):
            return fault("sheet.phone_holds", name=member.officer.name)
    return None


def _holds_work(person_id: int) -> bool:
    """Whether a phone of theirs said at its last contact that it has not sent everything: that may
    be answers to the entries of this version."""
    for device in list_devices(person_id):
        unsent = (device.heartbeat or {}).get("unsent")
        if device.revoked_at is None and isinstance(unsent, int) and unsent > 0:
            return True
    return False


def _changes(old: Lists, new: Lists) -> tuple[tuple[str, tuple[EntryChange, ...]], ...]:
    after = {one["list"].partition("@")[0]: one for one in new}
    found = []
    for one in old:
        code = one["list"].partition("@")[0]
        changes = compare_items(_items(one), _items(after[code]) if code in after else ())
        if changes:
            found.append((registry.get_checklist(one["list"]).title, changes))
    return tuple(found)


def _items(part: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(i for i in registry.list_check_items(part["list"]) if i.code in part["items"])
