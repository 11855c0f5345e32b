"""Lookup: all that belongs into the file of one visit, read through the subjects' services."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.access import Actor
from domain.archive import (
    FiledSheet,
    Part,
    PartState,
    Standing,
    judge_team,
    list_missing,
    list_sheet_parts,
)
from domain.errors import Fault, fault
from domain.results import entry_preconditions, is_problem
from server.accounts.service import get_jurisdiction
from server.archive.annexes import AFTER_SHEETS, BEFORE_SHEETS, OF_SHEET, Annex
from server.archive.later import LaterSteps, read_later
from server.corrections.joining import list_orders_of
from server.corrections.reading import OrderView, view_order
from server.draws import change_service as draw_changes
from server.draws.change_models import DrawChange
from server.fieldsync import service as fieldsync
from server.inspections import service as inspections
from server.inspections.models import Inspection, Sheet
from server.inspections.sheet_view import SheetView
from server.results import service as results

OPEN_CHANGE = "requested"


@dataclass(frozen=True, slots=True)
class SheetFile:
    """One department's part of the file. ``lost`` are hashes of photos that are on record and
    whose file is not on the disk."""

    sheet: Sheet
    view: SheetView
    parts: tuple[Standing, ...]
    orders: tuple[OrderView, ...]
    lost: frozenset[str]
    later: LaterSteps
    annexes: tuple[Annex, ...] = ()

    @property
    def documents(self) -> list[tuple[str, str]]:
        """(name, SHA-256) of every paper attached to its orders and to what followed."""
        found = [(paper.name, paper.sha256) for order in self.orders for paper in order.evidence]
        found += self.later.documents
        return found + [paper for one in self.annexes for paper in one.documents]

    @property
    def missing(self) -> list[Standing]:
        """What this department's part lacks."""
        return list_missing(self.parts)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A visit's file for one reader: ``before`` and ``after`` are what other subjects bind in front
    of the departments' papers and behind them, ``hidden`` are the sheets of departments whose
    business the reader may not see; they keep their own file."""

    inspection: Inspection
    county: str
    changes: tuple[DrawChange, ...]
    parts: tuple[Standing, ...]
    sheets: tuple[SheetFile, ...]
    hidden: tuple[Sheet, ...]
    before: tuple[Annex, ...] = ()
    after: tuple[Annex, ...] = ()

    @property
    def last_parts(self) -> tuple[Standing, ...]:
        """The visit's parts that are bound behind the departments'."""
        return tuple(one.standing for one in self.after)

    @property
    def missing(self) -> list[tuple[Sheet | None, Standing]]:
        """All that is missing, in the order of the file."""
        own: list[tuple[Sheet | None, Standing]] = [(None, one) for one in list_missing(self.parts)]
        own += [(file.sheet, one) for file in self.sheets for one in file.missing]
        return own + [(None, one) for one in list_missing(self.last_parts)]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing of what this reader may see."""
        return not self.missing


def read_dossier(actor: Actor, inspection_id: int) -> Dossier:
    """Raises as ``get_inspection`` does, and ``access.denied`` for whoever may read no sheet of it:
    what was found is the department's business alone."""
    found = inspections.get_inspection(actor, inspection_id)
    readable = [one for one in found.sheets if inspections.can_read_sheet(actor, found, one)]
    if not readable:
        raise fault("access.denied")
    changes = tuple(draw_changes.list_of_inspection(found.id))
    waiting = sum(one.state == OPEN_CHANGE for one in changes)
    before = tuple(read(actor, found) for read in BEFORE_SHEETS)
    return Dossier(
        inspection=found,
        county=get_jurisdiction(actor.jurisdiction_id).name,
        changes=changes,
        parts=(
            Standing(Part.DRAW, PartState.THERE),
            judge_team(len(changes), waiting),
            *(one.standing for one in before),
        ),
        sheets=tuple(_read_sheet(actor, found, one) for one in readable),
        hidden=tuple(one for one in found.sheets if one not in readable),
        before=before,
        after=tuple(read(actor, found) for read in AFTER_SHEETS),
    )


def _read_sheet(actor: Actor, found: Inspection, sheet: Sheet) -> SheetFile:
    view = inspections.view_sheet(actor, found, sheet)
    lost = frozenset(
        one.sha256 for one in view.photos if one.is_received and _is_lost(actor, one.sha256)
    )
    orders = tuple(
        view_order(actor, one.id)
        for one in reversed(list_orders_of(actor, found.id))
        if fieldsync.find_code(one.entity, one.payload) == sheet.code
    )
    later = read_later(actor, found, sheet)
    parts = list_sheet_parts(_facts(found, sheet, view, orders, len(lost), later))
    version = view.version.version if view.version is not None else 0
    told = tuple(
        replace(one, count=version)
        if one.part is Part.RESULT and one.state is PartState.THERE
        else one
        for one in parts
    )
    annexes = tuple(read(actor, found, sheet) for read in OF_SHEET)
    told += tuple(one.standing for one in annexes)
    return SheetFile(sheet, view, told, orders, lost, later, annexes)


def _facts(
    found: Inspection,
    sheet: Sheet,
    view: SheetView,
    orders: tuple[OrderView, ...],
    lost: int,
    later: LaterSteps,
) -> FiledSheet:
    rows = fieldsync.read_standing(found.id, sheet.code).now
    facts = results.entry_facts(rows)
    receipts = [one for one in view.signatures if one.role == "notice"]
    return FiledSheet(
        state=sheet.state,
        needs_acceptance=facts.acceptance_required,
        is_withdrawn=found.withdrawn_at is not None,
        has_outcome=facts.outcome is not None,
        has_notice_receipt=bool(receipts),
        is_notice_refused=all(one.is_refused for one in receipts),
        firm_part=view.firm_part,
        unmet=frozenset(one.code for one in entry_preconditions(facts)),
        photos=len(view.photos),
        waiting=view.waiting_photos,
        lost=lost,
        corrections=len(orders),
        drafts=sum(one.state == "draft" for one in orders),
        submitted=sum(one.state == "submitted" for one in orders),
        has_problem=any(is_problem(code) for code in rows.results.values()),
        follow_up=later.follow_up,
        telling=later.telling,
        receipt=later.receipt,
        publication=later.publication,
    )


def _is_lost(actor: Actor, sha256: str) -> bool:
    try:
        fieldsync.get_photo_path(actor, sha256)
    except Fault:
        return True
    return False
