"""Use cases: recording what the official platform answered and where a result is published (R076,
R082–R084). Each department records its own (谁检查、谁录入、谁公示); nothing is ever altered: a
mistake is a later entry with its reason.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from domain.access import Action, Actor, may
from domain.errors import fault
from domain.publication_rates import Part, Step
from domain.reasons import parse_reason
from server.audit.service import write_event
from server.db import unit_of_work
from server.disclosure.writing import refresh
from server.fieldsync import service as fieldsync
from server.guard import require
from server.inspections import service as inspections
from server.inspections.models import Inspection, Sheet
from server.inspections.records import get_sheet_by_id
from server.publication.models import PlatformReceipt, Publication
from server.publication.records import (
    E,
    Standing,
    list_bearers,
    list_publications,
    list_receipts,
    list_standing_publications,
    map_standing,
)
from server.results import service as results
from server.runtime import now, today

MAX_REASON_CHARACTERS = 500
RECEIPT, PUBLICATION = "receipt", "publication"


@dataclass(frozen=True, slots=True)
class Proof:
    """A file as it was sent."""

    stream: IO[bytes]
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """What every entry says: about which ``version`` of the result, since which day, and, where
    something is on record already, why. ``is_void``: what is on record was about something else."""

    version: int
    day: date
    reason: str = ""
    is_void: bool = False
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class SheetPublication:
    """How far one department's result is. ``correction`` is the number of the 结果更正单 that made
    the version in force, empty for the first. Of entries the newest come first; ``step`` is what is
    to be done next, and ``can_record`` whether this person may do it."""

    inspection: Inspection
    sheet: Sheet
    version: int
    correction: str
    result_code: int | None
    step: Step
    receipts: list[PlatformReceipt]
    publications: list[Publication]
    can_record: bool
    can_export: bool

    @property
    def receipt(self) -> PlatformReceipt | None:
        """Of the version in force, the one that stands."""
        return next(iter(_standing(self.receipts, self.version)), None)

    @property
    def publication(self) -> Publication | None:
        """Of the version in force, the one that stands."""
        return next(iter(_standing(self.publications, self.version)), None)


def view_publication(actor: Actor, inspection_id: int, code: str) -> SheetPublication:
    """Raises ``inspection.not_found``, ``sheet.not_found``, and ``access.denied`` for a result that
    is another department's."""
    inspection = inspections.get_inspection(actor, inspection_id)
    sheet = inspections.get_sheet(inspection, code)
    target = inspections.target_of(inspection, sheet)
    require(actor, Action.SHEET_READ, target)
    return _view(actor, inspection, sheet)


def list_shown_versions(sheet_ids: Collection[int]) -> dict[int, int]:
    """Sheet → the newest of its versions that is published; a sheet stays ``published`` while its
    correction is not."""
    return {one.sheet_id: one.version for one in list_standing_publications(sheet_ids)}


def list_of_inspection(actor: Actor, inspection: Inspection) -> dict[str, SheetPublication]:
    """Sheet code → how far it is, of the entered sheets this person may read."""
    return {
        sheet.code: _view(actor, inspection, sheet)
        for sheet in inspection.sheets
        if sheet.entered_at is not None and inspections.can_read_sheet(actor, inspection, sheet)
    }


def record_receipt(
    actor: Actor,
    inspection_id: int,
    code: str,
    told: Told,
    number: str,
    *,
    is_checked: bool = False,
) -> PlatformReceipt:
    """Unless somebody ``is_checked`` it, a number that stands for another sheet raises
    ``publication.number_taken``. Also raises ``access.denied`` for another department's,
    ``publication.not_entered``, ``publication.version_changed``, ``publication.in_future``,
    ``publication.before_visit``, ``publication.needs_reason`` where the version has an entry,
    ``publication.nothing_to_void``, ``reason.too_long`` and what ``keep_document`` raises; nothing
    is stored then."""
    inspection, sheet, kept, reason = _prepare(
        actor, inspection_id, code, told, Action.RECEIPT_RECORD
    )
    with unit_of_work() as work:
        inspections.lock_visit(inspection)
        _check(sheet, told, reason, list_receipts(sheet.id))
        taken = [] if told.is_void else list_bearers(sheet.id, number.strip())
        if taken and not is_checked:
            raise fault("publication.number_taken", number=number.strip(), taken=_name(taken[0]))
        if kept is not None:
            fieldsync.record_document(actor, kept)
        entry = PlatformReceipt(
            jurisdiction_id=actor.jurisdiction_id,
            sheet_id=sheet.id,
            version=told.version,
            number=number.strip(),
            received_on=told.day,
            document_sha256=kept.sha256 if kept else "",
            document_name=told.proof.name[-200:] if kept and told.proof else "",
            is_void=told.is_void,
            reason=reason,
            recorded_by=actor.person_id,
            recorded_at=now(),
        )
        work.add(entry)
        work.flush()
        more = {"number": entry.number} | ({"same_number_as": taken} if taken else {})
        _note(actor, "receipt.recorded", inspection, sheet, entry, **more)
    return entry


def record_publication(
    actor: Actor, inspection_id: int, code: str, told: Told, channel: str, address: str
) -> Publication:
    """As ``record_receipt``. While any version has a publication that stands the sheet is
    ``published``, else ``entered``, on phones too."""
    inspection, sheet, kept, reason = _prepare(
        actor, inspection_id, code, told, Action.PUBLICATION_RECORD
    )
    with unit_of_work() as work:
        inspections.lock_visit(inspection)
        _check(sheet, told, reason, list_publications(sheet.id))
        if kept is not None:
            fieldsync.record_document(actor, kept)
        entry = Publication(
            jurisdiction_id=actor.jurisdiction_id,
            sheet_id=sheet.id,
            version=told.version,
            channel=channel.strip(),
            published_on=told.day,
            address=address.strip(),
            document_sha256=kept.sha256 if kept else "",
            document_name=told.proof.name[-200:] if kept and told.proof else "",
            is_void=told.is_void,
            reason=reason,
            recorded_by=actor.person_id,
            recorded_at=now(),
        )
        work.add(entry)
        work.flush()
        is_published = map_standing([sheet.id]).get(sheet.id, Standing()).published > 0
        inspections.follow_publication(
            inspection, sheet, is_published, actor.person_id, entry.recorded_at
        )
        refresh([sheet.id])
        _note(actor, "publication.recorded", inspection, sheet, entry, channel=entry.channel)
    return entry


def standing_of(sheet_ids: Collection[int]) -> dict[int, Standing]:
    """By sheet: the newest version that the platform has and the newest that is public, without an
    actor; every sheet asked for is there."""
    found = map_standing(sheet_ids)
    return {sheet_id: found.get(sheet_id, Standing()) for sheet_id in sheet_ids}


def get_proof(
    actor: Actor, inspection_id: int, code: str, kind: str, entry_id: int
) -> tuple[str, Path]:
    """Type and file of an entry's proof. Raises ``attachment.not_found`` and as
    ``view_publication``."""
    view = view_publication(actor, inspection_id, code)
    entries: list[PlatformReceipt] | list[Publication]
    entries = view.receipts if kind == RECEIPT else view.publications
    for one in entries:
        if one.id == entry_id and one.document_sha256:
            return fieldsync.get_document(one.document_sha256)
    raise fault("attachment.not_found")


def part_of(is_ended: bool, version: int, standing: Standing) -> Part:
    """What the rates count."""
    return Part(is_ended or version > 0, version, standing.receipted, standing.published)


def _view(actor: Actor, inspection: Inspection, sheet: Sheet) -> SheetPublication:
    found = results.find_version(sheet.id)
    version = found.version if found else 0
    standing = map_standing([sheet.id]).get(sheet.id, Standing())
    target = inspections.target_of(inspection, sheet)
    return SheetPublication(
        inspection=inspection,
        sheet=sheet,
        version=version,
        correction=inspections.number_correction(inspection, sheet, version),
        result_code=found.result_code if found else None,
        step=part_of(sheet.ended_on is not None, version, standing).next_step,
        receipts=list_receipts(sheet.id),
        publications=list_publications(sheet.id),
        can_record=version > 0 and may(actor, Action.RECEIPT_RECORD, target),
        can_export=version > 0 and may(actor, Action.ENTRY_PACKAGE, target),
    )


def _prepare(
    actor: Actor, inspection_id: int, code: str, told: Told, action: Action
) -> tuple[Inspection, Sheet, fieldsync.Document | None, str]:
    """Everything that needs no lock; the bytes are on disk before the unit of work begins."""
    inspection = inspections.get_inspection(actor, inspection_id)
    sheet = inspections.get_sheet(inspection, code)
    require(actor, action, inspections.target_of(inspection, sheet))
    reason = parse_reason(told.reason, MAX_REASON_CHARACTERS)
    if sheet.entered_at is None:
        raise fault("publication.not_entered")
    if told.day > today():
        raise fault("publication.in_future")
    if sheet.ended_on is not None and told.day < sheet.ended_on:
        raise fault("publication.before_visit", ended_on=sheet.ended_on.isoformat())
    kept = fieldsync.keep_document(told.proof.stream) if told.proof is not None else None
    return inspection, sheet, kept, reason


def _check(
    sheet: Sheet, told: Told, reason: str, known: list[PlatformReceipt] | list[Publication]
) -> None:
    """Under the visit's lock: of two who record at once the second is told."""
    found = results.find_version(sheet.id)
    if found is None:
        raise fault("publication.not_entered")
    if found.version != told.version:
        raise fault("publication.version_changed", version=found.version)
    newest = next((one for one in known if one.version == told.version), None)
    if told.is_void and (newest is None or newest.is_void):
        raise fault("publication.nothing_to_void")
    if newest is not None and not reason:
        raise fault("publication.needs_reason")


def _name(sheet_id: int) -> str:
    inspection = get_sheet_by_id(sheet_id).inspection
    return f"{inspection.firm.name}（{inspection.number}）"


def _standing(known: list[E], version: int) -> list[E]:
    """The newest entry of the version, unless it declares the earlier ones void."""
    newest = next((one for one in known if one.version == version), None)
    return [newest] if newest is not None and not newest.is_void else []


def _note(
    actor: Actor,
    action: str,
    inspection: Inspection,
    sheet: Sheet,
    entry: PlatformReceipt | Publication,
    **details: object,
) -> None:
    write_event(
        actor.jurisdiction_id,
        actor.person_id,
        action,
        f"{inspection.space}/{sheet.code}",
        version=entry.version,
        is_void=entry.is_void,
        reason=entry.reason,
        proof=entry.document_sha256,
        **details,
    )
